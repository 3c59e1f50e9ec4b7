"""Tags of teams and identity sources. A session shows the tags of its team and takes none of its own."""

from . import state
from .exceptions import AccessDeniedException, ResourceNotFoundException, TooManyTagsException

MOST = 50


def tags_of(account: str, arn: str) -> dict[str, str]:
    """The tags of a resource of this account, to read or to change."""
    if state.account_in(arn) != account:
        raise AccessDeniedException(f"Account {account} may not read or change the tags of {arn}.")
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
    tags = tags_of(account, arn)
    check_number(tags | new, arn)
    tags.update(new)


def remove(account: str, arn: str, keys: list[str]) -> None:
    tags = tags_of(account, arn)
    for key in keys:
        tags.pop(key, None)


def check_number(tags: dict[str, str], name: str) -> None:
    if len(tags) > MOST:
        raise TooManyTagsException(name)
