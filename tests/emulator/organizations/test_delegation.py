"""Trusted services, delegated administrators, the resource policy, and who may call which operation."""

import json
from typing import Any

import pytest

from tests.emulator.worlds.organization import (
    AUDIT,
    BACKUP,
    MANAGEMENT,
    OUTSIDER,
    PAYMENTS,
    RECOVERY,
    World,
    code_of,
    outcome,
    refused,
)

GUARD_DUTY = "guardduty.amazonaws.com"


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


def statement(**changes: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{AUDIT}:root"},
        "Action": "organizations:ListPolicies",
        "Resource": "*",
        **changes,
    }


class TestDelegatedAdministrators:
    def test_an_account_administers_services_until_the_last_one_is_taken(self, world: World) -> None:
        world.delegate(AUDIT, BACKUP)
        world.delegate(AUDIT, GUARD_DUTY)
        (admin,) = world.organizations.list_delegated_administrators()["DelegatedAdministrators"]
        assert admin["Id"] == AUDIT
        services = world.organizations.list_delegated_services_for_account(AccountId=AUDIT)["DelegatedServices"]
        assert {one["ServicePrincipal"] for one in services} == {BACKUP, GUARD_DUTY}
        world.organizations.deregister_delegated_administrator(AccountId=AUDIT, ServicePrincipal=BACKUP)
        assert (
            world.organizations.list_delegated_administrators(ServicePrincipal=BACKUP)["DelegatedAdministrators"] == []
        )
        world.organizations.deregister_delegated_administrator(AccountId=AUDIT, ServicePrincipal=GUARD_DUTY)
        assert world.organizations.list_delegated_administrators()["DelegatedAdministrators"] == []

    def test_what_cannot_be_registered_is_refused(self, world: World) -> None:
        world.delegate(AUDIT, GUARD_DUTY)
        world.organizations.enable_aws_service_access(ServicePrincipal=BACKUP)
        world.organizations.close_account(AccountId=PAYMENTS)
        prefix = "ConstraintViolation/"
        for account, service, expected in (
            (AUDIT, GUARD_DUTY, "AccountAlreadyRegistered"),
            (PAYMENTS, BACKUP, f"{prefix}CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR"),
            ("333333333333", GUARD_DUTY, f"{prefix}DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE"),
            (MANAGEMENT, BACKUP, f"{prefix}CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR"),
            (AUDIT, "config.amazonaws.com", f"{prefix}SERVICE_ACCESS_NOT_ENABLED"),
            (OUTSIDER, BACKUP, "AccountNotFound"),
            (AUDIT, "nothing.amazonaws.com", "InvalidInput/UNRECOGNIZED_SERVICE_PRINCIPAL"),
        ):
            call = {"AccountId": account, "ServicePrincipal": service}
            assert outcome(refused(world.organizations.register_delegated_administrator, **call)) == expected

    def test_aws_backup_has_five_and_not_six(self, world: World) -> None:
        made = [world.account(f"n{number}", f"n{number}@example.com") for number in range(3)]
        for account in (AUDIT, PAYMENTS, *made):
            world.delegate(account)
        call = {"AccountId": "333333333333", "ServicePrincipal": BACKUP}
        refusal = refused(world.organizations.register_delegated_administrator, **call)
        assert outcome(refusal) == "ConstraintViolation/MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED"

    def test_who_is_not_registered_cannot_be_deregistered(self, world: World) -> None:
        for account, expected in ((AUDIT, "AccountNotRegistered"), (OUTSIDER, "AccountNotFound")):
            call = {"AccountId": account, "ServicePrincipal": BACKUP}
            assert outcome(refused(world.organizations.deregister_delegated_administrator, **call)) == expected
            assert (
                outcome(refused(world.organizations.list_delegated_services_for_account, AccountId=account)) == expected
            )

    def test_a_service_that_nobody_knows_is_refused(self, world: World) -> None:
        for call in (
            world.organizations.enable_aws_service_access,
            world.organizations.disable_aws_service_access,
            world.organizations.list_delegated_administrators,
        ):
            refusal = refused(call, ServicePrincipal="nothing.amazonaws.com")
            assert outcome(refusal) == "InvalidInput/UNRECOGNIZED_SERVICE_PRINCIPAL"


class TestTheResourcePolicy:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("{", "INVALID_RESOURCE_POLICY_JSON"),
            ({"Statement": []}, "INVALID_RESOURCE_POLICY_JSON"),
            ({"Statement": [statement(Effect="Maybe")]}, "INVALID_RESOURCE_POLICY_JSON"),
            ({"Statement": [statement(Principal={"Service": "backup.amazonaws.com"})]}, "INVALID_PRINCIPAL"),
            ({"Statement": [statement(Principal={"AWS": RECOVERY})]}, "INVALID_PRINCIPAL"),
            ({"Statement": [statement(Principal={"AWS": "nobody"})]}, "INVALID_PRINCIPAL"),
            ({"Statement": [statement(Action="organizations:CloseAccount")]}, "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"),
            ({"Statement": [statement(Action="s3:GetObject")]}, "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"),
            ({"Statement": [statement(Action=[])]}, "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"),
            ({"Statement": [statement(Resource="arn:aws:s3:::x")]}, "UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY"),
            (
                {"Statement": [statement(Condition={"StringEquals": {"organizations:PolicyType": "NONE"}})]},
                "UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY",
            ),
            ({"Statement": [statement(Sid="x" * 40_000)]}, "MAX_LENGTH_EXCEEDED"),
        ],
    )
    def test_what_it_cannot_say_is_refused(self, world: World, content: Any, reason: str) -> None:
        text = content if isinstance(content, str) else json.dumps(content)
        assert outcome(refused(world.organizations.put_resource_policy, Content=text)) == f"InvalidInput/{reason}"
        assert code_of(refused(world.organizations.describe_resource_policy)) == "ResourcePolicyNotFoundException"

    def test_it_has_tags_of_its_own(self, world: World) -> None:
        put = {"Content": json.dumps({"Statement": [statement()]}), "Tags": [{"Key": "a", "Value": "b"}]}
        made = world.organizations.put_resource_policy(**put)["ResourcePolicy"]["ResourcePolicySummary"]
        assert world.organizations.list_tags_for_resource(ResourceId=made["Id"])["Tags"] == put["Tags"]
        world.organizations.delete_resource_policy()
        assert code_of(refused(world.organizations.delete_resource_policy)) == "ResourcePolicyNotFoundException"

    def test_a_member_reads_what_it_grants_and_nothing_else(self, world: World) -> None:
        world.organizations.put_resource_policy(Content=json.dumps({"Statement": [statement()]}))
        audit = world.of(AUDIT)
        assert audit.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
        assert code_of(refused(audit.list_accounts)) == "AccessDeniedException"
        assert code_of(refused(world.of(PAYMENTS).list_policies, Filter="TAG_POLICY")) == "AccessDeniedException"


