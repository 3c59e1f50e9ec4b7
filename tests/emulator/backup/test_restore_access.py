"""The approval team of a vault, and access that only its vote opens: no vote, no access, whichever way one tries."""

from typing import Any

import pytest

from tests.emulator.worlds.backup import (
    AUDIT,
    BUNKER,
    DAY,
    LANDING,
    MANAGEMENT,
    PAYMENTS,
    RECOVERY,
    REGION,
    World,
    finished,
    refused,
)


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


def landed(world: World, point_arn: str) -> dict[str, Any]:
    """Restore a bucket on the recovery side."""
    return world.restore(point_arn, {"DestinationBucketName": "landed", "NewBucket": "true"}, LANDING)


def nothing_is_readable(world: World, point_arn: str, name: str = "access-1") -> None:
    backup = world.backup(LANDING)
    refused("AccessDeniedException", backup.list_recovery_points_by_backup_vault, BackupVaultName=name)
    refused("AccessDeniedException", backup.list_protected_resources_by_backup_vault, BackupVaultName=name)
    for call in (backup.describe_recovery_point, backup.get_recovery_point_restore_metadata):
        refused("AccessDeniedException", call, BackupVaultName=name, RecoveryPointArn=point_arn)
    refused(
        "AccessDeniedException",
        backup.start_restore_job,
        RecoveryPointArn=point_arn,
        IamRoleArn=world.role(LANDING),
        Metadata={"DestinationBucketName": "landed", "NewBucket": "true"},
    )


