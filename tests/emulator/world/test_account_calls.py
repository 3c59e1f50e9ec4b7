"""Calls about an account as a whole that no story makes: who a key belongs to, sessions of users, the end of things."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import MANAGEMENT, PAYMENTS, RECOVERY, Emulator


def refusal(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value.response["Error"]["Code"])


def test_a_key_tells_its_account(emulator: Emulator) -> None:
    emulator.seed()
    key = emulator.client("iam", PAYMENTS)
    key.create_user(UserName="ada")
    made = key.create_access_key(UserName="ada")["AccessKey"]["AccessKeyId"]
    found = emulator.client("sts", MANAGEMENT).get_access_key_info(AccessKeyId=made)
    assert found["Account"] == PAYMENTS


def test_a_session_of_a_user_is_the_user(emulator: Emulator) -> None:
    emulator.seed()
    iam = emulator.client("iam", PAYMENTS)
    arn = iam.create_user(UserName="ada")["User"]["Arn"]
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    own = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    given = emulator.client("sts", **own).get_session_token()["Credentials"]
    session = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    assert emulator.client("sts", **session).get_caller_identity()["Arn"] == arn


def test_encryption_by_default_ends_when_it_is_switched_off(emulator: Emulator) -> None:
    ec2 = emulator.client("ec2", PAYMENTS)
    assert ec2.enable_ebs_encryption_by_default()["EbsEncryptionByDefault"]
    assert not ec2.disable_ebs_encryption_by_default()["EbsEncryptionByDefault"]
    assert not ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]


CHANGED = '{"plans": {"nightly": {"regions": {"@@assign": ["eu-west-1"]}}}}'


def test_a_policy_changes_its_content_and_keeps_its_name(emulator: Emulator) -> None:
    emulator.seed()
    organizations = emulator.client("organizations", MANAGEMENT)
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="BACKUP_POLICY")
    made = organizations.create_policy(Name="nightly", Description="d", Type="BACKUP_POLICY", Content='{"plans":{}}')
    policy = made["Policy"]["PolicySummary"]["Id"]
    organizations.update_policy(PolicyId=policy, Content=CHANGED)
    shown = organizations.describe_policy(PolicyId=policy)["Policy"]
    assert (shown["Content"], shown["PolicySummary"]["Name"]) == (CHANGED, "nightly")


def test_an_organization_with_members_is_not_deleted(emulator: Emulator) -> None:
    emulator.seed()
    organizations = emulator.client("organizations", RECOVERY)
    assert refusal(organizations.delete_organization) == "OrganizationNotEmptyException"
    lonely = emulator.client("organizations", "999999999999")
    lonely.create_organization(FeatureSet="ALL")
    lonely.delete_organization()
    assert refusal(lonely.describe_organization) == "AWSOrganizationsNotInUseException"
