"""EnabledPolicyType: a kind of policy that the organization's root accepts. Additive: delete keeps it."""

import re
from dataclasses import dataclass, fields
from enum import Enum
from typing import ClassVar, assert_never

import pulumi
from pulumi.dynamic import Resource

from airlock.clients.organizations import Organizations, Root
from airlock.providers.converging import Converging, Run, connection_of
from airlock.providers.properties import Props

_TYPE = "an enabled type stays enabled. Add a resource for the other type beside this one"


class Step(Enum):
    """What a run does to a policy type."""

    ENABLE = "EnablePolicyType"


class EnabledPolicyTypeProvider(Converging[Root, Step]):
    """Others rely on the same switch, so it is only ever turned on."""

    one_way_doors: ClassVar[dict[str, str]] = {"policy_type": _TYPE}

    def problems(self, known: Props) -> list[tuple[str, str]]:
        policy_type = known.get("policy_type", "BACKUP_POLICY")
        reason = f"`{policy_type}` is not written as AWS writes a policy type, e.g. BACKUP_POLICY"
        return [] if re.fullmatch(r"[A-Z][A-Z0-9_]+", policy_type) else [("policy_type", reason)]

    def find_or_create(self, inputs: Props) -> tuple[str, Props]:
        root = Organizations(connection_of(inputs)).root()
        return f"{root.id}/{inputs['policy_type']}", {}

    def look(self, run: Run) -> Root:
        return Organizations(run.connection).root()

    def step(self, run: Run, live: Root | None) -> Step | None:
        return None if _status(run, live) in {"ENABLED", "PENDING_ENABLE"} else Step.ENABLE

    def act(self, run: Run, step: Step) -> Props:
        match step:
            case Step.ENABLE:
                root_id, _, policy_type = run.id.partition("/")
                Organizations(run.connection).enable_policy_type(root_id, policy_type)
            case _:
                assert_never(step)
        return {}

    def outputs(self, run: Run, live: Root | None) -> Props:
        status = _status(run, live)
        late = f"AWS is switching on policies of type {run.inputs['policy_type']}. Deploy again in a minute."
        return {"status": status, "waiting": late if status == "PENDING_ENABLE" else ""}

    def delete_existing(self, run: Run, live: Root) -> None:
        """Kept: policies of this type that others attached would stop working."""


def _status(run: Run, root: Root | None) -> str:
    return root.policy_types.get(run.inputs["policy_type"], "DISABLED") if root else "DISABLED"


@dataclass(frozen=True, kw_only=True)
class EnabledPolicyTypeArgs:
    """The management account's connection and the type, e.g. BACKUP_POLICY."""

    connection: pulumi.Input[dict[str, str]]
    policy_type: str
    owner: str


class EnabledPolicyType(Resource, module="airlock", name="EnabledPolicyType"):
    """A policy type that is switched on at the root. Its id is ROOT/TYPE."""

    status: pulumi.Output[str]
    waiting: pulumi.Output[str]

    def __init__(
        self, resource_name: str, args: EnabledPolicyTypeArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        inputs = {field.name: getattr(args, field.name) for field in fields(args)}
        super().__init__(
            EnabledPolicyTypeProvider(), resource_name, {**inputs, **dict.fromkeys(("status", "waiting"))}, opts
        )