class TestAssociation:
    def test_the_first_association_takes_effect_at_once(self, world: World) -> None:
        world.air_gapped()
        world.switch_mpa()
        team = world.team()
        world.backup().associate_backup_vault_mpa_approval_team(BackupVaultName="gapped", MpaApprovalTeamArn=team)
        vault = world.backup().describe_backup_vault(BackupVaultName="gapped")
        assert vault["MpaApprovalTeamArn"] == team
        assert "LatestMpaApprovalTeamUpdate" not in vault

    def test_it_needs_the_opt_in_of_the_management_account(self, world: World) -> None:
        world.air_gapped()
        associate = world.backup().associate_backup_vault_mpa_approval_team
        wanted = {"BackupVaultName": "gapped", "MpaApprovalTeamArn": world.team()}
        refused("InvalidRequestException", associate, **wanted)
        world.backup(RECOVERY).update_global_settings(GlobalSettings={"isMpaEnabled": "true"})
        refused("InvalidRequestException", associate, **wanted)
        world.switch_mpa()
        associate(**wanted)

    def test_it_needs_an_active_team_that_is_shared_with_the_account(self, world: World) -> None:
        world.air_gapped()
        world.switch_mpa()
        associate = world.backup().associate_backup_vault_mpa_approval_team
        not_shared = world.team("not-shared", shared_with=())
        refused("InvalidRequestException", associate, BackupVaultName="gapped", MpaApprovalTeamArn=not_shared)
        world.share(not_shared, RECOVERY, PAYMENTS, "us-east-1", accept=False)
        refused("InvalidRequestException", associate, BackupVaultName="gapped", MpaApprovalTeamArn=not_shared)
        pending = world.unanswered_team("pending")
        world.share(pending, RECOVERY, PAYMENTS, "us-east-1")
        refused("InvalidRequestException", associate, BackupVaultName="gapped", MpaApprovalTeamArn=pending)
        unknown = not_shared.replace("not-shared", "unknown")
        refused("ResourceNotFoundException", associate, BackupVaultName="gapped", MpaApprovalTeamArn=unknown)
        refused("InvalidParameterValueException", associate, BackupVaultName="gapped", MpaApprovalTeamArn="quorum")

    def test_a_standard_vault_takes_no_team(self, world: World) -> None:
        world.vault("local")
        world.switch_mpa()
        associate = world.backup().associate_backup_vault_mpa_approval_team
        refused("InvalidRequestException", associate, BackupVaultName="local", MpaApprovalTeamArn=world.team())

    def test_another_team_applies_only_when_the_present_team_approves(self, world: World) -> None:
        _, _ = world.guarded_point()
        backup, other = world.backup(), world.team("other")
        before = backup.describe_backup_vault(BackupVaultName="gapped")["MpaApprovalTeamArn"]
        backup.associate_backup_vault_mpa_approval_team(BackupVaultName="gapped", MpaApprovalTeamArn=other)
        vault = backup.describe_backup_vault(BackupVaultName="gapped")
        update = vault["LatestMpaApprovalTeamUpdate"]
        assert (vault["MpaApprovalTeamArn"], update["Status"]) == (before, "PENDING")
        assert (update["ExpiryDate"] - update["InitiationDate"]).days == 1
        change = {"BackupVaultName": "gapped", "MpaApprovalTeamArn": other}
        refused("InvalidRequestException", backup.associate_backup_vault_mpa_approval_team, **change)
        world.reject(update["MpaSessionArn"])
        vault = backup.describe_backup_vault(BackupVaultName="gapped")
        assert vault["MpaApprovalTeamArn"] == before
        assert vault["LatestMpaApprovalTeamUpdate"]["Status"] == "FAILED"
        backup.associate_backup_vault_mpa_approval_team(**change)
        vault = backup.describe_backup_vault(BackupVaultName="gapped")
        world.approve(vault["LatestMpaApprovalTeamUpdate"]["MpaSessionArn"])
        vault = backup.describe_backup_vault(BackupVaultName="gapped")
        assert (vault["MpaApprovalTeamArn"], vault["LatestMpaApprovalTeamUpdate"]["Status"]) == (other, "APPROVED")

    def test_a_change_that_nobody_answers_fails_after_a_day(self, world: World) -> None:
        world.guarded_point()
        backup = world.backup()
        backup.associate_backup_vault_mpa_approval_team(
            BackupVaultName="gapped", MpaApprovalTeamArn=world.team("other")
        )
        world.emulator.advance(DAY + 1)
        update = backup.describe_backup_vault(BackupVaultName="gapped")["LatestMpaApprovalTeamUpdate"]
        assert update["Status"] == "FAILED"
        assert "expired" in update["StatusMessage"]

    def test_a_team_is_taken_off_only_by_its_own_vote(self, world: World) -> None:
        world.guarded_point()
        backup = world.backup()
        backup.disassociate_backup_vault_mpa_approval_team(BackupVaultName="gapped", RequesterComment="tidy up")
        vault = backup.describe_backup_vault(BackupVaultName="gapped")
        assert "MpaApprovalTeamArn" in vault
        world.approve(vault["LatestMpaApprovalTeamUpdate"]["MpaSessionArn"])
        assert "MpaApprovalTeamArn" not in backup.describe_backup_vault(BackupVaultName="gapped")
        disassociate = backup.disassociate_backup_vault_mpa_approval_team
        refused("InvalidRequestException", disassociate, BackupVaultName="gapped")

    def test_a_withdrawn_opt_in_leaves_existing_associations_working(self, world: World) -> None:
        point, vault = world.guarded_point()
        world.switch_mpa(on=False)
        world.approve(world.ask_for_access(vault))
        assert landed(world, point)["Status"] == "COMPLETED"


