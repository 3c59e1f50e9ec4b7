"""Condition keys that no other test of this folder needs, each with a request that has it and one that has not."""

from typing import Any

import pytest

from tests.emulator.authorization.people import allow, deny, document, enforce, refused, role, says, user
from tests.emulator.conftest import BUNKER, MANAGEMENT, PAYMENTS, Emulator

HOME = "eu-west-1"
EVERYTHING = allow("*")


@pytest.fixture
def world(emulator: Emulator) -> Emulator:
    emulator.seed()
    return emulator


def only_if(world: Emulator, condition: dict[str, Any], name: str, **options: Any) -> dict[str, str]:
    """A user who may do everything under a condition."""
    return user(world, allow("*", Condition=condition), name=name, **options)


def test_a_place_in_the_organization_counts(world: Emulator) -> None:
    organizations = world.client("organizations", MANAGEMENT)
    organization = organizations.describe_organization()["Organization"]["Id"]
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.list_parents(ChildId=PAYMENTS)["Parents"][0]["Id"]
    inside = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{organization}/{root}/{unit}/*"}}
    elsewhere = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{organization}/{root}/ou-none/*"}}
    ada, bo = only_if(world, inside, "ada"), only_if(world, elsewhere, "bo")
    enforce(world)
    world.client("backup", PAYMENTS, **ada).list_backup_vaults()
    refused(world.client("backup", PAYMENTS, **bo).list_backup_vaults)


def test_resources_of_another_organization_can_be_left_alone(world: Emulator) -> None:
    organization = world.client("organizations", MANAGEMENT).describe_organization()["Organization"]["Id"]
    own = {"StringEquals": {"aws:ResourceOrgID": organization}}
    foreign = world.client("s3", "777777777777")
    foreign.create_bucket(Bucket="foreign")
    foreign.put_bucket_policy(
        Bucket="foreign", Policy=document(allow("s3:*", resource=["arn:aws:s3:::foreign*"], Principal="*"))
    )
    world.client("s3", PAYMENTS).create_bucket(Bucket="own-bucket")
    s3 = world.client("s3", PAYMENTS, **only_if(world, own, "ada"))
    enforce(world)
    s3.list_objects_v2(Bucket="own-bucket")
    assert "no identity-based policy" in says(refused(s3.list_objects_v2, Bucket="foreign"))


def test_hours_count_on_the_emulator_s_clock(world: Emulator) -> None:
    now = world.control("GET", "clock")["now"]
    until = world.control("POST", "clock", {"advance_seconds": 3600})["now"]
    keys = only_if(world, {"DateLessThan": {"aws:CurrentTime": until}}, "ada")
    later = only_if(world, {"DateGreaterThan": {"aws:CurrentTime": until}}, "bo")
    enforce(world)
    assert now < until
    world.advance(60)
    refused(world.client("backup", PAYMENTS, **keys).list_backup_vaults)
    world.client("backup", PAYMENTS, **later).list_backup_vaults()


def test_a_second_factor_counts_for_temporary_credentials_only(world: Emulator) -> None:
    with_mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    keys = user(world, allow("backup:ListBackupVaults", Condition=with_mfa), allow("iam:*", "sts:*"))
    iam = world.client("iam", PAYMENTS)
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]["SerialNumber"]
    codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "234567"}
    iam.enable_mfa_device(UserName="ada", SerialNumber=device, **codes)
    enforce(world)
    refused(world.client("backup", PAYMENTS, **keys).list_backup_vaults)
    sts = world.client("sts", PAYMENTS, **keys)
    refused(world.client("backup", PAYMENTS, **_keys(sts.get_session_token())).list_backup_vaults)
    proven = sts.get_session_token(SerialNumber=device, TokenCode="123456")
    world.client("backup", PAYMENTS, **_keys(proven)).list_backup_vaults()
    assert "MultiFactorAuthentication failed" in says(
        refused(sts.get_session_token, SerialNumber=f"{device}-other", TokenCode="123456")
    )


def test_tags_of_user_role_and_resource_can_be_compared(world: Emulator) -> None:
    same_team = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    backup = world.client("backup", PAYMENTS)
    backup.create_backup_vault(BackupVaultName="blue", BackupVaultTags={"team": "blue"})
    backup.create_backup_vault(BackupVaultName="plain")
    keys = user(world, allow("backup:DescribeBackupVault", Condition=same_team))
    world.client("iam", PAYMENTS).tag_user(UserName="ada", Tags=[{"Key": "team", "Value": "blue"}])
    enforce(world)
    mine = world.client("backup", PAYMENTS, **keys)
    mine.describe_backup_vault(BackupVaultName="blue")
    refused(mine.describe_backup_vault, BackupVaultName="plain")


def test_only_some_tag_keys_may_be_given(world: Emulator) -> None:
    world.client("backup", PAYMENTS).create_backup_vault(BackupVaultName="daily")
    vault = f"arn:aws:backup:us-east-1:{PAYMENTS}:backup-vault:daily"
    some = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "owner"]}}
    mine = world.client("backup", PAYMENTS, **user(world, allow("backup:TagResource", "backup:Untag*", Condition=some)))
    enforce(world)
    mine.tag_resource(ResourceArn=vault, Tags={"team": "blue"})
    refused(mine.tag_resource, ResourceArn=vault, Tags={"team": "blue", "airlock": "x"})
    refused(mine.untag_resource, ResourceArn=vault, TagKeyList=["airlock"])
    mine.untag_resource(ResourceArn=vault, TagKeyList=["team"])


def test_which_managed_policy_is_attached_can_be_limited(world: Emulator) -> None:
    read_only = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
    mine = world.client("iam", PAYMENTS, **user(world, allow("iam:AttachUserPolicy", Condition=read_only)))
    enforce(world)
    refused(mine.attach_user_policy, UserName="ada", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    mine.attach_user_policy(UserName="ada", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")


def test_a_source_identity_stays_with_the_chain_of_sessions(world: Emulator) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PAYMENTS}:root"}, "Action": ["sts:*"]}
    ada = {"StringEquals": {"aws:SourceIdentity": "ada"}}
    first = role(world, EVERYTHING, name="first", AssumeRolePolicyDocument=document(trust))
    second = role(world, allow("backup:*", Condition=ada), name="second", AssumeRolePolicyDocument=document(trust))
    enforce(world)
    sts = world.client("sts", PAYMENTS)
    keys = _keys(sts.assume_role(RoleArn=first, RoleSessionName="one", SourceIdentity="ada"))
    chained = world.client("sts", PAYMENTS, **keys)
    world.client("backup", PAYMENTS, **_keys(_assumed(chained, second))).list_backup_vaults()
    refused(world.client("backup", PAYMENTS, **_keys(_assumed(sts, second))).list_backup_vaults)
    refused(chained.assume_role, RoleArn=second, RoleSessionName="two", SourceIdentity="bo")


def test_transitive_tags_stay_with_the_chain_and_cannot_be_changed(world: Emulator) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PAYMENTS}:root"}, "Action": ["sts:*"]}
    blue = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
    first = role(world, EVERYTHING, name="first", AssumeRolePolicyDocument=document(trust))
    second = role(world, allow("backup:*", Condition=blue), name="second", AssumeRolePolicyDocument=document(trust))
    enforce(world)
    tags = {"Tags": [{"Key": "team", "Value": "blue"}, {"Key": "shift", "Value": "day"}]}
    sts = world.client("sts", PAYMENTS)
    given = sts.assume_role(RoleArn=first, RoleSessionName="one", TransitiveTagKeys=["team"], **tags)
    chained = world.client("sts", PAYMENTS, **_keys(given))
    world.client("backup", PAYMENTS, **_keys(_assumed(chained, second))).list_backup_vaults()
    again = {"Tags": [{"Key": "team", "Value": "red"}]}
    error = refused(chained.assume_role, RoleArn=second, RoleSessionName="two", **again)
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_an_external_id_can_be_asked_for(world: Emulator) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{BUNKER}:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "INC-1"}},
    }
    arn = role(world, EVERYTHING, AssumeRolePolicyDocument=document(trust))
    enforce(world)
    sts = world.client("sts", BUNKER)
    refused(sts.assume_role, RoleArn=arn, RoleSessionName="one")
    sts.assume_role(RoleArn=arn, RoleSessionName="one", ExternalId="INC-1")


def test_what_a_service_principal_may_be_enabled_can_be_limited(world: Emulator) -> None:
    backup_only = {"StringEquals": {"organizations:ServicePrincipal": "backup.amazonaws.com"}}
    keys = user(world, allow("organizations:EnableAWSServiceAccess", Condition=backup_only), account=MANAGEMENT)
    enforce(world)
    organizations = world.client("organizations", MANAGEMENT, **keys)
    organizations.enable_aws_service_access(ServicePrincipal="backup.amazonaws.com")
    refused(organizations.enable_aws_service_access, ServicePrincipal="ram.amazonaws.com")


def test_a_vault_needs_backup_storage_once_that_is_asked_for(world: Emulator) -> None:
    keys = user(world, allow("backup:CreateBackupVault"))
    enforce(world)
    backup = world.client("backup", PAYMENTS, HOME, **keys)
    backup.create_backup_vault(BackupVaultName="daily")
    world.control("POST", "choices", {"name": "authorization.vaults-need-backup-storage", "option": "asked"})
    said = says(refused(backup.create_backup_vault, BackupVaultName="weekly"))
    assert "backup-storage:MountCapsule" in said
    policy = document(allow("backup:CreateBackupVault"), allow("backup-storage:MountCapsule"), deny("s3:*"))
    world.client("iam", PAYMENTS).put_user_policy(UserName="ada", PolicyName="own", PolicyDocument=policy)
    backup.create_backup_vault(BackupVaultName="weekly")


def _assumed(sts: Any, arn: str) -> dict[str, Any]:
    given: dict[str, Any] = sts.assume_role(RoleArn=arn, RoleSessionName="two")
    return given


def _keys(answer: dict[str, Any]) -> dict[str, str]:
    given = answer["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
