"""One emulator process for all tests of this folder; each test starts from an empty world at real time."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

ROOT = Path(__file__).parents[2]
MANAGEMENT, AUDIT, BUNKER, PAYMENTS = "111111111111", "222222222222", "333333333333", "444444444444"
RECOVERY, LANDING = "777777777777", "888888888888"

TWO_ORGANIZATIONS: dict[str, Any] = {
    "organizations": [
        {
            "management": MANAGEMENT,
            "accounts": [
                {"id": MANAGEMENT, "name": "management", "email": "management@example.com"},
                {"id": AUDIT, "name": "audit", "email": "audit@example.com", "ou": "Security"},
                {"id": BUNKER, "name": "bunker", "email": "bunker@example.com", "ou": "Security"},
                {"id": PAYMENTS, "name": "payments", "email": "payments@example.com", "ou": "Workloads"},
            ],
        },
        {
            "management": RECOVERY,
            "accounts": [
                {"id": RECOVERY, "name": "recovery", "email": "root@recovery.example.com"},
                {"id": LANDING, "name": "landing", "email": "landing@recovery.example.com", "ou": "Recovery"},
            ],
            "identity_center": {
                "region": "us-east-1",
                "users": [
                    {"user_name": "ada.lind", "email": "ada.lind@recovery.example.com"},
                    {"user_name": "bo.berg", "email": "bo.berg@recovery.example.com"},
                    {"user_name": "cleo.dahl", "email": "cleo.dahl@recovery.example.com"},
                ],
            },
        },
    ]
}


class ControlRefused(Exception):
    """The control interface answered with an error."""

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        super().__init__(f"{status}: {document}")
        self.status = status
        self.document = document


class Emulator:
    """A running emulator, as programs and tests see it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = boto3.Session()  # One for all clients: each session reads the service models anew.

    def control(self, method: str, path: str, document: dict[str, Any] | None = None) -> Any:
        """Call `/_emulator/PATH` and return the JSON document (or the text, or None)."""
        data = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", data=data, method=method)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
                text = answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                raise ControlRefused(error.code, json.loads(error.read())) from None
        return json.loads(text) if text.startswith(("{", "[")) else text or None

    def client(self, service: str, account: str = MANAGEMENT, region: str = "us-east-1", **options: Any) -> Any:
        """A boto3 client; without credentials in `options` it is the account's root user."""
        credentials = {"aws_access_key_id": account, "aws_secret_access_key": "emulator"}
        config = Config(retries={"total_max_attempts": 1}).merge(options.pop("config", Config()))
        session: Any = self._session
        return session.client(
            service, region_name=region, endpoint_url=self.url, config=config, **{**credentials, **options}
        )

    def assume(self, role_arn: str, account: str, session_name: str = "test", **options: Any) -> dict[str, str]:
        """Credentials of a role session, as keyword arguments for `client`."""
        sts = self.client("sts", account, **options)
        given = sts.assume_role(RoleArn=role_arn, RoleSessionName=session_name)["Credentials"]
        return {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }

    def reset(self) -> None:
        """Back to an empty world, whatever was seeded."""
        self.control("POST", "reset", {"to": "nothing"})

    def seed(self, wanted: dict[str, Any] = TWO_ORGANIZATIONS) -> dict[str, Any]:
        filled: dict[str, Any] = self.control("POST", "seed", wanted)
        return filled

    def advance(self, seconds: float) -> str:
        moved: str = self.control("POST", "clock", {"advance_seconds": seconds})["now"]
        return moved

    def calls(self, since: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", f"ledger?since={since}")["calls"]
        return found


@pytest.fixture(scope="session")
def emulator_process() -> Iterator[Emulator]:
    process = subprocess.Popen(
        [sys.executable, "-m", "emulator", "--port", "0", "--check-answers"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("emulator ready on http://127.0.0.1:"), f"The emulator did not start; it said {line!r}."
    yield Emulator(line.split()[-1])
    process.terminate()
    process.stdout.close()
    assert process.wait(timeout=30) == 0, "SIGTERM must end the emulator cleanly."


@pytest.fixture
def emulator(emulator_process: Emulator) -> Emulator:
    """The emulator, empty and at real time."""
    emulator_process.reset()
    return emulator_process
