"""DelegationPolicy: our statements in the organization's one resource policy. Everybody else's stay as they are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, assert_never

import pulumi
from pulumi.dynamic import Resource

from airlock.clients.organizations import Organizations
from airlock.domain.errors import RefusedByAws
from airlock.providers.converging import Converging, Run, connection_of
from airlock.providers.properties import Props
from airlock.providers.statements import merged, same, statements_of, without

_MOST_CHARACTERS = 40_000

Policy = Mapping[str, Any]


class Step(Enum):
    """What a run does to the organization's policy."""

    PUT = "PutResourcePolicy: ours by Sid, everything else as found"


class DelegationPolicyProvider(Converging[Policy, Step]):
    """Reads the one policy, merges by Sid, writes only if that makes a difference."""

    def problems(self, known: Props) -> list[tuple[str, str]]:
        return _problems(known)

    def find_or_create(self, inputs: Props) -> tuple[str, Props]:
        return Organizations(connection_of(inputs)).organization_id(), {}

    def look(self, run: Run) -> Policy:
        return Organizations(run.connection).resource_policy() or {}

    def step(self, run: Run, live: Policy | None) -> Step | None:
        return None if _is_in_force(live, _merged(run, live)) else Step.PUT

    def act(self, run: Run, step: Step) -> Props:
        match step:
            case Step.PUT:
                _put(run, _merged(run, self.look(run)))
            case _:
                assert_never(step)
        return {}

    def outputs(self, run: Run, live: Policy | None) -> Props:
        existing = {statement.get("Sid"): statement for statement in statements_of(live)}
        desired = {statement["Sid"]: statement for statement in run.inputs["statements"]}
        missing = [sid for sid, statement in desired.items() if not same(existing.get(sid, {}), statement)]
        return {"status": "DRIFTED" if missing else "APPLIED", "waiting": "", "drifted": sorted(missing)}

    def delete_existing(self, run: Run, live: Policy) -> None:
        """Takes out what is ours; a policy without any statement is removed, as AWS allows no empty one."""
        rest = without(live, run.inputs["statements"])
        organizations = Organizations(run.connection)
        if len(statements_of(rest)) == len(statements_of(live)):
            return
        if statements_of(rest):
            organizations.put_resource_policy(json.dumps(rest, separators=(",", ":")))
        else:
            organizations.delete_resource_policy()


def _put(run: Run, policy: Policy) -> None:
    content = json.dumps(policy, separators=(",", ":"))
    if len(content) > _MOST_CHARACTERS:
        raise RefusedByAws(
            f"The organization's delegation policy would have {len(content)} characters with our statements in "
            f"it; AWS takes {_MOST_CHARACTERS}. Nothing was written. Shorten the statements of ours or of its "
            "other authors.",
            operation="PutResourcePolicy",
        )
    Organizations(run.connection).put_resource_policy(content)


def _merged(run: Run, live: Policy | None) -> Policy:
    written = run.prior.get("statements", [])
    return merged(live, run.inputs["statements"], written, adopt=bool(run.inputs.get("adopt")))


def _is_in_force(live: Policy | None, target: Policy) -> bool:
    existing, desired = statements_of(live), statements_of(target)
    return len(existing) == len(desired) and all(same(*pair) for pair in zip(existing, desired, strict=True))


def _problems(known: Props) -> list[tuple[str, str]]:
    statements = known.get("statements")
    if statements is None:
        return []
    sids = [statement.get("Sid") for statement in statements]
    problems = []
    if not statements:
        problems.append(("statements", "is empty; take the resource out of the program instead"))
    if not all(sids):
        problems.append(("statements", "holds a statement without Sid; ours are told from others' by it"))
    if len(set(sids)) != len(sids):
        problems.append(("statements", "holds a Sid more than once"))
    if len(json.dumps(statements, separators=(",", ":"))) > _MOST_CHARACTERS:
        problems.append(("statements", f"is longer than the {_MOST_CHARACTERS} characters that AWS takes"))
    return problems


@dataclass(frozen=True, kw_only=True)
class DelegationPolicyArgs:
    """The management account's connection and our statements, each with a Sid."""

    connection: pulumi.Input[dict[str, str]]
    statements: pulumi.Input[list[dict[str, Any]]]
    owner: str
    adopt: bool = False
    keep: bool = False


class DelegationPolicy(Resource, module="airlock", name="DelegationPolicy"):
    """Our part of the organization's delegation policy. Its id is the organization's id."""

    status: pulumi.Output[str]
    waiting: pulumi.Output[str]
    drifted: pulumi.Output[list[str]]

    def __init__(
        self, resource_name: str, args: DelegationPolicyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        inputs = {field.name: getattr(args, field.name) for field in fields(args)}
        outputs = dict.fromkeys(("status", "waiting", "drifted"))
        super().__init__(DelegationPolicyProvider(), resource_name, {**inputs, **outputs}, opts)
