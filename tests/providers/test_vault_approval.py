"""The team of a vault: associated at once, changed and taken off by a vote. Two organizations, as in production."""

from dataclasses import dataclass

import pytest

from airlock.domain.errors import Conflict, OneWayDoor
from airlock.providers.share_acceptance import ShareAcceptanceProvider
from airlock.providers.vault_approval import VaultApprovalProvider
from tests.providers.conftest import BUNKER, MANAGEMENT, RECOVERY, Program, World

HOME = "eu-west-1"
POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT"


@dataclass
class Teams:
    """Teams of the recovery organization and the RAM shares of them."""

    world: World
    source: str = ""

    def make(self, name: str, *, active: bool = True) -> str:
        mpa = self.world.emulator.client("mpa", RECOVERY)
        if not self.source:
            instance = self.world.emulator.client("sso-admin", RECOVERY).list_instances()["Instances"][0]["InstanceArn"]
            parameters = {"IamIdentityCenter": {"InstanceArn": instance, "Region": "us-east-1"}}
            self.source = mpa.create_identity_source(IdentitySourceParameters=parameters)["IdentitySourceArn"]
            mpa.get_identity_source(IdentitySourceArn=self.source)
            mpa.get_identity_source(IdentitySourceArn=self.source)
        people = self.world.people.values()
        arn: str = mpa.create_approval_team(
            Name=name,
            Description=name,
            ApprovalStrategy={"MofN": {"MinApprovalsRequired": 2}},
            Approvers=[{"PrimaryIdentityId": one, "PrimaryIdentitySourceArn": self.source} for one in people],
            Policies=[{"PolicyArn": POLICY}],
        )["Arn"]
        mpa.get_approval_team(Arn=arn)
        if active:
            self.activate(arn)
        return arn

    def activate(self, arn: str) -> None:
        self.world.emulator.client("mpa", RECOVERY).get_approval_team(Arn=arn)
        self.world.answer(arn)

    def share(self, name: str, arn: str, account: str = BUNKER) -> str:
        ram = self.world.emulator.client("ram", RECOVERY)
        shared = ram.create_resource_share(
            name=name, resourceArns=[arn], principals=[account], allowExternalPrincipals=True
        )
        return str(shared["resourceShare"]["resourceShareArn"])

    def accept(self, share_arn: str) -> None:
        ram = self.world.emulator.client("ram", BUNKER)
        pending = ram.get_resource_share_invitations(resourceShareArns=[share_arn])["resourceShareInvitations"]
        ram.accept_resource_share_invitation(resourceShareInvitationArn=pending[0]["resourceShareInvitationArn"])


def opt_in(world: World, value: str = "true") -> None:
    world.emulator.client("backup", MANAGEMENT, HOME).update_global_settings(GlobalSettings={"isMpaEnabled": value})


@pytest.fixture
def teams(world: World) -> Teams:
    return Teams(world)


@pytest.fixture
def vault_arn(world: World) -> str:
    backup = world.emulator.client("backup", BUNKER, HOME)
    made = backup.create_logically_air_gapped_backup_vault(
        BackupVaultName="orders-2026", MinRetentionDays=7, MaxRetentionDays=90
    )
    for _ in range(2):
        backup.describe_backup_vault(BackupVaultName="orders-2026")
    return str(made["BackupVaultArn"])


def approval(world: World, vault_arn: str, team_arn: str) -> Program:
    inputs = {
        "connection": world.connection(BUNKER, HOME),
        "vault_name": "orders-2026",
        "vault_arn": vault_arn,
        "team_arn": team_arn,
        "owner": "airlock/vault/orders-2026",
        "desired": "present",
    }
    return Program(VaultApprovalProvider(), world, inputs)


@pytest.fixture
def associated(world: World, teams: Teams, vault_arn: str) -> Program:
    opt_in(world)
    team = teams.make("quorum")
    teams.accept(teams.share("quorum", team))
    program = approval(world, vault_arn, team)
    assert program.settle() == ["AssociateBackupVaultMpaApprovalTeam"]
    return program


class TestTheFirstAssociation:
    def test_waits_for_the_opt_in_then_the_share_then_the_team_and_then_takes_effect(
        self, world: World, teams: Teams, vault_arn: str
    ) -> None:
        team = teams.make("quorum", active=False)
        program = approval(world, vault_arn, team)
        assert program.settle() == []
        assert program.status == "WAITING_FOR_OPT_IN"
        assert "isMpaEnabled" in program.waiting

        opt_in(world)
        assert program.settle() == []
        assert program.status == "WAITING_FOR_SHARE"

        teams.accept(teams.share("quorum", team))
        assert program.settle() == []
        assert program.status == "WAITING_FOR_TEAM"
        assert "must accept their invitations" in program.waiting

        teams.activate(team)
        assert program.settle() == ["AssociateBackupVaultMpaApprovalTeam"]
        assert (program.status, program.waiting, program.state["applied_team_arn"]) == ("ASSOCIATED", "", team)
        assert program.id == vault_arn

    def test_that_happened_before_the_run_was_killed_is_found_by_the_next_create(self, associated: Program) -> None:
        associated.id, associated.state = "", {}
        assert associated.up() == []
        assert associated.status == "ASSOCIATED"

    def test_with_a_vault_that_is_not_there_is_refused(self, world: World, teams: Teams, vault_arn: str) -> None:
        program = approval(
            world, vault_arn.replace("orders-2026", "missing"), "arn:aws:mpa:us-east-1:7:approval-team/q"
        )
        program.inputs["vault_name"] = "missing"
        with pytest.raises(OneWayDoor, match="There is no vault `missing`"):
            program.up()


