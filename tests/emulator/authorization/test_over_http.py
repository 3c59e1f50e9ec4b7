"""Each kind of policy over HTTP: what it refuses, in the words of the called service, and what it lets through."""

import json
from typing import Any

import pytest

from tests.emulator.authorization.people import (
    allow,
    deny,
    document,
    enforce,
    organization_policy,
    refused,
    role,
    says,
    service_control,
    user,
)
from tests.emulator.conftest import BUNKER, MANAGEMENT, PAYMENTS, Emulator

HOME = "eu-west-1"
VAULT = f"arn:aws:backup:{HOME}:{PAYMENTS}:backup-vault:daily"
EVERYTHING = allow("*")


@pytest.fixture
def world(emulator: Emulator) -> Emulator:
    emulator.seed()
    emulator.client("backup", PAYMENTS, HOME).create_backup_vault(BackupVaultName="daily")
    return emulator


def backup_of(emulator: Emulator, keys: dict[str, str], account: str = PAYMENTS) -> Any:
    return emulator.client("backup", account, HOME, **keys)


# How each protocol says it


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "status", "code", "action", "resource"),
    [
        ("backup", "describe_backup_vault", {"BackupVaultName": "daily"}, 403, "AccessDeniedException", None, VAULT),
        ("mpa", "list_approval_teams", {}, 403, "AccessDeniedException", None, "*"),
        ("ram", "get_resource_shares", {"resourceOwner": "SELF"}, 403, "AccessDeniedException", None, "*"),
        ("organizations", "list_roots", {}, 400, "AccessDeniedException", None, "*"),
        ("kms", "list_keys", {}, 400, "AccessDeniedException", None, "*"),
        ("iam", "list_users", {}, 403, "AccessDenied", None, "*"),
        ("s3", "list_buckets", {}, 403, "AccessDenied", "s3:ListAllMyBuckets", '"*"'),
        ("sts", "get_access_key_info", {"AccessKeyId": "AKIA0000000000000000"}, 403, "AccessDenied", None, "*"),
        ("dynamodb", "list_tables", {}, 400, "AccessDeniedException", None, None),
        ("sns", "list_topics", {}, 403, "AuthorizationError", None, None),
        ("ec2", "describe_volumes", {}, 403, "UnauthorizedOperation", None, None),
    ],
)
def test_a_denial_names_caller_action_resource_and_the_kind_of_policy(
    world: Emulator,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    status: int,
    code: str,
    action: str | None,
    resource: str | None,
) -> None:
    keys = user(world)
    enforce(world)
    client = world.client(service, PAYMENTS, HOME if service != "mpa" else "us-east-1", **keys)
    error = refused(getattr(client, operation), **parameters)
    name = "".join(part.capitalize() for part in operation.split("_"))
    action = action or f"{service}:{name}"
    on = "" if resource is None else f" on resource: {resource}"
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert error.response["Error"]["Code"] == code
    assert says(error).endswith(
        f"User: arn:aws:iam::{PAYMENTS}:user/ada is not authorized to perform: {action}{on} "
        f"because no identity-based policy allows the {action} action"
    )


# Identity policies


def test_a_users_own_group_s_and_attached_policies_all_count(world: Emulator) -> None:
    keys = user(world, allow("backup:ListBackupVaults"))
    iam = world.client("iam", PAYMENTS)
    iam.create_group(GroupName="readers")
    iam.add_user_to_group(GroupName="readers", UserName="ada")
    iam.put_group_policy(GroupName="readers", PolicyName="in", PolicyDocument=document(allow("kms:ListKeys")))
    made = iam.create_policy(PolicyName="made", PolicyDocument=document(allow("ram:ListResourceTypes")))["Policy"]
    iam.attach_group_policy(GroupName="readers", PolicyArn=made["Arn"])
    iam.attach_user_policy(UserName="ada", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    enforce(world)
    backup_of(world, keys).list_backup_vaults()
    world.client("kms", PAYMENTS, **keys).list_keys()
    world.client("ram", PAYMENTS, **keys).list_resource_types()
    world.client("s3", PAYMENTS, **keys).list_buckets()
    refused(world.client("iam", PAYMENTS, **keys).list_users)


def test_only_the_default_version_of_a_managed_policy_counts(world: Emulator) -> None:
    keys = user(world)
    iam = world.client("iam", PAYMENTS)
    arn = iam.create_policy(PolicyName="made", PolicyDocument=document(EVERYTHING))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ada", PolicyArn=arn)
    enforce(world)
    backup_of(world, keys).list_backup_vaults()
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow("s3:*")), SetAsDefault=True)
    refused(backup_of(world, keys).list_backup_vaults)
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    backup_of(world, keys).list_backup_vaults()


