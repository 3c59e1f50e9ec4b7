"""Our own programs rest on no guess: with every answer that AWS leaves open, teams live and requests are told truly."""

from pathlib import Path

import pytest

from airlock.clients.approvals import Approvals
from airlock.clients.backups import Backups
from airlock.domain.connection import Connection
from airlock.domain.inventory import Inventory, Landing, ProtectedVault, Team
from airlock.runbook.journal import Journal
from airlock.runbook.request import request
from airlock.runbook.status import status
from tests.emulator.backup_world import DAY, LANDING, PAYMENTS, RECOVERY, REGION
from tests.emulator.backup_world import World as Backup
from tests.providers.conftest import PEOPLE, Program, World, quorum

EVERY_CHOICE = [
    ("mpa.duplicate-team-name", "refused"),
    ("mpa.duplicate-team-name", "accepted"),
    ("mpa.foreign-arn", "AccessDenied"),
    ("mpa.foreign-arn", "ResourceNotFound"),
    ("mpa.pending-window-bounds", "none"),
    ("mpa.pending-window-bounds", "7-to-30"),
    ("mpa.pending-window-default", "none"),
    ("mpa.pending-window-default", "7-days"),
    ("mpa.rejections-that-end-a-session", "out-of-reach"),
    ("mpa.rejections-that-end-a-session", "threshold"),
    ("mpa.sessions-of-a-changed-team", "ended"),
    ("mpa.sessions-of-a-changed-team", "continue"),
    ("mpa.size-of-a-team", "model"),
    ("mpa.size-of-a-team", "guide"),
    ("mpa.status-of-a-changed-configuration", "CANCELLED"),
    ("mpa.status-of-a-changed-configuration", "FAILED"),
    ("mpa.unanimous-teams", "accepted"),
    ("mpa.unanimous-teams", "refused"),
    ("mpa.unanswered-sessions", "lapsed"),
    ("mpa.unanswered-sessions", "ended"),
    ("mpa.update-of-an-inactive-team", "no-vote"),
    ("mpa.update-of-an-inactive-team", "vote"),
]
either = pytest.mark.parametrize(("name", "option"), EVERY_CHOICE, ids=lambda value: str(value).removeprefix("mpa."))


def choose(world: World, name: str, option: str) -> None:
    world.emulator.control("POST", "choices", {"name": name, "option": option})


def test_the_list_is_complete(world: World) -> None:
    offered = world.emulator.control("GET", "choices")["choices"]
    ours = [(one["name"], option) for one in offered if one["name"].startswith("mpa.") for option in one["options"]]
    assert ours == EVERY_CHOICE


@pytest.fixture
def team(world: World) -> Program:
    return quorum(world)


@either
def test_a_team_lives_its_whole_life(world: World, team: Program, name: str, option: str) -> None:
    """Created, declined, invited anew, active, found again after a crash, changed by vote, read, removed by vote."""
    choose(world, name, option)
    team.settle()
    first = team.id
    world.answer(team.id, "ada.lind", response="REJECTED")
    team.settle()
    if option == "vote":
        repair = Approvals(Connection(**world.connection(RECOVERY))).get_team(team.id).update_session_arn
        world.vote(repair, "ada.lind", "bo.berg")
        team.settle()
    world.answer(team.id)
    team.settle()
    assert (team.id, team.status) == (first, "ACTIVE")

    team.id, team.state = "", {}
    team.settle()
    assert team.id == first, "A second team of the name would be one that no vault asks."

    team.up(description="Opens everything.")
    team.settle()
    world.vote(team.state["pending"]["session_arn"], "ada.lind", "bo.berg")
    team.refresh()
    assert (team.status, team.state["applied"]["description"]) == ("ACTIVE", "Opens everything.")
    assert team.is_idle()

    team.up(desired="absent")
    team.settle()
    assert team.status == "REMOVAL_PENDING"
    mpa = world.emulator.client("mpa", RECOVERY)
    world.vote(mpa.list_sessions(ApprovalTeamArn=team.id)["Sessions"][0]["SessionArn"], "ada.lind", "bo.berg")
    world.emulator.advance(8 * DAY)
    team.settle()
    assert team.status == "REMOVED"


