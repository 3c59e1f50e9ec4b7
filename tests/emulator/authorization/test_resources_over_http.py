"""Policies on resources over HTTP: buckets, keys and their grants, vaults."""

from typing import Any

import pytest

from tests.emulator.authorization.people import allow, deny, document, enforce, refused, role, says, user
from tests.emulator.conftest import BUNKER, PAYMENTS, RECOVERY, Emulator

HOME = "eu-west-1"
EVERYTHING = allow("*")


@pytest.fixture
def world(emulator: Emulator) -> Emulator:
    emulator.seed()
    return emulator


def bucket(emulator: Emulator, *statements: dict[str, Any], name: str = "reports") -> Any:
    """A bucket of payments with an object in it, and a policy where statements are given; its owner's client."""
    s3 = emulator.client("s3", PAYMENTS)
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="2026/a.csv", Body=b"content")
    if statements:
        s3.put_bucket_policy(Bucket=name, Policy=document(*statements))
    return s3


def root_of(account: str) -> dict[str, str]:
    return {"AWS": f"arn:aws:iam::{account}:root"}


# S3


def test_an_operation_of_s3_needs_the_action_that_aws_names_for_it(world: Emulator) -> None:
    bucket(world)
    keys = user(world, allow("s3:ListBucket", resource="arn:aws:s3:::reports"))
    enforce(world)
    s3 = world.client("s3", PAYMENTS, **keys)
    s3.list_objects_v2(Bucket="reports")
    s3.head_bucket(Bucket="reports")
    said = says(refused(s3.get_object, Bucket="reports", Key="2026/a.csv"))
    assert 's3:GetObject on resource: "arn:aws:s3:::reports/2026/a.csv"' in said
    assert "s3:ListBucketVersions" in says(refused(s3.list_object_versions, Bucket="reports"))
    assert "s3:GetEncryptionConfiguration" in says(refused(s3.get_bucket_encryption, Bucket="reports"))
    assert "s3:PutBucketPublicAccessBlock" in says(refused(s3.delete_public_access_block, Bucket="reports"))


def test_reading_a_version_is_another_action(world: Emulator) -> None:
    s3 = bucket(world)
    s3.put_bucket_versioning(Bucket="reports", VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket="reports", Key="v", Body=b"1")["VersionId"]
    keys = user(world, allow("s3:GetObject", resource="arn:aws:s3:::reports/*"))
    enforce(world)
    mine = world.client("s3", PAYMENTS, **keys)
    mine.get_object(Bucket="reports", Key="v")
    assert "s3:GetObjectVersion" in says(refused(mine.get_object, Bucket="reports", Key="v", VersionId=version))


def test_a_copy_needs_the_right_to_read_the_source(world: Emulator) -> None:
    bucket(world)
    keys = user(world, allow("s3:PutObject", resource="arn:aws:s3:::reports/*"))
    enforce(world)
    mine = world.client("s3", PAYMENTS, **keys)
    copy = {"Bucket": "reports", "Key": "copy", "CopySource": "reports/2026/a.csv"}
    assert "s3:GetObject" in says(refused(mine.copy_object, **copy))


def test_listing_can_be_limited_to_a_prefix(world: Emulator) -> None:
    bucket(world)
    own = {"StringLike": {"s3:prefix": ["${aws:username}/*"]}}
    keys = user(world, allow("s3:ListBucket", Condition=own))
    enforce(world)
    mine = world.client("s3", PAYMENTS, **keys)
    mine.list_objects_v2(Bucket="reports", Prefix="ada/x")
    refused(mine.list_objects_v2, Bucket="reports", Prefix="bo/x")
    refused(mine.list_objects_v2, Bucket="reports")


def test_an_upload_can_be_made_to_carry_a_header(world: Emulator) -> None:
    bucket(world, deny("s3:PutObject", resource="arn:aws:s3:::reports/*", Principal="*", Condition=_unencrypted()))
    enforce(world)
    s3 = world.client("s3", PAYMENTS)
    assert "resource-based policy" in says(refused(s3.put_object, Bucket="reports", Key="b", Body=b""))
    s3.put_object(Bucket="reports", Key="b", Body=b"", ServerSideEncryption="aws:kms")


def _unencrypted() -> dict[str, Any]:
    return {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}


def test_a_bucket_policy_opens_the_bucket_to_another_account_and_its_policies(world: Emulator) -> None:
    bucket(world, allow("s3:GetObject", resource="arn:aws:s3:::reports/*", Principal=root_of(BUNKER)))
    without, within = user(world, account=BUNKER), user(world, allow("s3:*"), name="bo", account=BUNKER)
    enforce(world)
    body = world.client("s3", BUNKER, **within).get_object(Bucket="reports", Key="2026/a.csv")["Body"].read()
    assert body == b"content"
    said = says(refused(world.client("s3", BUNKER, **without).get_object, Bucket="reports", Key="2026/a.csv"))
    assert "because no identity-based policy allows" in said
    said = says(refused(world.client("s3", BUNKER, **within).put_object, Bucket="reports", Key="x", Body=b""))
    assert "because no resource-based policy allows" in said
    refused(world.client("s3", RECOVERY).get_object, Bucket="reports", Key="2026/a.csv")


