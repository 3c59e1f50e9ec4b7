"""The backups client: the owner's account in every read of a shared vault, and waiters with a clock of their own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from airlock.clients.backups import Backups
from airlock.clients.waiting import Patience
from airlock.domain.connection import Connection
from airlock.domain.errors import AccessDenied, CouldNotFindOut, RefusedByAws
from tests.clients.conftest import Stubs

VAULT_ARN = "arn:aws:backup:eu-west-1:777777777777:backup-vault:v"
POINT = "arn:aws:backup:eu-west-1:777777777777:recovery-point:1"
REGION = "eu-west-1"


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)
        self.waits: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def backups(connection: Connection, clock: Clock) -> Backups:
    return Backups(connection, Patience(seconds=10, every=5, sleep=clock.sleep, now=clock.now))


def vault(**more: Any) -> dict[str, Any]:
    return {"BackupVaultName": "v", "BackupVaultArn": VAULT_ARN, **more}


def test_every_read_of_a_shared_vault_names_its_owner(stubs: Stubs, backups: Backups) -> None:
    owner = {"BackupVaultName": "v", "BackupVaultAccountId": "333333333333"}
    stub = stubs.of("backup", REGION)
    stub.add_response("describe_backup_vault", vault(), owner)
    stub.add_response("list_recovery_points_by_backup_vault", {"RecoveryPoints": []}, owner)
    stub.add_response(
        "get_recovery_point_restore_metadata", {"RestoreMetadata": {"a": "b"}}, {**owner, "RecoveryPointArn": POINT}
    )
    backups.describe_vault("v", "333333333333")
    assert backups.list_recovery_points("v", "333333333333") == []
    assert backups.restore_metadata("v", POINT, "333333333333") == {"a": "b"}


def test_a_vault_is_read_with_its_team_and_the_last_question_to_it(stubs: Stubs, backups: Backups) -> None:
    update = {"MpaSessionArn": "s", "Status": "PENDING"}
    answer = vault(VaultState="AVAILABLE", MpaApprovalTeamArn="t", LatestMpaApprovalTeamUpdate=update)
    stubs.of("backup", REGION).add_response("describe_backup_vault", answer, {"BackupVaultName": "v"})
    found = backups.describe_vault("v")
    assert (found.state, found.team_arn) == ("AVAILABLE", "t")
    assert found.last_team_update is not None
    assert (found.last_team_update.session_arn, found.last_team_update.status) == ("s", "PENDING")


def test_a_request_for_access_carries_name_request_id_and_comment(stubs: Stubs, backups: Backups) -> None:
    expected = {
        "SourceBackupVaultArn": VAULT_ARN,
        "BackupVaultName": "v-INC-1",
        "CreatorRequestId": "INC-1-1",
        "RequesterComment": "c" * 200,
    }
    answer = {"RestoreAccessBackupVaultArn": VAULT_ARN + "-INC-1", "VaultState": "CREATING"}
    stubs.of("backup", REGION).add_response("create_restore_access_backup_vault", answer, expected)
    made = backups.create_restore_access_vault(VAULT_ARN, "v-INC-1", "INC-1-1", "c" * 300)
    assert made.state == "CREATING"


def test_a_restore_names_role_type_and_token(stubs: Stubs, backups: Backups) -> None:
    expected = {
        "RecoveryPointArn": POINT,
        "Metadata": {"encrypted": "true"},
        "IamRoleArn": "r",
        "ResourceType": "EBS",
        "IdempotencyToken": "t",
    }
    stubs.of("backup", REGION).add_response("start_restore_job", {"RestoreJobId": "j"}, expected)
    assert backups.start_restore(POINT, {"encrypted": "true"}, "r", "EBS", "t") == "j"


def test_a_deleted_vault_is_waited_for_until_it_is_really_gone(stubs: Stubs, backups: Backups, clock: Clock) -> None:
    stub = stubs.of("backup", REGION)
    stub.add_response("describe_backup_vault", vault())
    stub.add_client_error("describe_backup_vault", "ResourceNotFoundException")
    backups.wait_until_gone("v")
    assert clock.waits == [5]


def test_access_denied_means_gone_only_if_the_list_agrees(stubs: Stubs, backups: Backups) -> None:
    stub = stubs.of("backup", REGION)
    stub.add_client_error("describe_backup_vault", "AccessDeniedException")
    stub.add_response("list_backup_vaults", {"BackupVaultList": []})
    assert backups.find_vault("v") is None
    stub.add_client_error("describe_backup_vault", "AccessDeniedException")
    stub.add_response("list_backup_vaults", {"BackupVaultList": [vault()]})
    with pytest.raises(AccessDenied):
        backups.find_vault("v")


def test_waiting_ends_with_a_sentence_when_nothing_happens(stubs: Stubs, backups: Backups, clock: Clock) -> None:
    for _ in range(3):
        stubs.of("backup", REGION).add_response("describe_backup_vault", vault(VaultState="CREATING"))
    with pytest.raises(CouldNotFindOut, match="vault v is available"):
        backups.wait_until_available("v")
    assert clock.waits == [5, 5]


def test_a_vault_that_aws_could_not_make_is_an_error(stubs: Stubs, backups: Backups) -> None:
    stubs.of("backup", REGION).add_response("describe_backup_vault", vault(VaultState="FAILED"))
    with pytest.raises(RefusedByAws, match="is FAILED"):
        backups.wait_until_available("v")


def test_a_switch_that_aws_does_not_mention_is_off(stubs: Stubs, backups: Backups) -> None:
    settings = {"isMpaEnabled": "true", "isCrossAccountBackupEnabled": "false"}
    stubs.of("backup", REGION).add_response("describe_global_settings", {"GlobalSettings": settings})
    found = backups.global_settings()
    assert found == {"isMpaEnabled": True, "isCrossAccountBackupEnabled": False}
    assert not found.get("isDelegatedAdministratorEnabled", False)


def test_switching_on_writes_back_word_for_word_what_is_no_switch_of_ours(stubs: Stubs, backups: Backups) -> None:
    stub = stubs.of("backup", REGION)
    stub.add_response("describe_global_settings", {"GlobalSettings": {"isMpaEnabled": "false", "howManyDays": "7"}})
    merged = {"isMpaEnabled": "true", "howManyDays": "7"}
    stub.add_response("update_global_settings", {}, {"GlobalSettings": merged})
    backups.switch_on_global_settings(["isMpaEnabled"])


def test_switching_on_services_writes_back_what_others_chose(stubs: Stubs, backups: Backups) -> None:
    stub = stubs.of("backup", REGION)
    found = {
        "ResourceTypeOptInPreference": {"S3": False, "RDS": False, "EFS": True},
        "ResourceTypeManagementPreference": {"DynamoDB": False, "EFS": True},
    }
    stub.add_response("describe_region_settings", found)
    written = {
        "ResourceTypeOptInPreference": {"S3": True, "RDS": False, "EFS": True},
        "ResourceTypeManagementPreference": {"DynamoDB": True, "EFS": True},
    }
    stub.add_response("update_region_settings", {}, written)
    backups.switch_on_region_settings(["S3"], ["DynamoDB"])
