"""What AWS Backup announces of vaults, plans, settings, and of votes about vaults."""

import json
from typing import Any

import pytest

from tests.emulator.worlds.backup import DAY, LANDING, PAYMENTS, REGION, World
from tests.emulator.worlds.events import Queue, rule

RULE = {"RuleName": "daily", "TargetBackupVaultName": "local"}


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


@pytest.fixture
def heard(world: World) -> Queue:
    """A queue that gets every event of AWS Backup in the account."""
    queue = Queue(world.emulator, account=PAYMENTS)
    rule(world.emulator, {"source": ["aws.backup"]}, {"Arn": queue.arn}, account=PAYMENTS)
    return queue


def of(heard: Queue, kind: str) -> list[dict[str, Any]]:
    return [body for body in heard.bodies() if body["detail-type"] == f"{kind} State Change"]


def recorded(world: World, account: str = PAYMENTS) -> list[tuple[str, dict[str, Any]]]:
    """The names and details of what CloudTrail heard from AWS Backup itself, oldest first."""
    client = world.emulator.client("cloudtrail", account, REGION)
    wanted = [{"AttributeKey": "EventSource", "AttributeValue": "backup.amazonaws.com"}]
    pages = client.get_paginator("lookup_events").paginate(LookupAttributes=wanted)
    records = [json.loads(event["CloudTrailEvent"]) for page in pages for event in page["Events"]]
    own = [record for record in reversed(records) if record["eventType"] == "AwsServiceEvent"]
    return [(record["eventName"], record["serviceEventDetails"]) for record in own]


class TestEventBridge:
    def test_a_vault_is_heard_when_it_comes_changes_and_goes(self, world: World, heard: Queue) -> None:
        backup, arn = world.backup(), world.vault()
        backup.put_backup_vault_lock_configuration(BackupVaultName="local", MinRetentionDays=1)
        backup.delete_backup_vault(BackupVaultName="local")
        found = of(heard, "Backup Vault")
        assert [event["detail"] for event in found] == [
            {"backupVaultName": "local", "state": "CREATED"},
            {"backupVaultName": "local", "state": "MODIFIED", "isLocked": "true"},
            {"backupVaultName": "local", "state": "DELETED"},
        ]
        assert found[0]["resources"] == [arn]

    def test_a_plan_is_heard_with_the_version_of_each_change(self, world: World, heard: Queue) -> None:
        backup = world.backup()
        body = {"BackupPlanName": "one", "Rules": [RULE]}
        made = backup.create_backup_plan(BackupPlan=body)
        changed = backup.update_backup_plan(BackupPlanId=made["BackupPlanId"], BackupPlan=body)
        backup.delete_backup_plan(BackupPlanId=made["BackupPlanId"])
        found = [event["detail"] for event in of(heard, "Backup Plan")]
        assert [detail["state"] for detail in found] == ["CREATED", "MODIFIED", "DELETED"]
        assert [detail["versionId"] for detail in found[:2]] == [made["VersionId"], changed["VersionId"]]
        assert ["creationDate" in found[0], "modifiedAt" in found[1], "deletionDate" in found[2]] == [True] * 3

    def test_a_service_opt_in_is_heard(self, world: World, heard: Queue) -> None:
        world.backup().update_region_settings(ResourceTypeOptInPreference={"Aurora": True})
        detail = of(heard, "Region Setting")[0]["detail"]
        assert (detail["ResourceTypeOptInPreference"], detail["state"]) == ({"Aurora": True}, "MODIFIED")


class TestCloudTrail:
    def test_a_first_association_is_completed_at_once(self, world: World) -> None:
        world.guarded_point()
        names = [name for name, _ in recorded(world)]
        assert "AssociateBackupVaultMpaApprovalTeamCompleted" in names

    def test_a_change_that_is_rejected_has_failed_and_one_that_is_approved_is_completed(self, world: World) -> None:
        backup = world.backup()
        world.guarded_point()
        other = world.team("other")
        for vote, event in ((world.reject, "Failed"), (world.approve, "Completed")):
            backup.associate_backup_vault_mpa_approval_team(BackupVaultName="gapped", MpaApprovalTeamArn=other)
            update = backup.describe_backup_vault(BackupVaultName="gapped")["LatestMpaApprovalTeamUpdate"]
            vote(update["MpaSessionArn"])
            assert recorded(world)[-1][0] == f"AssociateBackupVaultMpaApprovalTeam{event}"

    def test_a_disassociation_that_nobody_answers_has_failed(self, world: World) -> None:
        world.guarded_point()
        world.backup().disassociate_backup_vault_mpa_approval_team(BackupVaultName="gapped")
        world.emulator.advance(DAY + 60)
        name, details = recorded(world)[-1]
        assert name == "DisassociateBackupVaultMpaApprovalTeamFailed"
        assert "expired" in details["statusMessage"]

    def test_access_that_is_not_granted_has_failed_where_it_was_asked_for(self, world: World) -> None:
        session = world.ask_for_access(world.guarded_point()[1])
        world.reject(session)
        assert [name for name, _ in recorded(world, LANDING)] == ["CreateRestoreAccessBackupVaultFailed"]

    def test_access_that_is_revoked_is_deleted_where_it_was_open(self, world: World) -> None:
        world.approve(world.ask_for_access(world.guarded_point()[1]))
        backup = world.backup()

        def revoke() -> str:
            arn = f"arn:aws:backup:{REGION}:{LANDING}:backup-vault:access-1"
            backup.revoke_restore_access_backup_vault(BackupVaultName="gapped", RestoreAccessBackupVaultArn=arn)
            shown = backup.list_restore_access_backup_vaults(BackupVaultName="gapped")["RestoreAccessBackupVaults"]
            session: str = shown[0]["LatestRevokeRequest"]["MpaSessionArn"]
            return session

        world.reject(revoke())
        assert recorded(world)[-1][0] == "RevokeRestoreAccessBackupVaultFailed"
        world.approve(revoke())
        assert [name for name, _ in recorded(world, LANDING)] == ["RestoreAccessBackupVaultDeleted"]