# Operations by who may call them in the model's own words, each with an input that is good enough to be looked at.
ROOT = "r-abcd"
MANAGEMENT_ONLY: list[tuple[str, dict[str, Any]]] = [
    ("close_account", {"AccountId": PAYMENTS}),
    ("create_account", {"AccountName": "x", "Email": "x@example.com"}),
    ("create_organizational_unit", {"ParentId": ROOT, "Name": "x"}),
    ("delete_organization", {}),
    ("delete_organizational_unit", {"OrganizationalUnitId": "ou-abcd-12345678"}),
    ("delete_resource_policy", {}),
    ("deregister_delegated_administrator", {"AccountId": AUDIT, "ServicePrincipal": BACKUP}),
    ("disable_aws_service_access", {"ServicePrincipal": BACKUP}),
    ("enable_all_features", {}),
    ("enable_aws_service_access", {"ServicePrincipal": BACKUP}),
    ("invite_account_to_organization", {"Target": {"Id": OUTSIDER, "Type": "ACCOUNT"}}),
    ("move_account", {"AccountId": PAYMENTS, "SourceParentId": ROOT, "DestinationParentId": ROOT}),
    ("put_resource_policy", {"Content": "{}"}),
    ("register_delegated_administrator", {"AccountId": PAYMENTS, "ServicePrincipal": BACKUP}),
    ("remove_account_from_organization", {"AccountId": PAYMENTS}),
    ("update_organizational_unit", {"OrganizationalUnitId": "ou-abcd-12345678"}),
]
ALSO_DELEGATED: list[tuple[str, dict[str, Any]]] = [
    ("describe_account", {"AccountId": MANAGEMENT}),
    ("list_accounts", {}),
    ("list_accounts_with_invalid_effective_policy", {"PolicyType": "BACKUP_POLICY"}),
    ("list_aws_service_access_for_organization", {}),
    ("list_create_account_status", {}),
    ("list_delegated_administrators", {}),
    ("list_handshakes_for_organization", {}),
    ("list_parents", {"ChildId": MANAGEMENT}),
    ("list_policies", {"Filter": "BACKUP_POLICY"}),
    ("list_roots", {}),
    ("list_tags_for_resource", {"ResourceId": MANAGEMENT}),
]


class TestWhoMayCall:
    def test_the_management_account_alone(self, world: World) -> None:
        world.delegate()
        for name, given in MANAGEMENT_ONLY:
            for account in (AUDIT, PAYMENTS):
                assert code_of(refused(getattr(world.of(account), name), **given)) == "AccessDeniedException", name

    def test_delegated_administrators_read_too_and_other_members_do_not(self, world: World) -> None:
        world.enable()
        world.delegate()
        for name, given in ALSO_DELEGATED:
            assert getattr(world.of(AUDIT), name)(**given)
            assert code_of(refused(getattr(world.of(PAYMENTS), name), **given)) == "AccessDeniedException", name

    def test_every_member_asks_what_concerns_itself(self, world: World) -> None:
        payments = world.of(PAYMENTS)
        assert payments.describe_organization()["Organization"]["Id"] == world.organization
        assert payments.list_handshakes_for_account()["Handshakes"] == []
        refusal = refused(payments.describe_effective_policy, PolicyType="BACKUP_POLICY")
        assert code_of(refusal) == "EffectivePolicyNotFoundException"

    def test_without_an_organization_only_its_making_and_invitations_are_left(self, world: World) -> None:
        alone = world.of(OUTSIDER)
        for name, given in (*MANAGEMENT_ONLY, *ALSO_DELEGATED, ("leave_organization", {})):
            assert code_of(refused(getattr(alone, name), **given)) == "AWSOrganizationsNotInUseException", name
        assert alone.list_handshakes_for_account()["Handshakes"] == []

    def test_types_are_switched_by_the_delegated_administrator_that_may(self, world: World) -> None:
        world.delegate()
        call = {"RootId": world.root, "PolicyType": "BACKUP_POLICY"}
        audit = world.of(AUDIT)
        assert code_of(refused(audit.enable_policy_type, **call)) == "AccessDeniedException"
        granted = statement(Action=["organizations:EnablePolicyType", "organizations:DisablePolicyType"])
        world.organizations.put_resource_policy(Content=json.dumps({"Statement": [granted]}))
        audit.enable_policy_type(**call)
        audit.disable_policy_type(**call)
