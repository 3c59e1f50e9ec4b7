"""What a takeover may do: nothing, but for what `allowed.toml` lists with its reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.takeover.selection import READS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.takeover.proxy import Exchange

ALLOWED = Path(__file__).resolve().parent / "allowed.toml"
HARMLESS = (*READS, "AssumeRole")
"""Beginnings of operations that change nothing. AssumeRole hands out a session."""

_State = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What became of one resource: `created`, `updated`, `replaced` or `deleted`."""

    stack: str
    resource: str
    kind: str

    def __str__(self) -> str:
        return f"the resource `{self.resource}` of the stack `{self.stack}` was {self.kind}"


@dataclass(frozen=True)
class Write:
    """A call that can change something. `request` is what was asked for, empty where it went past the proxy."""

    account: str
    service: str
    operation: str
    request: str

    def __str__(self) -> str:
        return f"{self.service}:{self.operation} was called in account {self.account}: {self.request[:300]}"


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """One entry of the list: a change (`stack`, `resource`, `kind`) or a call (`account`, `operation`, `request`)."""

    fixtures: list[str]
    reason: str
    stack: str = ""
    resource: str = ""
    kind: str = ""
    account: str = ""
    operation: str = ""
    request: str = ""

    def covers(self, deed: Change | Write) -> bool:
        if isinstance(deed, Change):
            return (self.stack, self.resource, self.kind) == (deed.stack, deed.resource, deed.kind)
        named = (self.account, self.operation) == (deed.account, f"{deed.service}:{deed.operation}")
        return named and bool(self.request) and self.request in deed.request


def allowed(fixture: str = "") -> list[Allowed]:
    """The entries for one fixture (`NAME/PATTERN`), or all of them."""
    entries = [Allowed(**entry) for entry in tomllib.loads(ALLOWED.read_text(encoding="utf-8")).get("allowed", [])]
    return [entry for entry in entries if not fixture or fixture in entry.fixtures]


def objections(deeds: Sequence[Change | Write], entries: Sequence[Allowed]) -> list[str]:
    """What is not on the list, and what is on the list for nothing."""
    unlisted = [str(deed) for deed in deeds if not any(entry.covers(deed) for entry in entries)]
    idle = [entry for entry in entries if not any(entry.covers(deed) for deed in deeds)]
    return unlisted + [f"an entry of the list covers nothing any more, take it out: {entry}" for entry in idle]


def writes(ledger: Sequence[Mapping[str, Any]], exchanges: Sequence[Exchange]) -> list[Write]:
    """The mutating calls of the ledger, refused ones included, with what was asked for."""
    requests = {each.request_id: f"{each.method} {each.uri} {each.body.decode(errors='replace')}" for each in exchanges}
    return [
        Write(row["account"], row["service"], row["operation"], requests.get(row["request_id"], ""))
        for row in ledger
        if not row["operation"].startswith(HARMLESS)
    ]


def changes(before: Mapping[str, _State], after: Mapping[str, _State]) -> list[Change]:
    """What became of the resources of all stacks, by two exports."""
    return [
        Change(stack, resource.rpartition("::")[2], kind)
        for stack in sorted(before.keys() | after.keys())
        for resource, kind in _of_one_stack(_resources(before.get(stack)), _resources(after.get(stack)))
    ]


def _of_one_stack(before: Mapping[str, _State], after: Mapping[str, _State]) -> Iterator[tuple[str, str]]:
    gone = {_identity(before[urn]): urn for urn in before.keys() - after.keys()}
    for urn, resource in after.items():
        # An alias gave a resource another URN: it is still the one that was made then, with the id of then.
        old = before.get(urn) or before.get(gone.pop(_identity(resource), ""))
        if old is None:
            yield urn, "created"
        elif _identity(old) != _identity(resource):
            yield urn, "replaced"
        elif old.get("modified") != resource.get("modified"):
            yield urn, "updated"
    for urn in gone.values():
        yield urn, "deleted"


def _identity(resource: _State) -> tuple[str, str]:
    """The engine keeps when it made a resource; a stack reference, which it does not make, has its id only."""
    return str(resource.get("id", "")), str(resource.get("created", ""))


def _resources(state: _State | None) -> dict[str, _State]:
    return {each["urn"]: each for each in ((state or {}).get("deployment") or {}).get("resources") or []}
