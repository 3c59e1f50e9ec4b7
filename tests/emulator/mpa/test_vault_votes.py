"""No vote, no access: requests of AWS Backup before the approval service, with one-time codes by mail."""

import pytest

from tests.emulator.conftest import LANDING, PAYMENTS, RECOVERY, ControlRefused, Emulator
from tests.emulator.worlds.recovery import ADA, BO, CLEO, HOUR, Recovery
from tests.emulator.worlds.vault_request import COMMENT, HOME, access_state, ask_for_access, protected_vault, share_team


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


@pytest.fixture
def vault(recovery: Recovery) -> str:
    team = recovery.active()
    share_team(recovery, team)
    return protected_vault(recovery, team)


def test_access_opens_at_the_mth_approval_and_not_before(recovery: Recovery, vault: str) -> None:
    backup, session = ask_for_access(recovery.emulator, vault)
    assert access_state(backup) == "CREATING"
    recovery.vote(session, ADA)
    assert access_state(backup) == "CREATING", "Access opened with one of two approvals."
    recovery.vote(session, BO)
    assert access_state(backup) == "AVAILABLE"
    assert recovery.session(session)["ExecutionStatus"] == "EXECUTED"


def test_the_session_says_what_is_asked_and_by_whom(recovery: Recovery, vault: str) -> None:
    _, arn = ask_for_access(recovery.emulator, vault)
    session = recovery.session(arn)
    assert session["ActionName"] == "backup:CreateRestoreAccessBackupVault"
    assert session["ProtectedResourceArn"] == vault
    assert session["RequesterAccountId"] == LANDING
    assert session["RequesterPrincipalArn"] == f"arn:aws:iam::{LANDING}:root"
    assert session["RequesterRegion"] == HOME
    assert session["RequesterServicePrincipal"] == "backup.amazonaws.com"
    assert session["RequesterComment"] == COMMENT
    assert session["AdditionalSecurityRequirements"] == ["APPROVER_VERIFICATION_REQUIRED"]


def test_rejections_give_no_access(recovery: Recovery, vault: str) -> None:
    backup, session = ask_for_access(recovery.emulator, vault)
    recovery.vote(session, ADA, "REJECTED")
    recovery.vote(session, BO, "REJECTED")
    with pytest.raises(ControlRefused):
        recovery.vote(session, CLEO)
    assert access_state(backup) == "FAILED"


def test_votes_of_a_lapsed_request_open_nothing_and_do_not_count_for_the_next(recovery: Recovery, vault: str) -> None:
    backup, first = ask_for_access(recovery.emulator, vault)
    recovery.vote(first, ADA)
    recovery.emulator.advance(24 * HOUR + 60)
    with pytest.raises(ControlRefused) as late:
        recovery.vote(first, BO)
    assert late.value.status == 409
    assert access_state(backup) == "FAILED"
    _, second = ask_for_access(recovery.emulator, vault, "access-again")
    recovery.vote(second, BO)
    assert access_state(backup, "access-again") == "CREATING", "A vote for the first request counted for the second."


def test_every_approver_gets_a_code_of_their_own(recovery: Recovery, vault: str) -> None:
    _, session = ask_for_access(recovery.emulator, vault)
    codes = {}
    for person in (ADA, BO, CLEO):
        (mail,) = [mail for mail in recovery.mails(person) if mail["code"]]
        assert mail["session_arn"] == session
        assert mail["code"] in mail["body"]
        codes[person] = mail["code"]
    assert all(len(code) == 6 and code.isdigit() for code in codes.values())
    assert len(set(codes.values())) == 3


def test_a_changed_team_ends_requests_that_are_open(recovery: Recovery, vault: str) -> None:
    backup, session = ask_for_access(recovery.emulator, vault)
    other = recovery.active("other")
    recovery.emulator.client("ram", RECOVERY).create_resource_share(
        name="other", resourceArns=[other], principals=[PAYMENTS]
    )
    payments = recovery.emulator.client("ram", PAYMENTS)
    for invitation in payments.get_resource_share_invitations()["resourceShareInvitations"]:
        if invitation["status"] == "PENDING":
            payments.accept_resource_share_invitation(
                resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
            )
    owner = recovery.emulator.client("backup", PAYMENTS, HOME)
    name = vault.rpartition(":")[2]
    owner.associate_backup_vault_mpa_approval_team(BackupVaultName=name, MpaApprovalTeamArn=other)
    change = owner.describe_backup_vault(BackupVaultName=name)["LatestMpaApprovalTeamUpdate"]["MpaSessionArn"]
    recovery.vote(change, ADA)
    recovery.vote(change, BO)
    ended = recovery.session(session)
    assert (ended["Status"], ended["StatusCode"]) == ("CANCELLED", "CONFIGURATION_CHANGED")
    assert access_state(backup) == "FAILED"


def test_the_owner_of_the_vault_may_cancel_a_revocation_and_nobody_else(recovery: Recovery, vault: str) -> None:
    _, granted = ask_for_access(recovery.emulator, vault)
    recovery.vote(granted, ADA)
    recovery.vote(granted, BO)
    owner = recovery.emulator.client("backup", PAYMENTS, HOME)
    name = vault.rpartition(":")[2]
    access = owner.list_restore_access_backup_vaults(BackupVaultName=name)["RestoreAccessBackupVaults"][0]
    arn = access["RestoreAccessBackupVaultArn"]
    owner.revoke_restore_access_backup_vault(BackupVaultName=name, RestoreAccessBackupVaultArn=arn)
    listed = owner.list_restore_access_backup_vaults(BackupVaultName=name)["RestoreAccessBackupVaults"][0]
    session = listed["LatestRevokeRequest"]["MpaSessionArn"]
    landing = recovery.emulator.client("mpa", LANDING)
    with pytest.raises(landing.exceptions.AccessDeniedException):
        landing.cancel_session(SessionArn=session)
    recovery.emulator.client("mpa", PAYMENTS).cancel_session(SessionArn=session)
    assert recovery.session(session)["Status"] == "CANCELLED"
