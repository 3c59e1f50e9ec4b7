"""The emergency path as a responder types it, against the emulator: refused, approved, restored, closed."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from airlock.cli import main
from airlock.clients import sessions
from airlock.domain.inventory import Inventory, Landing, ProtectedVault, Team
from airlock.runbook.inventory_file import read_inventory
from airlock.runbook.kit import write_kit
from tests.emulator.conftest import Emulator, emulator, emulator_process
from tests.emulator.worlds.backup import LANDING, PAYMENTS, REGION, World

__all__ = ["emulator", "emulator_process"]

CANARY = "canary-secret-7f3a"
Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def aws(tmp_path: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One profile, that of the landing account; and a secret that must never be seen again."""
    config = tmp_path / "aws-config"
    config.write_text(
        f"[profile landing]\nregion = {REGION}\nendpoint_url = {emulator.url}\n"
        f"aws_access_key_id = {LANDING}\naws_secret_access_key = {CANARY}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", f"{CANARY}-passphrase")
    sessions.forget()
    yield
    sessions.forget()


@pytest.fixture
def world(emulator: Emulator) -> World:
    """A protected bucket, a team that guards it, and a landing account that may ask."""
    return World(emulator)


@pytest.fixture
def inventory(world: World, tmp_path: Path) -> Path:
    _, vault_arn = world.guarded_point()
    iam, kms = world.client("iam", LANDING), world.client("kms", LANDING)
    root = {"AWS": f"arn:aws:iam::{LANDING}:root"}
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"}]}
    requester = iam.create_role(RoleName="airlock-requester", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    team = world.client("backup", PAYMENTS).describe_backup_vault(BackupVaultName="gapped")["MpaApprovalTeamArn"]
    written = Inventory(
        estate="nordbank",
        pattern="cross-organization",
        written_at="2026-11-20T10:00:00+00:00",
        landing=Landing(
            account_id=LANDING,
            region=REGION,
            profile="landing",
            requester_role_arn=requester,
            restore_role_arn=world.role(LANDING, "airlock-restore"),
            kms_key_arn=kms.create_key()["KeyMetadata"]["Arn"],
        ),
        teams=[Team(name="quorum", arn=team, threshold=2, approvers=["ada.lind", "bo.berg", "cleo.dahl"])],
        portal_url="",
        vaults=[
            ProtectedVault(
                name="gapped",
                arn=vault_arn,
                region=REGION,
                account_id=PAYMENTS,
                data_class="payments",
                team_arn=team,
                min_retention_days=7,
                max_retention_days=90,
                rto_minutes=240,
                rpo_minutes=1440,
                resource_types=["S3"],
            )
        ],
        primary_account_ids=[PAYMENTS],
    )
    path = tmp_path / "kit" / "inventory.json"
    path.parent.mkdir()
    path.write_text(written.to_json())
    return path


@pytest.fixture
def run(inventory: Path, aws: None, capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, Any, str]:
        capfd.readouterr()
        code = main([arguments[0], "--inventory", str(inventory), *arguments[1:], "--json"])
        captured = capfd.readouterr()
        assert CANARY not in captured.out + captured.err, "a secret left through the terminal"
        assert "Traceback" not in captured.err
        return code, json.loads(captured.out) if captured.out else None, captured.err

    return run


def _tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")


def test_in_the_folder_of_the_kit_nobody_has_to_name_it(
    inventory: Path, aws: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(inventory.parent)
    assert main(["status"]) == 0
    assert "No access was asked for." in capfd.readouterr().out


def test_without_a_name_every_request_is_shown(run: Run, world: World) -> None:
    assert run("status")[:2] == (0, {"access_vaults": []})
    name, session = _ask(run)
    code, seen, _ = run("status")
    assert (code, [one["access_vault"] for one in seen["access_vaults"]]) == (3, [name])
    world.reject(session)
    assert run("status")[0] == 0, "nobody is awaited any more"


def _ask(run: Run) -> tuple[str, str]:
    code, asked, _ = run("request", "--vault", "gapped", "--incident", "INC-7", "--comment", "all is lost")
    assert code == 3, "people have to vote"
    code, seen, _ = run("status", "--access-vault", asked["access_vault"])
    assert (code, seen["outcome"], seen["threshold"]) == (3, "WAITING", 2)
    return asked["access_vault"], seen["session_arn"]


def test_a_rejected_request_gives_no_access_and_says_so(run: Run, world: World) -> None:
    name, session = _ask(run)
    world.reject(session)

    code, seen, _ = run("status", "--access-vault", name)
    assert (code, seen["outcome"]) == (1, "REJECTED")
    assert seen["state"] != "AVAILABLE"

    code, restored, said = run("restore", "--access-vault", name, "--before", _tomorrow())
    assert (code, restored) == (1, None)
    assert "was rejected by the team" in said


def test_an_unfinished_vote_ends_after_a_day(run: Run, world: World, emulator: Emulator) -> None:
    name, session = _ask(run)
    world.vote(session, "APPROVED", "ada.lind")
    emulator.advance(25 * 3600)
    code, seen, _ = run("status", "--access-vault", name)
    assert (code, seen["outcome"]) == (1, "EXPIRED")


def test_access_opens_at_the_last_needed_vote_and_the_data_comes_back(run: Run, world: World, inventory: Path) -> None:
    name, session = _ask(run)
    world.vote(session, "APPROVED", "ada.lind")
    code, seen, _ = run("status", "--access-vault", name)
    assert (code, seen["approvals"]) == (3, 1)
    code, _, said = run("restore", "--access-vault", name, "--before", _tomorrow())
    assert code == 3
    assert "1 of 2 approvals so far" in said

    world.vote(session, "APPROVED", "bo.berg")
    run("status", "--access-vault", name)
    code, seen, _ = run("status", "--access-vault", name)
    assert (code, seen["state"]) == (0, "AVAILABLE")

    code, recovery, _ = run("restore", "--access-vault", name, "--before", _tomorrow())
    assert code == 0
    (row,) = recovery["restored"]
    assert row["source"] == "arn:aws:s3:::payments-data"
    bucket = row["created"].rpartition(":")[2]
    body = world.client("s3", LANDING).get_object(Bucket=bucket, Key="ledger")
    assert body["Body"].read() == b"in the black"
    assert body["ServerSideEncryption"] == "aws:kms"

    assert run("restore", "--access-vault", name, "--before", _tomorrow())[1]["restored"] == [row]

    code, closed, _ = run("teardown", "--access-vault", name)
    assert (code, closed["was_open"]) == (0, True)
    vaults = world.client("backup", LANDING).list_backup_vaults()["BackupVaultList"]
    assert name not in [vault["BackupVaultName"] for vault in vaults]

    journal = (inventory.parent / "journal.jsonl").read_text()
    assert CANARY not in journal
    steps = [json.loads(line)["step"] for line in journal.splitlines()]
    assert steps == [
        "access is asked for",
        "access requested",
        "vote seen",
        "restore started",
        "restore ended",
        "access is being closed",
        "access closed",
    ]


def test_no_call_is_made_by_a_principal_of_a_lost_account(run: Run, world: World, emulator: Emulator) -> None:
    since = max((call["seq"] for call in emulator.calls()), default=0)
    name, session = _ask(run)
    world.approve(session)
    run("status", "--access-vault", name)
    run("restore", "--access-vault", name, "--before", _tomorrow())
    run("teardown", "--access-vault", name)
    calls = emulator.calls(since)
    assert calls
    assert {call["account"] for call in calls} == {LANDING}


def test_a_time_before_every_backup_is_told_with_what_there_is(run: Run, world: World) -> None:
    name, session = _ask(run)
    world.approve(session)
    run("status", "--access-vault", name)
    code, _, said = run("restore", "--access-vault", name, "--before", "2020-01-01T00:00:00Z")
    assert code == 1
    assert "no usable recovery point" in said


def test_a_profile_of_another_account_is_refused_before_anything_is_asked(
    run: Run, inventory: Path, tmp_path: Path, emulator: Emulator
) -> None:
    config = tmp_path / "aws-config"
    config.write_text(config.read_text().replace(LANDING, PAYMENTS))
    written = Inventory.from_json(inventory.read_text())
    # Without a role of its own the profile decides where the call goes.
    strange = replace(written.landing, requester_role_arn=f"arn:aws:iam::{LANDING}:role/x")
    inventory.write_text(replace(written, landing=strange).to_json())
    code, _, said = run("request", "--vault", "gapped", "--incident", "INC-7", "--comment", "why")
    assert code == 1
    assert LANDING in said
    operations = [call["operation"] for call in emulator.calls()]
    assert "CreateRestoreAccessBackupVault" not in operations


def test_a_silent_endpoint_is_no_answer_and_exits_4(run: Run, tmp_path: Path, emulator: Emulator) -> None:
    config = tmp_path / "aws-config"
    config.write_text(config.read_text().replace(emulator.url, "http://127.0.0.1:9"))
    code, data, said = run("status")
    assert (code, data) == (4, None)
    assert "127.0.0.1:9" in said
    assert "landing" in said


@pytest.mark.parametrize("arguments", [["status"], ["--verbose", "status"]])
def test_secrets_in_credentials_and_environment_reach_no_output(
    arguments: list[str], inventory: Path, aws: None, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", f"{CANARY}-token")
    with contextlib.suppress(SystemExit):
        main([*arguments, "--inventory", str(inventory)])
    captured = capfd.readouterr()
    assert CANARY not in captured.out + captured.err
    for path in inventory.parent.iterdir():
        assert CANARY not in path.read_text()


def test_the_program_in_the_kit_asks_and_looks_like_the_command(inventory: Path, aws: None) -> None:
    write_kit(read_inventory(inventory), inventory.parent)

    def program(*arguments: str) -> tuple[int, Any]:
        done = subprocess.run(
            [sys.executable, "airlock.pyz", *arguments, "--json"],
            cwd=inventory.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert CANARY not in done.stdout + done.stderr
        return done.returncode, json.loads(done.stdout)

    code, asked = program("request", "--vault", "gapped", "--incident", "INC-9", "--comment", "payments account lost")
    assert code == 3
    code, stands = program("status", "--access-vault", asked["access_vault"])
    assert code == 3
    assert stands["outcome"] == "WAITING"
