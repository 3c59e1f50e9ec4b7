"""The pack under the real engine: it lets a good stack through and stops a bad one before anything is made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.emulator.conftest import PAYMENTS, Emulator
from tests.engine.support import Project, make_project
from tools.aws_plugin.install import install

pytestmark = pytest.mark.engine

# The association is a dynamic resource of the same type token as ours, so that the pack is judged by itself.
PROGRAM = """
import pulumi
import pulumi_aws as aws
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult


class Provider(ResourceProvider):
    def create(self, props):
        return CreateResult(props["vault_name"], {**props, "status": "ASSOCIATED"})

    def diff(self, _id, olds, news):
        return DiffResult(changes=olds["team_arn"] != news["team_arn"])

    def update(self, _id, olds, news):
        return UpdateResult({**news, "status": "ASSOCIATED"})


class VaultApproval(Resource, module="airlock", name="VaultApproval"):
    pass


config = pulumi.Config()
provider = aws.Provider("payments", region="eu-west-1", profile="payments")
vault = aws.backup.LogicallyAirGappedVault(
    "vault",
    name="payments-2026",
    min_retention_days=7,
    max_retention_days=90,
    opts=pulumi.ResourceOptions(provider=provider, protect=config.get("protect") != "no"),
)
if config.get("team") != "none":
    props = {
        "vault_name": "payments-2026",
        "vault_arn": vault.arn,
        "connection": {"region": "eu-west-1"},
        "team_arn": config.get("team") or "team-1",
        "desired": "present",
        "status": None,
    }
    VaultApproval(Provider(), "approval", props)
aws.backup.Plan(
    "plan",
    name="payments",
    rules=[
        {
            "rule_name": "daily",
            "target_vault_name": "local",
            "copy_actions": [
                {"destination_vault_arn": vault.arn, "lifecycle": {"delete_after": config.get_int("days") or 35}}
            ],
        }
    ],
    opts=pulumi.ResourceOptions(provider=provider),
)
"""


@pytest.fixture
def project(aws: Emulator, tmp_path: Path, engine_on_path: Path, project_root: Path) -> Project:
    install(Path(os.environ["PULUMI_HOME"]))
    aws.client("backup", PAYMENTS, "eu-west-1").create_backup_vault(BackupVaultName="local")
    made = make_project(tmp_path / "project", PROGRAM, "name: airlock\nruntime: python\n")
    made.environment["AIRLOCK_PACK"] = str(project_root / "policies")
    return made


def run(project: Project, command: str, *arguments: str) -> tuple[int, str]:
    pack = project.environment["AIRLOCK_PACK"]
    done = project.run(command, "--stack", "dev", "--policy-pack", pack, *arguments)
    return done.returncode, done.stdout


def test_a_good_stack_passes_and_a_bad_change_is_stopped_in_the_preview(aws: Emulator, project: Project) -> None:
    code, output = run(project, "preview", "-c", "protect=no", "-c", "team=none")
    assert code != 0, "mandatory rules must stop a preview"
    assert "airlock-vault-is-protected" in output
    assert "Vault `vault` is not protected." in output
    assert "airlock-vault-has-an-approval-team" in output
    assert "Vault `payments-2026` has no approval team." in output
    assert "Traceback" not in output

    code, output = run(project, "up", "--yes", "-c", "protect=yes", "-c", "team=team-1")
    assert code == 0, output
    assert "mandatory" not in output

    code, output = run(project, "preview", "-c", "days=6")
    assert code != 0, "with the vault's ARN known, the copy is judged in the preview"
    assert "airlock-plan-copy-fits-its-vault" in output

    code, output = run(project, "preview", "-c", "days=35", "-c", "team=team-2")
    assert code == 0, f"the preview of a new team for the vault must not look like a vault without one:\n{output}"
    assert "mandatory" not in output


def test_a_bad_stack_creates_nothing(aws: Emulator, project: Project) -> None:
    code, _ = run(project, "up", "--yes", "--skip-preview", "-c", "protect=no")
    assert code != 0
    assert "CreateLogicallyAirGappedBackupVault" not in {call["operation"] for call in aws.calls()}