def test_a_denial_of_one_resource_leaves_the_others(world: Emulator) -> None:
    keys = user(world, EVERYTHING, deny("backup:DescribeBackupVault", resource=VAULT))
    world.client("backup", PAYMENTS, HOME).create_backup_vault(BackupVaultName="weekly")
    enforce(world)
    backup = backup_of(world, keys)
    assert "with an explicit deny in an identity-based policy" in says(
        refused(backup.describe_backup_vault, BackupVaultName="daily")
    )
    backup.describe_backup_vault(BackupVaultName="weekly")


def test_root_may_everything_and_anybody_may_ask_who_he_is(world: Emulator) -> None:
    keys = user(world, deny("*"))
    enforce(world)
    world.client("iam", PAYMENTS).list_users()
    assert world.client("sts", PAYMENTS, **keys).get_caller_identity()["Account"] == PAYMENTS


def test_a_refused_call_changes_nothing_and_stands_in_the_ledger(world: Emulator) -> None:
    keys = user(world)
    enforce(world)
    refused(backup_of(world, keys).delete_backup_vault, BackupVaultName="daily")
    world.client("backup", PAYMENTS, HOME).describe_backup_vault(BackupVaultName="daily")
    (call,) = [call for call in world.calls() if call["operation"] == "DeleteBackupVault"]
    assert call["error"] == "AccessDeniedException"
    assert call["principal"] == f"arn:aws:iam::{PAYMENTS}:user/ada"


# Boundaries


def test_a_role_does_no_more_than_its_boundary_says(world: Emulator) -> None:
    iam = world.client("iam", PAYMENTS)
    boundary = iam.create_policy(PolicyName="narrow", PolicyDocument=document(allow("backup:List*")))["Policy"]["Arn"]
    keys = world.assume(role(world, EVERYTHING, PermissionsBoundary=boundary), PAYMENTS)
    enforce(world)
    backup = backup_of(world, keys)
    backup.list_backup_vaults()
    assert "because no permissions boundary allows the backup:DescribeBackupVault action" in says(
        refused(backup.describe_backup_vault, BackupVaultName="daily")
    )
    iam.delete_role_permissions_boundary(RoleName="worker")
    backup.describe_backup_vault(BackupVaultName="daily")


def test_a_user_does_no_more_than_its_boundary_says(world: Emulator) -> None:
    keys = user(world, EVERYTHING)
    iam = world.client("iam", PAYMENTS)
    boundary = iam.create_policy(PolicyName="narrow", PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="ada", PermissionsBoundary=boundary)
    enforce(world)
    assert iam.get_user(UserName="ada")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    assert "no permissions boundary allows" in says(refused(backup_of(world, keys).list_backup_vaults))
    iam.delete_user_permissions_boundary(UserName="ada")
    backup_of(world, keys).list_backup_vaults()
    assert refused(iam.delete_user_permissions_boundary, UserName="ada").response["Error"]["Code"] == "NoSuchEntity"
    gone = {"UserName": "ada", "PermissionsBoundary": f"{boundary}-gone"}
    assert refused(iam.put_user_permissions_boundary, **gone).response["Error"]["Code"] == "NoSuchEntity"


