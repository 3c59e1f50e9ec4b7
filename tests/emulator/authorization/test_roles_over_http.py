"""Who may take on a role or hand one over; and what organizations, shares and requests can be bound to."""

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


def root_of(account: str) -> dict[str, str]:
    return {"AWS": f"arn:aws:iam::{account}:root"}


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
