"""What the chapters share: the stage, the estate, the people, the evidence, and a way to say what happens."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from airlock.domain.names import BREAK_GLASS_ROLE
from demo.evidence import Evidence, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from airlock.estate import Estate
    from demo.command import Airlock
    from demo.content import Content
    from demo.emulator import Emulator
    from demo.people import People
    from demo.stage import Stage


@dataclass
class Tale:
    """One telling of the story."""

    stage: Stage
    emulator: Emulator
    estate: Estate
    airlock: Airlock
    people: People
    evidence: Evidence
    say: Callable[[str], None]
    users: dict[str, str] = field(default_factory=dict)
    """Identity Center user ids of the recovery side, by user name."""
    content: dict[str, Content] = field(default_factory=dict)
    """What was written, by data class."""
    fingerprints: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each resource as it was backed up, by ARN."""
    attacked_at: str = ""
    stage_seconds: dict[str, float] = field(default_factory=dict)
    """Wall-clock seconds per chapter."""

    @property
    def lost_accounts(self) -> frozenset[str]:
        """The accounts an attacker holds once the story's attack is over."""
        if self.estate.pattern == "cross-organization":
            return frozenset(account.id for account in self.estate.organization_accounts("primary"))
        return frozenset(self.estate.account(key).id for key in self.estate.roles.workloads)

    @property
    def lost_classes(self) -> list[str]:
        """The data classes whose owners are lost."""
        return [
            name
            for name, data in self.estate.data_classes.items()
            if self.estate.account(data.vault_account).id in self.lost_accounts
        ]

    def clients(self, account: str) -> Callable[[str], Any]:
        """Clients by service name that act as the administrator of one account, in the home Region."""
        return lambda service: self.client(account, service)

    def break_glass(self, account: str, session: str) -> Callable[[str], Any]:
        """Clients by service name that act as the break-glass role of one account, in the home Region."""
        role = f"arn:aws:iam::{self.estate.account(account).id}:role/{BREAK_GLASS_ROLE}"
        keys = self.client(account, "sts").assume_role(RoleArn=role, RoleSessionName=session)["Credentials"]
        make: Any = boto3.client
        return lambda service: make(
            service,
            region_name=self.estate.region,
            endpoint_url=self.emulator.url,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    def client(self, account: str, service: str, region: str | None = None) -> Any:
        """A boto3 client that acts as the administrator of one account of the topology."""
        return root_client(self.emulator.url, self.estate.account(account).id, service, region or self.estate.region)

    def note(self, who: str, what: str, kind: str = "step") -> None:
        """One line of the timeline, and the same line for whoever watches."""
        self.evidence.timeline.append(Step(self.emulator.now(), who, what, kind))
        self.say(f"{who}: {what}")

    def approvers(self, data_class: str) -> list[str]:
        """The Identity Center user ids of the team that guards one data class, in the topology's order."""
        team = self.estate.teams[self.estate.data_classes[data_class].team]
        return [self.users[person.user] for person in team.approvers]


@cache
def root_client(url: str, account: str, service: str, region: str) -> Any:
    """The 12-digit key is that account's root user (a convention of the emulator)."""
    make: Any = boto3.client
    return make(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=account,
        aws_secret_access_key="emulator",  # noqa: S106 - not a secret: the emulator checks none
        config=Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}),
    )


class Chapter:
    """Measures a chapter's wall-clock time: `with Chapter(tale, "deploy"): ...`."""

    def __init__(self, tale: Tale, name: str) -> None:
        self._tale, self._name = tale, name
        self._start = 0.0

    def __enter__(self) -> None:
        self._start = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._tale.stage_seconds[self._name] = round(time.monotonic() - self._start, 1)


def pages(client: Any, operation: str, key: str, **parameters: Any) -> Iterator[Any]:
    """Every row of a paginated call."""
    for page in client.get_paginator(operation).paginate(**parameters):
        yield from page[key]
