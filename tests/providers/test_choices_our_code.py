"""Our own programs rest on no guess: with every answer that AWS leaves open, they lead from a team to restored data.

The choices are read from the emulator's modules, so that a new one is tested without a word here.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from airlock.clients import organizations
from airlock.clients.approvals import Approvals
from airlock.clients.backups import Backups
from airlock.domain.connection import Connection
from airlock.domain.inventory import Inventory, Landing, ProtectedVault, Team
from airlock.providers.policy_type import EnabledPolicyTypeProvider
from airlock.providers.share_acceptance import ShareAcceptanceProvider
from airlock.providers.vault_approval import VaultApprovalProvider
from airlock.runbook.journal import Journal
from airlock.runbook.request import request
from airlock.runbook.restore import Clock, RestoreOptions, restore
from airlock.runbook.status import AccessStatus, status
from airlock.runbook.teardown import teardown
from emulator.moto import install
from emulator.world import choices
from tests.emulator.worlds.backup import DAY, LANDING, MANAGEMENT, PAYMENTS, RECOVERY, REGION
from tests.emulator.worlds.backup import World as Backup
from tests.providers.conftest import PEOPLE, Program, World, quorum

ROOT = Path(__file__).parents[2]
# What was deployed is used later: AWS takes its time to know a new role, and to share.
WHILE = 600
install.install()
OTHER_ANSWERS = [(choice.name, option) for choice in choices.all_choices() for option in choice.options[1:]]


class Estate:
    """Two organizations with a backup in them, and what our program and our runbook do there, step by step."""

    def __init__(self, world: World, folder: Path, name: str, option: str) -> None:
        self.world = world
        self.choose(name, option)
        self.backup = Backup(world.emulator)
        self.choose(name, default(name))  # What stands before our code comes does not depend on the answer.
        self.point_arn, self.vault_arn = self.backup.air_gapped_point()
        self.choose(name, option)
        self.team = quorum(world)
        self.journal = Journal(folder / "journal.jsonl")

    def choose(self, name: str, option: str) -> None:
        self.world.emulator.control("POST", "choices", {"name": name, "option": option})

    def team_is_formed(self) -> None:
        """Created, declined, invited anew, active."""
        self.team.settle()
        self.world.answer(self.team.id, "ada.lind", response="REJECTED")
        self.team.settle()
        repair = Approvals(Connection(**self.world.connection(RECOVERY))).get_team(self.team.id).update_session_arn
        if repair:
            self.world.vote(repair, "ada.lind", "bo.berg")
            self.team.settle()
        self.world.answer(self.team.id)
        self.team.settle()
        assert self.team.status == "ACTIVE"

    def team_is_found_again_and_changed_by_vote(self) -> None:
        first, self.team.id, self.team.state = self.team.id, "", {}
        self.team.settle()
        assert self.team.id == first, "A second team of the name would be one that no vault asks."
        self.team.up(description="Opens everything.")
        self.team.settle()
        self.world.vote(self.team.state["pending"]["session_arn"], "ada.lind", "bo.berg")
        self.team.refresh()
        assert (self.team.status, self.team.state["applied"]["description"]) == ("ACTIVE", "Opens everything.")
        assert self.team.is_idle()

    def organization_is_prepared(self) -> None:
        for policy_type in ("SERVICE_CONTROL_POLICY", "BACKUP_POLICY"):
            inputs = {"connection": self.world.connection(MANAGEMENT), "policy_type": policy_type, "owner": "o"}
            program = Program(EnabledPolicyTypeProvider(), self.world, inputs)
            program.settle()
            assert program.status == "ENABLED"

    def share_is_accepted(self, account: str) -> None:
        owner = self.world.emulator.client("ram", RECOVERY)
        share = owner.create_resource_share(
            name=f"for-{account}", resourceArns=[self.team.id], principals=[account], allowExternalPrincipals=True
        )["resourceShare"]["resourceShareArn"]
        inputs = {
            "connection": self.world.connection(account),
            "share_arn": share,
            "owner_account": RECOVERY,
            "owner": "airlock/vault/share",
        }
        program = Program(ShareAcceptanceProvider(), self.world, inputs)
        program.settle()
        assert program.status in ("ACCEPTED", "NOTHING_TO_ACCEPT")

    def vault_gets_its_team(self) -> Program:
        """Waits for the opt-in and for the share, each of which the program tells."""
        inputs = {
            "connection": self.world.connection(PAYMENTS, REGION),
            "vault_name": "gapped",
            "vault_arn": self.vault_arn,
            "team_arn": self.team.id,
            "owner": "airlock/vault/gapped",
            "desired": "present",
        }
        program = Program(VaultApprovalProvider(), self.world, inputs)
        program.settle()
        assert program.status == "WAITING_FOR_OPT_IN"
        self.backup.switch_mpa()
        program.settle()
        assert program.status == "WAITING_FOR_SHARE"
        self.share_is_accepted(PAYMENTS)
        writes = program.settle()
        self.world.emulator.advance(WHILE)
        assert writes + program.settle() == ["AssociateBackupVaultMpaApprovalTeam"]
        assert program.status == "ASSOCIATED"
        return program

    def responder_is_ready(self) -> None:
        """What the stack of the landing account makes for the runbook: the team's share, the role and the key."""
        self.share_is_accepted(LANDING)
        role = self.backup.role(LANDING, "airlock-restore")
        key = self.backup.client("kms", LANDING).create_key()["KeyMetadata"]["Arn"]
        landing = Landing(
            account_id=LANDING, region=REGION, requester_role_arn=role, restore_role_arn=role, kms_key_arn=key
        )
        self.inventory = inventory_of(self.vault_arn, self.team.id, landing)
        self.world.emulator.advance(WHILE)

    def backups(self, region: str) -> Backups:
        """The runbook's own clients, without its role: each world would need new ones."""
        return Backups(Connection(account_id=LANDING, region=region, profile="landing"))

    def approvals(self) -> Approvals:
        return Approvals(Connection(account_id=LANDING, region="us-east-1", profile="landing"))

    def ask(self) -> tuple[str, str]:
        """A new request: the name of the access vault, and the session about it."""
        asked = request(self.inventory, "gapped", "INC-7", "it is gone", calls=self, journal=self.journal)
        found = self.found(asked.access_vault)
        assert found.outcome == "WAITING"
        return asked.access_vault, found.session_arn

    def found(self, access: str) -> AccessStatus:
        return status(self.inventory, access, calls=self, journal=self.journal)

    def restored(self, access: str) -> bytes:
        """The content of the bucket that the runbook restores."""
        options = RestoreOptions(before=datetime.now(UTC) + timedelta(hours=1))
        none = Clock(sleep=lambda _: None)
        recovery = restore(self.inventory, access, options, calls=self, journal=self.journal, clock=none)
        assert recovery.exit_code == 0, recovery.sentence
        bucket = recovery.restored[0].created.rpartition(":")[2]
        content: bytes = self.backup.client("s3", LANDING).get_object(Bucket=bucket, Key="ledger")["Body"].read()
        return content


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the tries of a change that collides."""
    monkeypatch.setattr(organizations, "PAUSES", (0,) * len(organizations.PAUSES))


def default(name: str) -> str:
    return next(choice.options[0] for choice in choices.all_choices() if choice.name == name)


def inventory_of(vault_arn: str, team_arn: str, landing: Landing) -> Inventory:
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
        landing=landing,
        teams=[Team(name="quorum", arn=team_arn, threshold=2, approvers=PEOPLE)],
        portal_url="",
        vaults=[vault],
        primary_account_ids=[PAYMENTS],
    )


@pytest.mark.parametrize(("name", "option"), OTHER_ANSWERS)
def test_from_the_team_to_the_data_and_to_the_end_of_the_team(
    world: World, tmp_path: Path, name: str, option: str
) -> None:
    estate = Estate(world, tmp_path, name, option)
    world.people = estate.backup.people()
    estate.organization_is_prepared()
    estate.team_is_formed()
    guarded = estate.vault_gets_its_team()
    estate.responder_is_ready()
    estate.team_is_found_again_and_changed_by_vote()

    refused, session = estate.ask()
    world.vote(session, "ada.lind", "bo.berg", response="REJECTED")
    assert estate.found(refused).outcome == "REJECTED"

    opened, session = estate.ask()
    world.vote(session, "ada.lind", "bo.berg")
    assert estate.found(opened).outcome == "OPEN"
    assert estate.restored(opened) == b"in the black"
    teardown(estate.inventory, opened, calls=estate, journal=estate.journal)

    unanswered, _ = estate.ask()
    world.emulator.advance(DAY + 1)
    assert estate.found(unanswered).outcome == "EXPIRED"

    overtaken, _ = estate.ask()
    guarded.up(desired="absent")
    guarded.settle()
    world.vote(guarded.state["session_arn"], "ada.lind", "bo.berg")
    guarded.settle()
    assert guarded.status == "REMOVED"
    told = estate.found(overtaken)
    assert (told.outcome, "approval team was changed" in told.sentence) == ("ENDED", True)

    estate.team.up(desired="absent")
    estate.team.settle()
    sessions = world.emulator.client("mpa", RECOVERY).list_sessions(ApprovalTeamArn=estate.team.id)["Sessions"]
    pending = [one["SessionArn"] for one in sessions if one["Status"] in ("CREATING", "PENDING")]
    world.vote(pending[0], "ada.lind", "bo.berg")
    world.emulator.advance(8 * DAY)
    estate.team.settle()
    assert estate.team.status == "REMOVED"


def test_the_server_offers_these_choices_and_no_others(world: World) -> None:
    offered = world.emulator.control("GET", "choices")["choices"]
    assert [(one["name"], option) for one in offered for option in one["options"][1:]] == OTHER_ANSWERS


def test_a_choice_is_known_before_its_service_was_called() -> None:
    """Whether a choice can be taken must not depend on what was called first."""
    offering = set()
    for file in (ROOT / "emulator").rglob("*.py"):
        if re.search(r"^ *choices\.offer\(", file.read_text(), re.MULTILINE):
            path = file.relative_to(ROOT).with_suffix("").as_posix()
            offering.add(path.replace("emulator/moto-services/", "moto/").replace("/", "."))
    assert offering == set(choices.OFFERING)
