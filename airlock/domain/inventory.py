"""The hand-over from deployment to emergency: every fact that a recovery needs, in one file.

It is written while all is well and kept outside the primary organization. It holds names and places, no secret.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from airlock.domain.connection import Connection
from airlock.domain.errors import UsageError
from airlock.domain.sealed import seal, unseal

FORMAT = "airlock-inventory/1"
REMEDY = "airlock kit"


@dataclass(frozen=True, kw_only=True)
class Landing:
    """The account in which the data comes back."""

    account_id: str
    region: str
    requester_role_arn: str
    restore_role_arn: str
    kms_key_arn: str
    profile: str | None = None

    def connection(self, role_arn: str, region: str | None = None) -> Connection:
        """How the runbook reaches the landing account."""
        return Connection(
            account_id=self.account_id, region=region or self.region, profile=self.profile, role_arn=role_arn
        )


@dataclass(frozen=True, kw_only=True)
class Team:
    """Who has to say yes, and how many of them."""

    name: str
    arn: str
    threshold: int
    approvers: list[str]


@dataclass(frozen=True, kw_only=True)
class ProtectedVault:
    """One logically air-gapped vault and what it promises."""

    name: str
    arn: str
    region: str
    account_id: str
    data_class: str
    team_arn: str
    min_retention_days: int
    max_retention_days: int
    rto_minutes: int
    rpo_minutes: int
    resource_types: list[str]


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """Everything the runbook knows. `lost_if` names, per part, what its loss would mean; it may be empty."""

    estate: str
    pattern: str
    written_at: str
    landing: Landing
    teams: list[Team]
    portal_url: str
    vaults: list[ProtectedVault]
    primary_account_ids: list[str]
    lost_if: dict[str, str] = field(default_factory=dict)
    format: str = FORMAT

    def to_json(self) -> str:
        """The file, with its checksum."""
        return seal(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Inventory":
        """Reads the file; a damaged or changed one is refused with the command that makes a new one."""
        body = unseal(text, what="inventory", format_name=FORMAT, remedy=REMEDY)
        try:
            return _build(body)
        except (KeyError, TypeError) as problem:
            message = f"The inventory does not hold what its format promises ({problem}). Make a new one: `{REMEDY}`."
            raise UsageError(message) from problem

    def vault(self, name: str) -> ProtectedVault:
        """The vault of that name, or the sentence that lists those there are."""
        for vault in self.vaults:
            if vault.name == name:
                return vault
        names = ", ".join(vault.name for vault in self.vaults) or "none"
        message = f"The inventory knows no vault `{name}`. It knows: {names}."
        raise UsageError(message)

    def team_of(self, vault: ProtectedVault) -> Team:
        """The team that opens this vault."""
        for team in self.teams:
            if team.arn == vault.team_arn:
                return team
        message = f"The inventory knows no team for the vault `{vault.name}`. Make a new one: `{REMEDY}`."
        raise UsageError(message)


def _build(body: Mapping[str, Any]) -> Inventory:
    plain = dict(body)
    return Inventory(
        landing=Landing(**plain.pop("landing")),
        teams=[Team(**team) for team in plain.pop("teams")],
        vaults=[ProtectedVault(**vault) for vault in plain.pop("vaults")],
        **plain,
    )
