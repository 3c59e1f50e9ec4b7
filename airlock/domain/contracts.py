"""What a stack tells the later ones: which values, in which shape, and the sentence for one that is missing.

A contract carries identifiers only, never states: a state that another stack exported is one run old. It is exported as
one stack output, `contract`, whose keys are the names of the fields; they lie in users' states and never change. The
values are generic, because a program that is running exports some that are not known yet (`stacks.contracts`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from airlock.domain.errors import UsageError

OUTPUT = "contract"
"""The stack output that holds the contract."""

Value = TypeVar("Value", covariant=True)
C = TypeVar("C", bound="Contract")


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """Who exported a contract, as a sentence begins with it, and the remedy where something is missing."""

    name: str
    remedy: str

    def lacks(self, value: str) -> UsageError:
        """The contract has no such value."""
        return UsageError(
            f"{self.name} exports no `{value}`. It was never deployed to its end, or by an older version. {self.remedy}"
        )

    def does_not_hold(self, name: str) -> UsageError:
        """The contract lists no team or vault of that name."""
        return UsageError(f"{self.name} does not hold `{name}` yet, which the topology names. {self.remedy}")


def stack(name: str) -> Exporter:
    """A stack as the exporter of its contract."""
    remedy = f"Deploy it again, `airlock deploy` or `pulumi up --stack {name}`, then run this one again."
    return Exporter(name=f"Stack `{name}`", remedy=remedy)


class Contract:
    """What the stacks of one role export."""

    def export(self) -> dict[str, Any]:
        """The stack output."""
        exported: dict[str, Any] = _plain(self)
        return exported

    def held(self) -> Collection[str]:
        """The names of the teams or vaults that the contract lists; empty where it lists none."""
        return ()


@dataclass(frozen=True, kw_only=True)
class SharedTeam(Generic[Value]):
    """An approval team, and the RAM share by which other accounts see it."""

    arn: Value
    share_arn: Value


@dataclass(frozen=True, kw_only=True)
class SharedVault(Generic[Value]):
    """An air-gapped vault, and the RAM share by which the forensic account sees it."""

    name: str
    arn: Value
    share_arn: Value


@dataclass(frozen=True, kw_only=True)
class ManagementContract(Contract, Generic[Value]):
    """The primary organization."""

    organization_id: Value
    root_id: Value


@dataclass(frozen=True, kw_only=True)
class RecoveryContract(Contract, Generic[Value]):
    """The approval teams by name, and where their members vote."""

    teams: Mapping[str, SharedTeam[Value]]
    identity_source_arn: Value
    portal_url: Value

    def held(self) -> Collection[str]:
        """The names of the teams."""
        return self.teams.keys()


@dataclass(frozen=True, kw_only=True)
class BackupAdminContract(Contract, Generic[Value]):
    """The backup policies by data class."""

    policy_ids: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class HoldsVaults(Contract, Generic[Value]):
    """The air-gapped vaults of one stack."""

    vaults: Sequence[SharedVault[Value]]

    def held(self) -> Collection[str]:
        """The names of the vaults."""
        return [vault.name for vault in self.vaults]

    def vault(self, name: str) -> SharedVault[Value]:
        """The vault of that name; `read` was told to require it."""
        return next(vault for vault in self.vaults if vault.name == name)


@dataclass(frozen=True, kw_only=True)
class VaultContract(HoldsVaults[Value], Generic[Value]):
    """The vaults of one data class and Region."""

    data_class: Value


@dataclass(frozen=True, kw_only=True)
class WorkloadContract(HoldsVaults[Value], Generic[Value]):
    """An account with data: its local vaults by data class, and its own air-gapped ones."""

    account_id: Value
    local_vault_arns: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class ForensicContract(Contract, Generic[Value]):
    """The restore testing plan, and the role that restores for it."""

    plan_name: Value
    role_arn: Value


@dataclass(frozen=True, kw_only=True)
class LandingContract(Contract, Generic[Value]):
    """The roles and the key with which the data comes back."""

    requester_role_arn: Value
    restore_role_arn: Value
    kms_key_arn: Value


CONTRACTS: dict[str, type[Contract]] = {
    "management": ManagementContract,
    "recovery": RecoveryContract,
    "backup_admin": BackupAdminContract,
    "vault": VaultContract,
    "workload": WorkloadContract,
    "forensic": ForensicContract,
    "landing": LandingContract,
}
"""What the stacks of each role export."""


def read(contract: type[C], exported: Mapping[str, Any] | None, exporter: Exporter, holds: Collection[str] = ()) -> C:
    """The exported contract, which must have every value of its shape and list what it has to hold.

    The first value, team or vault that is missing is a UsageError with the exporter's remedy.
    """
    found: C = _read(contract, exported or {}, exporter, "")
    for name in sorted(set(holds) - set(found.held())):
        raise exporter.does_not_hold(name)
    return found


def _read(shape: Any, value: Any, exporter: Exporter, path: str) -> Any:
    """The value in its shape; a class of ours from a mapping that has a key for each of its fields."""
    kind = get_origin(shape) or shape
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        if not isinstance(value, Mapping):
            raise exporter.lacks(path)
        parts = {}
        for field in fields(kind):
            part = f"{path}.{field.name}" if path else field.name
            if value.get(field.name) is None:
                raise exporter.lacks(part)
            parts[field.name] = _read(hints[field.name], value[field.name], exporter, part)
        return kind(**parts)
    if kind is Mapping:
        if not isinstance(value, Mapping):
            raise exporter.lacks(path)
        return {key: _read(get_args(shape)[1], each, exporter, f"{path}.{key}") for key, each in value.items()}
    if kind is Sequence:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise exporter.lacks(path)
        return [_read(get_args(shape)[0], each, exporter, f"{path}[{at}]") for at, each in enumerate(value)]
    return value


def _plain(value: Any) -> Any:
    """Mappings and lists of the values, which stay the objects that they are."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
