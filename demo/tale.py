"""What the chapters share: the stage, the estate, the people, the evidence, and a way to say what happens."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

import boto3

from airlock.domain.names import BREAK_GLASS_ROLE
from demo.aws import root_client
from demo.evidence import Evidence, Step
from demo.people import Approver, People

if TYPE_CHECKING:
    from collections.abc import Callable

    from airlock.estate import Estate
    from demo.command import Airlock
    from demo.content import Content
    from demo.emulator import Emulator
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

    def enough_to_approve(self, team: str) -> list[Approver]:
        """As many members as the team's threshold."""
        return self.approvers(team)[: self.estate.teams[team].threshold]

    def enough_to_refuse(self, team: str) -> list[Approver]:
        """As many members as it takes for the threshold to be out of reach."""
        members = self.approvers(team)
        return members[: len(members) - self.estate.teams[team].threshold + 1]

    def answers(self, session_arn: str) -> list[dict[str, str]]:
        """Who answered a request with what and when, as AWS tells the account that owns the team."""
        mpa = self.client(self.estate.recovery_account.key, "mpa", "us-east-1")
        names = {identity: name for name, identity in self.users.items()}
        rows = [row for row in mpa.get_session(SessionArn=session_arn)["ApproverResponses"] if "ResponseTime" in row]
        return [
            {
                "approver": names[row["IdentityId"]],
                "response": row["Response"],
                "time": row["ResponseTime"].astimezone(UTC).isoformat(),
            }
            for row in sorted(rows, key=lambda row: row["ResponseTime"])
        ]

    def clients(self, account: str) -> Callable[[str], Any]:
        """Clients by service name that act as the administrator of one account, in the home Region."""
        return lambda service: self.client(account, service)

    def break_glass(self, account: str, session: str) -> Callable[[str], Any]:
        """Clients by service name that act as the break-glass role of one account, in the home Region."""
        return self.as_role(account, BREAK_GLASS_ROLE, session)

    def as_role(self, account: str, role: str, session: str) -> Callable[[str], Any]:
        """Clients by service name that act as a role of one account, in the home Region."""
        arn = f"arn:aws:iam::{self.estate.account(account).id}:role/{role}"
        keys = self.client(account, "sts").assume_role(RoleArn=arn, RoleSessionName=session)["Credentials"]
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

    def approvers(self, team: str) -> list[Approver]:
        """The members of a team, in the topology's order."""
        return [Approver(person.user, self.users[person.user]) for person in self.estate.teams[team].approvers]


class Chapter:
    """Measures a chapter's wall-clock time: `with Chapter(tale, "deploy"): ...`."""

    def __init__(self, tale: Tale, name: str) -> None:
        self._tale, self._name = tale, name
        self._start = 0.0

    def __enter__(self) -> None:
        self._start = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._tale.stage_seconds[self._name] = round(time.monotonic() - self._start, 1)
