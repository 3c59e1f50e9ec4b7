"""Tags of teams and identity sources. A session shows the tags of its team and takes none of its own."""

from collections.abc import Iterable

from . import ownership, state
from .arns import account_in
from .exceptions import ResourceNotFoundException, TooManyTagsException, ValidationException

MOST = 50


def tags_of(account: str, arn: str) -> dict[str, str]:
    """The tags of a resource of this account, to read or to change."""
    if not ownership.is_arn(arn, "approval-team", "identity-source", "session"):
        raise ValidationException(f"{arn} is not the ARN of an approval team, a session or an identity source.")
    if account_in(arn) != account:
        raise ownership.foreign(account, arn)
    register = state.of(account)
    source, team = register.identity_source, register.teams.get(arn)
    if source is not None and source.arn == arn:
        return source.tags
    if team is not None:
        return team.tags
    raise ResourceNotFoundException(f"There is no resource {arn}.")


def read(account: str, arn: str) -> dict[str, str]:
    session = state.find_session(arn) if ":session/" in arn else None
    return dict(tags_of(account, session.team_arn if session else arn))


def add(account: str, arn: str, new: dict[str, str]) -> None:
    _check_keys(new)
    tags = tags_of(account, arn)
    if len(tags | new) > MOST:
        raise TooManyTagsException(arn)
    tags.update(new)


def remove(account: str, arn: str, keys: list[str]) -> None:
    _check_keys(keys)
    tags = tags_of(account, arn)
    for key in keys:
        tags.pop(key, None)


def check_new(tags: dict[str, str]) -> None:
    """The tags of a create call, which has no error of its own for too many."""
    _check_keys(tags)
    if len(tags) > MOST:
        raise ValidationException(f"{len(tags)} tags were named; a resource has at most {MOST}.")


def _check_keys(keys: Iterable[str]) -> None:
    reserved = [key for key in keys if key.lower().startswith("aws:")]
    if reserved:
        raise ValidationException("Tag keys that begin with 'aws:' are reserved for AWS. Choose other keys.")