class TestAChangeOfTheTeam:
    @pytest.fixture
    def moving(self, associated: Program, teams: Teams) -> Program:
        teams.source = associated.world.emulator.client("mpa", RECOVERY).list_identity_sources()["IdentitySources"][0][
            "IdentitySourceArn"
        ]
        second = teams.make("second")
        teams.accept(teams.share("second", second))
        assert associated.up(team_arn=second) == ["AssociateBackupVaultMpaApprovalTeam"]
        return associated

    def test_is_asked_for_once_and_takes_effect_with_the_vote(self, moving: Program) -> None:
        assert moving.settle() == []
        assert moving.status == "CHANGE_PENDING_APPROVAL"
        assert moving.state["session_arn"] in moving.waiting
        moving.world.vote(moving.state["session_arn"], "ada.lind", "bo.berg")
        assert moving.settle() == []
        assert (moving.status, moving.state["applied_team_arn"]) == ("ASSOCIATED", moving.inputs["team_arn"])

    def test_that_was_refused_is_not_asked_for_again(self, moving: Program) -> None:
        moving.settle()
        moving.world.vote(moving.state["session_arn"], "ada.lind", "bo.berg", response="REJECTED")
        assert moving.settle() == []
        assert moving.status == "CHANGE_REFUSED"
        moving.refresh()
        assert moving.is_idle()

    def test_that_was_taken_back_and_made_again_is_asked_for_again(self, moving: Program) -> None:
        first, second = moving.state["applied_team_arn"], moving.inputs["team_arn"]
        moving.settle()
        moving.world.vote(moving.state["session_arn"], "ada.lind", "bo.berg", response="REJECTED")
        moving.settle()
        assert moving.up(team_arn=first) == []
        assert moving.status == "ASSOCIATED"
        assert moving.up(team_arn=second) == ["AssociateBackupVaultMpaApprovalTeam"]

    def test_that_somebody_else_asked_for_is_shown_as_such(self, moving: Program) -> None:
        first = moving.state["applied_team_arn"]
        assert moving.up(team_arn=first) == []
        assert moving.status == "CHANGE_PENDING_APPROVAL"
        assert "this program did not ask for" in moving.waiting


class TestTheRemoval:
    def test_is_voted_on_and_ends_removed(self, associated: Program) -> None:
        assert associated.up(desired="absent") == ["DisassociateBackupVaultMpaApprovalTeam"]
        assert associated.settle() == []
        assert associated.status == "REMOVAL_PENDING"
        associated.world.vote(associated.state["session_arn"], "ada.lind", "bo.berg")
        assert associated.settle() == []
        assert (associated.status, associated.waiting) == ("REMOVED", "")
        associated.provider.delete(associated.id, dict(associated.state))

    def test_that_was_refused_shows_so_and_is_not_asked_for_again(self, associated: Program) -> None:
        associated.up(desired="absent")
        associated.world.vote(associated.state["session_arn"], "ada.lind", "bo.berg", response="REJECTED")
        assert associated.settle() == []
        assert associated.status == "REMOVAL_REFUSED"
        assert associated.up(desired="present") == []
        assert associated.up(desired="absent") == ["DisassociateBackupVaultMpaApprovalTeam"]

    def test_by_the_engine_starts_no_vote_and_says_how_to_do_it(self, associated: Program) -> None:
        since = associated.world.seq()
        with pytest.raises(Conflict, match="desired: absent"):
            associated.provider.delete(associated.id, dict(associated.state))
        assert associated.world.writes_since(since) == []


class TestATeamThatVanishedFromItsVault:
    @pytest.fixture
    def lost(self, associated: Program) -> Program:
        backup = associated.world.emulator.client("backup", BUNKER, HOME)
        backup.disassociate_backup_vault_mpa_approval_team(BackupVaultName="orders-2026")
        session = backup.describe_backup_vault(BackupVaultName="orders-2026")["LatestMpaApprovalTeamUpdate"]
        associated.world.vote(session["MpaSessionArn"], "ada.lind", "bo.berg")
        associated.refresh()
        return associated

    def test_stays_in_the_state_as_gone_and_stops_the_next_run(self, lost: Program) -> None:
        assert lost.status == "GONE"
        assert "find out who asked" in lost.preview()[0]
        with pytest.raises(OneWayDoor, match="find out who asked"):
            lost.provider.update(lost.id, dict(lost.state), dict(lost.inputs))

    def test_is_associated_again_only_when_the_program_says_so(self, lost: Program) -> None:
        assert lost.up(recreate=True) == ["AssociateBackupVaultMpaApprovalTeam"]
        assert lost.status == "ASSOCIATED"


