"""IdentitySource: the Identity Center that approvers come from. One per account; the table is in README.md."""

import re
from dataclasses import dataclass, fields
from enum import Enum
from typing import ClassVar, Literal, assert_never

import pulumi
from pulumi.dynamic import Resource

from airlock.clients.approvals import Approvals
from airlock.clients.approvals import IdentitySource as Source
from airlock.clients.identity import Identity
from airlock.domain.errors import Conflict, NotFound
from airlock.providers.converging import REPLACE, Converging, Replacement, Run, connection_of
from airlock.providers.properties import OWNER_TAG, Props, token

_OTHER = (
    "the approvers of every team come from this one. Remove the teams and this source first (their own votes decide), "
    "then connect the other"
)


class Step(Enum):
    """What a run does to an identity source."""

    RETAG = "TagResource with our owner tag"


class IdentitySourceProvider(Converging[Source, Step]):
    """AWS allows one per account, so what is there already is somebody's."""

    one_way_doors: ClassVar[dict[str, str]] = {"instance_arn": _OTHER, "identity_center_region": _OTHER}
    # The ARN of the source holds the account and nothing else.
    same_id_again: ClassVar[bool] = True

    def problems(self, known: Props) -> list[tuple[str, str]]:
        region = known.get("identity_center_region", "us-east-1")
        reason = f"`{region}` is not a Region"
        return [] if re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-\d", region) else [("identity_center_region", reason)]

    def find_or_create(self, inputs: Props) -> tuple[str, Props]:
        approvals = Approvals(connection_of(inputs))
        for arn in approvals.list_identity_sources():
            _claim(approvals, arn, inputs)
            return arn, {}
        instance = inputs.get("instance_arn") or _identity(inputs).instance().arn
        region = inputs["identity_center_region"]
        arn = approvals.create_identity_source(
            instance, region, token(inputs["owner"], instance, region), {OWNER_TAG: inputs["owner"]}
        )
        return arn, {}

    def look(self, run: Run) -> Source | None:
        try:
            return Approvals(run.connection).get_identity_source(run.id)
        except NotFound:
            return None

    def step(self, run: Run, live: Source | None) -> Step | Literal[Replacement.REPLACE] | None:
        if live is None:
            return REPLACE
        return Step.RETAG if run.prior.get("owner") not in {None, run.inputs["owner"]} else None

    def refusal(self, run: Run, live: Source | None) -> str:
        if live is not None or run.inputs.get("recreate"):
            return ""
        return (
            f"The identity source {run.id} is gone, though this program did not ask for it, and no approver can vote. "
            "Find out who removed it. Set `recreate: true` to connect Identity Center again."
        )

    def act(self, run: Run, step: Step) -> Props:
        match step:
            case Step.RETAG:
                Approvals(run.connection).tag(run.id, {OWNER_TAG: run.inputs["owner"]})
            case _:
                assert_never(step)
        return {}

    def outputs(self, run: Run, live: Source | None) -> Props:
        account = run.connection.account_id
        return {
            "arn": run.id,
            "portal_url": live.portal_url if live else run.prior.get("portal_url", ""),
            "status": live.status if live else "GONE",
            "waiting": _waiting(live, account),
        }

    def delete_existing(self, run: Run, live: Source) -> None:
        if live.status == "DELETING":
            return
        raise Conflict(
            f"The identity source of account {run.connection.account_id} is still there, and approvers may "
            "vote through it, so it was not deleted. When no team is left: aws mpa delete-identity-source "
            f"--identity-source-arn {run.id}. To leave it and forget it here: put it back with `keep: true`, deploy, "
            "then take it out.",
            operation="delete",
        )


def _identity(inputs: Props) -> Identity:
    return Identity(connection_of(inputs), inputs["identity_center_region"])


def _claim(approvals: Approvals, arn: str, inputs: Props) -> None:
    """Passes if the source is ours already, or may be taken over."""
    owner = approvals.tags(arn).get(OWNER_TAG, "")
    if owner == inputs["owner"]:
        return
    if not inputs.get("adopt"):
        raise Conflict(
            f"Account {connection_of(inputs).account_id} already has its one identity source ({arn}), made by "
            f"{owner or 'somebody else'}. It was not touched. Set `adopt: true` to take this very source over.",
            operation="create",
        )
    approvals.tag(arn, {OWNER_TAG: inputs["owner"]})


def _waiting(live: Source | None, account: str) -> str:
    match live.status if live else "GONE":
        case "GONE":
            return (
                f"The identity source of account {account} is gone, though nobody here asked for it, and no approver "
                "can vote. Find out who removed it; `recreate: true` connects Identity Center again."
            )
        case "CREATING":
            return f"AWS is connecting Identity Center with account {account}. Deploy again in a minute."
        case "ERROR" if live:
            return (
                f"The identity source of account {account} does not work ({live.status_code}: {live.status_message}). "
                "Check the Identity Center instance in that account, then deploy again."
            )
        case "DELETING":
            return f"The identity source of account {account} is being removed, which this program did not ask for."
        case _:
            return ""


@dataclass(frozen=True, kw_only=True)
class IdentitySourceArgs:
    """Where Identity Center is; without `instance_arn` the organization instance of the account is found."""

    connection: pulumi.Input[dict[str, str]]
    identity_center_region: str
    owner: str
    instance_arn: str | None = None
    recreate: bool = False
    adopt: bool = False
    keep: bool = False


class IdentitySource(Resource, module="airlock", name="IdentitySource"):
    """The connection of Multi-party approval with Identity Center. Its id is its ARN."""

    arn: pulumi.Output[str]
    portal_url: pulumi.Output[str]
    status: pulumi.Output[str]
    waiting: pulumi.Output[str]

    def __init__(
        self, resource_name: str, args: IdentitySourceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        inputs = {field.name: getattr(args, field.name) for field in fields(args)}
        outputs = dict.fromkeys(("arn", "portal_url", "status", "waiting"))
        super().__init__(IdentitySourceProvider(), resource_name, {**inputs, **outputs}, opts)
