"""moto's organizations, with all policy types, the organization's resource policy and effective policies."""

import json
from dataclasses import dataclass
from typing import Any

from moto.core.utils import get_service_model, unix_time
from moto.iam.models import iam_backends
from moto.organizations import models as base
from moto.organizations import utils
from moto.organizations.exceptions import DuplicatePolicyException, PolicyTypeNotEnabledException
from moto.organizations_more import effective
from moto.organizations_more.exceptions import (
    ConstraintViolation,
    DuplicatePolicyAttachment,
    EffectivePolicyNotFound,
    HandshakeConstraintViolation,
    InvalidInput,
    MalformedPolicyDocument,
    PolicyNotAttached,
    ResourcePolicyNotFound,
    TargetNotFound,
)

from emulator import clock, ids

AUTHORIZATION_TYPES = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
_MODEL: Any = get_service_model("organizations")
MANAGEMENT_TYPES = tuple(_MODEL.shape_for("EffectivePolicyType").enum)
POLICY_TYPES = tuple(_MODEL.shape_for("PolicyType").enum)
_MAX_CONTENT = {"SERVICE_CONTROL_POLICY": 10_240, "RESOURCE_CONTROL_POLICY": 5_120}
_MAX_ATTACHED = {"RESOURCE_CONTROL_POLICY": 5}
_MAX_RESOURCE_POLICY = 40_000
_MAX_BACKUP_DELEGATES = 5
DELEGATED_SERVICES = (
    "backup.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "iam.amazonaws.com",
    "inspector2.amazonaws.com",
    "member.org.stacksets.cloudformation.amazonaws.com",
    "securityhub.amazonaws.com",
    "sso.amazonaws.com",
)
TRUSTED_SERVICES = ("iam.amazonaws.com", "malware-protection.guardduty.amazonaws.com")


@dataclass(frozen=True)
class ResourcePolicy:
    """The one resource policy of an organization."""

    id: str
    arn: str
    content: str

    def describe(self) -> dict[str, Any]:
        return {"ResourcePolicy": {"ResourcePolicySummary": {"Id": self.id, "Arn": self.arn}, "Content": self.content}}


class Policy(base.FakePolicy):
    """A policy of any type; moto knows four of them."""

    def __init__(self, organization: base.FakeOrganization, **kwargs: Any) -> None:
        policy_type = str(kwargs.get("Type", ""))
        if policy_type not in POLICY_TYPES:
            raise InvalidInput(
                "INVALID_ENUM_POLICY_TYPE", f"You specified an invalid value: policy type {policy_type!r}."
            )
        super().__init__(organization, **{**kwargs, "Type": "TAG_POLICY"})
        self.type = policy_type
        self._arn_format = f"arn:{{0}}:organizations::{{1}}:policy/{{2}}/{policy_type.lower()}/{{3}}"
        check_content(policy_type, str(self.content))


class SeededAccount(base.FakeAccount):
    """An account with an id that the seed chose; moto's constructor only makes random ones."""

    def __init__(self, organization: base.FakeOrganization, account_id: str, name: str, email: str) -> None:
        self.type = "ACCOUNT"
        self.region = organization.region
        self.organization_id = organization.id
        self.master_account_id = organization.master_account_id
        self.create_account_status_id = f"car-{ids.derived('car', account_id, 8)}"
        self.id = account_id
        self.name = name
        self.email = email
        self.create_time = clock.now().replace(tzinfo=None)
        self.status = self.state = "ACTIVE"
        self.joined_method = "CREATED"
        self.parent_id = organization.root_id
        self.attached_policies = []
        self.tags = {}
        _create_access_role(account_id, organization.master_account_id)


