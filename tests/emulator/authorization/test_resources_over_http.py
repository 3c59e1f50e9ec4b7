"""Policies on resources over HTTP: buckets, keys and their grants, vaults, roles; and who may hand over which role."""

import json
from typing import Any

import pytest

from tests.emulator.authorization.people import allow, deny, document, enforce, refused, role, says, user
from tests.emulator.conftest import BUNKER, MANAGEMENT, PAYMENTS, RECOVERY, Emulator

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


# Roles


def test_a_role_is_handed_over_only_with_the_right_to_pass_it(world: Emulator) -> None:
    arn = role(world, EVERYTHING, name="backups")
    limited = {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
    keys = user(world, allow("backup:*"))
    backup = world.client("backup", PAYMENTS, HOME)
    rule = {"RuleName": "daily", "TargetBackupVaultName": "Default"}
    backup.create_backup_vault(BackupVaultName="Default")
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "daily", "Rules": [rule]})["BackupPlanId"]
    enforce(world)
    mine = world.client("backup", PAYMENTS, HOME, **keys)
    selection = {"SelectionName": "all", "IamRoleArn": arn, "Resources": ["*"]}
    said = says(refused(mine.create_backup_selection, BackupPlanId=plan, BackupSelection=selection))
    assert f"iam:PassRole on resource: {arn}" in said
    policy = document(allow("backup:*"), allow("iam:PassRole", resource=arn, Condition=limited))
    world.client("iam", PAYMENTS).put_user_policy(UserName="ada", PolicyName="own", PolicyDocument=policy)
    mine.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)


def test_a_trust_policy_that_names_the_account_leaves_it_to_the_caller_s_policy(world: Emulator) -> None:
    arn = role(world, EVERYTHING)
    with_right = user(world, allow("sts:AssumeRole", resource=arn))
    without = user(world, name="bo")
    enforce(world)
    world.client("sts", PAYMENTS, **with_right).assume_role(RoleArn=arn, RoleSessionName="one")
    said = says(refused(world.client("sts", PAYMENTS, **without).assume_role, RoleArn=arn, RoleSessionName="one"))
    assert "because no identity-based policy allows the sts:AssumeRole action" in said


def test_a_trust_policy_that_names_the_user_is_enough_inside_the_account(world: Emulator) -> None:
    keys = user(world)
    trust = allow("sts:AssumeRole", Principal={"AWS": f"arn:aws:iam::{PAYMENTS}:user/ada"})
    del trust["Resource"]
    arn = role(world, EVERYTHING, AssumeRolePolicyDocument=document(trust))
    enforce(world)
    world.client("sts", PAYMENTS, **keys).assume_role(RoleArn=arn, RoleSessionName="one")
    said = says(refused(world.client("sts", PAYMENTS).assume_role, RoleArn=arn, RoleSessionName="one"))
    assert "because no role trust policy allows the sts:AssumeRole action" in said


def test_across_accounts_trust_and_the_caller_s_policy_are_both_needed(world: Emulator) -> None:
    trust = allow("sts:AssumeRole", Principal={"AWS": f"arn:aws:iam::{BUNKER}:user/ada"})
    del trust["Resource"]
    without = user(world, account=BUNKER)
    arn = role(world, EVERYTHING, AssumeRolePolicyDocument=document(trust))
    enforce(world)
    sts = world.client("sts", BUNKER, **without)
    assert "identity-based" in says(refused(sts.assume_role, RoleArn=arn, RoleSessionName="one"))
    policy = document(allow("sts:AssumeRole"))
    world.client("iam", BUNKER).put_user_policy(UserName="ada", PolicyName="own", PolicyDocument=policy)
    sts.assume_role(RoleArn=arn, RoleSessionName="one")


def test_session_tags_need_the_right_to_tag_and_count_as_the_principal_s(world: Emulator) -> None:
    arn = role(world, allow("backup:ListBackupVaults", Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}))
    enforce(world)
    sts = world.client("sts", PAYMENTS)
    blue = {"RoleArn": arn, "RoleSessionName": "one", "Tags": [{"Key": "team", "Value": "blue"}]}
    assert "sts:TagSession" in says(refused(sts.assume_role, **blue))
    trust = json.loads(document(allow("sts:AssumeRole", "sts:TagSession", Principal=root_of(PAYMENTS))))
    del trust["Statement"][0]["Resource"]
    iam = world.client("iam", PAYMENTS)
    iam.update_assume_role_policy(RoleName="worker", PolicyDocument=json.dumps(trust))
    world.client("backup", PAYMENTS, **_keys(sts.assume_role(**blue))).list_backup_vaults()
    red = {**blue, "Tags": [{"Key": "team", "Value": "red"}]}
    refused(world.client("backup", PAYMENTS, **_keys(sts.assume_role(**red))).list_backup_vaults)


def test_older_sessions_can_be_shut_out_by_their_age(world: Emulator) -> None:
    arn = role(world, EVERYTHING)
    keys = world.assume(arn, PAYMENTS)
    enforce(world)
    backup = world.client("backup", PAYMENTS, **keys)
    backup.list_backup_vaults()
    now = world.advance(60)
    older = deny("*", Condition={"DateLessThan": {"aws:TokenIssueTime": now}})
    world.client("iam", PAYMENTS).put_role_policy(
        RoleName="worker", PolicyName="revoked", PolicyDocument=document(older)
    )
    refused(backup.list_backup_vaults)
    world.advance(60)
    world.client("backup", PAYMENTS, **world.assume(arn, PAYMENTS)).list_backup_vaults()


