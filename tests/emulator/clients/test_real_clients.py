"""boto3 and the AWS command line, as they come: a whole story each, and what they do around it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from tests.emulator.clients.real_clients import LEDGER, TEAMS, Boto3, CommandLine, Story, environment
from tests.emulator.conftest import PAYMENTS, ROOT, TWO_ORGANIZATIONS, Emulator

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": PAYMENTS}, "Action": "sts:AssumeRole"}],
    }
)


class Place:
    """An emulator of its own with its AWS configuration file, to which a profile with a role was added."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.folder = folder
        self.aws = CommandLine(folder)
        self.seeded: dict[str, Any] = {}

    def begin(self) -> None:
        self.seeded = self.emulator.seed()
        with (self.folder / "config").open("a") as file:
            file.write(
                f"\n[profile reader]\nrole_arn = arn:aws:iam::{PAYMENTS}:role/reader\nsource_profile = payments\n"
                f"endpoint_url = {self.emulator.url}\nregion = eu-west-1\n"
            )


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, forks: Path) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("aws")
    seed = folder / "seed.json"
    seed.write_text(json.dumps(TWO_ORGANIZATIONS))
    options = ["--check-answers", "--aws-config", str(folder / "config")]
    process = subprocess.Popen(
        [sys.executable, "-m", "emulator", *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield Place(Emulator(process.stdout.readline().split()[-1]), folder)
    process.terminate()
    process.stdout.close()
    process.wait(timeout=60)


@pytest.fixture
def place(started: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    started.emulator.reset()
    started.begin()
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment(started.folder).items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    return started


class TestBoto3:
    def test_it_tells_the_whole_story_with_default_settings(self, place: Place) -> None:
        assert Story(Boto3(), place.emulator, place.seeded).tell() == LEDGER

    def test_paginators_go_through_every_page(self, place: Place) -> None:
        backup = Boto3().client("payments", "backup")
        names = [f"vault-{number:02d}" for number in range(7)]
        for name in names:
            backup.create_backup_vault(BackupVaultName=name)
        pages = list(backup.get_paginator("list_backup_vaults").paginate(PaginationConfig={"PageSize": 3}))
        assert [len(page["BackupVaultList"]) for page in pages] == [3, 3, 1]
        assert sorted(vault["BackupVaultName"] for page in pages for vault in page["BackupVaultList"]) == names

    def test_a_listing_goes_on_where_it_stopped(self, place: Place) -> None:
        pages = Boto3().client("management", "organizations").get_paginator("list_accounts")
        first = pages.paginate(PaginationConfig={"MaxItems": 1, "PageSize": 2}).build_full_result()
        more = {"MaxItems": 10, "StartingToken": first["NextToken"]}
        second = pages.paginate(PaginationConfig=more).build_full_result()
        found = [account["Id"] for account in first["Accounts"] + second["Accounts"]]
        assert len(found) == len(set(found)) == 4

    def test_waiters_wait_and_give_up(self, place: Place) -> None:
        iam = Boto3().client("payments", "iam")
        iam.create_role(RoleName="reader", AssumeRolePolicyDocument=TRUST)
        iam.get_waiter("role_exists").wait(RoleName="reader")
        with pytest.raises(WaiterError, match="Max attempts exceeded"):
            iam.get_waiter("role_exists").wait(RoleName="none", WaiterConfig={"Delay": 0, "MaxAttempts": 2})

    def test_a_profile_with_a_role_assumes_it(self, place: Place) -> None:
        boto3 = Boto3()
        with pytest.raises(ClientError, match="AccessDenied"):
            boto3.call("reader", "sts", "GetCallerIdentity", {})
        boto3.call("payments", "iam", "CreateRole", {"RoleName": "reader", "AssumeRolePolicyDocument": TRUST})
        who = Boto3().call("reader", "sts", "GetCallerIdentity", {})
        assert who["Arn"].startswith(f"arn:aws:sts::{PAYMENTS}:assumed-role/reader/")

    def test_a_throttled_call_is_tried_again_by_itself(self, place: Place) -> None:
        order = {"service": "backup", "operation": "ListBackupVaults", "effect": "throttle", "times": 1}
        place.emulator.control("POST", "faults", order)
        answer = Boto3().call("payments", "backup", "ListBackupVaults", {})
        assert answer["BackupVaultList"] == []
        assert answer["ResponseMetadata"]["RetryAttempts"] == 1

    def test_errors_are_the_classes_of_their_names(self, place: Place) -> None:
        mpa = Boto3().client("recovery", "mpa", TEAMS)
        with pytest.raises(mpa.exceptions.ResourceNotFoundException):
            mpa.get_approval_team(Arn="arn:aws:mpa:us-east-1:777777777777:approval-team/none")


class TestCommandLine:
    def test_it_tells_the_whole_story(self, place: Place) -> None:
        assert Story(place.aws, place.emulator, place.seeded).tell() == LEDGER

    def test_profiles_are_accounts_and_a_role_is_assumed_from_one(self, place: Place) -> None:
        query = ("--query", "Arn", "--output", "text")
        assert place.aws.text("sts", "get-caller-identity", "--profile", "payments", *query).strip().endswith(":root")
        role = ("--role-name", "reader", "--assume-role-policy-document", TRUST)
        place.aws.text("iam", "create-role", *role, "--profile", "payments")
        place.aws.text("iam", "wait", "role-exists", "--role-name", "reader", "--profile", "payments")
        assert ":assumed-role/reader/" in place.aws.text("sts", "get-caller-identity", "--profile", "reader", *query)

    def test_lists_are_cut_and_gone_through_in_pages(self, place: Place) -> None:
        listing = ("organizations", "list-accounts", "--profile", "management")
        cut = json.loads(place.aws.text(*listing, "--max-items", "1"))
        assert len(cut["Accounts"]) == 1
        rest = json.loads(place.aws.text(*listing, "--starting-token", cut["NextToken"], "--page-size", "1"))
        assert len(rest["Accounts"]) == 3
        assert "NextToken" not in rest

    def test_an_error_of_the_service_ends_with_255_and_its_text(self, place: Place) -> None:
        done = place.aws.run("backup", "describe-backup-vault", "--backup-vault-name", "none", "--profile", "payments")
        assert done.returncode == 255
        assert re.search(
            r"An error occurred \(ResourceNotFoundException\) when calling the DescribeBackupVault operation: \S",
            done.stderr,
        )

    def test_what_is_not_modelled_ends_with_255_and_names_it(self, place: Place) -> None:
        done = place.aws.run("sts", "get-federation-token", "--name", "ada", "--profile", "payments")
        assert done.returncode == 255
        assert "(NotImplemented)" in done.stderr
        assert "GetFederationToken is not modelled" in done.stderr

    def test_a_wrong_command_ends_with_2_and_reaches_nobody(self, place: Place) -> None:
        since = place.emulator.control("GET", "ledger?since=0")["calls"]
        done = place.aws.run("mpa", "get-approval-team", "--profile", "recovery", "--region", TEAMS)
        assert done.returncode == 2
        assert "--arn" in done.stderr
        assert place.emulator.control("GET", "ledger?since=0")["calls"] == since
