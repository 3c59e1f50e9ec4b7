"""The things of an organization as data, and how the API shows each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emulator.world.pace import Step

Answer = dict[str, Any]

ALL_FEATURES = "ALL"
DEFAULT_SCP, DEFAULT_RCP = "p-FullAWSAccess", "p-RCPFullAWSAccess"


@dataclass(eq=False)
class Organization:
    """What the whole organization is; its accounts and units stand in the backend of its management account."""

    id: str
    root_id: str
    feature_set: str
    master_account_id: str
    master_account_email: str

    def arn_of(self, kind: str, *names: str) -> str:
        return f"arn:aws:organizations::{self.master_account_id}:{'/'.join((kind, self.id, *names))}"

    @property
    def arn(self) -> str:
        return self.arn_of("organization")

    @property
    def has_all_features(self) -> bool:
        return self.feature_set == ALL_FEATURES

    def describe(self) -> Answer:
        return {
            "Id": self.id,
            "Arn": self.arn,
            "FeatureSet": self.feature_set,
            "MasterAccountArn": self.arn_of("account", self.master_account_id),
            "MasterAccountId": self.master_account_id,
            "MasterAccountEmail": self.master_account_email,
            # AWS calls this field deprecated: it names the one type that there was when it was made.
            "AvailablePolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]
            if self.has_all_features
            else [],
        }


@dataclass(eq=False)
class Unit:
    """An organizational unit."""

    organization: Organization
    id: str
    name: str
    parent_id: str | None
    tags: dict[str, str] = field(default_factory=dict)
    attached_policies: list[Policy] = field(default_factory=list)

    type = "ORGANIZATIONAL_UNIT"

    @property
    def arn(self) -> str:
        return self.organization.arn_of("ou", self.id)

    def describe(self) -> Answer:
        return {"Id": self.id, "Arn": self.arn, "Name": self.name}


@dataclass(eq=False)
class Root(Unit):
    """The root, which also knows the policy types that are switched on."""

    policy_types: list[dict[str, str]] = field(default_factory=list)

    type = "ROOT"

    @property
    def arn(self) -> str:
        return self.organization.arn_of("root", self.id)

    def describe(self) -> Answer:
        return {**super().describe(), "PolicyTypes": list(self.policy_types)}


@dataclass(eq=False)
class Account:
    """An account in an organization. `state` is AccountState; `unseen` one that the first look still shows."""

    organization: Organization
    id: str
    name: str
    email: str
    parent_id: str
    joined: datetime
    joined_method: str
    tags: dict[str, str] = field(default_factory=dict)
    state: str = "ACTIVE"
    unseen: str | None = None
    attached_policies: list[Policy] = field(default_factory=list)

    type = "ACCOUNT"

    @property
    def arn(self) -> str:
        return self.organization.arn_of("account", self.id)

    @property
    def status(self) -> str:
        """AccountStatus, the older word: it has no CLOSED."""
        return _STATUS.get(self.state, self.state)

    def describe(self) -> Answer:
        state, self.unseen = self.unseen or self.state, None
        return {
            "Id": self.id,
            "Arn": self.arn,
            "Email": self.email,
            "Name": self.name,
            "Status": _STATUS.get(state, state),
            "State": state,
            "JoinedMethod": self.joined_method,
            "JoinedTimestamp": self.joined,
        }


_STATUS = {"CLOSED": "SUSPENDED"}


@dataclass(eq=False)
class Policy:
    """A policy of any type; `attachments` are the places that it is attached to, in that order."""

    organization: Organization
    id: str
    name: str
    description: str
    type: str
    content: str
    created: datetime
    aws_managed: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    attachments: list[Unit | Account] = field(default_factory=list)

    @property
    def arn(self) -> str:
        kind = self.type.lower()
        if self.aws_managed:
            return f"arn:aws:organizations::aws:policy/{kind}/{self.id}"
        return self.organization.arn_of("policy", kind, self.id)

    def summary(self) -> Answer:
        return {
            "Id": self.id,
            "Arn": self.arn,
            "Name": self.name,
            "Description": self.description,
            "Type": self.type,
            "AwsManaged": self.aws_managed,
        }

    def describe(self) -> Answer:
        return {"Policy": {"PolicySummary": self.summary(), "Content": self.content}}


@dataclass(eq=False)
class DelegatedAdministrator:
    """An account that administers services for the organization: service principal -> since when."""

    account: Account
    services: dict[str, datetime] = field(default_factory=dict)

    def describe(self) -> Answer:
        return {**self.account.describe(), "DelegationEnabledDate": min(self.services.values())}


@dataclass(eq=False)
class CreateAccountRequest:
    """A request for an account. `step` is its way through IN_PROGRESS; `failure` why there will be no account."""

    id: str
    name: str
    requested: datetime
    step: Step
    account_id: str = ""
    failure: str = ""
    completed: datetime | None = None

    def look(self, now: datetime) -> Answer:
        """The request as it shows now; in fast pace the first look (the answer of CreateAccount) is IN_PROGRESS."""
        over = self.step.look(now) and self.completed is not None
        answer: Answer = {"Id": self.id, "AccountName": self.name, "RequestedTimestamp": self.requested}
        if not over:
            return answer | {"State": "IN_PROGRESS"}
        answer["CompletedTimestamp"] = self.completed
        if self.failure:
            return answer | {"State": "FAILED", "FailureReason": self.failure}
        return answer | {"State": "SUCCEEDED", "AccountId": self.account_id}


@dataclass(frozen=True)
class ResourcePolicy:
    """The one resource policy of an organization."""

    id: str
    arn: str
    content: str

    def describe(self) -> Answer:
        return {"ResourcePolicy": {"ResourcePolicySummary": {"Id": self.id, "Arn": self.arn}, "Content": self.content}}
