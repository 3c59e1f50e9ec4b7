"""Tags of accounts, units, roots, policies and the resource policy."""

from __future__ import annotations

from .delegation import Delegation
from .entities import Answer, Policy
from .exceptions import InvalidInputException, TargetNotFoundException
from .inputs import page, tags_of
from .tree import Place


class Tagging(Delegation):
    """TagResource, UntagResource and ListTagsForResource."""

    def tag_resource(self, *, resource_id: str, tags: list[dict[str, str]]) -> None:
        present = self._tags_on(resource_id)
        present.update(tags_of(tags, present))

    def untag_resource(self, *, resource_id: str, tag_keys: list[str]) -> None:
        present = self._tags_on(resource_id)
        if any(key.lower().startswith("aws:") for key in tag_keys):
            raise InvalidInputException("INVALID_SYSTEM_TAGS_PARAMETER", "Tag keys that begin with aws: are AWS's own.")
        for key in tag_keys:
            present.pop(key, None)

    def list_tags_for_resource(self, *, resource_id: str, next_token: str | None = None) -> Answer:
        found = [{"Key": key, "Value": value} for key, value in self._tags_on(resource_id).items()]
        return page(found, "Tags", None, next_token, resource_id)

    def _tags_on(self, resource_id: str) -> dict[str, str]:
        """The tags of a thing, to read and to change. (Handshakes cannot be tagged by id.)"""
        if self.resource_policy is not None and resource_id == self.resource_policy.id:
            return self.resource_policy_tags
        things: list[Place | Policy] = [*self.places(), *(one for one in self.policies if not one.aws_managed)]
        for thing in things:
            if thing.id == resource_id:
                return thing.tags
        raise TargetNotFoundException
