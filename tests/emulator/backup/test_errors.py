"""Every error that reference and model name for vaults, teams and access: operation, error, and how it comes about."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.worlds.backup import LANDING, MANAGEMENT, PAYMENTS, RECOVERY, REGION, World, refused

Call = tuple[Callable[..., Any], dict[str, Any]]

NOBODYS_TEAM = "arn:aws:mpa:us-east-1:777777777777:approval-team/nobodys-00000000-0000-4000-8000-000000000000"
NOBODYS_VAULT = f"arn:aws:backup:{REGION}:{PAYMENTS}:backup-vault:nobodys"
MISSING = "MissingParameterValueException"
INVALID = "InvalidParameterValueException"
NOT_FOUND = "ResourceNotFoundException"
REQUEST = "InvalidRequestException"
EXISTS = "AlreadyExistsException"
LIMIT = "LimitExceededException"


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


# Association


def associate(world: World, vault: str = "gapped", team: str = NOBODYS_TEAM) -> Call:
    call = world.backup().associate_backup_vault_mpa_approval_team
    return call, {"BackupVaultName": vault, "MpaApprovalTeamArn": team}


def to_no_vault(world: World) -> Call:
    return associate(world, "nobodys", world.team())


def unknown_team(world: World) -> Call:
    world.air_gapped()
    world.switch_mpa()
    return associate(world)


def something_that_is_no_team(world: World) -> Call:
    world.air_gapped()
    return associate(world, team=NOBODYS_VAULT)


def to_a_standard_vault(world: World) -> Call:
    world.vault()
    world.switch_mpa()
    return associate(world, "local", world.team())


def team_that_is_not_shared(world: World) -> Call:
    world.air_gapped()
    world.switch_mpa()
    return associate(world, team=world.team(shared_with=()))


def team_that_nobody_accepted(world: World) -> Call:
    world.air_gapped()
    world.switch_mpa()
    team = world.unanswered_team("late")
    world.share(team, RECOVERY, PAYMENTS, "us-east-1")
    return associate(world, team=team)


def share_that_nobody_accepted(world: World) -> Call:
    world.air_gapped()
    world.switch_mpa()
    team = world.team(shared_with=())
    world.share(team, RECOVERY, PAYMENTS, "us-east-1", accept=False)
    return associate(world, team=team)


def without_the_opt_in(world: World) -> Call:
    world.air_gapped()
    return associate(world, team=world.team())


def team_without_a_name(world: World) -> Call:
    world.air_gapped()
    return associate(world, team="")


# Disassociation


def disassociate(world: World, vault: str = "gapped") -> Call:
    return world.backup().disassociate_backup_vault_mpa_approval_team, {"BackupVaultName": vault}


def from_no_vault(world: World) -> Call:
    return disassociate(world, "nobodys")


def from_a_vault_without_a_team(world: World) -> Call:
    world.air_gapped()
    return disassociate(world)


def from_a_standard_vault(world: World) -> Call:
    world.vault()
    return disassociate(world, "local")


def twice(world: World) -> Call:
    world.guarded_point()
    call, parameters = disassociate(world)
    call(**parameters)
    return call, parameters


def from_a_name_that_none_can_have(world: World) -> Call:
    return disassociate(world, "no such name")


# Restore access


def ask(world: World, source: str, account: str = LANDING, region: str = REGION, **more: Any) -> Call:
    call = world.backup(account, region).create_restore_access_backup_vault
    return call, {"SourceBackupVaultArn": source, **more}


def of_no_vault(world: World) -> Call:
    return ask(world, NOBODYS_VAULT)


def of_a_standard_vault(world: World) -> Call:
    return ask(world, world.vault())


def of_a_vault_without_a_team(world: World) -> Call:
    return ask(world, world.air_gapped())


def of_something_that_is_no_vault(world: World) -> Call:
    return ask(world, NOBODYS_TEAM)


def in_another_region(world: World) -> Call:
    return ask(world, world.guarded_point()[1], region="eu-central-1")


def whose_team_is_not_shared_with_the_caller(world: World) -> Call:
    world.air_gapped()
    world.switch_mpa()
    call, parameters = associate(world, team=world.team(shared_with=(PAYMENTS,)))
    call(**parameters)
    return ask(world, f"arn:aws:backup:{REGION}:{PAYMENTS}:backup-vault:gapped")


def under_a_name_that_is_taken(world: World) -> Call:
    world.vault("access-1", LANDING)
    return ask(world, world.guarded_point()[1], BackupVaultName="access-1")


def as_the_301st_vault(world: World) -> Call:
    landing = world.backup(LANDING)
    for number in range(300):
        landing.create_backup_vault(BackupVaultName=f"v-{number}")
    return ask(world, world.guarded_point()[1])


def without_a_source(world: World) -> Call:
    return ask(world, "")


# Lists and revocations


def access_to(world: World, vault: str) -> Call:
    return world.backup().list_restore_access_backup_vaults, {"BackupVaultName": vault}


def access_to_no_vault(world: World) -> Call:
    return access_to(world, "nobodys")


def access_to_a_standard_vault(world: World) -> Call:
    world.vault()
    return access_to(world, "local")


def access_from_a_strange_token(world: World) -> Call:
    world.air_gapped()
    call, parameters = access_to(world, "gapped")
    return call, parameters | {"NextToken": "strange"}


def revoke(world: World, vault: str, access: str) -> Call:
    call = world.backup().revoke_restore_access_backup_vault
    return call, {"BackupVaultName": vault, "RestoreAccessBackupVaultArn": access}


def access(name: str = "access-1") -> str:
    return f"arn:aws:backup:{REGION}:{LANDING}:backup-vault:{name}"


def revoke_what_there_is_not(world: World) -> Call:
    world.guarded_point()
    return revoke(world, "gapped", access())


def revoke_what_is_not_open(world: World) -> Call:
    world.ask_for_access(world.guarded_point()[1])
    return revoke(world, "gapped", access())


def revoke_twice(world: World) -> Call:
    world.approve(world.ask_for_access(world.guarded_point()[1]))
    call, parameters = revoke(world, "gapped", access())
    call(**parameters)
    return call, parameters


def revoke_from_no_vault(world: World) -> Call:
    return revoke(world, "nobodys", access())


def revoke_nothing(world: World) -> Call:
    return revoke(world, "gapped", "access-1")


# Vaults, settings and plans


def air_gapped(world: World, **more: Any) -> Call:
    usual = {"BackupVaultName": "gapped", "MinRetentionDays": 7, "MaxRetentionDays": 90}
    return world.backup().create_logically_air_gapped_backup_vault, usual | more


def of_six_days(world: World) -> Call:
    return air_gapped(world, MinRetentionDays=6)


def with_bounds_that_cross(world: World) -> Call:
    return air_gapped(world, MinRetentionDays=30, MaxRetentionDays=29)


def of_the_same_name(world: World) -> Call:
    world.vault("gapped")
    return air_gapped(world)


def with_a_key_that_is_none(world: World) -> Call:
    return air_gapped(world, EncryptionKeyArn=f"arn:aws:s3:::{PAYMENTS}")


def the_301st(world: World) -> Call:
    for number in range(300):
        world.vault(f"v-{number}")
    return air_gapped(world)


def another_lock(world: World) -> Call:
    world.air_gapped()
    call = world.backup().put_backup_vault_lock_configuration
    return call, {"BackupVaultName": "gapped", "MinRetentionDays": 1}


def no_lock(world: World) -> Call:
    world.air_gapped()
    return world.backup().delete_backup_vault_lock_configuration, {"BackupVaultName": "gapped"}


def deletion_with_points(world: World) -> Call:
    world.air_gapped_point()
    return world.backup().delete_backup_vault, {"BackupVaultName": "gapped"}


def deletion_of_nothing(world: World) -> Call:
    return world.backup().delete_backup_vault, {"BackupVaultName": "nobodys"}


def settings_of_a_member(world: World) -> Call:
    return world.backup().update_global_settings, {"GlobalSettings": {"isMpaEnabled": "true"}}


def settings_that_there_are_not(world: World) -> Call:
    return world.backup(MANAGEMENT).update_global_settings, {"GlobalSettings": {"isEverythingEnabled": "true"}}


def a_policy_of_everything(world: World) -> Call:
    world.vault()
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]}'
    return world.backup().put_backup_vault_access_policy, {"BackupVaultName": "local", "Policy": policy}


def an_event_that_there_is_not(world: World) -> Call:
    world.vault()
    topic = f"arn:aws:sns:{REGION}:{PAYMENTS}:alarm"
    call = world.backup().put_backup_vault_notifications
    return call, {"BackupVaultName": "local", "SNSTopicArn": topic, "BackupVaultEvents": ["BACKUP_DREAMT_OF"]}


def the_51st_tag(world: World) -> Call:
    arn = world.vault(BackupVaultTags={f"tag-{number}": "" for number in range(50)})
    return world.backup().tag_resource, {"ResourceArn": arn, "Tags": {"one-more": ""}}


def the_301st_plan(world: World) -> Call:
    backup = world.backup()
    rule = {"RuleName": "daily", "TargetBackupVaultName": "local"}
    for number in range(300):
        backup.create_backup_plan(BackupPlan={"BackupPlanName": f"p-{number}", "Rules": [rule]})
    return backup.create_backup_plan, {"BackupPlan": {"BackupPlanName": "one-more", "Rules": [rule]}}


@pytest.mark.parametrize(
    ("error", "provoke"),
    [
        # AssociateBackupVaultMpaApprovalTeam
        (NOT_FOUND, to_no_vault),
        (NOT_FOUND, unknown_team),
        (INVALID, something_that_is_no_team),
        (MISSING, team_without_a_name),
        (REQUEST, to_a_standard_vault),
        (REQUEST, team_that_is_not_shared),
        (REQUEST, share_that_nobody_accepted),
        (REQUEST, team_that_nobody_accepted),
        (REQUEST, without_the_opt_in),
        # DisassociateBackupVaultMpaApprovalTeam
        (NOT_FOUND, from_no_vault),
        (INVALID, from_a_name_that_none_can_have),
        (REQUEST, from_a_vault_without_a_team),
        (REQUEST, from_a_standard_vault),
        (REQUEST, twice),
        # CreateRestoreAccessBackupVault
        (NOT_FOUND, of_no_vault),
        (INVALID, of_something_that_is_no_vault),
        (INVALID, in_another_region),
        (MISSING, without_a_source),
        (REQUEST, of_a_standard_vault),
        (REQUEST, of_a_vault_without_a_team),
        (REQUEST, whose_team_is_not_shared_with_the_caller),
        (EXISTS, under_a_name_that_is_taken),
        (LIMIT, as_the_301st_vault),
        # ListRestoreAccessBackupVaults
        (NOT_FOUND, access_to_no_vault),
        (INVALID, access_to_a_standard_vault),
        (INVALID, access_from_a_strange_token),
        # RevokeRestoreAccessBackupVault
        (NOT_FOUND, revoke_from_no_vault),
        (NOT_FOUND, revoke_what_there_is_not),
        (INVALID, revoke_nothing),
        (REQUEST, revoke_what_is_not_open),
        (REQUEST, revoke_twice),
        # CreateLogicallyAirGappedBackupVault, and what its vault refuses
        (INVALID, of_six_days),
        (INVALID, with_bounds_that_cross),
        (INVALID, with_a_key_that_is_none),
        (EXISTS, of_the_same_name),
        (LIMIT, the_301st),
        (REQUEST, another_lock),
        (REQUEST, no_lock),
        (REQUEST, deletion_with_points),
        (NOT_FOUND, deletion_of_nothing),
        # Settings, policies, notifications, tags, plans
        (REQUEST, settings_of_a_member),
        (INVALID, settings_that_there_are_not),
        (INVALID, a_policy_of_everything),
        (INVALID, an_event_that_there_is_not),
        (LIMIT, the_51st_tag),
        (LIMIT, the_301st_plan),
    ],
)
def test_it_is_refused_with_the_error_of_aws(world: World, error: str, provoke: Callable[[World], Call]) -> None:
    call, parameters = provoke(world)
    refused(error, call, **parameters)