def test_a_vault_of_another_account_than_the_connection_is_refused_in_the_preview(world: World) -> None:
    program = approval(world, "arn:aws:backup:eu-west-1:999999999999:backup-vault:orders-2026", "t")
    checked = program.provider.check({}, dict(program.inputs))
    assert [one.property for one in checked.failures] == ["vault_arn"]


class TestShareAcceptance:
    def shared(self, world: World, share_arn: str) -> Program:
        inputs = {
            "connection": world.connection(BUNKER, HOME),
            "share_arn": share_arn,
            "owner_account": RECOVERY,
            "owner": "airlock/vault/share",
        }
        return Program(ShareAcceptanceProvider(), world, inputs)

    def test_an_invitation_is_accepted_in_the_region_of_the_share_whatever_the_connection_says(
        self, world: World, teams: Teams
    ) -> None:
        share = teams.share("quorum", teams.make("quorum"))
        program = self.shared(world, share)
        assert program.settle() == ["AcceptResourceShareInvitation"]
        assert (program.id, program.status, program.waiting) == (share, "ACCEPTED", "")

    def test_a_create_that_was_killed_accepts_nothing_twice(self, world: World, teams: Teams) -> None:
        program = self.shared(world, teams.share("quorum", teams.make("quorum")))
        program.settle()
        program.id, program.state = "", {}
        assert program.up() == []
        assert program.status == "ACCEPTED"

    def test_inside_one_organization_there_is_nothing_to_accept(self, world: World) -> None:
        world.emulator.client("ram", MANAGEMENT).enable_sharing_with_aws_organization()
        backup = world.emulator.client("backup", MANAGEMENT, HOME)
        vault = backup.create_logically_air_gapped_backup_vault(
            BackupVaultName="v-2026", MinRetentionDays=7, MaxRetentionDays=90
        )["BackupVaultArn"]
        ram = world.emulator.client("ram", MANAGEMENT, HOME)
        share = ram.create_resource_share(name="v", resourceArns=[vault], principals=[BUNKER])["resourceShare"]
        program = self.shared(world, share["resourceShareArn"])
        program.inputs["owner_account"] = MANAGEMENT
        assert program.settle() == []
        assert program.status == "NOTHING_TO_ACCEPT"
        program.provider.delete(program.id, dict(program.state))

    def test_a_lapsed_invitation_names_the_owners_commands(self, world: World, teams: Teams) -> None:
        share = teams.share("quorum", teams.make("quorum"))
        world.emulator.advance(12 * 3600 + 60)
        program = self.shared(world, share)
        assert program.settle() == []
        assert program.status == "LAPSED"
        assert f"associate-resource-share --resource-share-arn {share} --principals {BUNKER}" in program.waiting

    def test_a_lapsed_invitation_is_renewed_and_accepted_in_one_run_if_the_owner_is_in_our_hands(
        self, world: World, teams: Teams
    ) -> None:
        share = teams.share("quorum", teams.make("quorum"))
        world.emulator.advance(12 * 3600 + 60)
        program = self.shared(world, share)
        assert program.settle() == []
        writes = program.up(reinvite=world.connection(RECOVERY))
        assert writes[-2:] == ["AssociateResourceShare", "AcceptResourceShareInvitation"]
        assert program.status == "ACCEPTED"

    def test_a_share_that_its_owner_ended_is_gone_and_comes_back_with_a_new_invitation(
        self, world: World, teams: Teams
    ) -> None:
        share = teams.share("quorum", teams.make("quorum"))
        program = self.shared(world, share)
        program.settle()
        ram = world.emulator.client("ram", RECOVERY)
        ram.disassociate_resource_share(resourceShareArn=share, principals=[BUNKER])
        assert program.settle() == []
        assert program.status == "GONE"
        program.provider.delete(program.id, dict(program.state))
        ram.associate_resource_share(resourceShareArn=share, principals=[BUNKER])
        assert program.settle() == ["AcceptResourceShareInvitation"]
        assert program.status == "ACCEPTED"

    def test_the_engines_delete_never_leaves_a_share_that_is_in_use(self, world: World, teams: Teams) -> None:
        program = self.shared(world, teams.share("quorum", teams.make("quorum")))
        program.settle()
        since = world.seq()
        with pytest.raises(Conflict, match="only way in"):
            program.provider.delete(program.id, dict(program.state))
        assert world.writes_since(since) == []

    def test_a_share_that_nobody_made_yet_is_waited_for(self, world: World) -> None:
        program = self.shared(
            world, f"arn:aws:ram:us-east-1:{RECOVERY}:resource-share/0a1b2c3d-0000-4000-8000-000000000000"
        )
        assert program.settle() == []
        assert program.status == "WAITING_FOR_SHARE"
        assert f"the stack of account {RECOVERY}" in program.waiting