class TestRestoreAccess:
    def test_it_opens_at_the_deciding_vote_and_not_before(self, world: World) -> None:
        point, vault_arn = world.guarded_point()
        session = world.ask_for_access(vault_arn)
        backup = world.backup(LANDING)
        vault = backup.describe_backup_vault(BackupVaultName="access-1")
        assert (vault["VaultType"], vault["VaultState"]) == ("RESTORE_ACCESS_BACKUP_VAULT", "CREATING")
        assert vault["SourceBackupVaultArn"] == vault_arn
        nothing_is_readable(world, point)
        world.vote(session, "APPROVED", "ada.lind")
        nothing_is_readable(world, point)
        world.vote(session, "APPROVED", "bo.berg")
        assert backup.describe_backup_vault(BackupVaultName="access-1")["VaultState"] == "AVAILABLE"
        points = backup.list_recovery_points_by_backup_vault(BackupVaultName="access-1")["RecoveryPoints"]
        assert [found["RecoveryPointArn"] for found in points] == [point]
        assert points[0]["SourceBackupVaultArn"] == vault_arn
        assert landed(world, point)["Status"] == "COMPLETED"
        body = world.client("s3", LANDING).get_object(Bucket="landed", Key="ledger")["Body"].read()
        assert body == b"in the black"

    def test_the_session_tells_the_voters_who_asks_for_what(self, world: World) -> None:
        _, vault_arn = world.guarded_point()
        session_arn = world.ask_for_access(vault_arn)
        session = world.client("mpa", RECOVERY, "us-east-1").get_session(SessionArn=session_arn)
        assert session["ProtectedResourceArn"] == vault_arn
        assert session["RequesterAccountId"] == LANDING
        assert session["RequesterRegion"] == REGION
        assert session["RequesterComment"] == "we lost everything"
        assert session["RequesterPrincipalArn"] == f"arn:aws:iam::{LANDING}:root"
        assert "CreateRestoreAccessBackupVault" in session["ActionName"]

    def test_a_rejection_gives_no_access(self, world: World) -> None:
        point, vault_arn = world.guarded_point()
        world.reject(world.ask_for_access(vault_arn))
        vault = world.backup(LANDING).describe_backup_vault(BackupVaultName="access-1")
        assert vault["VaultState"] == "FAILED"
        nothing_is_readable(world, point)

    def test_a_request_that_nobody_answers_fails_after_a_day(self, world: World) -> None:
        point, vault_arn = world.guarded_point()
        world.ask_for_access(vault_arn)
        world.emulator.advance(DAY + 1)
        vault = world.backup(LANDING).describe_backup_vault(BackupVaultName="access-1")
        assert vault["VaultState"] == "FAILED"
        nothing_is_readable(world, point)

    def test_a_second_request_under_a_new_name_can_be_approved(self, world: World) -> None:
        point, vault_arn = world.guarded_point()
        world.reject(world.ask_for_access(vault_arn))
        world.approve(world.ask_for_access(vault_arn, "access-2"))
        assert landed(world, point)["Status"] == "COMPLETED"
        nothing = world.backup(LANDING).list_recovery_points_by_backup_vault
        refused("AccessDeniedException", nothing, BackupVaultName="access-1")

    def test_a_changed_association_ends_pending_requests(self, world: World) -> None:
        point, vault_arn = world.guarded_point()
        request = world.ask_for_access(vault_arn)
        backup = world.backup()
        backup.disassociate_backup_vault_mpa_approval_team(BackupVaultName="gapped")
        change = backup.describe_backup_vault(BackupVaultName="gapped")["LatestMpaApprovalTeamUpdate"]
        world.approve(change["MpaSessionArn"])
        mpa = world.client("mpa", RECOVERY, "us-east-1")
        assert mpa.get_session(SessionArn=request)["StatusCode"] == "CONFIGURATION_CHANGED"
        assert world.backup(LANDING).describe_backup_vault(BackupVaultName="access-1")["VaultState"] == "FAILED"
        nothing_is_readable(world, point)

    def test_the_request_has_to_meet_the_rules(self, world: World) -> None:
        _, vault_arn = world.guarded_point()
        create = world.backup(LANDING).create_restore_access_backup_vault
        other_region = world.backup(LANDING, "eu-central-1").create_restore_access_backup_vault
        refused("InvalidParameterValueException", other_region, SourceBackupVaultArn=vault_arn)
        refused("InvalidParameterValueException", create, SourceBackupVaultArn="gapped")
        refused("ResourceNotFoundException", create, SourceBackupVaultArn=vault_arn + "-other")
        refused("InvalidRequestException", create, SourceBackupVaultArn=world.vault("local"))
        refused("InvalidRequestException", create, SourceBackupVaultArn=world.air_gapped("no-team"))
        not_shared_with = world.backup(BUNKER).create_restore_access_backup_vault
        refused("InvalidRequestException", not_shared_with, SourceBackupVaultArn=vault_arn)

    def test_its_name_comes_from_the_source_and_is_taken_once(self, world: World) -> None:
        _, vault_arn = world.guarded_point()
        create = world.backup(LANDING).create_restore_access_backup_vault
        first = create(SourceBackupVaultArn=vault_arn, CreatorRequestId="one")
        assert "gapped" in first["RestoreAccessBackupVaultName"]
        assert first["VaultState"] == "CREATING"
        again = create(SourceBackupVaultArn=vault_arn, CreatorRequestId="one")
        assert again["RestoreAccessBackupVaultArn"] == first["RestoreAccessBackupVaultArn"]
        refused("AlreadyExistsException", create, SourceBackupVaultArn=vault_arn, CreatorRequestId="two")

    def test_access_is_for_the_account_that_asked(self, world: World) -> None:
        point, vault_arn = world.guarded_point()
        world.approve(world.ask_for_access(vault_arn))
        refused(
            "AccessDeniedException",
            world.backup(AUDIT).start_restore_job,
            RecoveryPointArn=point,
            IamRoleArn=world.role(AUDIT),
            Metadata={"DestinationBucketName": "stolen", "NewBucket": "true"},
        )

    def test_an_opened_vault_can_be_copied_from(self, world: World) -> None:
        point, vault_arn = world.guarded_point()
        world.approve(world.ask_for_access(vault_arn))
        key = world.client("kms", LANDING).create_key()["KeyMetadata"]["Arn"]
        target = world.vault("landing-own", LANDING, EncryptionKeyArn=key)
        job = world.copy(point, target, account=LANDING, vault="access-1")
        assert job["State"] == "COMPLETED", job.get("StatusMessage")

    def test_a_closed_vault_cannot_be_copied_from(self, world: World) -> None:
        point, vault_arn = world.guarded_point()
        world.ask_for_access(vault_arn)
        refused(
            "AccessDeniedException",
            world.backup(LANDING).start_copy_job,
            RecoveryPointArn=point,
            SourceBackupVaultName="access-1",
            DestinationBackupVaultArn=world.vault("landing-own", LANDING),
            IamRoleArn=world.role(LANDING),
        )

    def test_points_seen_through_it_are_read_only(self, world: World) -> None:
        point, vault_arn = world.guarded_point()
        world.approve(world.ask_for_access(vault_arn))
        delete = world.backup(LANDING).delete_recovery_point
        refused("InvalidRequestException", delete, BackupVaultName="access-1", RecoveryPointArn=point)


