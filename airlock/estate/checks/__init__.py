"""Promises that span the file: each check reads the raw document and returns its problems, never raises.

No check may fail on a document that another one finds fault with, so all of them report in one run.
"""

from collections.abc import Callable, Iterable
from typing import Any

from airlock.estate.checks import accounts, organizations, people, vaults
from airlock.estate.problems import Problem

Check = Callable[[dict[str, Any]], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    accounts.duplicates,
    accounts.references,
    accounts.roles,
    organizations.pattern,
    organizations.landing,
    organizations.state,
    people.quorum,
    people.duplicates,
    people.requesters,
    people.identity_center,
    vaults.bounds,
    vaults.lifecycles,
    vaults.duplicates,
    vaults.sources,
    vaults.regions,
)
