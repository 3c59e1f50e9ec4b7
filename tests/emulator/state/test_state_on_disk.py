"""`--state DIR`: what was answered is there after a kill, nothing half-written is read, and a folder has one user."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.emulator.conftest import LANDING, MANAGEMENT, PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.recovery import ADA, BO, HOUR, Recovery
from tests.emulator.worlds.vault_request import access_state, ask_for_access, protected_vault, share_team

ROOT = Path(__file__).parents[3]


class Running:
    """An emulator on a folder; `kill` is `kill -9`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "emulator", "--state", str(folder), *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("emulator ready"), self.process.communicate()
        self.emulator = Emulator(line.split()[-1])

    def end(self, number: signal.Signals) -> str:
        """What it said on its way."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=30)[1]


@contextmanager
def started(folder: Path, *arguments: str, by: signal.Signals = signal.SIGKILL) -> Iterator[Emulator]:
    """An emulator that is killed at the end of the block."""
    running = Running(folder, *arguments)
    try:
        yield running.emulator
    finally:
        assert running.end(by) == ""


def refused(folder: Path) -> str:
    """The one sentence with which the emulator does not start."""
    command = [sys.executable, "-m", "emulator", "--state", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


def world(emulator: Emulator) -> dict[str, Any]:
    """What clients see of a small estate, with every time and id."""
    backup, s3, kms = (emulator.client(service, PAYMENTS) for service in ("backup", "s3", "kms"))
    answers = {
        "vaults": backup.list_backup_vaults()["BackupVaultList"],
        "keys": [kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"] for each in kms.list_keys()["Keys"]],
        "buckets": s3.list_buckets()["Buckets"],
        "objects": s3.list_objects_v2(Bucket="orders-of-payments")["Contents"],
        "uploads": s3.list_multipart_uploads(Bucket="orders-of-payments")["Uploads"],
        "volumes": emulator.client("ec2", PAYMENTS).describe_volumes()["Volumes"],
        "accounts": emulator.client("organizations", MANAGEMENT).list_accounts()["Accounts"],
        "shares": emulator.client("ram", PAYMENTS).get_resource_shares(resourceOwner="SELF")["resourceShares"],
    }
    return {name: repr(found) for name, found in answers.items()}


def furnish(emulator: Emulator) -> None:
    emulator.seed()
    s3 = emulator.client("s3", PAYMENTS)
    s3.create_bucket(Bucket="orders-of-payments")
    s3.put_object(Bucket="orders-of-payments", Key="book", Body=b"first")
    s3.create_multipart_upload(Bucket="orders-of-payments", Key="large")
    emulator.client("backup", PAYMENTS).create_backup_vault(BackupVaultName="orders")
    emulator.client("ec2", PAYMENTS).create_volume(AvailabilityZone="us-east-1a", Size=1)
    emulator.advance(40 * 24 * HOUR)
    emulator.client("kms", PAYMENTS).create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    emulator.client("ram", PAYMENTS).create_resource_share(name="shared", principals=[LANDING])


class TestAKill:
    def test_everything_is_as_it_was_with_every_id_and_time(self, folder: Path) -> None:
        with started(folder) as emulator:
            furnish(emulator)
            world(emulator)
            before, calls = world(emulator), emulator.calls()
        for _ in range(2):
            with started(folder) as emulator:
                assert emulator.calls() == calls, "The second look at the world was not repeated."
                assert world(emulator) == before
                calls = emulator.calls()

    def test_in_a_storm_of_calls_nothing_that_was_answered_is_lost(self, folder: Path) -> None:
        running = Running(folder)
        client = running.emulator.client("backup", PAYMENTS)
        made: list[str] = []

        def create(number: int) -> None:
            with suppress(BotoCoreError, ClientError):
                client.create_backup_vault(BackupVaultName=f"vault-{number}")
                made.append(f"vault-{number}")
                if len(made) == 60:
                    running.process.kill()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(create, range(400)))
        assert 60 <= len(made) < 400, "The kill came too late to be in the middle."
        running.end(signal.SIGKILL)
        with started(folder) as emulator:
            pages = emulator.client("backup", PAYMENTS).get_paginator("list_backup_vaults").paginate()
            there = {vault["BackupVaultName"] for page in pages for vault in page["BackupVaultList"]}
        assert set(made) <= there

    def test_a_vote_that_was_pending_can_be_given_and_what_is_due_comes_due(self, folder: Path) -> None:
        with started(folder) as emulator:
            recovery = Recovery.prepare(emulator)
            team = recovery.active()
            share_team(recovery, team)
            vault = protected_vault(recovery, team)
            _, session = ask_for_access(emulator, vault)
            recovery.vote(session, ADA)
            _, lapsing = ask_for_access(emulator, vault, "access-later")
        with started(folder) as emulator:
            again = replace(recovery, emulator=emulator, mpa=emulator.client("mpa", RECOVERY))
            again.vote(session, BO)
            backup = emulator.client("backup", LANDING, "eu-west-1")
            assert access_state(backup) == "AVAILABLE"
            emulator.advance(25 * HOUR)
            assert again.session(lapsing)["Status"] == "FAILED"

    def test_calls_that_met_faults_are_not_made_by_the_repetition(self, folder: Path) -> None:
        with started(folder) as emulator:
            for effect in ("throttle", "crash_before"):
                emulator.control(
                    "POST", "faults", {"service": "iam", "operation": "CreateUser", "effect": effect, "times": 1}
                )
                with pytest.raises((ClientError, BotoCoreError)):
                    emulator.client("iam", PAYMENTS).create_user(UserName="ada")
            calls = emulator.calls()
        with started(folder) as emulator:
            assert emulator.calls() == calls
            assert emulator.client("iam", PAYMENTS).list_users()["Users"] == []

    def test_sessions_that_were_handed_out_still_open(self, folder: Path) -> None:
        with started(folder) as emulator:
            emulator.seed()
            session = emulator.assume(f"arn:aws:iam::{PAYMENTS}:role/OrganizationAccountAccessRole", MANAGEMENT)
        with started(folder) as emulator:
            assert PAYMENTS in emulator.client("sts", **session).get_caller_identity()["Arn"]

    def test_snapshots_and_a_restore_survive_it(self, folder: Path) -> None:
        with started(folder) as emulator:
            furnish(emulator)
            world(emulator)
            emulator.control("POST", "snapshots/first")
            before = world(emulator)
            emulator.reset()
        with started(folder) as emulator:
            emulator.control("POST", "snapshots/first/restore")
            emulator.client("iam", PAYMENTS).create_user(UserName="later")
        with started(folder) as emulator:
            assert world(emulator) == before
            assert len(emulator.client("iam", PAYMENTS).list_users()["Users"]) == 1


def test_it_ends_cleanly_on_sigterm_and_starts_from_there(folder: Path) -> None:
    with started(folder, by=signal.SIGTERM) as emulator:
        furnish(emulator)
        world(emulator)
        before = world(emulator)
    assert [path.stat().st_size for path in folder.glob("journal-*")] == [0]
    with started(folder) as emulator:
        assert world(emulator) == before


def test_a_seed_is_sown_once(folder: Path, tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    accounts = [{"id": "222222222222", "name": "audit"}]
    seed.write_text(json.dumps({"organizations": [{"management": MANAGEMENT, "accounts": accounts}]}))
    for _ in range(2):
        with started(folder, "--seed", str(seed)) as emulator:
            organizations = emulator.client("organizations", MANAGEMENT)
            present = [account["Id"] for account in organizations.list_accounts()["Accounts"]]
            if "222222222222" in present:
                organizations.remove_account_from_organization(AccountId="222222222222")
    assert present == [MANAGEMENT]


class TestDamage:
    @pytest.fixture
    def journal(self, folder: Path) -> Path:
        with started(folder) as emulator:
            for name in ("ada", "bo"):
                emulator.client("iam", PAYMENTS).create_user(UserName=name)
        [path] = folder.glob("journal-*")
        return path

    @pytest.mark.parametrize("cut", [1, 100, 10_000])
    def test_a_tail_that_was_not_written_whole_is_dropped_with_a_sentence(
        self, folder: Path, journal: Path, cut: int
    ) -> None:
        data = journal.read_bytes()
        journal.write_bytes(data[: -min(cut, len(data) - 1)])
        running = Running(folder)
        users = running.emulator.client("iam", PAYMENTS).list_users()["Users"]
        said = running.end(signal.SIGKILL)
        assert [user["UserName"] for user in users] == (["ada"] if cut < 10_000 else [])
        assert re.search(r"The last \d+ bytes in the journal of .* were dropped\.", said)
        assert "Traceback" not in said

    def test_a_changed_byte_ends_the_journal_before_its_record(self, folder: Path, journal: Path) -> None:
        data = bytearray(journal.read_bytes())
        data[len(data) - 20] ^= 1
        journal.write_bytes(bytes(data))
        running = Running(folder)
        users = running.emulator.client("iam", PAYMENTS).list_users()["Users"]
        assert [user["UserName"] for user in users] == ["ada"]
        assert "were dropped" in running.end(signal.SIGKILL)

    def test_a_checkpoint_that_was_being_written_is_no_checkpoint(self, folder: Path, journal: Path) -> None:
        number = int(journal.name.rpartition("-")[2])
        (folder / f"checkpoint-{number + 1}.unfinished~").write_bytes(b"half")
        with started(folder) as emulator:
            assert len(emulator.client("iam", PAYMENTS).list_users()["Users"]) == 2

    def test_a_damaged_checkpoint_is_named(self, folder: Path, journal: Path) -> None:
        [path] = folder.glob("checkpoint-*")
        path.write_bytes(path.read_bytes()[:-1])
        assert f"{path} is damaged" in refused(folder)


class TestWhoseFolder:
    def test_a_second_emulator_on_it_is_refused(self, folder: Path) -> None:
        running = Running(folder)
        said = refused(folder)
        running.end(signal.SIGKILL)
        assert "in use by another emulator" in said
        assert f"process {running.process.pid}" in said

    def test_a_folder_of_somebody_else_is_refused_and_left_alone(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "letters.txt").write_text("dear")
        assert "'letters.txt' and no state of this emulator" in refused(folder)
        assert [path.name for path in folder.iterdir()] == ["letters.txt"]

    @pytest.mark.parametrize(
        ("written", "complaint"),
        [
            ('{"kind": "something-else"}', "no state of this emulator"),
            ("not json", "no state of this emulator"),
            ('{"kind": "airlock-emulator-state", "version": 0, "program": "old"}', "another version of this emulator"),
        ],
    )
    def test_another_format_is_refused(self, folder: Path, written: str, complaint: str) -> None:
        with started(folder):
            pass
        (folder / "format").write_text(written)
        assert complaint in refused(folder)
