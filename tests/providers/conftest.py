"""Two organizations in the emulator, reached through AWS profiles as in production, and a program that is run again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pulumi.dynamic import ResourceProvider

from airlock.clients import sessions
from airlock.domain.connection import Connection
from airlock.providers.approval_team import ApprovalTeamProvider
from airlock.providers.identity_source import IdentitySourceProvider
from tests.emulator.conftest import (
    BUNKER,
    LANDING,
    MANAGEMENT,
    PAYMENTS,
    RECOVERY,
    TWO_ORGANIZATIONS,
    Emulator,
    emulator,
    emulator_process,
)

__all__ = ["BUNKER", "LANDING", "MANAGEMENT", "PAYMENTS", "RECOVERY", "World", "emulator", "emulator_process"]

NAMES = {MANAGEMENT: "management", BUNKER: "bunker", PAYMENTS: "payments", RECOVERY: "recovery", LANDING: "landing"}
PEOPLE = ["ada.lind", "bo.berg", "cleo.dahl"]
READS = ("Get", "List", "Describe", "AssumeRole")


@dataclass
class World:
    """The emulator with people in it."""

    emulator: Emulator
    people: dict[str, str] = field(default_factory=dict)

    def connection(self, account: str, region: str = "us-east-1") -> dict[str, str]:
        return Connection(account_id=account, region=region, profile=NAMES[account]).to_dict()

    def answer(self, team_arn: str, *users: str, response: str = "ACCEPTED") -> None:
        """The named people answer their invitation; all of them if none is named."""
        for user in users or PEOPLE:
            document = {"team_arn": team_arn, "identity_id": self.people[user], "response": response}
            self.emulator.control("POST", "invitations", document)

    def vote(self, session_arn: str, *users: str, response: str = "APPROVED") -> None:
        for user in users:
            document = {"session_arn": session_arn, "identity_id": self.people[user], "response": response}
            self.emulator.control("POST", "votes", document)

    def writes_since(self, seq: int) -> list[str]:
        """The write operations that AWS was asked for after `seq`."""
        return [call["operation"] for call in self.emulator.calls(seq) if not call["operation"].startswith(READS)]

    def seq(self) -> int:
        return max((int(call["seq"]) for call in self.emulator.calls()), default=0)


@pytest.fixture(scope="session")
def aws_config(emulator_process: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One file for all tests: making boto3 clients is what takes the time, and these last as long as the file."""
    emulator_process.seed(TWO_ORGANIZATIONS)
    config = tmp_path_factory.mktemp("aws") / "config"
    config.write_text(emulator_process.control("GET", "aws-config"))
    sessions.forget()
    yield config
    sessions.forget()


@pytest.fixture
def world(aws_config: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> World:
    filled = emulator.seed(TWO_ORGANIZATIONS)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(aws_config))
    users = filled["organizations"][1]["identity_center"]["users"]
    return World(emulator, {user["user_name"]: user["user_id"] for user in users})


@dataclass
class Program:
    """One resource of a program, run again and again as the engine would: numbers are floats, nothing is null."""

    provider: ResourceProvider
    world: World
    inputs: dict[str, Any]
    id: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    checked: dict[str, Any] = field(default_factory=dict)

    def up(self, **changed: Any) -> list[str]:
        """check, diff, then create or update; returns the write operations that AWS saw."""
        since = self.world.seq()
        self.inputs.update(changed)
        news = as_the_engine_sends(self.inputs)
        checked = self.provider.check(dict(self.checked), dict(news))
        assert not checked.failures, [(one.property, one.reason) for one in checked.failures]
        self.checked = checked.inputs
        if not self.id:
            made = self.provider.create(dict(news))
            self.id, self.state = made.id, as_the_engine_sends(made.outs or {})
        else:
            found = self.provider.diff(self.id, dict(self.state), dict(news))
            assert found.changes is not None, "The engine would compare inputs by itself, the provider's code included."
            if found.replaces:
                return ["REPLACE"]
            if found.changes:
                updated = self.provider.update(self.id, dict(self.state), dict(news))
                self.state = as_the_engine_sends(updated.outs or {})
        return self.world.writes_since(since)

    def is_idle(self) -> bool:
        """Whether another run would show no change."""
        return self.provider.diff(self.id, dict(self.state), as_the_engine_sends(self.inputs)).changes is False

    def refresh(self) -> None:
        found = self.provider.read(self.id, dict(self.state))
        assert found.id == self.id, "A refresh must never report an object of ours as absent."
        self.state = as_the_engine_sends(found.outs or {})
        self.checked = as_the_engine_sends(found.inputs or {})

    def preview(self, **changed: Any) -> list[str]:
        """The reasons for which a preview refuses the program."""
        news = as_the_engine_sends({**self.inputs, **changed})
        return [one.reason for one in self.provider.check(dict(self.checked), news).failures]

    def settle(self) -> list[str]:
        """Runs until nothing changes any more; returns every write operation on the way."""
        writes = []
        for _ in range(6):
            writes += self.up()
            if self.is_idle():
                return writes
        pytest.fail(f"The resource does not come to rest; its status is {self.state.get('status')}.")

    @property
    def status(self) -> str:
        return str(self.state["status"])

    @property
    def waiting(self) -> str:
        return str(self.state["waiting"])


def quorum(world: World) -> Program:
    """A program with one team in it, whose identity source is settled."""
    source = Program(
        IdentitySourceProvider(),
        world,
        {"connection": world.connection(RECOVERY), "identity_center_region": "us-east-1", "owner": "airlock/r/source"},
    )
    source.settle()
    inputs = {
        "connection": world.connection(RECOVERY, "eu-west-1"),
        "name": "quorum",
        "description": "Opens the backups.",
        "threshold": 2,
        "approvers": PEOPLE,
        "identity_source_arn": source.id,
        "identity_center_region": "us-east-1",
        "owner": "airlock/recovery/quorum",
        "desired": "present",
        "recreate": False,
    }
    return Program(ApprovalTeamProvider(), world, inputs)


def as_the_engine_sends(value: Any) -> Any:
    """Numbers as floats, nulls dropped."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, dict):
        return {key: as_the_engine_sends(one) for key, one in value.items() if one is not None}
    if isinstance(value, (list, tuple)):
        return [as_the_engine_sends(one) for one in value]
    return value
