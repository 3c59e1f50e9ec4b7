"""What component arguments refuse, said the same way everywhere."""

import re
from collections.abc import Iterable

from airlock.domain.errors import UsageError

_ACCOUNT_ID = re.compile(r"\d{12}")


def refuse(thing: str, problem: str) -> None:
    """Ends the preview with a sentence about the named thing, if there is a problem."""
    if problem:
        message = f"{thing} {problem}."
        raise UsageError(message)


def only_account_ids(thing: str, principals: Iterable[str]) -> None:
    """AWS refuses organizations and OUs of another organization, and an OU with a suspended account breaks a share."""
    for principal in principals:
        if not _ACCOUNT_ID.fullmatch(principal):
            refuse(thing, f"names `{principal}`, which is not an account id; share with single accounts only")


def at_least_one(thing: str, noun: str, values: Iterable[object]) -> None:
    """An empty list would deploy something that protects nothing."""
    if not list(values):
        refuse(thing, f"has no {noun}, so it would do nothing")
