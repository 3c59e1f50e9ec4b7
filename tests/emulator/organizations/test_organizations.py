"""AWS Organizations: policies of all types, who may call, and what a policy makes of an account."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

MANAGEMENT, AUDIT, BUNKER, PAYMENTS, RECOVERY = (
    "111111111111",
    "222222222222",
    "333333333333",
    "444444444444",
    "777777777777",
)
BACKUP = "backup.amazonaws.com"


def plan(**rule: Any) -> dict[str, Any]:
    return {
        "plans": {
            "nightly": {
                "regions": {"@@assign": ["eu-west-1"]},
                "rules": {
                    "daily": {
                        "schedule_expression": {"@@assign": "cron(0 4 * * ? *)"},
                        "target_backup_vault_name": {"@@assign": "orders-local"},
                        **rule,
                    }
                },
                "selections": {
                    "tags": {
                        "tagged": {
                            "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/airlock-backup"},
                            "tag_key": {"@@assign": "airlock-rollout"},
                            "tag_value": {"@@assign": ["orders"]},
                        }
                    }
                },
            }
        }
    }


class World:
    """The first organization of the seed, with clients and the calls that the tests repeat."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        seeded = emulator.seed()["organizations"][0]
        self.root, self.organization = seeded["root_id"], seeded["organization_id"]
        self.management = emulator.client("organizations", MANAGEMENT)
        self.audit = emulator.client("organizations", AUDIT)
        self.payments = emulator.client("organizations", PAYMENTS)

    def enable(self, policy_type: str = "BACKUP_POLICY") -> None:
        self.management.enable_policy_type(RootId=self.root, PolicyType=policy_type)

    def create(self, content: dict[str, Any], name: str = "rollout", client: Any = None) -> str:
        created = (client or self.management).create_policy(
            Name=name, Description="x", Type="BACKUP_POLICY", Content=json.dumps(content)
        )
        return str(created["Policy"]["PolicySummary"]["Id"])

    def attach(self, content: dict[str, Any], target: str, name: str = "rollout") -> str:
        policy = self.create(content, name)
        self.management.attach_policy(PolicyId=policy, TargetId=target)
        return policy

    def effective(self, account: str = PAYMENTS) -> dict[str, Any]:
        found = self.management.describe_effective_policy(PolicyType="BACKUP_POLICY", TargetId=account)
        content: dict[str, Any] = json.loads(found["EffectivePolicy"]["PolicyContent"])
        return content

    def unit_of(self, account: str) -> str:
        return str(self.management.list_parents(ChildId=account)["Parents"][0]["Id"])

    def delegate(self, *, registered: bool = True, policy: bool = True) -> None:
        self.management.enable_aws_service_access(ServicePrincipal=BACKUP)
        if registered:
            self.management.register_delegated_administrator(AccountId=AUDIT, ServicePrincipal=BACKUP)
        if policy:
            self.management.put_resource_policy(Content=json.dumps(delegation()))


def delegation() -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Policies",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{AUDIT}:root"},
                "Action": [
                    "organizations:CreatePolicy",
                    "organizations:UpdatePolicy",
                    "organizations:DeletePolicy",
                    "organizations:AttachPolicy",
                    "organizations:DetachPolicy",
                ],
                "Resource": "*",
                "Condition": {"StringLikeIfExists": {"organizations:PolicyType": ["BACKUP_POLICY"]}},
            }
        ],
    }


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def reason(error: pytest.ExceptionInfo[ClientError]) -> str:
    response: dict[str, Any] = {**error.value.response}
    return str(response["Reason"])


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