class OrganizationsMoreBackend(base.OrganizationsBackend):
    """The model of one organization, kept by its management account."""

    # moto says "or None"; a backend is only asked for when its account has an organization.
    org: Any
    resource_policy: ResourcePolicy | None = None

    def create_policy(self, **kwargs: Any) -> dict[str, Any]:
        if any(policy.name == kwargs["Name"] for policy in self.policies):
            raise DuplicatePolicyException
        policy = Policy(self.org, **kwargs)
        self.policies.append(policy)
        described: dict[str, Any] = policy.describe()
        return described

    def update_policy(self, **kwargs: Any) -> dict[str, Any]:
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        if any(other.name == kwargs.get("Name") for other in self.policies if other is not policy):
            raise DuplicatePolicyException
        if "Content" in kwargs:
            check_content(policy.type, kwargs["Content"])
        updated: dict[str, Any] = super().update_policy(**kwargs)
        return updated

    def attach_policy(self, **kwargs: Any) -> None:
        policy, target = self.get_policy_by_id(kwargs["PolicyId"]), self.find_target(kwargs["TargetId"])
        if not policy.aws_managed and not self.policy_type_enabled(policy.type):
            raise PolicyTypeNotEnabledException
        if policy in target.attached_policies:
            raise DuplicatePolicyAttachment
        attached = [other for other in target.attached_policies if other.type == policy.type]
        if len(attached) >= _MAX_ATTACHED.get(policy.type, 10):
            raise ConstraintViolation(
                "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
                f"You have attached the maximum number of policies of type {policy.type} to {target.id}.",
            )
        super().attach_policy(**kwargs)

    def detach_policy(self, **kwargs: Any) -> None:
        policy, target = self.get_policy_by_id(kwargs["PolicyId"]), self.find_target(kwargs["TargetId"])
        if policy not in target.attached_policies:
            raise PolicyNotAttached
        attached = [other for other in target.attached_policies if other.type == policy.type]
        if policy.id == utils.DEFAULT_RCP_POLICY_ID or (policy.type in AUTHORIZATION_TYPES and len(attached) == 1):
            raise ConstraintViolation(
                "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
                f"You cannot remove the last policy of type {policy.type} from {target.id}.",
            )
        super().detach_policy(**kwargs)

    def disable_policy_type(self, **kwargs: str) -> dict[str, Any]:
        """Policies of a disabled type are detached from everything, as on AWS; only the built-in ones stay."""
        described: dict[str, Any] = super().disable_policy_type(**kwargs)
        for policy in self.policies:
            if policy.type == kwargs["PolicyType"] and not policy.aws_managed:
                for target in list(policy.attachments):
                    super().detach_policy(PolicyId=policy.id, TargetId=target.id)
        return described

    def policy_type_enabled(self, policy_type: str) -> bool:
        root = next(unit for unit in self.ou if isinstance(unit, base.FakeRoot))
        return any(enabled["Type"] == policy_type for enabled in root.policy_types)

    def find_target(self, target_id: str) -> Any:
        """The root, organizational unit or account of that id."""
        targets: list[Any] = [*self.ou, *self.accounts]
        found = next((target for target in targets if target.id == target_id), None)
        if found is None:
            raise TargetNotFound
        return found

    def register_delegated_administrator(self, **kwargs: str) -> None:
        service = kwargs["ServicePrincipal"]
        if kwargs["AccountId"] == self.account_id:
            raise ConstraintViolation(
                "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
                "You cannot register master account/yourself as delegated administrator for your organization.",
            )
        self.get_account_by_id(kwargs["AccountId"])
        if not any(enabled["ServicePrincipal"] == service for enabled in self.services):
            raise ConstraintViolation(
                "SERVICE_ACCESS_NOT_ENABLED", f"You must enable service access for {service} first."
            )
        registered = [admin for admin in self.admins if service in admin.services]
        if service == "backup.amazonaws.com" and len(registered) >= _MAX_BACKUP_DELEGATES:
            raise ConstraintViolation(
                "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
                f"{service} has the maximum number of delegated administrators.",
            )
        super().register_delegated_administrator(**kwargs)

    def delete_organization(self) -> None:
        if [account.id for account in self.accounts] == [self.account_id]:
            self._reset()
            self.resource_policy = None
        else:
            super().delete_organization()

    def enable_all_features(self) -> dict[str, Any]:
        """All accounts here were created in the organization, so nobody has to be asked."""
        if self.org.feature_set == "ALL":
            raise HandshakeConstraintViolation(
                "ORGANIZATION_ALREADY_HAS_ALL_FEATURES", "All features are already enabled in your organization."
            )
        self.org.feature_set = "ALL"
        identifier = f"h-{ids.derived('handshake', self.org.id, 8)}"
        arn = f"arn:aws:organizations::{self.account_id}:handshake/{self.org.id}/enable_all_features/{identifier}"
        return {"Id": identifier, "Arn": arn, "State": "ACCEPTED", "Action": "ENABLE_ALL_FEATURES"}

    # The resource policy

    def put_resource_policy(self, content: str) -> ResourcePolicy:
        if len(content) > _MAX_RESOURCE_POLICY:
            raise ConstraintViolation("RESOURCE_POLICY_CONTENT_LIMIT_EXCEEDED", "The resource policy is too long.")
        _parsed(content, InvalidInput("INVALID_RESOURCE_POLICY_JSON", "The resource policy is not valid JSON."))
        identifier = f"rp-{ids.derived('resource-policy', self.org.id, 8)}"
        arn = f"arn:aws:organizations::{self.account_id}:resourcepolicy/{self.org.id}/{identifier}"
        self.resource_policy = ResourcePolicy(identifier, arn, content)
        return self.resource_policy

    def describe_resource_policy(self) -> ResourcePolicy:
        if self.resource_policy is None:
            raise ResourcePolicyNotFound
        return self.resource_policy

    def delete_resource_policy(self) -> None:
        self.describe_resource_policy()
        self.resource_policy = None

    # Effective policies

    def effective_policy(self, policy_type: str, target_id: str) -> dict[str, Any]:
        """The merged document for an account, an organizational unit or the root; empty when none applies."""
        if not self.policy_type_enabled(policy_type):
            return {}
        levels = [
            [json.loads(policy.content) for policy in target.attached_policies if policy.type == policy_type]
            for target in self._path_to(self.find_target(target_id))
        ]
        merged: dict[str, Any] = effective.merge(levels)
        return merged

    def describe_effective_policy(self, policy_type: str, target_id: str) -> dict[str, Any]:
        if policy_type not in MANAGEMENT_TYPES:
            raise InvalidInput("INVALID_ENUM_POLICY_TYPE", f"Policy type {policy_type!r} has no effective policy.")
        document = self.effective_policy(policy_type, target_id)
        if not document:
            raise EffectivePolicyNotFound
        return {
            "PolicyContent": json.dumps(document),
            "LastUpdatedTimestamp": unix_time(),
            "TargetId": target_id,
            "PolicyType": policy_type,
        }

    def _path_to(self, target: Any) -> list[Any]:
        path = [target]
        while getattr(path[0], "parent_id", None):
            path.insert(0, self.find_target(path[0].parent_id))
        return path


