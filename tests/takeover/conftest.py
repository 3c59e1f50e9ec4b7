"""A small recording, and an emulator in which it can be replayed."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from demo.aws import root_client
from demo.emulator import Emulator
from tests.takeover.proxy import Proxy, recording
from tests.takeover.selection import recorded_calls
from tests.takeover.site import ledger_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.takeover.calls import Call

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT, REGION = "444444444444", "eu-west-1"
_SEED = {
    "organizations": [
        {"management": ACCOUNT, "accounts": [{"id": ACCOUNT, "name": "payments", "email": "payments@example.com"}]}
    ]
}


@dataclass
class Recorded:
    """What a few calls left: a key, an alias of it, and a vault that a session of a role made with it."""

    calls: list[Call]
    key: str


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    with _started(tmp_path_factory.mktemp("recorded"), 7) as emulator, recording(emulator.url) as proxy:
        url, emulator.url = emulator.url, proxy.url
        emulator.seed(_SEED)
        key = _make_a_vault(proxy.url)
        yield Recorded(recorded_calls(proxy.exchanges, ledger_of(url), url), key)


@pytest.fixture(scope="module")
def other_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One that gives other ids."""
    with _started(tmp_path_factory.mktemp("replayed"), 8) as emulator:
        yield emulator


@pytest.fixture
def emulator(other_emulator: Emulator) -> Emulator:
    """The same, with nothing in it."""
    other_emulator._call("POST", "reset", {"to": "nothing"})  # noqa: SLF001 - the demo needs no empty world
    return other_emulator


@pytest.fixture
def proxy(emulator: Emulator) -> Iterator[Proxy]:
    with recording(emulator.url) as opened:
        yield opened


def _started(folder: Path, id_seed: int) -> Emulator:
    return Emulator.start(
        folder / "log",
        config_file=folder / "aws-config",
        root=ROOT,
        environment=os.environ,
        options=("--id-seed", str(id_seed)),
    )


def _make_a_vault(url: str) -> str:
    kms, iam, sts = (root_client(url, ACCOUNT, service, REGION) for service in ("kms", "iam", "sts"))
    key: str = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/vault", TargetKeyId=key.rpartition("/")[2])
    principal = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [principal]})
    role = iam.create_role(RoleName="deployer", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    session = sts.assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    make: Any = boto3.client
    backup = make(
        "backup",
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )
    backup.create_backup_vault(BackupVaultName="vault", EncryptionKeyArn=key)
    backup.close()
    return key