class TestPolicyTypes:
    def test_a_policy_can_be_attached_only_when_its_type_is_enabled(self, world: World) -> None:
        policy = world.create(plan())
        with pytest.raises(ClientError) as error:
            world.management.attach_policy(PolicyId=policy, TargetId=PAYMENTS)
        assert code(error) == "PolicyTypeNotEnabledException"
        world.enable()
        world.management.attach_policy(PolicyId=policy, TargetId=PAYMENTS)
        attached = world.management.list_policies_for_target(TargetId=PAYMENTS, Filter="BACKUP_POLICY")["Policies"]
        assert [found["Id"] for found in attached] == [policy]

    def test_enabling_twice_is_refused(self, world: World) -> None:
        world.enable()
        with pytest.raises(ClientError) as error:
            world.enable()
        assert code(error) == "PolicyTypeAlreadyEnabledException"

    def test_disabling_detaches_the_policies(self, world: World) -> None:
        world.enable()
        policy = world.attach(plan(), PAYMENTS)
        world.management.disable_policy_type(RootId=world.root, PolicyType="BACKUP_POLICY")
        assert world.management.list_targets_for_policy(PolicyId=policy)["Targets"] == []
        world.management.delete_policy(PolicyId=policy)

    @pytest.mark.parametrize(
        ("policy_type", "content"),
        [
            (
                "DECLARATIVE_POLICY_EC2",
                {"ec2_attributes": {"serial_console_access": {"status": {"@@assign": "disabled"}}}},
            ),
            ("BACKUP_POLICY", plan()),
            (
                "RESOURCE_CONTROL_POLICY",
                {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]},
            ),
        ],
    )
    def test_the_arn_names_the_type(self, world: World, policy_type: str, content: dict[str, Any]) -> None:
        created = world.management.create_policy(
            Name="typed", Description="x", Type=policy_type, Content=json.dumps(content)
        )["Policy"]["PolicySummary"]
        assert f":policy/{world.organization}/{policy_type.lower()}/{created['Id']}" in created["Arn"]

    def test_a_document_that_is_no_policy_is_refused(self, world: World) -> None:
        for content in ("{", "[]", '{"rules": {}}'):
            with pytest.raises(ClientError) as error:
                world.management.create_policy(Name="x", Description="x", Type="BACKUP_POLICY", Content=content)
            assert code(error) == "MalformedPolicyDocumentException"

    def test_a_document_that_is_too_long_is_refused_with_the_reason(self, world: World) -> None:
        with pytest.raises(ClientError) as error:
            world.create({"plans": {"x" * 10_000: {}}})
        assert code(error) == "ConstraintViolationException"
        assert reason(error) == "POLICY_CONTENT_LIMIT_EXCEEDED"

    def test_a_used_policy_cannot_be_deleted(self, world: World) -> None:
        world.enable()
        policy = world.attach(plan(), PAYMENTS)
        with pytest.raises(ClientError) as error:
            world.management.delete_policy(PolicyId=policy)
        assert code(error) == "PolicyInUseException"

    def test_attaching_twice_and_detaching_twice_are_refused(self, world: World) -> None:
        world.enable()
        policy = world.attach(plan(), PAYMENTS)
        with pytest.raises(ClientError) as error:
            world.management.attach_policy(PolicyId=policy, TargetId=PAYMENTS)
        assert code(error) == "DuplicatePolicyAttachmentException"
        world.management.detach_policy(PolicyId=policy, TargetId=PAYMENTS)
        with pytest.raises(ClientError) as error:
            world.management.detach_policy(PolicyId=policy, TargetId=PAYMENTS)
        assert code(error) == "PolicyNotAttachedException"

    def test_the_last_service_control_policy_stays(self, world: World) -> None:
        world.enable("SERVICE_CONTROL_POLICY")
        with pytest.raises(ClientError) as error:
            world.management.detach_policy(PolicyId="p-FullAWSAccess", TargetId=PAYMENTS)
        assert reason(error) == "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"


class TestFeatures:
    def test_all_features_are_on_already(self, world: World) -> None:
        with pytest.raises(ClientError) as error:
            world.management.enable_all_features()
        assert reason(error) == "ORGANIZATION_ALREADY_HAS_ALL_FEATURES"


