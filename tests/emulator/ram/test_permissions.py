"""Permissions in RAM: AWS's own, and those of customers with their versions."""

import json
from typing import Any

import pytest

from tests.emulator.worlds.ram import (
    LANDING,
    PAYMENTS,
    VAULT_PERMISSION,
    VAULT_TYPE,
    Sharing,
    code_of,
    refused,
    template,
)

READ = "backup:DescribeRecoveryPoint"


@pytest.fixture
def sharing(emulator: Any) -> Sharing:
    return Sharing(emulator)


def versions(sharing: Sharing, arn: str) -> dict[str, bool]:
    found = sharing.ram.list_permission_versions(permissionArn=arn)["permissions"]
    return {one["version"]: one["defaultVersion"] for one in found}


def in_share(sharing: Sharing, share: str) -> list[tuple[str, str]]:
    found = sharing.ram.list_resource_share_permissions(resourceShareArn=share)["permissions"]
    return [(one["arn"], one["version"]) for one in found]


def test_a_permission_belongs_to_its_account_and_region(sharing: Sharing) -> None:
    arn = sharing.permission("readers")
    assert arn == f"arn:aws:ram:eu-west-1:{PAYMENTS}:permission/readers"
    listed = sharing.ram.list_permissions(permissionType="CUSTOMER_MANAGED")["permissions"]
    assert [(one["arn"], one["permissionType"]) for one in listed] == [(arn, "CUSTOMER_MANAGED")]
    assert sharing.ram.list_permissions(resourceOwner="SELF")["permissions"] == listed
    everywhere = {one["arn"] for one in sharing.ram.list_permissions(resourceType=VAULT_TYPE)["permissions"]}
    assert everywhere == {arn, VAULT_PERMISSION}
    detail = sharing.ram.get_permission(permissionArn=arn)["permission"]
    assert json.loads(detail["permission"]) == json.loads(template())
    for other in (sharing.of(LANDING), sharing.of(PAYMENTS, "us-east-1")):
        assert code_of(refused(other.get_permission, permissionArn=arn)) == "UnknownResourceException"


def test_versions_come_and_go_and_one_is_the_default(sharing: Sharing) -> None:
    arn = sharing.permission()
    second = sharing.ram.create_permission_version(permissionArn=arn, policyTemplate=template(READ))["permission"]
    assert (second["version"], second["defaultVersion"]) == ("2", True)
    assert versions(sharing, arn) == {"1": False, "2": True}
    assert sharing.ram.set_default_permission_version(permissionArn=arn, permissionVersion=1)["returnValue"]
    refusal = refused(sharing.ram.delete_permission_version, permissionArn=arn, permissionVersion=1)
    assert code_of(refusal) == "OperationNotPermittedException", "The default version was deleted."
    sharing.ram.delete_permission_version(permissionArn=arn, permissionVersion=2)
    assert versions(sharing, arn) == {"1": True}
    for number in range(2, 6):
        sharing.ram.create_permission_version(permissionArn=arn, policyTemplate=template())
        assert str(number) in versions(sharing, arn)
    refusal = refused(sharing.ram.create_permission_version, permissionArn=arn, policyTemplate=template())
    assert code_of(refusal) == "PermissionVersionsLimitExceededException"


def test_a_share_keeps_its_version_until_it_is_replaced(sharing: Sharing) -> None:
    arn = sharing.permission()
    share = sharing.share(resources=[sharing.vault()], permissionArns=[arn])
    assert in_share(sharing, share) == [(arn, "1")]
    sharing.ram.create_permission_version(permissionArn=arn, policyTemplate=template(READ))
    assert in_share(sharing, share) == [(arn, "1")]
    refusal = refused(sharing.ram.delete_permission_version, permissionArn=arn, permissionVersion=1)
    assert code_of(refusal) == "OperationNotPermittedException", "A version that a share has was deleted."
    work = sharing.ram.replace_permission_associations(fromPermissionArn=arn, toPermissionArn=arn)
    identifier = work["replacePermissionAssociationsWork"]["id"]
    seen = [
        sharing.ram.list_replace_permission_associations_work(workIds=[identifier])[
            "replacePermissionAssociationsWorks"
        ][0]["status"]
        for _ in range(2)
    ]
    assert seen == ["IN_PROGRESS", "COMPLETED"]
    assert in_share(sharing, share) == [(arn, "2")]
    sharing.ram.delete_permission_version(permissionArn=arn, permissionVersion=1)


def test_only_the_named_version_is_replaced(sharing: Sharing) -> None:
    arn = sharing.permission()
    old = sharing.share(resources=[sharing.vault()], permissionArns=[arn])
    sharing.ram.create_permission_version(permissionArn=arn, policyTemplate=template(READ))
    new = sharing.share(resources=[sharing.vault()], permissionArns=[arn])
    sharing.ram.replace_permission_associations(
        fromPermissionArn=arn, fromPermissionVersion=1, toPermissionArn=VAULT_PERMISSION
    )
    assert in_share(sharing, old) == [(VAULT_PERMISSION, "1")]
    assert in_share(sharing, new) == [(arn, "2")]
    uses = sharing.ram.list_permission_associations(permissionArn=arn)["permissions"]
    assert [(one["resourceShareArn"], one["permissionVersion"]) for one in uses] == [(new, "2")]
    assert sharing.ram.list_permission_associations(permissionArn=arn, permissionVersion=1)["permissions"] == []
    by_default = sharing.ram.list_permission_associations(defaultVersion=True, resourceType=VAULT_TYPE)
    assert {one["resourceShareArn"] for one in by_default["permissions"]} == {old, new}
    shares = sharing.ram.get_resource_shares(resourceOwner="SELF", permissionArn=arn, permissionVersion=2)
    assert [one["resourceShareArn"] for one in shares["resourceShares"]] == [new]