def test_a_bucket_policy_grants_inside_the_account_without_any_other_policy(world: Emulator) -> None:
    ada = {"AWS": f"arn:aws:iam::{PAYMENTS}:user/ada"}
    keys = user(world)
    bucket(world, allow("s3:GetObject", resource="arn:aws:s3:::reports/*", Principal=ada))
    enforce(world)
    world.client("s3", PAYMENTS, **keys).get_object(Bucket="reports", Key="2026/a.csv")


def test_a_public_policy_opens_nothing_while_public_access_is_restricted(world: Emulator) -> None:
    s3 = bucket(world, allow("s3:GetObject", resource="arn:aws:s3:::reports/*", Principal="*"))
    enforce(world)
    stranger = world.client("s3", RECOVERY)
    stranger.get_object(Bucket="reports", Key="2026/a.csv")
    s3.put_public_access_block(
        Bucket="reports", PublicAccessBlockConfiguration={"RestrictPublicBuckets": True, "BlockPublicPolicy": False}
    )
    refused(stranger.get_object, Bucket="reports", Key="2026/a.csv")
    s3.get_object(Bucket="reports", Key="2026/a.csv")


# KMS


def key(emulator: Emulator, *statements: dict[str, Any], account: str = PAYMENTS) -> str:
    policy = {"Policy": document(*statements)} if statements else {}
    return str(emulator.client("kms", account).create_key(**policy)["KeyMetadata"]["Arn"])


def test_a_key_with_the_default_policy_is_used_by_whom_iam_lets(world: Emulator) -> None:
    arn = key(world)
    allowed, other = user(world, allow("kms:DescribeKey", resource=arn)), user(world, name="bo")
    enforce(world)
    world.client("kms", PAYMENTS, **allowed).describe_key(KeyId=arn)
    assert "no identity-based policy allows" in says(
        refused(world.client("kms", PAYMENTS, **other).describe_key, KeyId=arn)
    )


def test_a_key_policy_without_the_account_shuts_out_its_administrators(world: Emulator) -> None:
    keys = user(world, EVERYTHING)
    ada = {"AWS": f"arn:aws:iam::{PAYMENTS}:user/ada"}
    arn = key(world, allow("kms:*", Principal=ada))
    other = user(world, EVERYTHING, name="bo")
    enforce(world)
    world.client("kms", PAYMENTS, **keys).describe_key(KeyId=arn)
    for who in (other, {}):
        said = says(refused(world.client("kms", PAYMENTS, **who).describe_key, KeyId=arn))
        assert "because no resource-based policy allows the kms:DescribeKey action" in said


def test_a_key_is_used_from_another_account_when_both_sides_say_so(world: Emulator) -> None:
    own = allow("kms:*", Principal=root_of(PAYMENTS))
    arn = key(world, own, allow("kms:Encrypt", "kms:Decrypt", Principal=root_of(BUNKER)))
    keys = user(world, allow("kms:Encrypt", "kms:Decrypt"), account=BUNKER)
    enforce(world)
    kms = world.client("kms", BUNKER, **keys)
    sealed = kms.encrypt(KeyId=arn, Plaintext=b"secret")["CiphertextBlob"]
    assert kms.decrypt(KeyId=arn, CiphertextBlob=sealed)["Plaintext"] == b"secret"
    refused(kms.describe_key, KeyId=arn)
    refused(world.client("kms", RECOVERY).encrypt, KeyId=arn, Plaintext=b"")


def test_a_grant_lets_its_grantee_in_for_its_operations_until_it_is_revoked(world: Emulator) -> None:
    arn, keys = key(world), user(world)
    owner = world.client("kms", PAYMENTS)
    grantee = f"arn:aws:iam::{PAYMENTS}:user/ada"
    grant = owner.create_grant(KeyId=arn, GranteePrincipal=grantee, Operations=["Encrypt"])["GrantId"]
    enforce(world)
    kms = world.client("kms", PAYMENTS, **keys)
    sealed = kms.encrypt(KeyId=arn, Plaintext=b"x")["CiphertextBlob"]
    refused(kms.decrypt, CiphertextBlob=sealed, KeyId=arn)
    owner.revoke_grant(KeyId=arn, GrantId=grant)
    refused(kms.encrypt, KeyId=arn, Plaintext=b"x")


