"""Tags of resource shares and of customers' permissions."""

from collections.abc import Iterable

from .account import RamAccount
from .exceptions import (
    InvalidParameterException,
    MalformedArnException,
    RamError,
    ResourceArnNotFoundException,
    TagLimitExceededException,
    TagPolicyViolationException,
    UnknownResourceException,
)

MOST = 50
Tags = Iterable[dict[str, str]]


class TagOperations(RamAccount):
    """TagResource and UntagResource."""

    def tag_resource(
        self, *, tags: Tags, resource_share_arn: str | None = None, resource_arn: str | None = None
    ) -> None:
        present = self._tags_on(resource_share_arn, resource_arn)
        present.update(checked_tags(tags, present))

    def untag_resource(
        self, *, tag_keys: list[str], resource_share_arn: str | None = None, resource_arn: str | None = None
    ) -> None:
        present = self._tags_on(resource_share_arn, resource_arn, UnknownResourceException)
        for key in tag_keys:
            present.pop(key, None)

    def _tags_on(
        self,
        resource_share_arn: str | None,
        resource_arn: str | None,
        missing: type[RamError] = ResourceArnNotFoundException,
    ) -> dict[str, str]:
        """The tags of a share (by either member) or of a permission, to read and to change."""
        if (resource_share_arn is None) == (resource_arn is None):
            raise InvalidParameterException("Name either a resource share, as resourceShareArn, or a resourceArn.")
        arn = resource_share_arn or resource_arn or ""
        if resource_share_arn is not None or ":resource-share/" in arn:
            return self.own(arn).tags
        if not arn.startswith("arn:aws:ram:") or ":permission/" not in arn:
            raise MalformedArnException(f"{arn} is not the ARN of a resource share or a permission.")
        if arn not in self.state.permissions:
            raise missing(f"{arn} could not be found.")
        return self.state.permissions[arn].tags


def checked_tags(tags: Tags, before: dict[str, str] | None = None) -> dict[str, str]:
    """The tags after adding some, or the refusal of too many and of AWS's own."""
    given = list(tags)
    if any(tag.get("key", "").lower().startswith("aws:") for tag in given):
        raise TagPolicyViolationException("Tag keys that begin with aws: are reserved.")
    if not all(tag.get("key") for tag in given):
        raise InvalidParameterException("A tag needs a key.")
    after = (before or {}) | {tag["key"]: tag.get("value", "") for tag in given}
    if len(after) > MOST:
        raise TagLimitExceededException(f"A resource has at most {MOST} tags.")
    return after