def test_only_with_a_boundary_may_a_delegate_make_users(world: Emulator) -> None:
    iam = world.client("iam", PAYMENTS)
    boundary = iam.create_policy(PolicyName="narrow", PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
    bound = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    mine = world.client("iam", PAYMENTS, **user(world, allow("iam:CreateUser", Condition=bound)))
    enforce(world)
    refused(mine.create_user, UserName="free")
    mine.create_user(UserName="bound", PermissionsBoundary=boundary)
    assert iam.get_user(UserName="bound")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary


# Service control policies


def test_a_service_control_policy_binds_users_roles_and_root_of_members_but_not_the_management_account(
    world: Emulator,
) -> None:
    keys, session = user(world, EVERYTHING), world.assume(role(world, EVERYTHING), PAYMENTS)
    service_control(world, deny("backup:DescribeBackupVault"))
    enforce(world)
    for who in (keys, session, {}):
        error = refused(backup_of(world, who).describe_backup_vault, BackupVaultName="daily")
        assert says(error).endswith("with an explicit deny in a service control policy")
    management = world.client("backup", MANAGEMENT, HOME)
    assert refused(management.describe_backup_vault, BackupVaultName="daily").response["Error"]["Code"] != (
        "AccessDeniedException"
    )


def test_every_level_must_allow_and_a_detached_policy_binds_nobody(world: Emulator) -> None:
    organizations = world.client("organizations", MANAGEMENT)
    unit = organizations.list_parents(ChildId=PAYMENTS)["Parents"][0]["Id"]
    only_s3 = service_control(world, allow("s3:*"), target=unit)
    full = next(
        policy["Id"]
        for policy in organizations.list_policies_for_target(TargetId=unit, Filter="SERVICE_CONTROL_POLICY")["Policies"]
        if policy["Name"] == "FullAWSAccess"
    )
    enforce(world)
    backup = world.client("backup", PAYMENTS, HOME)
    backup.list_backup_vaults()
    organizations.detach_policy(PolicyId=full, TargetId=unit)
    assert "because no service control policy allows the backup:ListBackupVaults action" in says(
        refused(backup.list_backup_vaults)
    )
    world.client("s3", PAYMENTS).list_buckets()
    world.client("backup", BUNKER, HOME).list_backup_vaults()
    organizations.attach_policy(PolicyId=full, TargetId=unit)
    organizations.detach_policy(PolicyId=only_s3, TargetId=unit)
    backup.list_backup_vaults()


def test_a_service_control_policy_that_spares_a_role_by_name(world: Emulator) -> None:
    spared = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/worker"}}
    session = world.assume(role(world, EVERYTHING), PAYMENTS)
    service_control(world, deny("backup:*", Condition=spared))
    enforce(world)
    backup_of(world, session).list_backup_vaults()
    refused(backup_of(world, {}).list_backup_vaults)


def test_retention_and_team_of_a_vault_can_be_bound(world: Emulator) -> None:
    """The condition keys of AWS Backup, in the statements that guard air-gapped vaults."""
    too_short = {"NumericLessThan": {"backup:MinRetentionDays": "30"}}
    foreign = {"ArnNotLike": {"backup:MpaApprovalTeamArn": "arn:aws:mpa:us-east-1:777777777777:approval-team/ours-*"}}
    no_grace = {"NumericLessThan": {"backup:ChangeableForDays": "14"}}
    service_control(
        world,
        deny("backup:CreateLogicallyAirGappedBackupVault", Condition=too_short),
        deny("backup:AssociateBackupVaultMpaApprovalTeam", Condition=foreign),
        deny("backup:PutBackupVaultLockConfiguration", Condition=no_grace),
    )
    enforce(world)
    backup = world.client("backup", PAYMENTS, HOME)
    short = {"BackupVaultName": "air", "MinRetentionDays": 7, "MaxRetentionDays": 90}
    assert "service control policy" in says(refused(backup.create_logically_air_gapped_backup_vault, **short))
    backup.create_logically_air_gapped_backup_vault(**{**short, "MinRetentionDays": 30})
    team = "arn:aws:mpa:us-east-1:777777777777:approval-team/{}-1"
    associate = backup.associate_backup_vault_mpa_approval_team
    theirs = refused(associate, BackupVaultName="air", MpaApprovalTeamArn=team.format("theirs"))
    ours = refused(associate, BackupVaultName="air", MpaApprovalTeamArn=team.format("ours"))
    assert "service control policy" in says(theirs)
    assert "service control policy" not in says(ours), "only the team's existence stands in the way"
    lock = backup.put_backup_vault_lock_configuration
    assert "service control policy" in says(refused(lock, BackupVaultName="daily", ChangeableForDays=3))
    lock(BackupVaultName="daily", ChangeableForDays=14)


# Resource control policies


def test_a_resource_control_policy_keeps_strangers_from_a_bucket_that_lets_them_in(world: Emulator) -> None:
    s3 = world.client("s3", PAYMENTS)
    s3.create_bucket(Bucket="reports")
    s3.put_object(Bucket="reports", Key="a", Body=b"content")
    open_to_all = document(allow("s3:GetObject", resource="arn:aws:s3:::reports/*", Principal="*"))
    s3.put_bucket_policy(Bucket="reports", Policy=open_to_all)
    enforce(world)
    stranger = world.client("s3", "777777777777")
    assert stranger.get_object(Bucket="reports", Key="a")["Body"].read() == b"content"
    organization = world.client("organizations", MANAGEMENT).describe_organization()["Organization"]["Id"]
    outside = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization}}
    organization_policy(world, "RESOURCE_CONTROL_POLICY", deny("s3:*", Principal="*", Condition=outside))
    assert "with an explicit deny in a resource control policy" in says(
        refused(stranger.get_object, Bucket="reports", Key="a")
    )
    world.client("s3", BUNKER).get_object(Bucket="reports", Key="a")