def test_a_session_of_a_role_that_is_gone_may_nothing(world: Emulator) -> None:
    keys = world.assume(role(world, EVERYTHING), PAYMENTS)
    enforce(world)
    iam = world.client("iam", PAYMENTS)
    iam.delete_role_policy(RoleName="worker", PolicyName="own")
    iam.delete_role(RoleName="worker")
    role(world, EVERYTHING)
    refused(world.client("backup", PAYMENTS, **keys).list_backup_vaults)


def test_root_users_assume_roles_until_that_is_switched_to_aws_s_answer(world: Emulator) -> None:
    arn = role(world, EVERYTHING)
    enforce(world)
    sts = world.client("sts", PAYMENTS)
    sts.assume_role(RoleArn=arn, RoleSessionName="one")
    world.control("POST", "choices", {"name": "authorization.root-assumes-roles", "option": "refused"})
    error = refused(sts.assume_role, RoleArn=arn, RoleSessionName="one")
    assert says(error) == "Roles may not be assumed by root accounts."


def _keys(answer: dict[str, Any]) -> dict[str, str]:
    given = answer["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


# Organizations, RAM and Multi-party approval


def test_a_delegated_administrator_needs_its_own_policy_and_the_organization_s(world: Emulator) -> None:
    organizations = world.client("organizations", MANAGEMENT)
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="BACKUP_POLICY")
    organizations.enable_aws_service_access(ServicePrincipal="backup.amazonaws.com")
    organizations.register_delegated_administrator(AccountId=BUNKER, ServicePrincipal="backup.amazonaws.com")
    only_backup = {"StringEquals": {"organizations:PolicyType": "BACKUP_POLICY"}}
    grant = allow("organizations:CreatePolicy", Principal=root_of(BUNKER), Condition=only_backup)
    organizations.put_resource_policy(Content=document(grant))
    keys = user(
        world, allow("organizations:List*", "organizations:CreatePolicy", Condition=only_backup), account=BUNKER
    )
    enforce(world)
    mine = world.client("organizations", BUNKER, **keys)
    content = json.dumps({"plans": {}})
    mine.create_policy(Name="daily", Description="", Type="BACKUP_POLICY", Content=content)
    said = says(
        refused(mine.create_policy, Name="t", Description="", Type="TAG_POLICY", Content=json.dumps({"tags": {}}))
    )
    assert "because no identity-based policy allows the organizations:CreatePolicy action" in said


def test_what_is_shared_with_whom_can_be_limited(world: Emulator) -> None:
    vault = world.client("backup", PAYMENTS, HOME).create_logically_air_gapped_backup_vault(
        BackupVaultName="air", MinRetentionDays=7, MaxRetentionDays=90
    )["BackupVaultArn"]
    inside = {"Bool": {"ram:RequestedAllowsExternalPrincipals": "true"}}
    only_vaults = {"StringNotEqualsIfExists": {"ram:RequestedResourceType": "backup:BackupVault"}}
    keys = user(world, EVERYTHING, deny("ram:CreateResourceShare", Condition=inside))
    enforce(world)
    mine = world.client("ram", PAYMENTS, HOME, **keys)
    share = {"name": "air", "resourceArns": [vault], "principals": [BUNKER]}
    refused(mine.create_resource_share, **share)
    refused(mine.create_resource_share, **share, allowExternalPrincipals=True)
    mine.create_resource_share(**share, allowExternalPrincipals=False)
    policy = document(EVERYTHING, deny("ram:CreateResourceShare", Condition=only_vaults))
    world.client("iam", PAYMENTS).put_user_policy(UserName="ada", PolicyName="own", PolicyDocument=policy)
    mine.create_resource_share(**{**share, "name": "again"}, allowExternalPrincipals=False)


def test_a_request_can_be_bound_to_a_region_and_to_tags(world: Emulator) -> None:
    home_only = {"StringNotEquals": {"aws:RequestedRegion": HOME}}
    tagged = {"Null": {"aws:RequestTag/owner": "true"}}
    keys = user(
        world,
        EVERYTHING,
        deny("backup:*", Condition=home_only),
        deny("backup:CreateBackupVault", Condition=tagged),
    )
    enforce(world)
    backup = world.client("backup", PAYMENTS, HOME, **keys)
    refused(world.client("backup", PAYMENTS, "us-east-1", **keys).list_backup_vaults)
    refused(backup.create_backup_vault, BackupVaultName="daily")
    refused(backup.create_backup_vault, BackupVaultName="daily", BackupVaultTags={"team": "blue"})
    backup.create_backup_vault(BackupVaultName="daily", BackupVaultTags={"owner": "blue"})


def test_only_members_of_an_organization_can_be_let_into_a_role(world: Emulator) -> None:
    organization = world.client("organizations", MANAGEMENT).describe_organization()["Organization"]["Id"]
    trust = allow(
        "sts:AssumeRole", Principal={"AWS": "*"}, Condition={"StringEquals": {"aws:PrincipalOrgID": organization}}
    )
    del trust["Resource"]
    arn = role(world, EVERYTHING, AssumeRolePolicyDocument=document(trust))
    enforce(world)
    world.client("sts", BUNKER).assume_role(RoleArn=arn, RoleSessionName="one")
    refused(world.client("sts", RECOVERY).assume_role, RoleArn=arn, RoleSessionName="one")