def check_content(policy_type: str, content: str) -> None:
    """Refuse a document that is too long or is no JSON object."""
    if len(content) > _MAX_CONTENT.get(policy_type, 10_000):
        raise ConstraintViolation(
            "POLICY_CONTENT_LIMIT_EXCEEDED", f"A policy of type {policy_type} cannot have {len(content)} characters."
        )
    malformed = MalformedPolicyDocument(
        "The provided policy document does not meet the requirements of the specified policy type."
    )
    document = _parsed(content, malformed)
    if policy_type == "BACKUP_POLICY" and not isinstance(document.get("plans"), dict):
        raise malformed


def _parsed(content: str, error: Exception) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except ValueError:
        raise error from None
    if not isinstance(document, dict):
        raise error
    return document


def _create_access_role(account_id: str, management: str) -> None:
    """The role through which the management account reaches an account that it created."""
    iam = iam_backends[account_id]["aws"]
    if any(role.name == "OrganizationAccountAccessRole" for role in iam.roles.values()):
        return
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{management}:root"}, "Action": "sts:AssumeRole"}
    iam.create_role(
        role_name="OrganizationAccountAccessRole",
        assume_role_policy_document=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )


def know_all_types(module: Any) -> None:
    """Add what moto's own checks do not know: policy types, services with delegation, services with trusted access."""
    for known, ours in (
        (module.FakePolicy.SUPPORTED_POLICY_TYPES, POLICY_TYPES),
        (module.FakeRoot.SUPPORTED_POLICY_TYPES, POLICY_TYPES),
        (module.FakeDelegatedAdministrator.SUPPORTED_SERVICES, DELEGATED_SERVICES),
        (module.FakeServiceAccess.TRUSTED_SERVICES, TRUSTED_SERVICES),
    ):
        known.extend(name for name in ours if name not in known)
