"""The real engine, the installed plugin, the emulator: a small program of several resources, through its whole life."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.emulator.conftest import PAYMENTS, Emulator
from tests.engine.support import Project, make_project, once
from tools.aws_plugin.install import install

pytestmark = pytest.mark.engine

PROGRAM = """
import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
accounts = [config.require("account")]
provider = aws.Provider("payments", region="eu-west-1", profile="payments", allowed_account_ids=accounts)
opts = pulumi.ResourceOptions(provider=provider)
protected = pulumi.ResourceOptions(provider=provider, protect=config.get_bool("protect"))

key = aws.kms.Key("key", description="local backups", enable_key_rotation=True, opts=opts)
alias = aws.kms.Alias("alias", name="alias/local", target_key_id=key.id, opts=opts)
local = aws.backup.Vault("local", name="local", kms_key_arn=key.arn, tags={"a": "b"}, opts=opts)
vault = aws.backup.LogicallyAirGappedVault(
    "vault",
    name="payments-2026",
    min_retention_days=config.get_int("shortest") or 7,
    max_retention_days=90,
    opts=protected,
)
trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
role = aws.iam.Role(
    "role", name="backup", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}), opts=opts
)
plan = aws.backup.Plan(
    "plan",
    name="payments",
    rules=[
        {
            "rule_name": "daily",
            "target_vault_name": local.name,
            "schedule": "cron(0 3 * * ? *)",
            "copy_actions": [{"destination_vault_arn": vault.arn, "lifecycle": {"delete_after": 35}}],
        }
    ],
    opts=opts,
)
aws.backup.Selection(
    "selection",
    name="tagged",
    plan_id=plan.id,
    iam_role_arn=role.arn,
    selection_tags=[{"type": "STRINGEQUALS", "key": "airlock-class", "value": "payments"}],
    opts=opts,
)
pulumi.export("vault", vault.arn)
pulumi.export("key", key.arn)
"""
WRITES = ("Create", "Put", "Update", "Delete", "Tag", "Untag", "Enable", "Schedule")


@pytest.fixture
def project(aws: Emulator, tmp_path: Path, engine_on_path: Path) -> Project:
    install(Path(os.environ["PULUMI_HOME"]))
    made = make_project(tmp_path / "project", PROGRAM, "name: airlock\nruntime: python\n")
    made.succeed("config", "set", "account", PAYMENTS, "--stack", "dev")
    return made


@pytest.fixture
def deployed(aws: Emulator, project: Project) -> Project:
    """The project after its first `up`, and the emulator as that left it."""
    if once(project, "deployed", lambda: first_up(project)):
        aws.control("POST", "snapshots/deployed")
    else:
        aws.control("POST", "snapshots/deployed/restore")
    return project


def first_up(project: Project) -> None:
    assert changes(project)["create"] == 9, "stack, provider and seven resources"
    up(project)


def up(project: Project, *arguments: str) -> str:
    return project.succeed("up", "--yes", "--skip-preview", "--stack", "dev", *arguments)


def changes(project: Project, *arguments: str) -> Counter[str]:
    """What a preview would do: operation and type."""
    output = project.succeed("preview", "--json", "--stack", "dev", *arguments)
    steps = json.loads(output[output.index("{") :])["steps"]
    return Counter(step["op"] for step in steps if step["op"] not in ("same", "refresh"))


def written(aws: Emulator, since: int) -> list[str]:
    return [call["operation"] for call in aws.calls(since) if call["operation"].startswith(WRITES)]


def test_a_program_goes_up_stands_still_shows_drift_and_goes_away(aws: Emulator, deployed: Project) -> None:
    project = deployed
    outputs = json.loads(project.succeed("stack", "output", "--json", "--stack", "dev"))
    assert outputs["vault"] == f"arn:aws:backup:eu-west-1:{PAYMENTS}:backup-vault:payments-2026"

    before = aws.calls()[-1]["seq"]
    assert not changes(project, "--refresh", "--expect-no-changes")
    up(project)
    assert not written(aws, before), "a run with nothing to do writes nothing"

    backup = aws.client("backup", PAYMENTS, "eu-west-1")
    local = f"arn:aws:backup:eu-west-1:{PAYMENTS}:backup-vault:local"
    backup.tag_resource(ResourceArn=local, Tags={"a": "tampered"})
    assert changes(project, "--refresh") == {"update": 1}
    project.succeed("refresh", "--yes", "--stack", "dev")
    up(project)
    assert backup.list_tags(ResourceArn=local)["Tags"] == {"a": "b"}

    assert changes(project, "-c", "shortest=8")["replace"] >= 1, "bounds never change in place"
    project.succeed("destroy", "--yes", "--skip-preview", "--stack", "dev")
    left = [backup.list_backup_vaults()["BackupVaultList"] for _ in range(2)][-1]
    assert left == [], "an air-gapped vault is shown for one more look while it is being deleted"
    metadata = aws.client("kms", PAYMENTS, "eu-west-1").describe_key(KeyId=outputs["key"])["KeyMetadata"]
    assert metadata["KeyState"] == "PendingDeletion", "AWS removes no key at once"


def test_the_wrong_account_ends_the_run_with_one_sentence_and_nothing_made(aws: Emulator, project: Project) -> None:
    project.succeed("config", "set", "account", "999999999999", "--stack", "dev")
    done = project.run("up", "--yes", "--skip-preview", "--stack", "dev")
    assert done.returncode != 0
    assert (
        f"profile `payments` reaches account {PAYMENTS}, but this stack is meant for account 999999999999"
        in done.stdout
    )
    assert "Traceback" not in done.stdout
    assert not written(aws, since=0)


def test_a_refused_delete_keeps_the_resource_and_says_why(aws: Emulator, deployed: Project) -> None:
    project = deployed
    iam = aws.client("iam", PAYMENTS)
    by_hand = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="backup", PolicyName="by-hand", PolicyDocument=json.dumps(by_hand))
    done = project.run("destroy", "--yes", "--skip-preview", "--stack", "dev")
    assert done.returncode != 0
    assert "Could not delete aws:iam/role:Role `role`: AWS refused DeleteRole with DeleteConflict" in done.stdout
    assert "Traceback" not in done.stdout
    state = json.loads(project.succeed("stack", "export", "--stack", "dev"))
    assert "aws:iam/role:Role" in {resource["type"] for resource in state["deployment"]["resources"]}


def test_an_existing_vault_is_imported_without_a_change(aws: Emulator, project: Project) -> None:
    aws.client("backup", PAYMENTS, "eu-west-1").create_backup_vault(BackupVaultName="older")
    project.write(
        "__main__.py",
        PROGRAM + '\naws.backup.Vault("older", name="older",'
        " opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(import_='older')))\n",
    )
    assert changes(project)["import"] == 1
    up(project)
    assert not changes(project, "--expect-no-changes")
