"""No vote, no access, whichever way one tries: each row of the table tries one way, and then nothing can be used.

The last test is the control: with the vote, the same steps open the same vault. What becomes of a request whose
requester lost its rights meanwhile is tested where permissions are evaluated.
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import ControlRefused, Emulator
from tests.emulator.worlds.backup import AUDIT, DAY, LANDING, PAYMENTS, RECOVERY, REGION, World, finished
from tests.emulator.worlds.portal_visitor import Visitor

ADA, BO, CLEO = "ada.lind", "bo.berg", "cleo.dahl"
ACCESS = "access-1"
LANDED = {"DestinationBucketName": "landed", "NewBucket": "true"}


class Scene(World):
    """A vault with content that a team guards, and the ways to ask for it."""

    def __init__(self, emulator: Any) -> None:
        super().__init__(emulator)
        self.point, self.vault_arn = self.air_gapped_point()
        self.landing_role = self.role(LANDING)

    def guard(self, **team: Any) -> str:
        """Put a team in charge of the vault, shared as `team` says; the team's ARN."""
        self.switch_mpa()
        arn = self.team(**team)
        self.backup().associate_backup_vault_mpa_approval_team(BackupVaultName="gapped", MpaApprovalTeamArn=arn)
        return arn

    @property
    def mpa(self) -> Any:
        return self.client("mpa", RECOVERY, "us-east-1")

    def session(self, arn: str) -> tuple[str, str | None]:
        self.mpa.get_session(SessionArn=arn)  # The first look may show CREATING.
        found = self.mpa.get_session(SessionArn=arn)
        return found["Status"], found.get("StatusCode")

    def ask_in_vain(self, code: str, account: str = LANDING, region: str = REGION) -> None:
        """A request that is refused at once."""
        backup = self.backup(account, region)
        with pytest.raises(ClientError) as refusal:
            backup.create_restore_access_backup_vault(SourceBackupVaultArn=self.vault_arn, BackupVaultName=ACCESS)
        assert refusal.value.response["Error"]["Code"] == code

    def vote_in_vain(self, session: str, *people: str, status: int = 409) -> None:
        for person in people:
            with pytest.raises(ControlRefused) as refusal:
                self.vote(session, "APPROVED", person)
            assert refusal.value.status == status

    def set_person(self, name: str, **change: Any) -> None:
        center = self.seeded["organizations"][1]["identity_center"]
        document = {"identity_store_id": center["identity_store_id"], "user_id": self.people()[name], **change}
        self.emulator.control("POST", "people", document)

    def assert_closed(self, account: str = LANDING) -> None:
        """Nothing of the vault can be listed, described, restored or copied, and nothing was."""
        backup = self.backup(account)
        point = {"BackupVaultName": ACCESS, "RecoveryPointArn": self.point}
        denied: list[tuple[Any, dict[str, Any]]] = [
            (backup.list_recovery_points_by_backup_vault, {"BackupVaultName": ACCESS}),
            (backup.list_protected_resources_by_backup_vault, {"BackupVaultName": ACCESS}),
            (backup.describe_recovery_point, point),
            (backup.get_recovery_point_restore_metadata, point),
            (
                backup.start_restore_job,
                {"RecoveryPointArn": self.point, "IamRoleArn": self.role(account), "Metadata": LANDED},
            ),
            (
                backup.start_copy_job,
                {
                    "RecoveryPointArn": self.point,
                    "SourceBackupVaultName": ACCESS,
                    "DestinationBackupVaultArn": f"arn:aws:backup:{REGION}:{account}:backup-vault:own",
                    "IamRoleArn": self.role(account),
                },
            ),
        ]
        for call, inputs in denied:
            with pytest.raises(ClientError) as refusal:
                call(**inputs)
            assert refusal.value.response["Error"]["Code"] in ("AccessDeniedException", "ResourceNotFoundException")
        assert backup.list_restore_jobs()["RestoreJobs"] == []
        assert backup.list_copy_jobs()["CopyJobs"] == []
        open_ones = [v for v in backup.list_backup_vaults()["BackupVaultList"] if v.get("VaultState") == "AVAILABLE"]
        assert all(vault["VaultType"] != "RESTORE_ACCESS_BACKUP_VAULT" for vault in open_ones)