def test_a_deprecated_permission_works_where_it_is_and_comes_nowhere_else(sharing: Sharing) -> None:
    arn = sharing.permission()
    share = sharing.share(permissionArns=[arn])
    assert sharing.ram.update_permission(permissionArn=arn, status="DEPRECATED")["permissionStatus"] == "DEPRECATED"
    assert in_share(sharing, share) == [(arn, "1")]
    refusal = refused(sharing.ram.create_resource_share, name="x", permissionArns=[arn])
    assert code_of(refusal) == "OperationNotPermittedException"
    sharing.ram.update_permission(permissionArn=arn, status="ATTACHABLE")
    sharing.share(permissionArns=[arn])


def test_a_used_permission_is_not_deleted_and_a_free_one_is(sharing: Sharing) -> None:
    arn = sharing.permission()
    share = sharing.share(permissionArns=[arn])
    refusal = refused(sharing.ram.delete_permission, permissionArn=arn)
    assert code_of(refusal) == "OperationNotPermittedException"
    sharing.ram.delete_resource_share(resourceShareArn=share)
    assert sharing.ram.delete_permission(permissionArn=arn)["returnValue"]
    assert code_of(refused(sharing.ram.get_permission, permissionArn=arn)) == "UnknownResourceException"
    assert sharing.permission() == arn, "The name of a deleted permission is free again."


def test_the_permissions_of_aws_cannot_be_changed(sharing: Sharing) -> None:
    for call, given, code in (
        (sharing.ram.delete_permission, {}, "OperationNotPermittedException"),
        (sharing.ram.delete_permission_version, {"permissionVersion": 1}, "OperationNotPermittedException"),
        (sharing.ram.create_permission_version, {"policyTemplate": template()}, "OperationNotPermittedException"),
        (sharing.ram.update_permission, {"status": "DEPRECATED"}, "OperationNotPermittedException"),
        (sharing.ram.set_default_permission_version, {"permissionVersion": 1}, "InvalidParameterException"),
        (sharing.ram.promote_permission_created_from_policy, {"name": "x"}, "InvalidParameterException"),
    ):
        assert code_of(refused(call, permissionArn=VAULT_PERMISSION, **given)) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "MalformedPolicyTemplateException"),
        ("[]", "MalformedPolicyTemplateException"),
        (json.dumps({"Effect": "Deny", "Action": "backup:ListTags"}), "MalformedPolicyTemplateException"),
        (json.dumps({"Effect": "Allow"}), "MalformedPolicyTemplateException"),
        (template(Resource="*"), "MalformedPolicyTemplateException"),
        (template(Principal="*"), "MalformedPolicyTemplateException"),
        (template(Condition="x"), "MalformedPolicyTemplateException"),
        (template(Condition={"StringEquals": {"a": "@{place}"}}), "MalformedPolicyTemplateException"),
        (template("backup:DeleteBackupVault"), "InvalidPolicyException"),
        (template(Condition={"StringNotEquals": {"aws:RequestedRegion": "x"}}), "InvalidPolicyException"),
        (template(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-x"}}), "InvalidPolicyException"),
    ],
)
def test_a_template_that_no_permission_can_have_is_refused(sharing: Sharing, text: str, code: str) -> None:
    call = {"name": "x", "resourceType": VAULT_TYPE, "policyTemplate": text}
    assert code_of(refused(sharing.ram.create_permission, **call)) == code
    assert sharing.ram.list_permissions(permissionType="CUSTOMER_MANAGED")["permissions"] == []


def test_a_template_with_parameters_needs_their_values(sharing: Sharing) -> None:
    text = template(Condition={"StringEquals": {"aws:RequestedRegion": "@{place}"}})
    made = sharing.ram.create_permission(
        name="placed",
        resourceType=VAULT_TYPE,
        policyTemplate=text,
        permissionTemplateParameters=[{"name": "place", "type": "STRING"}],
    )["permission"]
    share = sharing.share()
    attach = {"resourceShareArn": share, "permissionArn": made["arn"]}
    refusal = refused(sharing.ram.associate_resource_share_permission, **attach)
    assert code_of(refusal) == "InvalidParameterException"
    values = [{"name": "place", "values": ["eu-west-1"]}]
    sharing.ram.associate_resource_share_permission(**attach, permissionTemplateParameters=values)
    assert in_share(sharing, share) == [(made["arn"], "1")]
    given = [{"permissionArn": made["arn"], "permissionTemplateParameters": values}]
    sharing.share(permissionArns=[made["arn"]], permissionTemplateParameters=given)


def test_what_the_permission_allows_is_in_the_policy_of_the_resource(sharing: Sharing) -> None:
    vault, arn = sharing.vault(), sharing.permission("readers", template(READ))
    sharing.share(LANDING, resources=[vault], permissionArns=[arn])
    assert sharing.ram.get_resource_policies(resourceArns=[vault])["policies"] == []
    sharing.accept()
    (text,) = sharing.ram.get_resource_policies(resourceArns=[vault])["policies"]
    (statement,) = json.loads(text)["Statement"]
    assert (statement["Action"], statement["Principal"], statement["Resource"]) == ([READ], {"AWS": [LANDING]}, vault)
    assert sharing.ram.get_resource_policies(resourceArns=[vault], principal="111111111111")["policies"] == []
