"""What the chapters share: the stage, the estate, the people, the evidence, and a way to say what happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

import boto3

from airlock.domain.names import BREAK_GLASS_ROLE
from demo.aws import root_client
from demo.cost import Cost
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
    say: Callable[[Step], None]
    users: dict[str, str] = field(default_factory=dict)
    """Identity Center user ids of the recovery side, by user name."""
    content: dict[str, Content] = field(default_factory=dict)
    """What was written, by data class."""
    fingerprints: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each resource as it was backed up, by ARN."""

    @property
    def stage_seconds(self) -> dict[str, float]:
        """Wall-clock seconds per chapter."""
        return {chapter["name"]: chapter["seconds"] for chapter in self.evidence.chapters}

    @property
    def cpu_seconds(self) -> dict[str, float]:
        """Processor seconds per chapter, those of the emulator apart."""
        return {chapter["name"]: chapter["cpu_seconds"] for chapter in self.evidence.chapters}

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

    def request(self, session_arn: str, kind: str, asked_by: str) -> dict[str, Any]:
        """A request to a team and what became of it, as AWS tells the account that owns the team."""
        session = self._session(session_arn)
        return {
            "kind": kind,
            "asked_by": asked_by,
            "session": session_arn,
            "action": session["ActionName"],
            "resource": session["ProtectedResourceArn"],
            "asked_at": session["InitiationTime"].astimezone(UTC).isoformat(),
            "outcome": session.get("StatusCode", session["Status"]),
            "threshold": session["ApprovalStrategy"]["MofN"]["MinApprovalsRequired"],
            "approvers": session["NumberOfApprovers"],
            "votes": self._votes(session),
        }

    def answer(self, session_arn: str, approver: Approver) -> str:
        """What this person answered, as AWS recorded it."""
        votes = self._votes(self._session(session_arn))
        return next(row["response"] for row in votes if row["approver"] == approver.name)

    def _session(self, session_arn: str) -> dict[str, Any]:
        mpa = self.client(self.estate.recovery_account.key, "mpa", "us-east-1")
        session: dict[str, Any] = mpa.get_session(SessionArn=session_arn)
        return session

    def _votes(self, session: dict[str, Any]) -> list[dict[str, str]]:
        names = {identity: name for name, identity in self.users.items()}
        rows = [row for row in session["ApproverResponses"] if "ResponseTime" in row]
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

    def note(self, who: str, what: str, kind: str = "step", outcome: str = "") -> None:
        """One line of the timeline, and the same line for whoever watches. `{who} {what}` reads as a sentence."""
        step = Step(self.emulator.now(), who, what, kind, outcome)
        self.evidence.timeline.append(step)
        self.say(step)

    def approvers(self, team: str) -> list[Approver]:
        """The members of a team, in the topology's order."""
        return [Approver(person.user, self.users[person.user]) for person in self.estate.teams[team].approvers]


class Chapter:
    """Opens a chapter and measures what it costs: `with Chapter(tale, "attack", "The attack"): ...`."""

    def __init__(self, tale: Tale, name: str, title: str) -> None:
        self._tale, self._name, self._title = tale, name, title
        self._start = Cost.so_far()

    def __enter__(self) -> None:
        self._tale.note("", self._title, "chapter")
        self._start = Cost.so_far()

    def __exit__(self, *_: object) -> None:
        cost = Cost.so_far().since(self._start)
        chapter = {"name": self._name, "title": self._title}
        costs = {"seconds": round(cost.wall, 1), "cpu_seconds": round(cost.cpu, 1)}
        self._tale.evidence.chapters.append(chapter | costs)