def rejected(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    scene.reject(session)
    scene.vote_in_vain(session, CLEO)
    assert scene.session(session) == ("FAILED", "REJECTED")


def expired(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    scene.emulator.advance(DAY + 1)
    assert scene.session(session) == ("FAILED", "EXPIRED")


def below_the_threshold(scene: Scene) -> None:
    scene.guard(threshold=3)
    session = scene.ask_for_access(scene.vault_arn)
    scene.approve(session)
    scene.assert_closed()
    scene.emulator.advance(DAY + 1)
    assert scene.session(session) == ("FAILED", "EXPIRED")


def voted_after_the_end(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    scene.vote(session, "APPROVED", ADA)
    scene.emulator.advance(DAY + 1)
    scene.vote_in_vain(session, BO, CLEO)


def voted_for_another_request(scene: Scene) -> None:
    scene.guard()
    scene.vote(scene.ask_for_access(scene.vault_arn, "other"), "APPROVED", ADA)
    scene.vote(scene.ask_for_access(scene.vault_arn), "APPROVED", BO)


def voted_twice(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    scene.vote(session, "APPROVED", ADA)
    scene.vote_in_vain(session, ADA, ADA)
    assert scene.session(session)[0] == "PENDING"


def voted_by_a_stranger(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    scene.vote(session, "APPROVED", ADA)
    with pytest.raises(ControlRefused) as refusal:
        scene.emulator.control(
            "POST", "votes", {"session_arn": session, "identity_id": "nobody", "response": "APPROVED"}
        )
    assert refusal.value.status == 404


def voted_by_people_who_left(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    scene.set_person(BO, enabled=False)
    scene.set_person(CLEO, deleted=True)
    scene.vote(session, "APPROVED", ADA)
    scene.vote_in_vain(session, BO, CLEO)


def voted_without_the_code(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    for name in (ADA, BO):
        visitor = Visitor(scene.emulator)
        visitor.sign_in(scene.people()[name])
        for code in ("", "000000", "12345x"):
            page = visitor.send("vote", session_arn=session, response="APPROVED", code=code)
            assert page.status == 409
    assert scene.session(session)[0] == "PENDING"


def another_team_took_over(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    backup = scene.backup()
    backup.associate_backup_vault_mpa_approval_team(BackupVaultName="gapped", MpaApprovalTeamArn=scene.team("other"))
    vault = backup.describe_backup_vault(BackupVaultName="gapped")
    scene.approve(vault["LatestMpaApprovalTeamUpdate"]["MpaSessionArn"])
    scene.vote_in_vain(session, ADA, BO)
    assert scene.session(session) == ("CANCELLED", "CONFIGURATION_CHANGED")


def the_team_was_taken_off(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    scene.backup().disassociate_backup_vault_mpa_approval_team(BackupVaultName="gapped")
    vault = scene.backup().describe_backup_vault(BackupVaultName="gapped")
    scene.approve(vault["LatestMpaApprovalTeamUpdate"]["MpaSessionArn"])
    scene.vote_in_vain(session, ADA, BO)


def the_team_was_changed(scene: Scene) -> None:
    team = scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    scene.vote(session, "APPROVED", ADA)
    scene.mpa.update_approval_team(Arn=team, ApprovalStrategy={"MofN": {"MinApprovalsRequired": 3}})
    scene.approve(scene.mpa.get_approval_team(Arn=team)["UpdateSessionArn"])
    scene.vote_in_vain(session, BO)
    assert scene.session(session) == ("CANCELLED", "CONFIGURATION_CHANGED")


def the_team_was_deleted(scene: Scene) -> None:
    team = scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    scene.mpa.start_active_approval_team_deletion(Arn=team)
    scene.approve(scene.mpa.get_approval_team(Arn=team)["UpdateSessionArn"])
    scene.vote_in_vain(session, ADA, BO)
    assert scene.session(session)[0] == "CANCELLED"


def the_team_is_gone(scene: Scene) -> None:
    team = scene.guard()
    scene.mpa.start_active_approval_team_deletion(Arn=team)
    scene.approve(scene.mpa.get_approval_team(Arn=team)["UpdateSessionArn"])
    scene.ask_in_vain("ResourceNotFoundException")


def the_team_is_inactive(scene: Scene) -> None:
    scene.switch_mpa()
    team = scene.unanswered_team("quorum")
    scene.emulator.advance(DAY + 60)
    for account in (PAYMENTS, LANDING):
        scene.share(team, RECOVERY, account, "us-east-1")
    with pytest.raises(ClientError):
        scene.backup().associate_backup_vault_mpa_approval_team(BackupVaultName="gapped", MpaApprovalTeamArn=team)
    scene.ask_in_vain("InvalidRequestException")


def the_requester_tried_to_cancel(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    for account in (LANDING, PAYMENTS, RECOVERY):
        with pytest.raises(ClientError) as refusal:
            scene.client("mpa", account, "us-east-1").cancel_session(SessionArn=session)
        assert refusal.value.response["Error"]["Code"] == "AccessDeniedException"
    assert scene.session(session)[0] == "PENDING"


def the_request_was_withdrawn(scene: Scene) -> None:
    scene.guard()
    session = scene.ask_for_access(scene.vault_arn)
    scene.vote(session, "APPROVED", ADA)
    scene.backup(LANDING).delete_backup_vault(BackupVaultName=ACCESS)
    scene.vote(session, "APPROVED", BO)
    assert scene.mpa.get_session(SessionArn=session)["ExecutionStatus"] == "FAILED"


def the_team_is_not_shared(scene: Scene) -> None:
    scene.guard(shared_with=(PAYMENTS,))
    scene.ask_in_vain("InvalidRequestException")


def asked_in_another_region(scene: Scene) -> None:
    scene.guard()
    scene.ask_in_vain("InvalidParameterValueException", region="eu-central-1")


def asked_by_a_stranger(scene: Scene) -> None:
    scene.guard()
    scene.ask_in_vain("InvalidRequestException", account=AUDIT)
    scene.approve(scene.ask_for_access(scene.vault_arn))
    scene.assert_closed(AUDIT)
    scene.backup(LANDING).delete_backup_vault(BackupVaultName=ACCESS)


def the_opt_in_was_off(scene: Scene) -> None:
    scene.switch_mpa(on=False)
    team = scene.team()
    with pytest.raises(ClientError) as refusal:
        scene.backup().associate_backup_vault_mpa_approval_team(BackupVaultName="gapped", MpaApprovalTeamArn=team)
    assert refusal.value.response["Error"]["Code"] == "InvalidRequestException"
    scene.ask_in_vain("InvalidRequestException")


def nobody_was_put_in_charge(scene: Scene) -> None:
    scene.switch_mpa()
    scene.team()
    scene.ask_in_vain("InvalidRequestException")


def only_the_revocation_was_approved(scene: Scene) -> None:
    scene.guard()
    scene.approve(scene.ask_for_access(scene.vault_arn))
    access = scene.backup(LANDING).describe_backup_vault(BackupVaultName=ACCESS)["BackupVaultArn"]
    owner = scene.backup()
    owner.revoke_restore_access_backup_vault(BackupVaultName="gapped", RestoreAccessBackupVaultArn=access)
    (listed,) = owner.list_restore_access_backup_vaults(BackupVaultName="gapped")["RestoreAccessBackupVaults"]
    scene.approve(listed["LatestRevokeRequest"]["MpaSessionArn"])


WAYS: list[Callable[[Scene], None]] = [
    rejected,
    expired,
    below_the_threshold,
    voted_after_the_end,
    voted_for_another_request,
    voted_twice,
    voted_by_a_stranger,
    voted_by_people_who_left,
    voted_without_the_code,
    another_team_took_over,
    the_team_was_taken_off,
    the_team_was_changed,
    the_team_was_deleted,
    the_team_is_gone,
    the_team_is_inactive,
    the_requester_tried_to_cancel,
    the_request_was_withdrawn,
    the_team_is_not_shared,
    asked_in_another_region,
    asked_by_a_stranger,
    the_opt_in_was_off,
    nobody_was_put_in_charge,
    only_the_revocation_was_approved,
]


@pytest.fixture
def scene(emulator: Emulator) -> Scene:
    return Scene(emulator)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.replace("_", "-"))
def test_without_the_vote_nothing_of_the_vault_can_be_used(scene: Scene, way: Callable[[Scene], None]) -> None:
    way(scene)
    scene.assert_closed()


def test_a_share_that_its_account_has_not_accepted_gives_no_way_to_ask(scene: Scene) -> None:
    team = scene.guard(shared_with=(PAYMENTS,))
    scene.share(team, RECOVERY, AUDIT, "us-east-1", accept=False)
    scene.ask_in_vain("InvalidRequestException", account=AUDIT)
    scene.assert_closed(AUDIT)


@pytest.mark.parametrize("withdrawn", [False, True], ids=["opted-in", "opt-in-withdrawn-later"])
def test_with_the_vote_the_same_steps_open_the_vault(scene: Scene, withdrawn: bool) -> None:
    """That an opt-in which is withdrawn later leaves existing associations at work is inferred."""
    scene.guard()
    if withdrawn:
        scene.switch_mpa(on=False)
    session = scene.ask_for_access(scene.vault_arn)
    scene.assert_closed()
    scene.approve(session)
    points = scene.backup(LANDING).list_recovery_points_by_backup_vault(BackupVaultName=ACCESS)["RecoveryPoints"]
    assert [point["RecoveryPointArn"] for point in points] == [scene.point]
    backup = scene.backup(LANDING)
    job = backup.start_restore_job(RecoveryPointArn=scene.point, IamRoleArn=scene.landing_role, Metadata=LANDED)
    ended = finished(lambda: backup.describe_restore_job(RestoreJobId=job["RestoreJobId"]), "Status")
    assert ended["Status"] == "COMPLETED"