class TestEndOfAccess:
    def opened(self, world: World) -> tuple[str, str]:
        """A point, and the ARN of an open restore access vault."""
        point, vault_arn = world.guarded_point()
        world.approve(world.ask_for_access(vault_arn))
        vault = world.backup(LANDING).describe_backup_vault(BackupVaultName="access-1")
        return point, vault["BackupVaultArn"]

    def test_the_owner_sees_it_and_revokes_it_by_vote(self, world: World) -> None:
        point, access = self.opened(world)
        backup = world.backup()
        listed = backup.list_restore_access_backup_vaults(BackupVaultName="gapped")["RestoreAccessBackupVaults"]
        assert [(one["RestoreAccessBackupVaultArn"], one["VaultState"]) for one in listed] == [(access, "AVAILABLE")]
        assert "ApprovalDate" in listed[0]
        backup.revoke_restore_access_backup_vault(BackupVaultName="gapped", RestoreAccessBackupVaultArn=access)
        listed = backup.list_restore_access_backup_vaults(BackupVaultName="gapped")["RestoreAccessBackupVaults"]
        assert listed[0]["LatestRevokeRequest"]["Status"] == "PENDING"
        assert world.backup(LANDING).describe_backup_vault(BackupVaultName="access-1")["VaultState"] == "AVAILABLE"
        world.approve(listed[0]["LatestRevokeRequest"]["MpaSessionArn"])
        assert backup.list_restore_access_backup_vaults(BackupVaultName="gapped")["RestoreAccessBackupVaults"] == []
        look = world.backup(LANDING).describe_backup_vault
        refused("ResourceNotFoundException", look, BackupVaultName="access-1")
        refused(
            "AccessDeniedException",
            world.backup(LANDING).start_restore_job,
            RecoveryPointArn=point,
            IamRoleArn=world.role(LANDING),
            Metadata={},
        )

    def test_a_rejected_revocation_leaves_access_in_place(self, world: World) -> None:
        point, access = self.opened(world)
        backup = world.backup()
        revoke = {"BackupVaultName": "gapped", "RestoreAccessBackupVaultArn": access}
        backup.revoke_restore_access_backup_vault(**revoke)
        refused("InvalidRequestException", backup.revoke_restore_access_backup_vault, **revoke)
        listed = backup.list_restore_access_backup_vaults(BackupVaultName="gapped")["RestoreAccessBackupVaults"]
        world.reject(listed[0]["LatestRevokeRequest"]["MpaSessionArn"])
        listed = backup.list_restore_access_backup_vaults(BackupVaultName="gapped")["RestoreAccessBackupVaults"]
        assert listed[0]["LatestRevokeRequest"]["Status"] == "FAILED"
        assert landed(world, point)["Status"] == "COMPLETED"

    def test_only_access_that_is_there_can_be_revoked(self, world: World) -> None:
        _, vault_arn = world.guarded_point()
        world.ask_for_access(vault_arn)
        access = world.backup(LANDING).describe_backup_vault(BackupVaultName="access-1")["BackupVaultArn"]
        revoke = world.backup().revoke_restore_access_backup_vault
        refused("InvalidRequestException", revoke, BackupVaultName="gapped", RestoreAccessBackupVaultArn=access)
        unknown = access + "-other"
        refused("ResourceNotFoundException", revoke, BackupVaultName="gapped", RestoreAccessBackupVaultArn=unknown)

    def test_the_recovery_side_can_let_it_go(self, world: World) -> None:
        _, _ = self.opened(world)
        world.backup(LANDING).delete_backup_vault(BackupVaultName="access-1")
        owner = world.backup()
        assert owner.list_restore_access_backup_vaults(BackupVaultName="gapped")["RestoreAccessBackupVaults"] == []
        assert owner.describe_backup_vault(BackupVaultName="gapped")["NumberOfRecoveryPoints"] == 1

    def test_a_restore_that_waits_ends_with_the_access(self, world: World) -> None:
        point, _ = self.opened(world)
        backup = world.backup(LANDING)
        job = backup.start_restore_job(
            RecoveryPointArn=point,
            IamRoleArn=world.role(LANDING),
            Metadata={"DestinationBucketName": "landed", "NewBucket": "true"},
        )
        backup.delete_backup_vault(BackupVaultName="access-1")
        ended = finished(lambda: backup.describe_restore_job(RestoreJobId=job["RestoreJobId"]), "Status")
        assert ended["Status"] == "FAILED"


def test_the_attacker_who_owns_the_primary_organization_does_not_stop_the_recovery(world: World) -> None:
    point, vault_arn = world.guarded_point()
    backup = world.backup()
    world.switch_mpa(on=False)
    ours = world.client("ram", PAYMENTS, "us-east-1")
    (share,) = ours.get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]
    leave = {"resourceShareArn": share["resourceShareArn"], "principals": [PAYMENTS]}
    refused("OperationNotPermittedException", ours.disassociate_resource_share, **leave)
    # Should AWS allow it one day after all: the vote needs the team, and not the vault account's way to it.
    world.client("ram", RECOVERY, "us-east-1").disassociate_resource_share(**leave)
    delete = {"BackupVaultName": "gapped", "RecoveryPointArn": point}
    refused("InvalidRequestException", backup.delete_recovery_point, **delete)
    refused("InvalidRequestException", backup.delete_backup_vault, BackupVaultName="gapped")
    world.client("organizations", MANAGEMENT, "us-east-1").close_account(AccountId=PAYMENTS)
    world.approve(world.ask_for_access(vault_arn))
    assert landed(world, point)["Status"] == "COMPLETED"
