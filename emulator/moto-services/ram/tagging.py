"""Tags of resource shares."""

from collections.abc import Iterable

from .account import RamAccount
from .exceptions import InvalidParameterException, TagLimitExceededException
from .shares import Share

MOST = 50
Tags = Iterable[dict[str, str]]


class TagOperations(RamAccount):
    """TagResource and UntagResource."""

    def tag_resource(
        self, *, tags: Tags, resource_share_arn: str | None = None, resource_arn: str | None = None
    ) -> None:
        share = self._tagged(resource_share_arn, resource_arn)
        share.tags = checked_tags(tags, share.tags)

    def untag_resource(
        self, *, tag_keys: list[str], resource_share_arn: str | None = None, resource_arn: str | None = None
    ) -> None:
        share = self._tagged(resource_share_arn, resource_arn)
        for key in tag_keys:
            share.tags.pop(key, None)

    def _tagged(self, resource_share_arn: str | None, resource_arn: str | None) -> Share:
        arn = resource_share_arn or resource_arn
        if not arn:
            raise InvalidParameterException("Name the resource share to tag, as resourceShareArn.")
        return self.own(arn)


def checked_tags(tags: Tags, before: dict[str, str] | None = None) -> dict[str, str]:
    """The tags after adding some, or the refusal of too many."""
    after = (before or {}) | {tag["key"]: tag.get("value", "") for tag in tags}
    if len(after) > MOST:
        raise TagLimitExceededException(f"A resource share has at most {MOST} tags.")
    return after
