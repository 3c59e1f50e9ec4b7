"""What a stack tells the later ones: identifiers only, never states. One class stands on both sides.

A contract is exported as one output, `contract`, so that a name cannot be misspelt on one side. On the exporting side
the values may be late, on the reading side they are outputs, or plain when they come from a handover file.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self, cast

import pulumi

OUTPUT = "contract"

Text = pulumi.Input[str]


class Contract:
    """Export, and the two ways to read."""

    def export(self) -> dict[str, Any]:
        """The stack's output."""
        return {field.name: getattr(self, field.name) for field in fields(cast(Any, self))}

    @classmethod
    def check(cls, outputs: Mapping[str, Any], stack: str, holds: Collection[str] = ()) -> None:
        """Raises for the first value that the outputs of a stack lack, and for a team or vault that it lacks."""
        for field in fields(cast(Any, cls)):
            pick(outputs, stack, field.name)
        for name in sorted(set(holds) - cls.held(outputs[OUTPUT])):
            message = (
                f"Stack `{stack}` does not hold `{name}` yet, which the topology names. "
                f"Deploy it again: `pulumi up --stack {stack}`, then this one."
            )
            raise pulumi.RunError(message)

    @staticmethod
    def held(contract: Mapping[str, Any]) -> set[str]:
        """The names of what an exported contract lists, where it lists something."""
        del contract
        return set()

    @classmethod
    def read(cls, ref: pulumi.StackReference, stack: str) -> Self:
        """From a stack in the same backend. What is missing is a sentence that names the stack and the output."""

        def part(name: str) -> pulumi.Output[Any]:
            return ref.outputs.apply(lambda outputs: pick(outputs, stack, name))

        return cls(**{field.name: part(field.name) for field in fields(cast(Any, cls))})

    @classmethod
    def from_plain(cls, contract: Mapping[str, Any], source: str) -> Self:
        """From a handover file."""
        names = [field.name for field in fields(cast(Any, cls))]
        return cls(**{name: pick({OUTPUT: contract}, source, name) for name in names})


def pick(outputs: Mapping[str, Any], stack: str, name: str) -> Any:
    """One value of a contract, or the sentence that says whose it is and what to do."""
    contract = outputs.get(OUTPUT) or {}
    if name not in contract:
        message = (
            f"Stack `{stack}` exports no `{name}`. It was never deployed to its end, or by an older version. "
            f"Deploy it again: `pulumi up --stack {stack}`, then this one."
        )
        raise pulumi.RunError(message)
    return contract[name]


@dataclass(frozen=True, kw_only=True)
class SharedTeam:
    """A team as another account needs it."""

    arn: pulumi.Output[str]
    share_arn: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class SharedVault:
    """A vault as another account needs it."""

    arn: pulumi.Output[str]
    share_arn: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class ManagementContract(Contract):
    """The primary organization."""

    organization_id: Text
    root_id: Text


@dataclass(frozen=True, kw_only=True)
class RecoveryContract(Contract):
    """The teams, by name: {"arn", "share_arn"}."""

    teams: pulumi.Input[Mapping[str, Mapping[str, Text]]]
    identity_source_arn: Text
    portal_url: Text

    @staticmethod
    def held(contract: Mapping[str, Any]) -> set[str]:
        """The names of the teams."""
        return set(contract["teams"])

    def team(self, name: str) -> SharedTeam:
        """One team; a team that is newer than the recovery stack is a sentence."""

        def part(key: str) -> pulumi.Output[str]:
            return pulumi.Output.from_input(self.teams).apply(
                lambda teams: _entry(cast(Mapping[str, Any], teams), f"team `{name}`", name, key)
            )

        return SharedTeam(arn=part("arn"), share_arn=part("share_arn"))


@dataclass(frozen=True, kw_only=True)
class BackupAdminContract(Contract):
    """The backup policies, by data class."""

    policy_ids: pulumi.Input[Mapping[str, Text]]


class _Vaults:
    """Looks a vault up by its name."""

    vaults: pulumi.Input[Sequence[Mapping[str, Text]]]

    @staticmethod
    def held(contract: Mapping[str, Any]) -> set[str]:
        """The names of the vaults."""
        return {vault["name"] for vault in contract["vaults"]}

    def vault(self, name: str) -> SharedVault:
        """One vault; a generation that is newer than the stack that holds it is a sentence."""

        def part(key: str) -> pulumi.Output[str]:
            return pulumi.Output.from_input(self.vaults).apply(
                lambda vaults: _entry(
                    {vault["name"]: vault for vault in cast(Sequence[Mapping[str, Any]], vaults)},
                    f"vault `{name}`",
                    name,
                    key,
                )
            )

        return SharedVault(arn=part("arn"), share_arn=part("share_arn"))


@dataclass(frozen=True, kw_only=True)
class VaultContract(_Vaults, Contract):
    """The vaults of one data class and Region: [{"name", "arn", "share_arn"}]."""

    data_class: Text
    vaults: pulumi.Input[Sequence[Mapping[str, Text]]]


@dataclass(frozen=True, kw_only=True)
class WorkloadContract(_Vaults, Contract):
    """A workload account: its local vaults by data class, and its own air-gapped ones."""

    account_id: Text
    local_vault_arns: pulumi.Input[Mapping[str, Text]]
    vaults: pulumi.Input[Sequence[Mapping[str, Text]]]


@dataclass(frozen=True, kw_only=True)
class ForensicContract(Contract):
    """Where restores are tested."""

    plan_name: Text
    role_arn: Text


@dataclass(frozen=True, kw_only=True)
class LandingContract(Contract):
    """Where the data comes back."""

    requester_role_arn: Text
    restore_role_arn: Text
    kms_key_arn: Text


def _entry(found: Mapping[str, Any], thing: str, name: str, key: str) -> Any:
    if name not in found:
        message = (
            f"The topology names the {thing}, but the stack that should hold it does not export it yet. "
            f"Deploy that stack first; stacks are deployed in the order of their roles."
        )
        raise pulumi.RunError(message)
    return found[name][key]
