"""Templates that make an account ready: roles with their policies, keys and aliases, a vault."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT, REGION = "555555555555", "eu-west-1"

TEMPLATE: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {
        "DeployRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": "airlock-deploy",
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
                "ManagedPolicyArns": [
                    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
                    "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
                ],
                "Policies": [
                    {
                        "PolicyName": "everything",
                        "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
                    }
                ],
            },
        },
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {"EnableKeyRotation": True, "KeyPolicy": {"Statement": [{"Sid": "Own", "Effect": "Allow"}]}},
        },
        "Alias": {
            "Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": "alias/orders-local", "TargetKeyId": {"Ref": "Key"}},
        },
        "Vault": {
            "Type": "AWS::Backup::BackupVault",
            "Properties": {"BackupVaultName": "orders-local", "EncryptionKeyArn": {"Fn::GetAtt": ["Key", "Arn"]}},
        },
    },
}


@pytest.fixture
def stacks(emulator: Any) -> Any:
    return emulator.client("cloudformation", ACCOUNT, REGION)


def create(stacks: Any, template: dict[str, Any] = TEMPLATE) -> None:
    capabilities = ["CAPABILITY_NAMED_IAM"]
    stacks.create_stack(StackName="member", TemplateBody=json.dumps(template), Capabilities=capabilities)


def test_a_stack_makes_what_its_template_names(emulator: Any, stacks: Any) -> None:
    create(stacks)
    assert stacks.describe_stacks(StackName="member")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    kms = emulator.client("kms", ACCOUNT, REGION)
    key = kms.describe_key(KeyId="alias/orders-local")["KeyMetadata"]
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    policy = json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"])
    assert policy["Statement"][0]["Sid"] == "Own"
    vault = emulator.client("backup", ACCOUNT, REGION).describe_backup_vault(BackupVaultName="orders-local")
    assert vault["EncryptionKeyArn"] == key["Arn"]


def test_a_role_has_its_inline_and_managed_policies(emulator: Any, stacks: Any) -> None:
    create(stacks)
    iam = emulator.client("iam", ACCOUNT)
    attached = iam.list_attached_role_policies(RoleName="airlock-deploy")["AttachedPolicies"]
    assert {policy["PolicyName"] for policy in attached} == {
        "AWSBackupServiceRolePolicyForBackup",
        "AWSBackupServiceRolePolicyForS3Backup",
    }
    inline = iam.get_role_policy(RoleName="airlock-deploy", PolicyName="everything")["PolicyDocument"]
    assert inline["Statement"][0]["Action"] == "*"


def test_a_role_of_a_stack_can_be_assumed(emulator: Any, stacks: Any) -> None:
    create(stacks)
    session = emulator.assume(f"arn:aws:iam::{ACCOUNT}:role/airlock-deploy", ACCOUNT)
    assert emulator.client("sts", **session).get_caller_identity()["Account"] == ACCOUNT


def test_deleting_the_stack_deletes_what_it_made(emulator: Any, stacks: Any) -> None:
    create(stacks)
    stacks.delete_stack(StackName="member")
    assert emulator.client("iam", ACCOUNT).list_roles()["Roles"] == []
    assert emulator.client("backup", ACCOUNT, REGION).list_backup_vaults()["BackupVaultList"] == []
    with pytest.raises(ClientError, match="does not exist"):
        stacks.describe_stacks(StackName="member")


def test_an_updated_template_changes_the_managed_policies(emulator: Any, stacks: Any) -> None:
    create(stacks)
    changed = json.loads(json.dumps(TEMPLATE))
    del changed["Resources"]["DeployRole"]["Properties"]["ManagedPolicyArns"][0]
    stacks.update_stack(StackName="member", TemplateBody=json.dumps(changed), Capabilities=["CAPABILITY_NAMED_IAM"])
    attached = emulator.client("iam", ACCOUNT).list_attached_role_policies(RoleName="airlock-deploy")
    assert [policy["PolicyName"] for policy in attached["AttachedPolicies"]] == [
        "AWSBackupServiceRolePolicyForS3Backup"
    ]


def test_other_accounts_have_nothing_of_it(emulator: Any, stacks: Any) -> None:
    create(stacks)
    assert emulator.client("iam", "444444444444").list_roles()["Roles"] == []


@pytest.mark.parametrize("kind", ["AWS::MPA::ApprovalTeam", "AWS::Nothing::AtAll"])
def test_a_type_that_nothing_stands_behind_is_not_modelled_and_nothing_is_made(stacks: Any, kind: str) -> None:
    template = {**TEMPLATE, "Resources": {**TEMPLATE["Resources"], "Team": {"Type": kind, "Properties": {}}}}
    with pytest.raises(ClientError) as caught:
        stacks.create_stack(StackName="teams", TemplateBody=json.dumps(template))
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert stacks.describe_stacks()["Stacks"] == []

    stacks.create_stack(StackName="teams", TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_NAMED_IAM"])
    with pytest.raises(ClientError) as caught:
        stacks.update_stack(StackName="teams", TemplateBody=json.dumps(template))
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert {
        one["LogicalResourceId"] for one in stacks.describe_stack_resources(StackName="teams")["StackResources"]
    } == {*TEMPLATE["Resources"]}