class Responder:
    """The runbook in the landing account, for a vault that a team guards."""

    def __init__(self, world: World, folder: Path) -> None:
        self.backup = Backup(world.emulator)
        _, vault_arn = self.backup.guarded_point()
        self.team_arn = self.backup.backup().describe_backup_vault(BackupVaultName="gapped")["MpaApprovalTeamArn"]
        self.journal = Journal(folder / "journal.jsonl")
        self.inventory = inventory_of(vault_arn, self.team_arn)

    def backups(self, region: str) -> Backups:
        return Backups(Connection(account_id=LANDING, region=region, profile="landing"))

    def approvals(self) -> Approvals:
        return Approvals(Connection(account_id=LANDING, region="us-east-1", profile="landing"))

    def ask(self) -> tuple[str, str]:
        """A new request: the name of the access vault, and the session about it."""
        asked = request(self.inventory, "gapped", "INC-7", "it is gone", calls=self, journal=self.journal)
        described = self.backup.backup(LANDING).describe_backup_vault(BackupVaultName=asked.access_vault)
        return asked.access_vault, str(described["MpaSessionArn"])

    def outcome(self, name: str) -> str:
        return status(self.inventory, name, calls=self, journal=self.journal).outcome


def inventory_of(vault_arn: str, team_arn: str) -> Inventory:
    role = f"arn:aws:iam::{LANDING}:role/airlock"
    vault = ProtectedVault(
        name="gapped",
        arn=vault_arn,
        region=REGION,
        account_id=PAYMENTS,
        data_class="payments",
        team_arn=team_arn,
        min_retention_days=7,
        max_retention_days=90,
        rto_minutes=240,
        rpo_minutes=1440,
        resource_types=["S3"],
    )
    return Inventory(
        estate="test",
        pattern="cross-organization",
        written_at="2026-01-01T00:00:00Z",
        landing=Landing(
            account_id=LANDING, region=REGION, requester_role_arn=role, restore_role_arn=role, kms_key_arn=""
        ),
        teams=[Team(name="quorum", arn=team_arn, threshold=2, approvers=PEOPLE)],
        portal_url="",
        vaults=[vault],
        primary_account_ids=[PAYMENTS],
    )


@either
def test_a_request_is_told_truly_however_it_ends(world: World, tmp_path: Path, name: str, option: str) -> None:
    choose(world, name, option)
    responder = Responder(world, tmp_path)
    backup = responder.backup

    access, session = responder.ask()
    assert responder.outcome(access) == "WAITING"
    backup.reject(session)
    assert responder.outcome(access) == "REJECTED"

    access, session = responder.ask()
    backup.approve(session)
    assert responder.outcome(access) == "OPEN"

    access, session = responder.ask()
    mpa = backup.client("mpa", RECOVERY, "us-east-1")
    backup.backup().disassociate_backup_vault_mpa_approval_team(BackupVaultName="gapped")
    vault = backup.backup().describe_backup_vault(BackupVaultName="gapped")
    backup.approve(vault["LatestMpaApprovalTeamUpdate"]["MpaSessionArn"])
    assert mpa.get_session(SessionArn=session)["StatusCode"] == "CONFIGURATION_CHANGED"
    found = status(responder.inventory, access, calls=responder, journal=responder.journal)
    assert (found.outcome, "approval team was changed" in found.sentence) == ("ENDED", True)

    backup.backup().associate_backup_vault_mpa_approval_team(
        BackupVaultName="gapped", MpaApprovalTeamArn=responder.team_arn
    )
    access, _ = responder.ask()
    world.emulator.advance(DAY + 1)
    assert responder.outcome(access) == "EXPIRED"