class TestWhoMayCall:
    def test_a_member_may_describe_its_organization_and_little_else(self, world: World) -> None:
        assert world.payments.describe_organization()["Organization"]["Id"] == world.organization
        for call, parameters in (
            (world.payments.list_accounts, {}),
            (world.payments.list_roots, {}),
            (world.payments.describe_resource_policy, {}),
            (world.payments.enable_aws_service_access, {"ServicePrincipal": BACKUP}),
            (world.payments.enable_policy_type, {"RootId": world.root, "PolicyType": "BACKUP_POLICY"}),
        ):
            with pytest.raises(ClientError) as error:
                call(**parameters)
            assert code(error) == "AccessDeniedException"

    def test_an_account_without_an_organization_is_told_so(self, world: World) -> None:
        with pytest.raises(ClientError) as error:
            world.emulator.client("organizations", "999999999999").list_accounts()
        assert code(error) == "AWSOrganizationsNotInUseException"

    def test_two_organizations_do_not_see_one_another(self, world: World) -> None:
        other = world.emulator.client("organizations", RECOVERY)
        assert {account["Id"] for account in other.list_accounts()["Accounts"]} == {RECOVERY, "888888888888"}
        with pytest.raises(ClientError):
            other.describe_account(AccountId=PAYMENTS)


class TestDelegation:
    def test_the_delegated_administrator_writes_backup_policies_of_the_organization(self, world: World) -> None:
        world.enable()
        world.delegate()
        policy = world.create(plan(), client=world.audit)
        world.audit.attach_policy(PolicyId=policy, TargetId=PAYMENTS)
        assert world.effective()["plans"]["nightly"]["regions"] == ["eu-west-1"]
        assert world.management.describe_policy(PolicyId=policy)["Policy"]["PolicySummary"]["Name"] == "rollout"
        world.audit.detach_policy(PolicyId=policy, TargetId=PAYMENTS)
        world.audit.delete_policy(PolicyId=policy)

    @pytest.mark.parametrize("given", [{"registered": False}, {"policy": False}])
    def test_registration_alone_or_policy_alone_is_not_enough(self, world: World, given: dict[str, bool]) -> None:
        world.delegate(**given)
        with pytest.raises(ClientError) as error:
            world.create(plan(), client=world.audit)
        assert code(error) == "AccessDeniedException"

    def test_other_policy_types_are_not_delegated(self, world: World) -> None:
        world.delegate()
        with pytest.raises(ClientError) as error:
            world.audit.create_policy(
                Name="x", Description="x", Type="SERVICE_CONTROL_POLICY", Content='{"Statement": []}'
            )
        assert code(error) == "AccessDeniedException"

    def test_a_delegated_administrator_may_read(self, world: World) -> None:
        world.delegate(policy=False)
        assert len(world.audit.list_accounts()["Accounts"]) == 4
        assert [root["Id"] for root in world.audit.list_roots()["Roots"]] == [world.root]
        assert world.audit.list_delegated_administrators(ServicePrincipal=BACKUP)["DelegatedAdministrators"]

    def test_registration_needs_service_access_first(self, world: World) -> None:
        with pytest.raises(ClientError) as error:
            world.management.register_delegated_administrator(AccountId=AUDIT, ServicePrincipal=BACKUP)
        assert reason(error) == "SERVICE_ACCESS_NOT_ENABLED"

    def test_the_management_account_cannot_be_registered(self, world: World) -> None:
        world.management.enable_aws_service_access(ServicePrincipal=BACKUP)
        with pytest.raises(ClientError) as error:
            world.management.register_delegated_administrator(AccountId=MANAGEMENT, ServicePrincipal=BACKUP)
        assert reason(error) == "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR"

    def test_the_resource_policy_is_one_and_can_be_replaced_and_deleted(self, world: World) -> None:
        with pytest.raises(ClientError) as error:
            world.management.describe_resource_policy()
        assert code(error) == "ResourcePolicyNotFoundException"
        first = world.management.put_resource_policy(Content=json.dumps(delegation()))["ResourcePolicy"]
        other = delegation()
        other["Statement"][0]["Action"] = "organizations:ListPolicies"
        replaced = world.management.put_resource_policy(Content=json.dumps(other))["ResourcePolicy"]
        assert replaced["ResourcePolicySummary"] == first["ResourcePolicySummary"]
        described = world.management.describe_resource_policy()["ResourcePolicy"]
        assert json.loads(described["Content"]) == other
        world.management.delete_resource_policy()
        with pytest.raises(ClientError):
            world.management.describe_resource_policy()

    @pytest.mark.parametrize("service", [BACKUP, "member.org.stacksets.cloudformation.amazonaws.com"])
    def test_service_access_can_be_given_and_taken(self, world: World, service: str) -> None:
        def enabled() -> set[str]:
            found = world.management.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
            return {principal["ServicePrincipal"] for principal in found}

        world.management.enable_aws_service_access(ServicePrincipal=service)
        assert service in enabled()
        world.management.disable_aws_service_access(ServicePrincipal=service)
        assert service not in enabled()