def test_resource_control_policies_do_not_reach_backup_nor_the_management_account(world: Emulator) -> None:
    organization_policy(world, "RESOURCE_CONTROL_POLICY", deny("s3:*", Principal="*"))
    enforce(world)
    world.client("backup", PAYMENTS, HOME).list_backup_vaults()
    own = world.client("s3", MANAGEMENT)
    own.create_bucket(Bucket="of-the-management-account")
    own.list_objects_v2(Bucket="of-the-management-account")
    member = world.client("s3", PAYMENTS)
    assert "resource control policy" in says(refused(member.create_bucket, Bucket="of-a-member"))


# Session policies


def test_a_session_does_no_more_than_its_session_policies_say(world: Emulator) -> None:
    arn = role(world, EVERYTHING)
    made = world.client("iam", PAYMENTS).create_policy(
        PolicyName="kms-only", PolicyDocument=document(allow("kms:ListKeys"))
    )
    enforce(world)
    given = world.client("sts", PAYMENTS).assume_role(
        RoleArn=arn,
        RoleSessionName="narrow",
        Policy=document(allow("backup:List*")),
        PolicyArns=[{"arn": made["Policy"]["Arn"]}],
    )["Credentials"]
    keys = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    backup_of(world, keys).list_backup_vaults()
    world.client("kms", PAYMENTS, **keys).list_keys()
    assert "because no session policy allows the backup:DescribeBackupVault action" in says(
        refused(backup_of(world, keys).describe_backup_vault, BackupVaultName="daily")
    )


@pytest.mark.parametrize(
    "given",
    [
        {"Policy": "no json"},
        {"Policy": json.dumps({"Version": "2012-10-17"})},
        {"Policy": document(*[allow(f"s3:Get{number:050}") for number in range(40)])},
        {"PolicyArns": [{"arn": f"arn:aws:iam::{PAYMENTS}:policy/missing"}]},
        {"Tags": [{"Key": f"k{number}", "Value": ""} for number in range(51)]},
        {"TransitiveTagKeys": ["unknown"]},
    ],
    ids=["no JSON", "no statement", "too long", "no such policy", "too many tags", "unknown transitive tag"],
)
def test_bad_session_policies_and_tags_are_refused(world: Emulator, given: dict[str, Any]) -> None:
    arn = role(world, EVERYTHING)
    sts = world.client("sts", PAYMENTS)
    error = refused(sts.assume_role, RoleArn=arn, RoleSessionName="bad", **given)
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