def test_use_of_a_key_can_be_bound_to_an_encryption_context(world: Emulator) -> None:
    arn = key(world)
    bound = {"StringEquals": {"kms:EncryptionContext:tenant": "blue"}}
    keys = user(world, allow("kms:Encrypt", resource=arn, Condition=bound))
    enforce(world)
    kms = world.client("kms", PAYMENTS, **keys)
    kms.encrypt(KeyId=arn, Plaintext=b"x", EncryptionContext={"tenant": "blue"})
    refused(kms.encrypt, KeyId=arn, Plaintext=b"x", EncryptionContext={"tenant": "red"})
    refused(kms.encrypt, KeyId=arn, Plaintext=b"x")


def test_a_key_named_by_its_alias_is_the_same_key(world: Emulator) -> None:
    arn = key(world)
    world.client("kms", PAYMENTS).create_alias(AliasName="alias/vault", TargetKeyId=arn)
    keys = user(world, EVERYTHING, deny("kms:ScheduleKeyDeletion", "kms:UpdateAlias", resource=arn))
    enforce(world)
    kms = world.client("kms", PAYMENTS, **keys)
    kms.describe_key(KeyId="alias/vault")
    refused(kms.schedule_key_deletion, KeyId=arn)
    other = key(world)
    refused(kms.update_alias, AliasName="alias/vault", TargetKeyId=other)


def test_keys_with_a_tag_can_be_protected(world: Emulator) -> None:
    kms = world.client("kms", PAYMENTS)
    tagged = kms.create_key(Tags=[{"TagKey": "airlock", "TagValue": "vault"}])["KeyMetadata"]["Arn"]
    free = key(world)
    guarded = {"Null": {"aws:ResourceTag/airlock": "false"}}
    keys = user(world, EVERYTHING, deny("kms:ScheduleKeyDeletion", "kms:UntagResource", Condition=guarded))
    enforce(world)
    mine = world.client("kms", PAYMENTS, **keys)
    refused(mine.schedule_key_deletion, KeyId=tagged)
    refused(mine.untag_resource, KeyId=tagged, TagKeys=["airlock"])
    mine.schedule_key_deletion(KeyId=free.rpartition("/")[2])


# Vaults


def test_a_vault_s_policy_denies_in_its_account_whatever_else_allows(world: Emulator) -> None:
    backup = world.client("backup", PAYMENTS, HOME)
    backup.create_backup_vault(BackupVaultName="daily")
    spared = {"StringNotLike": {"aws:userid": ["AROA*:maintenance"]}}
    backup.put_backup_vault_access_policy(
        BackupVaultName="daily",
        Policy=document(deny("backup:DeleteBackupVault", Principal="*", Condition=spared)),
    )
    keys = user(world, EVERYTHING)
    maintenance = world.assume(role(world, EVERYTHING), PAYMENTS, "maintenance")
    enforce(world)
    mine = world.client("backup", PAYMENTS, HOME, **keys)
    assert "with an explicit deny in a resource-based policy" in says(
        refused(mine.delete_backup_vault, BackupVaultName="daily")
    )
    assert "resource-based policy" in says(refused(backup.delete_backup_vault, BackupVaultName="daily"))
    world.client("backup", PAYMENTS, HOME, **maintenance).delete_backup_vault(BackupVaultName="daily")


def test_a_vault_on_a_key_needs_rights_to_the_key_through_the_service(world: Emulator) -> None:
    arn = world.client("kms", PAYMENTS, HOME).create_key()["KeyMetadata"]["Arn"]
    through = {"StringEquals": {"kms:ViaService": f"backup.{HOME}.amazonaws.com"}}
    use = allow("kms:CreateGrant", "kms:DescribeKey", resource=arn, Condition=through)
    keys = user(world, allow("backup:*"))
    enforce(world)
    backup = world.client("backup", PAYMENTS, HOME, **keys)
    air = {"BackupVaultName": "air", "MinRetentionDays": 7, "MaxRetentionDays": 90, "EncryptionKeyArn": arn}
    assert "kms:CreateGrant" in says(refused(backup.create_logically_air_gapped_backup_vault, **air))
    policy = document(allow("backup:*"), use)
    world.client("iam", PAYMENTS).put_user_policy(UserName="ada", PolicyName="own", PolicyDocument=policy)
    backup.create_logically_air_gapped_backup_vault(**air)


def test_tags_at_creation_need_the_right_to_tag(world: Emulator) -> None:
    keys = user(world, allow("backup:CreateBackupVault"))
    enforce(world)
    backup = world.client("backup", PAYMENTS, HOME, **keys)
    backup.create_backup_vault(BackupVaultName="plain")
    assert "backup:TagResource" in says(
        refused(backup.create_backup_vault, BackupVaultName="tagged", BackupVaultTags={"a": "b"})
    )
