"""The topology as frozen models. Field names are the keys of the file; unknown keys are refused.

Each field's description says what belongs there: editors show it, and the error report uses it as the fix.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from airlock.domain.arns import role_arn
from airlock.domain.connection import Connection
from airlock.domain.errors import UsageError
from airlock.domain.names import DEPLOY_ROLE
from airlock.domain.roles import ROLES

Side = Literal["primary", "recovery"]
AccountId = Annotated[str, Field(pattern=r"^\d{12}$", description="the 12-digit account id, in quotes")]
AccountKey = Annotated[str, Field(description="the key of an account under `accounts`")]
RegionName = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", description="a Region, e.g. eu-west-1")]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="an e-mail address")]
Days = Annotated[int, Field(ge=1, le=36500, description="a whole number of days")]
Minutes = Annotated[int, Field(ge=1, description="a whole number of minutes")]
VaultName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{2,50}$", description="2 to 50 letters, digits, - or _")]
UserName = Annotated[str, Field(min_length=1, max_length=128, description="a user name of the identity center")]
ResourceType = Literal[
    "Aurora", "DocumentDB", "DSQL", "DynamoDB", "EBS", "EC2", "EFS", "EKS", "FSx",
    "Neptune", "S3", "Storage Gateway", "Timestream", "VirtualMachine",
]  # fmt: skip
Schedule = Annotated[str, Field(pattern=r"^(cron|rate)\(.+\)$", description="cron(...) or rate(...), in UTC")]


class Model(BaseModel):
    """Frozen, strict about types, refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class State(Model):
    """Where an organization keeps the state of its stacks, and the key that its secrets are under."""

    backend: str = Field(min_length=1, description="the URL of a Pulumi state backend")
    secrets_provider: str = Field(min_length=1, description="a Pulumi secrets provider, e.g. awskms://alias/NAME")


class IdentityCenter(Model):
    """Where the approvers sign in."""

    region: RegionName
    identity_provider: str = Field(min_length=1, description="the name of the identity provider behind it")
    email_domains: list[str] = Field(min_length=1, description="the e-mail domains of its people")
    instance_arn: str | None = Field(
        default=None,
        pattern=r"^arn:[^:]+:sso:::instance/(sso)?ins-[A-Za-z0-9.-]{16}$",
        description="the ARN of the instance, where more than one could be meant",
    )


class Organization(Model):
    """One AWS organization."""

    management_account: AccountKey
    state: State
    identity_center: IdentityCenter | None = Field(default=None, description="the identity center of the approvers")


class Organizations(Model):
    """The organization that owns the backups and, in the cross-organization pattern, the one that survives it."""

    primary: Organization
    recovery: Organization | None = Field(default=None, description="only in the pattern cross-organization")


class AccountEntry(Model):
    """One AWS account."""

    id: AccountId
    organization: Side
    email: Email
    ou: str | None = Field(default=None, min_length=1, description="the organizational unit it lies in")
    profile: str | None = Field(default=None, min_length=1, description="an AWS profile; otherwise ambient credentials")


class Account(AccountEntry):
    """An account together with the key under which the topology knows it."""

    key: str


class Roles(Model):
    """Which account plays which role."""

    backup_admin: AccountKey
    vault: AccountKey
    workloads: list[AccountKey] = Field(description="accounts with a stack of their own")
    rollout: list[AccountKey] = Field(default=[], description="accounts that only organization policies reach")
    forensic: AccountKey
    landing: AccountKey


class Person(Model):
    """Somebody in the identity center."""

    user: UserName
    email: Email


class Team(Model):
    """The people who hold the second key."""

    description: str = Field(min_length=1, max_length=256, description="what approvers read about their team")
    threshold: int = Field(description="how many approvals open a vault")
    approvers: list[Person]


class Tag(Model):
    """A tag that puts a resource into a plan."""

    key: str = Field(min_length=1, max_length=128, description="a tag key")
    value: str = Field(min_length=1, max_length=256, description="a tag value")


class Vault(Model):
    """One generation of logically air-gapped vault. Nothing about it can be changed later; add a generation instead."""

    name: VaultName
    min_retention_days: Days
    max_retention_days: Days
    region: RegionName | None = Field(default=None, description="another Region than the estate's, e.g. eu-central-1")


class Objectives(Model):
    """What a recovery must reach."""

    rto_minutes: Minutes
    rpo_minutes: Minutes


