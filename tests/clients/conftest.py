"""botocore's Stubber in place of AWS: exact parameters in, documented answers out. No network."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from airlock.clients import sessions
from airlock.domain.connection import Connection
from tests.emulator.conftest import emulator, emulator_process

__all__ = ["Stubs", "emulator", "emulator_process"]

CONNECTION = Connection(account_id="777777777777", region="eu-west-1", profile="recovery")


@dataclass
class Stubs:
    """One stubbed client per service and Region; remembers which ones were asked for."""

    stubbers: dict[tuple[str, str], Stubber] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def of(self, service: str, region: str = "us-east-1") -> Stubber:
        if (service, region) not in self.stubbers:
            session: Any = boto3.Session("AKIAEXAMPLE", "none", region_name=region)
            stubber = Stubber(session.client(service))
            stubber.activate()
            self.stubbers[service, region] = stubber
        return self.stubbers[service, region]

    def client(self, connection: Connection, service: str, region: str | None = None) -> Any:
        self.asked.append((service, region or connection.region))
        return self.of(service, region or connection.region).client


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubs]:
    found = Stubs()
    for module in ("approvals", "backups", "sharing", "organizations", "identity"):
        monkeypatch.setattr(f"airlock.clients.{module}.client", found.client)
    yield found
    for stubber in found.stubbers.values():
        stubber.assert_no_pending_responses()


@pytest.fixture
def connection() -> Connection:
    return CONNECTION


@pytest.fixture
def fresh_sessions() -> Iterator[None]:
    sessions.forget()
    yield
    sessions.forget()
