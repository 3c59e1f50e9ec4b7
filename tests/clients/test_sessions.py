"""Ways into an account, and what is said when there is none. Over the loopback, with profiles as in production."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from airlock.clients import sessions
from airlock.clients.organizations import Organizations
from airlock.domain.connection import Connection
from airlock.domain.errors import AccessDenied, Unreachable, WrongAccount
from tests.emulator.conftest import BUNKER, PAYMENTS, Emulator

ROLE = f"arn:aws:iam::{BUNKER}:role/airlock-deploy"


@pytest.fixture
def profiles(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    emulator.seed()
    path = tmp_path / "config"
    path.write_text(emulator.control("GET", "aws-config"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    sessions.forget()
    yield path
    sessions.forget()


def make_role(emulator: Emulator) -> None:
    principal = {"AWS": f"arn:aws:iam::{BUNKER}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    emulator.client("iam", BUNKER).create_role(RoleName="airlock-deploy", AssumeRolePolicyDocument=document)


def test_the_role_is_assumed_from_the_profile_and_named_airlock(emulator: Emulator, profiles: Path) -> None:
    make_role(emulator)
    connection = Connection(account_id=BUNKER, region="eu-west-1", profile="bunker", role_arn=ROLE)
    caller = sessions.client(connection, "sts").get_caller_identity()
    assert caller["Arn"] == f"arn:aws:sts::{BUNKER}:assumed-role/airlock-deploy/airlock"


def test_clients_are_made_once_and_the_account_is_checked_once(emulator: Emulator, profiles: Path) -> None:
    connection = Connection(account_id=BUNKER, region="eu-west-1", profile="bunker")
    first = sessions.client(connection, "backup")
    assert sessions.client(connection, "backup") is first
    assert sessions.client(connection, "backup", "us-east-1") is not first
    assert [call["operation"] for call in emulator.calls()].count("GetCallerIdentity") == 1


def test_a_profile_that_leads_into_another_account_is_refused_before_any_other_call(
    emulator: Emulator, profiles: Path
) -> None:
    since = max((call["seq"] for call in emulator.calls()), default=0)
    connection = Connection(account_id=PAYMENTS, region="eu-west-1", profile="bunker")
    with pytest.raises(WrongAccount, match=f"{PAYMENTS} is meant, but profile `bunker` opens account {BUNKER}"):
        sessions.client(connection, "backup")
    assert [call["operation"] for call in emulator.calls(since)] == ["GetCallerIdentity"]


def test_a_missing_role_names_the_role_and_the_command_that_writes_its_template(
    emulator: Emulator, profiles: Path
) -> None:
    connection = Connection(account_id=BUNKER, region="eu-west-1", profile="bunker", role_arn=ROLE)
    with pytest.raises(AccessDenied, match=r"may not assume the role .*airlock-deploy.*`airlock bootstrap`"):
        sessions.client(connection, "backup")


def test_a_missing_profile_is_named(profiles: Path) -> None:
    connection = Connection(account_id=BUNKER, region="eu-west-1", profile="nobody")
    with pytest.raises(AccessDenied, match=r"no AWS profile `nobody`.*account 333333333333"):
        sessions.session(connection)


def test_missing_credentials_say_how_to_sign_in(profiles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles.write_text("[profile empty]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profiles.with_name("none")))
    for role in (None, ROLE):
        connection = Connection(account_id=BUNKER, region="eu-west-1", profile="empty", role_arn=role)
        with pytest.raises(AccessDenied, match=r"No usable AWS credentials.*aws sso login --profile empty"):
            sessions.session(connection)


def test_an_endpoint_that_does_not_answer_names_account_profile_and_a_command(profiles: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    profiles.write_text(
        f"[profile dark]\naws_access_key_id = {BUNKER}\naws_secret_access_key = none\n"
        f"endpoint_url = http://127.0.0.1:{port}\nregion = eu-west-1\n"
    )
    connection = Connection(account_id=BUNKER, region="eu-west-1", profile="dark")
    with pytest.raises(Unreachable) as caught:
        Organizations(connection).root()
    for part in (f"127.0.0.1:{port}", BUNKER, "`dark`", "aws sts get-caller-identity --profile dark"):
        assert part in str(caught.value)


def test_keys_that_aws_does_not_know_say_so(emulator: Emulator, profiles: Path) -> None:
    profiles.write_text(
        "[profile stale]\naws_access_key_id = AKIAEXPIREDEXPIRED00\naws_secret_access_key = none\n"
        f"endpoint_url = {emulator.url}\nregion = eu-west-1\n"
    )
    connection = Connection(account_id=BUNKER, region="eu-west-1", profile="stale")
    with pytest.raises(AccessDenied, match="not valid or no longer so"):
        sessions.session(connection)
