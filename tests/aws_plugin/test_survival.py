"""What our components do where the plugin is unkind: accidents and ends, with the real engine."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from airlock.deploy.adoption import adopt_pending_creates, way_to_adopt, with_pending
from airlock.deploy.state import State
from tests.emulator.conftest import AUDIT, LANDING, MANAGEMENT, PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.recovery import Recovery
from tests.engine.support import Project, make_project
from tools.aws_plugin.install import install

pytestmark = pytest.mark.engine

HEAD = """
import pulumi
import pulumi_aws as aws

from airlock.domain.connection import Connection


def into(account, profile):
    provider = aws.Provider(profile, region="eu-west-1", profile=profile, allowed_account_ids=[account])
    return pulumi.ResourceOptions(providers=[provider])

"""
FOUNDATION = f"""{HEAD}
from components.organization_foundation import OrganizationFoundation, OrganizationFoundationArgs

connection = Connection(account_id="{MANAGEMENT}", region="eu-west-1", profile="management")
args = OrganizationFoundationArgs(connection=connection, backup_admin_account_id="{AUDIT}")
OrganizationFoundation("organization", args, into("{MANAGEMENT}", "management"))
"""
DEFAULT_KEY = f"""{HEAD}
from components.recovery_landing import RecoveryLanding, RecoveryLandingArgs

args = RecoveryLandingArgs(account_id="{LANDING}", region="eu-west-1")
pulumi.export("key", RecoveryLanding("landing", args, into("{LANDING}", "landing")).kms_key_arn)
"""
SHARED_TEAM = f"""{HEAD}
from components.team_sharing import TeamSharing, TeamSharingArgs

args = TeamSharingArgs(
    share_name="airlock-team",
    team_arn=pulumi.Config().require("team"),
    account_ids={{"payments": "{PAYMENTS}"}},
    outside_organization=True,
)
TeamSharing("quorum", args, into("{RECOVERY}", "recovery"))
"""


SOMEBODY_ELSES = f"""{HEAD}
group = pulumi.ComponentResource("airlock:components:Group", "group", None, into("{PAYMENTS}", "payments"))
aws.backup.Vault("north", name="north", region="eu-north-1", opts=pulumi.ResourceOptions(parent=group))
"""
ELSEWHERE = f"""{HEAD}
opts = pulumi.ResourceOptions(provider=into("{PAYMENTS}", "payments").providers[0])
aws.backup.Vault("north", name="north", region="eu-north-1", opts=opts)
"""


@pytest.fixture
def place(aws: Emulator, tmp_path: Path, engine_on_path: Path, project_root: Path, monkeypatch: Any) -> Path:
    """Where a program that uses our components is run by the engine, with the installed plugin."""
    install(Path(os.environ["PULUMI_HOME"]))
    monkeypatch.setenv("PYTHONPATH", str(project_root))
    return tmp_path / "project"


def program(place: Path, text: str) -> Project:
    return make_project(place, text, "name: airlock\nruntime: python\n")


def up(project: Project) -> None:
    project.succeed("up", "--yes", "--skip-preview", "--stack", "dev")


def exported(project: Project) -> State:
    return State(json.loads(project.succeed("stack", "export", "--stack", "dev")))


def test_a_destroyed_foundation_leaves_on_what_the_whole_organization_uses(aws: Emulator, place: Path) -> None:
    project = program(place, FOUNDATION)
    up(project)
    organizations = aws.client("organizations", MANAGEMENT)

    def trusted() -> set[str]:
        found = organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
        return {each["ServicePrincipal"] for each in found}

    before = trusted()
    assert {"backup.amazonaws.com", "ram.amazonaws.com"} <= before
    project.run("destroy", "--yes", "--skip-preview", "--stack", "dev")
    assert trusted() == before, "whoever else relies on it would stand still [tf access] [tf ramorg]"
    settings = aws.client("backup", MANAGEMENT, "eu-west-1").describe_global_settings()["GlobalSettings"]
    assert settings["isMpaEnabled"] == "true"


def test_a_default_key_that_somebody_changed_is_ours_again_after_the_next_run(aws: Emulator, place: Path) -> None:
    project = program(place, DEFAULT_KEY)
    up(project)
    ours = project.succeed("stack", "output", "key", "--stack", "dev").strip()
    other = aws.client("kms", LANDING, "eu-west-1").create_key()["KeyMetadata"]["Arn"]
    ec2 = aws.client("ec2", LANDING, "eu-west-1")
    ec2.modify_ebs_default_kms_key_id(KmsKeyId=other)

    project.succeed("refresh", "--yes", "--stack", "dev")
    up(project)
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == ours, "volumes would be under AWS's own key [tf ebskey]"


def test_a_share_goes_away_while_its_invitation_is_open(aws: Emulator, place: Path) -> None:
    aws.control("POST", "choices", {"name": "ram.disassociating-what-is-associating", "option": "refused"})
    team = Recovery.prepare(aws).active()
    project = program(place, SHARED_TEAM)
    project.succeed("config", "set", "team", team, "--stack", "dev")
    up(project)
    invitations = aws.client("ram", PAYMENTS, "us-east-1").get_resource_share_invitations()
    assert [each["status"] for each in invitations["resourceShareInvitations"]] == ["PENDING"]

    project.succeed("destroy", "--yes", "--skip-preview", "--stack", "dev")
    shares = aws.client("ram", RECOVERY, "us-east-1").get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert not [share for share in shares if share["status"] == "ACTIVE"]


def test_a_vault_in_a_second_region_is_found_after_a_kill(aws: Emulator, place: Path, tmp_path: Path) -> None:
    project = program(place, ELSEWHERE)
    up(project)
    state = exported(project)
    (vault,) = [each for each in state.resources if each["type"] == "aws:backup/vault:Vault"]
    state.deployment["resources"].remove(vault)
    killed = with_pending(state, [{key: vault[key] for key in ("urn", "type", "inputs", "parent", "provider")}])

    adopted, urns = adopt_pending_creates(killed)
    file = tmp_path / "adopted.json"
    file.write_text(json.dumps(adopted.exported), encoding="utf-8")
    project.succeed("stack", "import", "--file", str(file), "--stack", "dev")
    project.succeed("refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", "dev")
    settled = exported(project)
    assert [each["id"] for each in settled.resources if each["urn"] in urns] == ["north"], "the plugin looked elsewhere"
    since = aws.calls()[-1]["seq"]
    up(project)
    assert not [call for call in aws.calls(since) if call["operation"] == "CreateBackupVault"]


def test_the_command_that_we_name_adopts_a_vault_that_exists(aws: Emulator, place: Path) -> None:
    project = program(place, SOMEBODY_ELSES)
    up(project)
    (vault,) = [each for each in exported(project).resources if each["type"] == "aws:backup/vault:Vault"]
    project.succeed("state", "delete", vault["urn"], "--yes", "--stack", "dev")
    refused = project.run("up", "--yes", "--skip-preview", "--stack", "dev")
    assert "AlreadyExists" in refused.stdout

    said = way_to_adopt("dev", vault, exported(project))
    command = said.partition("`pulumi ")[2].partition("`")[0]
    project.succeed(*shlex.split(command), "--yes")
    since = aws.calls()[-1]["seq"]
    up(project)
    assert not [call for call in aws.calls(since) if call["operation"] == "CreateBackupVault"]
