"""The emergency path through our clients, over the loopback: ask, vote, open, list, revoke. No Pulumi anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from airlock.clients import sessions
from airlock.clients.approvals import Approvals
from airlock.clients.backups import Backups
from airlock.clients.identity import Identity
from airlock.clients.organizations import Organizations
from airlock.clients.sharing import Sharing
from airlock.clients.waiting import Patience
from airlock.domain.connection import Connection
from airlock.domain.errors import AccessDenied, NotFound, RefusedByAws
from tests.emulator.conftest import BUNKER, LANDING, MANAGEMENT, RECOVERY, Emulator

HOME = "eu-west-1"
PEOPLE = ("ada.lind", "bo.berg", "cleo.dahl")
AT_ONCE = Patience(seconds=5, every=0, sleep=lambda _: None)


@dataclass
class Estate:
    """A vault with a team that two accounts share, made with our own clients."""

    emulator: Emulator
    team_arn: str = ""
    vault_arn: str = ""
    approver_ids: tuple[str, ...] = ()

    def connection(self, account: str, profile: str) -> Connection:
        return Connection(account_id=account, region=HOME, profile=profile)

    @property
    def bunker(self) -> Backups:
        return Backups(self.connection(BUNKER, "bunker"), AT_ONCE)

    @property
    def landing(self) -> Backups:
        return Backups(self.connection(LANDING, "landing"), AT_ONCE)

    def vote(self, session_arn: str, *people: int, response: str = "APPROVED") -> None:
        for one in people:
            vote = {"session_arn": session_arn, "identity_id": self.approver_ids[one], "response": response}
            self.emulator.control("POST", "votes", vote)


@pytest.fixture
def estate(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Estate]:
    emulator.seed()
    config = tmp_path / "config"
    config.write_text(emulator.control("GET", "aws-config"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    sessions.forget()
    made = Estate(emulator)
    _make_team(made)
    _make_vault(made)
    yield made
    sessions.forget()


def _make_team(estate: Estate) -> None:
    recovery = estate.connection(RECOVERY, "recovery")
    approvals, identity = Approvals(recovery), Identity(recovery, "us-east-1")
    instance = identity.instance()
    source = approvals.create_identity_source(instance.arn, "us-east-1", "t", {"airlock:owner": "o"})
    assert approvals.tags(source) == {"airlock:owner": "o"}
    estate.approver_ids = tuple(identity.user_id(instance.identity_store_id, one) for one in PEOPLE)
    assert identity.user(instance.identity_store_id, estate.approver_ids[0]).email.startswith("ada.lind@")
    estate.team_arn = approvals.create_team(
        name="quorum",
        description="d",
        threshold=2,
        approver_ids=estate.approver_ids,
        identity_source_arn=source,
        token="t",
        tags={},
    )
    AT_ONCE.until(
        lambda: approvals.get_team(estate.team_arn), lambda team: team.status_code == "PENDING_ACTIVATION", "invited"
    )
    for one in estate.approver_ids:
        answer = {"team_arn": estate.team_arn, "identity_id": one, "response": "ACCEPTED"}
        estate.emulator.control("POST", "invitations", answer)


def _make_vault(estate: Estate) -> None:
    backup = estate.emulator.client("backup", BUNKER, HOME)
    estate.vault_arn = backup.create_logically_air_gapped_backup_vault(
        BackupVaultName="orders-2026", MinRetentionDays=7, MaxRetentionDays=90
    )["BackupVaultArn"]
    share = estate.emulator.client("ram", RECOVERY).create_resource_share(
        name="quorum", resourceArns=[estate.team_arn], principals=[BUNKER, LANDING], allowExternalPrincipals=True
    )["resourceShare"]["resourceShareArn"]
    for account, profile in ((BUNKER, "bunker"), (LANDING, "landing")):
        sharing = Sharing(estate.connection(account, profile), "us-east-1", AT_ONCE)
        sharing.accept(sharing.wait_for_invitation(share).arn, "t")
        assert sharing.received_share(share) is not None
    management = estate.emulator.client("backup", MANAGEMENT, HOME)
    management.update_global_settings(GlobalSettings={"isMpaEnabled": "true"})
    estate.bunker.wait_until_available("orders-2026")
    estate.bunker.associate_team("orders-2026", estate.team_arn)


def test_access_opens_with_the_second_vote_and_is_taken_back_by_a_vote(estate: Estate) -> None:
    landing, bunker = estate.landing, estate.bunker
    made = landing.create_restore_access_vault(estate.vault_arn, "orders-INC-1", "INC-1-1", "drill")
    asked = landing.describe_vault("orders-INC-1")
    assert (made.state, asked.type, asked.source_arn) == (
        "CREATING",
        "RESTORE_ACCESS_BACKUP_VAULT",
        estate.vault_arn,
    )
    session = Approvals(landing.connection).get_session(asked.session_arn)
    assert (session.threshold, session.approvers, session.requester_account) == (2, 3, LANDING)

    estate.vote(asked.session_arn, 0)
    assert landing.describe_vault("orders-INC-1").state == "CREATING"
    estate.vote(asked.session_arn, 1)
    assert landing.wait_until_available("orders-INC-1").state == "AVAILABLE"
    assert landing.list_recovery_points("orders-INC-1") == []
    votes = Approvals(landing.connection).get_session(asked.session_arn).votes
    assert sorted(one.response for one in votes) == ["APPROVED", "APPROVED", "NO_RESPONSE"]

    held = bunker.list_restore_access_vaults("orders-2026")
    assert [one.arn for one in held] == [made.arn]
    bunker.revoke_restore_access_vault("orders-2026", made.arn, "over")
    revoke = bunker.list_restore_access_vaults("orders-2026")[0].last_revoke
    assert revoke is not None
    assert revoke.status == "PENDING"
    estate.vote(revoke.session_arn, 1, 2)
    assert landing.find_vault("orders-INC-1") is None


def test_a_rejected_request_opens_nothing(estate: Estate) -> None:
    landing = estate.landing
    landing.create_restore_access_vault(estate.vault_arn, "orders-INC-2", "INC-2-1", "attack")
    session = landing.describe_vault("orders-INC-2").session_arn
    estate.vote(session, 0, 1, response="REJECTED")
    found = Approvals(landing.connection).get_session(session)
    assert (found.status, found.status_code) == ("FAILED", "REJECTED")
    vault = landing.find_vault("orders-INC-2")
    assert vault is None or vault.state != "AVAILABLE"


def test_the_landing_side_can_give_access_back_and_the_name_is_free_when_it_is_gone(estate: Estate) -> None:
    landing = estate.landing
    landing.create_restore_access_vault(estate.vault_arn, "orders-INC-3", "INC-3-1", "drill")
    estate.vote(landing.describe_vault("orders-INC-3").session_arn, 0, 1)
    landing.wait_until_available("orders-INC-3")
    landing.delete_vault("orders-INC-3")
    landing.wait_until_gone("orders-INC-3")
    assert landing.find_vault("orders-INC-3") is None


def test_the_name_of_a_deleted_vault_is_waited_for(estate: Estate) -> None:
    choice = {"name": "backup.deleted-vault", "option": "gone-after-minutes"}
    estate.emulator.control("POST", "choices", choice)
    backup = estate.emulator.client("backup", BUNKER, HOME)
    vault = {"BackupVaultName": "short-lived", "MinRetentionDays": 7, "MaxRetentionDays": 90}
    backup.create_logically_air_gapped_backup_vault(**vault)

    def pause(seconds: float) -> None:
        estate.emulator.advance(seconds)

    bunker = Backups(estate.bunker.connection, Patience(seconds=300, every=60, sleep=pause))
    bunker.delete_vault("short-lived")
    bunker.wait_until_gone("short-lived")
    backup.create_logically_air_gapped_backup_vault(**vault)


@pytest.mark.parametrize(("option", "waited"), [("first-three-tries", [1, 2, 4]), ("every-second-try", [1, 1])])
def test_changes_of_the_organization_that_collide_are_made_in_the_end(
    estate: Estate, option: str, waited: list[float]
) -> None:
    estate.emulator.control("POST", "choices", {"name": "organizations.collisions", "option": option})
    pauses: list[float] = []
    organizations = Organizations(estate.connection(MANAGEMENT, "management"), Patience(sleep=pauses.append))
    root = organizations.root()
    for policy_type in ("SERVICE_CONTROL_POLICY", "BACKUP_POLICY"):
        organizations.enable_policy_type(root.id, policy_type)
    assert organizations.root().policy_types == {"SERVICE_CONTROL_POLICY": "ENABLED", "BACKUP_POLICY": "ENABLED"}
    assert pauses == waited


def test_nobody_else_can_ask_the_team(estate: Estate) -> None:
    stranger = Backups(estate.connection(MANAGEMENT, "management"))
    with pytest.raises(RefusedByAws):
        stranger.create_restore_access_vault(estate.vault_arn, "orders-INC-4", "INC-4-1", "attack")
    with pytest.raises((NotFound, AccessDenied)):
        Approvals(stranger.connection).get_team(estate.team_arn)
