"""The recovery side as the tests of Multi-party approval start from it: an identity source, people, teams on demand.

Every answer that a client made here receives is held against botocore's model, so each test is also a test of shapes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from emulator.protocol.shapes import violations
from tests.emulator.conftest import LANDING, MANAGEMENT, PAYMENTS, RECOVERY, TWO_ORGANIZATIONS, Emulator

__all__ = ["LANDING", "MANAGEMENT", "PAYMENTS", "RECOVERY", "Recovery", "refused", "strict_client"]

HOUR = 3600
POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT"
ADA, BO, CLEO = "ada.lind", "bo.berg", "cleo.dahl"


@cache
def strict_client(emulator: Emulator, service: str, account: str = RECOVERY, region: str = "us-east-1") -> Any:
    """A client that fails on any answer its own service model does not allow (kept: making one takes a while)."""
    client = emulator.client(service, account, region)

    def check(parsed: dict[str, Any], model: Any, http_response: Any, **_: Any) -> None:
        if http_response.status_code < 300 and model.output_shape is not None:
            answer = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
            broken = violations(model.output_shape, answer)
            assert not broken, f"{model.name} answered what its model forbids: {broken}"

    client.meta.events.register(f"after-call.{service}", check)
    return client


def refused(call: Any, **inputs: Any) -> ClientError:
    """The error of a call that must fail."""
    try:
        answer = call(**inputs)
    except ClientError as error:
        return error
    raise AssertionError(f"AWS would have refused this call, but it answered {answer}.")


def code_of(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def status_of(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])


@dataclass
class Recovery:
    """The recovery organization with an identity source, seen by its management account."""

    emulator: Emulator
    mpa: Any
    source_arn: str
    store: str
    people: dict[str, str]

    @classmethod
    def prepare(cls, emulator: Emulator, more_people: Iterable[str] = ()) -> "Recovery":
        seed = emulator.seed(_with(more_people))
        center = seed["organizations"][1]["identity_center"]
        mpa = strict_client(emulator, "mpa")
        source = mpa.create_identity_source(
            IdentitySourceParameters={
                "IamIdentityCenter": {"InstanceArn": center["instance_arn"], "Region": center["region"]}
            }
        )
        people = {user["user_name"]: user["user_id"] for user in center["users"]}
        return cls(emulator, mpa, source["IdentitySourceArn"], center["identity_store_id"], people)

    def approvers(self, *names: str) -> list[dict[str, str]]:
        """People as CreateApprovalTeam takes them."""
        return [
            {"PrimaryIdentityId": self.people.get(name, name), "PrimaryIdentitySourceArn": self.source_arn}
            for name in names or (ADA, BO, CLEO)
        ]

    def request(self, name: str = "quorum", threshold: int = 2, people: Iterable[str] = ()) -> dict[str, Any]:
        """A good request for a team."""
        return {
            "Name": name,
            "Description": "Opens the backups.",
            "ApprovalStrategy": {"MofN": {"MinApprovalsRequired": threshold}},
            "Approvers": self.approvers(*people),
            "Policies": [{"PolicyArn": POLICY}],
        }

    def create(self, name: str = "quorum", threshold: int = 2, people: Iterable[str] = ()) -> str:
        return str(self.mpa.create_approval_team(**self.request(name, threshold, people))["Arn"])

    def active(self, name: str = "quorum", threshold: int = 2, people: Iterable[str] = ()) -> str:
        """A team in which everybody accepted."""
        arn = self.create(name, threshold, people)
        for person in people or (ADA, BO, CLEO):
            self.answer(arn, person)
        return arn

    def answer(self, team_arn: str, person: str, response: str = "ACCEPTED") -> dict[str, Any]:
        document = {"team_arn": team_arn, "identity_id": self.people.get(person, person), "response": response}
        team: dict[str, Any] = self.emulator.control("POST", "invitations", document)
        return team

    def vote(self, session_arn: str, person: str, response: str = "APPROVED") -> dict[str, Any]:
        document = {"session_arn": session_arn, "identity_id": self.people.get(person, person), "response": response}
        session: dict[str, Any] = self.emulator.control("POST", "votes", document)
        return session

    def change(self, person: str, **changes: Any) -> None:
        """Change a person in the identity store."""
        document = {"identity_store_id": self.store, "user_id": self.people[person], **changes}
        self.emulator.control("POST", "people", document)

    def mails(self, person: str) -> list[dict[str, Any]]:
        mails: list[dict[str, Any]] = self.emulator.control("GET", f"mailbox?identity_id={self.people[person]}")[
            "mails"
        ]
        return mails

    def team(self, arn: str) -> dict[str, Any]:
        """The team after the first look, which may still show an intermediate state."""
        self.mpa.get_approval_team(Arn=arn)
        shown: dict[str, Any] = self.mpa.get_approval_team(Arn=arn)
        return shown

    def state(self, arn: str) -> tuple[str, str | None]:
        team = self.team(arn)
        return team["Status"], team.get("StatusCode")

    def session(self, arn: str) -> dict[str, Any]:
        """The session after the first look, which may still show CREATING."""
        self.mpa.get_session(SessionArn=arn)
        shown: dict[str, Any] = self.mpa.get_session(SessionArn=arn)
        return shown


def _with(more_people: Iterable[str]) -> dict[str, Any]:
    first, second = TWO_ORGANIZATIONS["organizations"]
    users = [{"user_name": name, "email": f"{name}@recovery.example.com"} for name in more_people]
    center = second["identity_center"]
    return {"organizations": [first, {**second, "identity_center": {**center, "users": [*center["users"], *users]}}]}