class TestEffectivePolicy:
    def test_there_is_none_before_one_is_attached(self, world: World) -> None:
        world.enable()
        with pytest.raises(ClientError) as error:
            world.effective()
        assert code(error) == "EffectivePolicyNotFoundException"

    def test_it_carries_values_without_operators(self, world: World) -> None:
        world.enable()
        world.attach(plan(), world.root)
        rule = world.effective()["plans"]["nightly"]["rules"]["daily"]
        assert rule == {"schedule_expression": "cron(0 4 * * ? *)", "target_backup_vault_name": "orders-local"}

    def test_lower_levels_assign_append_and_remove(self, world: World) -> None:
        world.enable()
        world.attach(plan(), world.root, "root")
        lower: dict[str, Any] = {"plans": {"nightly": {"regions": {"@@append": ["eu-central-1"]}}}}
        world.attach(lower, world.unit_of(PAYMENTS), "unit")
        lowest: dict[str, Any] = {
            "plans": {
                "nightly": {
                    "regions": {"@@remove": ["eu-west-1"]},
                    "rules": {"daily": {"target_backup_vault_name": {"@@assign": "other"}}},
                }
            }
        }
        world.attach(lowest, PAYMENTS, "account")
        nightly = world.effective()["plans"]["nightly"]
        assert nightly["regions"] == ["eu-central-1"]
        assert nightly["rules"]["daily"]["target_backup_vault_name"] == "other"
        assert world.effective(BUNKER)["plans"]["nightly"]["regions"] == ["eu-west-1"]

    def test_a_level_above_can_forbid_operators_below(self, world: World) -> None:
        world.enable()
        closed = plan()
        closed["plans"]["nightly"]["regions"]["@@operators_allowed_for_child_policies"] = ["@@none"]
        closed["plans"]["nightly"]["rules"]["@@operators_allowed_for_child_policies"] = ["@@none"]
        world.attach(closed, world.root, "root")
        lower: dict[str, Any] = {
            "plans": {
                "nightly": {
                    "regions": {"@@assign": ["us-west-2"]},
                    "rules": {"weekly": {"target_backup_vault_name": {"@@assign": "mine"}}},
                }
            }
        }
        world.attach(lower, PAYMENTS, "account")
        nightly = world.effective()["plans"]["nightly"]
        assert nightly["regions"] == ["eu-west-1"]
        assert list(nightly["rules"]) == ["daily"]

    def test_any_account_may_ask_for_its_own(self, world: World) -> None:
        world.enable()
        world.attach(plan(), world.root)
        own = world.payments.describe_effective_policy(PolicyType="BACKUP_POLICY")["EffectivePolicy"]
        assert own["TargetId"] == PAYMENTS
        with pytest.raises(ClientError) as error:
            world.payments.describe_effective_policy(PolicyType="BACKUP_POLICY", TargetId=BUNKER)
        assert code(error) == "AccessDeniedException"

    def test_it_is_gone_when_the_type_is_disabled(self, world: World) -> None:
        world.enable()
        world.attach(plan(), world.root)
        world.management.disable_policy_type(RootId=world.root, PolicyType="BACKUP_POLICY")
        with pytest.raises(ClientError):
            world.effective()
