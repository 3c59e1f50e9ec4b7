"""Policies of an organization: types that are on and off, attachments and their limits, and AWS's own policies."""

import json
from typing import Any

import pytest

from tests.emulator.worlds.organization import (
    MANAGEMENT,
    OUTSIDER,
    PAYMENTS,
    World,
    backup_policy,
    code_of,
    outcome,
    refused,
)

SCP_TYPE, RCP_TYPE = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
DENY = {"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
RCP = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


def attached(world: World, target: str, policy_type: str) -> list[str]:
    found = world.organizations.list_policies_for_target(TargetId=target, Filter=policy_type)["Policies"]
    return [policy["Name"] for policy in found]


@pytest.mark.parametrize(("policy_type", "name"), [(SCP_TYPE, "FullAWSAccess"), (RCP_TYPE, "RCPFullAWSAccess")])
def test_the_policy_of_aws_comes_with_its_type_and_goes_with_it(world: World, policy_type: str, name: str) -> None:
    unit = world.parent_of(PAYMENTS)
    places = (world.root, unit, PAYMENTS, MANAGEMENT)
    (built_in,) = world.organizations.list_policies(Filter=policy_type)["Policies"]
    assert (built_in["Name"], built_in["AwsManaged"]) == (name, True)
    assert built_in["Arn"] == f"arn:aws:organizations::aws:policy/{policy_type.lower()}/p-{name}"
    assert [attached(world, place, policy_type) for place in places] == [[]] * 4
    world.enable(policy_type)
    later = world.unit("later")
    assert [attached(world, place, policy_type) for place in (*places, later)] == [[name]] * 5
    world.organizations.disable_policy_type(RootId=world.root, PolicyType=policy_type)
    assert [attached(world, place, policy_type) for place in places] == [[]] * 4


def test_the_policies_of_aws_stay_as_they_are(world: World) -> None:
    for call, given in (
        (world.organizations.update_policy, {"Name": "mine"}),
        (world.organizations.delete_policy, {}),
    ):
        assert outcome(refused(call, PolicyId="p-FullAWSAccess", **given)) == "InvalidInput/IMMUTABLE_POLICY"
    world.enable(RCP_TYPE)
    refusal = refused(world.organizations.detach_policy, PolicyId="p-RCPFullAWSAccess", TargetId=PAYMENTS)
    assert outcome(refusal) == "InvalidInput/NON_DETACHABLE_POLICY"


def test_full_access_can_be_exchanged_for_another_policy(world: World) -> None:
    world.enable(SCP_TYPE)
    refusal = refused(world.organizations.detach_policy, PolicyId="p-FullAWSAccess", TargetId=PAYMENTS)
    assert outcome(refusal) == "ConstraintViolation/MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"
    world.attach(DENY, PAYMENTS, "guard", SCP_TYPE)
    world.organizations.detach_policy(PolicyId="p-FullAWSAccess", TargetId=PAYMENTS)
    assert attached(world, PAYMENTS, SCP_TYPE) == ["guard"]


@pytest.mark.parametrize(
    ("policy_type", "content", "most"),
    [
        (SCP_TYPE, DENY, 10),
        (RCP_TYPE, RCP, 5),
        ("BACKUP_POLICY", {"plans": {}}, 10),
        ("AISERVICES_OPT_OUT_POLICY", {"services": {}}, 5),
    ],
)
def test_a_place_takes_so_many_policies_of_a_type(world: World, policy_type: str, content: Any, most: int) -> None:
    world.enable(policy_type)
    room = most - len(attached(world, PAYMENTS, policy_type))
    for number in range(room):
        world.attach(content, PAYMENTS, f"p{number}", policy_type)
    one_more = world.policy(content, policy_type, "one more")
    refusal = refused(world.organizations.attach_policy, PolicyId=one_more, TargetId=PAYMENTS)
    assert outcome(refusal) == "ConstraintViolation/MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"
    world.organizations.attach_policy(PolicyId=one_more, TargetId=world.root)


@pytest.mark.parametrize("option", ["in-the-organization", "within-its-type"])
def test_a_name_is_taken_once(world: World, option: str) -> None:
    world.choose("duplicate-policy-name", option)
    world.policy({"plans": {}}, name="guard")
    other = world.policy({"plans": {}}, name="other")
    call = {"Name": "guard", "Description": "d", "Type": "BACKUP_POLICY", "Content": '{"plans": {}}'}
    assert code_of(refused(world.organizations.create_policy, **call)) == "DuplicatePolicyException"
    assert (
        code_of(refused(world.organizations.update_policy, PolicyId=other, Name="guard")) == "DuplicatePolicyException"
    )
    of_another_type = {**call, "Type": SCP_TYPE, "Content": json.dumps(DENY)}
    if option == "within-its-type":
        assert world.organizations.create_policy(**of_another_type)
    else:
        assert code_of(refused(world.organizations.create_policy, **of_another_type)) == "DuplicatePolicyException"


def test_every_policy_type_of_the_model_can_be_used(world: World) -> None:
    tops = {
        "TAG_POLICY": "tags",
        "BACKUP_POLICY": "plans",
        "AISERVICES_OPT_OUT_POLICY": "services",
        "CHATBOT_POLICY": "chatbot",
        "DECLARATIVE_POLICY_EC2": "ec2_attributes",
        "SECURITYHUB_POLICY": "securityhub",
    }
    world.organizations.enable_aws_service_access(ServicePrincipal="securityhub.amazonaws.com")
    types = world.organizations.meta.service_model.shape_for("PolicyType").enum
    for policy_type in types:
        world.enable(policy_type)
        content: Any = {SCP_TYPE: DENY, RCP_TYPE: RCP}.get(policy_type, {tops.get(policy_type, "anything"): {}})
        made = world.attach(content, PAYMENTS, policy_type, policy_type)
        assert world.organizations.list_targets_for_policy(PolicyId=made)["Targets"][0]["TargetId"] == PAYMENTS
        world.organizations.detach_policy(PolicyId=made, TargetId=PAYMENTS)
        world.organizations.delete_policy(PolicyId=made)
    enabled = {one["Type"] for one in world.organizations.list_roots()["Roots"][0]["PolicyTypes"]}
    assert enabled == set(types)


def test_a_type_of_a_service_needs_that_service_and_holds_it(world: World) -> None:
    hub = {"ServicePrincipal": "securityhub.amazonaws.com"}
    call = {"RootId": world.root, "PolicyType": "SECURITYHUB_POLICY"}
    assert (
        outcome(refused(world.organizations.enable_policy_type, **call))
        == "ConstraintViolation/SERVICE_ACCESS_NOT_ENABLED"
    )
    world.organizations.enable_aws_service_access(**hub)
    world.organizations.enable_policy_type(**call)
    refusal = refused(world.organizations.disable_aws_service_access, **hub)
    assert outcome(refusal) == "ConstraintViolation/POLICY_TYPE_ENABLED_FOR_THIS_SERVICE"
    world.organizations.disable_policy_type(**call)
    world.organizations.disable_aws_service_access(**hub)


def test_what_is_off_or_unknown_is_refused(world: World) -> None:
    policy = world.policy(backup_policy())
    on_payments = {"PolicyId": policy, "TargetId": PAYMENTS}
    assert code_of(refused(world.organizations.attach_policy, **on_payments)) == "PolicyTypeNotEnabledException"
    type_at_root = {"RootId": world.root, "PolicyType": "BACKUP_POLICY"}
    assert code_of(refused(world.organizations.disable_policy_type, **type_at_root)) == "PolicyTypeNotEnabledException"
    elsewhere = {"RootId": "r-abcd", "PolicyType": "BACKUP_POLICY"}
    assert code_of(refused(world.organizations.enable_policy_type, **elsewhere)) == "RootNotFoundException"
    world.enable()
    assert code_of(refused(world.organizations.detach_policy, **on_payments)) == "PolicyNotAttachedException"
    nowhere = {"PolicyId": policy, "TargetId": "ou-abcd-12345678"}
    assert code_of(refused(world.organizations.attach_policy, **nowhere)) == "TargetNotFoundException"
    no_policy = {"PolicyId": "p-1234567890", "TargetId": PAYMENTS}
    assert code_of(refused(world.organizations.attach_policy, **no_policy)) == "PolicyNotFoundException"
    for call in (
        world.organizations.describe_policy,
        world.organizations.delete_policy,
        world.organizations.list_targets_for_policy,
    ):
        assert code_of(refused(call, PolicyId="p-1234567890")) == "PolicyNotFoundException"


def test_an_organization_for_billing_alone_has_no_policies(world: World) -> None:
    alone = world.of(OUTSIDER)
    alone.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    root = alone.list_roots()["Roots"][0]["Id"]
    call = {"Name": "x", "Description": "d", "Type": "BACKUP_POLICY", "Content": '{"plans": {}}'}
    for refusal in (
        refused(alone.create_policy, **call),
        refused(alone.enable_policy_type, RootId=root, PolicyType="BACKUP_POLICY"),
    ):
        assert code_of(refusal) == "PolicyTypeNotAvailableForOrganizationException"
    for operation, given in (
        (alone.enable_aws_service_access, {"ServicePrincipal": "backup.amazonaws.com"}),
        (alone.close_account, {"AccountId": PAYMENTS}),
        (alone.put_resource_policy, {"Content": "{}"}),
    ):
        expected = "ConstraintViolation/ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"
        assert outcome(refused(operation, **given)) == expected