class DataClass(Model):
    """Data that is protected in one way: where it lies, where its copies go, who opens them."""

    vault_account: AccountKey
    sources: list[AccountKey] = Field(min_length=1, description="accounts whose resources belong to it")
    team: str = Field(description="the key of a team under `teams`")
    resource_types: list[ResourceType] = Field(min_length=1, description="types that a LAG vault can hold")
    select_by_tag: Tag
    schedule: Schedule
    local_vault: VaultName
    local_retention_days: Days
    copy_retention_days: Days
    vaults: list[Vault] = Field(min_length=1, description="generations, oldest first")
    objectives: Objectives

    @property
    def newest_vault(self) -> Vault:
        """The generation that copies go into; the older ones wait until they are empty."""
        return self.vaults[-1]


class Estate(Model):
    """The whole topology."""

    version: Literal[1]
    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,30}$", description="small letters, digits and -, at most 31")
    pattern: Literal["cross-organization", "cross-account"]
    region: RegionName
    organizations: Organizations
    accounts: dict[str, AccountEntry]
    roles: Roles
    teams: dict[Annotated[str, Field(pattern=r"^[a-zA-Z0-9._-]{1,64}$")], Team] = Field(min_length=1)
    requesters: list[Person]
    data_classes: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")], DataClass] = Field(min_length=1)
    accept_shared_state: str | None = Field(
        default=None, min_length=1, description="the reason why both organizations may share one state backend"
    )

    @property
    def recovery_side(self) -> Side:
        """The organization that holds the teams."""
        return "recovery" if self.pattern == "cross-organization" else "primary"

    @property
    def recovery_account(self) -> Account:
        """The account that holds the teams and their identity source."""
        return self.management_account(self.recovery_side)

    def organization(self, side: str) -> Organization:
        """One of the two organizations; asking for one that the pattern lacks is a mistake of the caller."""
        organization = self.organizations.primary if side == "primary" else self.organizations.recovery
        if organization is None or side not in ("primary", "recovery"):
            message = f"The estate `{self.name}` has no organization `{side}`: its pattern is {self.pattern}."
            raise UsageError(message)
        return organization

    def account(self, key: str) -> Account:
        """The account of that key."""
        if key not in self.accounts:
            message = f"The estate `{self.name}` has no account `{key}`. It has: {', '.join(self.accounts)}."
            raise UsageError(message)
        return Account(key=key, **self.accounts[key].model_dump())

    def management_account(self, side: str) -> Account:
        """The management account of one organization."""
        return self.account(self.organization(side).management_account)

    def state(self, side: str) -> State:
        """Where the stacks of one organization keep their state."""
        return self.organization(side).state

    def side_of_role(self, role: str) -> Side:
        """The organization whose backend holds the stacks of this role."""
        if role not in ROLES:
            message = f"The role `{role}` does not exist. A stack plays one of: {', '.join(ROLES)}."
            raise UsageError(message)
        return self.recovery_side if role in ("recovery", "landing") else "primary"

    def connection(self, account_key: str, region: str | None = None, role: str | None = DEPLOY_ROLE) -> Connection:
        """How to reach an account: through its deploy role unless another one, or none, is asked for."""
        account = self.account(account_key)
        return Connection(
            account_id=account.id,
            region=region or self.region,
            profile=account.profile,
            role_arn=role_arn(account.id, role) if role else None,
        )

    def organization_accounts(self, side: str) -> list[Account]:
        """All accounts of one organization, its management account included."""
        return [self.account(key) for key, entry in self.accounts.items() if entry.organization == side]

    def classes_held_by(self, account_key: str) -> dict[str, DataClass]:
        """The data classes whose LAG vaults lie in this account."""
        return {name: item for name, item in self.data_classes.items() if item.vault_account == account_key}

    def team_of(self, data_class: str) -> Team:
        """The team that opens the vaults of this data class."""
        return self.teams[self.data_classes[data_class].team]

    def region_of(self, vault: Vault) -> str:
        """The Region of a vault: its own or the estate's."""
        return vault.region or self.region

    def vaults(self, data_class: str, region: str | None = None) -> list[Vault]:
        """The generations of a data class in one Region, oldest first; without a Region all of them."""
        generations = self.data_classes[data_class].vaults
        return [vault for vault in generations if region in (None, self.region_of(vault))]
