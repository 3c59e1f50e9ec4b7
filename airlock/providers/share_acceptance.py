"""ShareAcceptance: a share of another account, usable here. The table is in README.md."""

from dataclasses import dataclass, fields
from typing import ClassVar, assert_never

import pulumi
from pulumi.dynamic import Resource

from airlock.clients.sharing import Sharing
from airlock.domain.arns import parse
from airlock.domain.errors import Conflict
from airlock.providers import share_table as table
from airlock.providers.converging import Converging, Run, connection_of
from airlock.providers.properties import Props, token
from airlock.providers.share_table import LiveShare, Step


class ShareAcceptanceProvider(Converging[LiveShare, Step]):
    """The share's ARN names the one Region in which everything about it happens."""

    one_way_doors: ClassVar[dict[str, str]] = {
        "share_arn": "an acceptance belongs to its share. Add one for the other share under another name, and take "
        "this one out when its share has ended",
    }

    def problems(self, known: Props) -> list[tuple[str, str]]:
        arn, owner = known.get("share_arn"), known.get("owner_account")
        if arn and owner and parse(arn).account != owner:
            return [("owner_account", f"is {owner}, but the share belongs to account {parse(arn).account}")]
        return []

    def find_or_create(self, inputs: Props) -> tuple[str, Props]:
        return inputs["share_arn"], {}

    def look(self, run: Run) -> LiveShare:
        sharing = _sharing(run)
        share = sharing.received_share(run.id)
        if share is not None and run.prior.get("status") in table.USABLE:
            return LiveShare(is_visible=True, invitations=())
        return LiveShare(is_visible=share is not None, invitations=sharing.invitations(run.id))

    def step(self, run: Run, live: LiveShare | None) -> Step | None:
        return table.step(live, _desired(run)) if live else None

    def act(self, run: Run, step: Step) -> Props:
        match step:
            case Step.ACCEPT:
                pass
            case Step.INVITE_AGAIN_AND_ACCEPT:
                owner = Sharing(connection_of(run.inputs, "reinvite"), parse(run.id).region)
                owner.invite_again(run.id, run.connection.account_id)
            case _:
                assert_never(step)
        sharing = _sharing(run)
        invitation = sharing.wait_for_invitation(run.id)
        sharing.accept(invitation.arn, token(invitation.arn, run.inputs["owner"]))
        return {}

    def outputs(self, run: Run, live: LiveShare | None) -> Props:
        desired = _desired(run)
        share = live or LiveShare(is_visible=False, invitations=())
        return {"status": table.status(share, desired), "waiting": table.waiting(share, desired)}

    def delete_existing(self, run: Run, live: LiveShare) -> None:
        desired = _desired(run)
        if table.status(live, desired) != "ACCEPTED":
            return
        raise Conflict(
            f"Account {desired.account} still uses the share of {desired.what}, which may be its only way in on the "
            "worst day, and a consumer cannot leave shares of this kind. Let its owner, account "
            f"{desired.owner_account}, end the share {run.id} first. To keep using it and forget it here: set "
            "`keep: true`, deploy, then take it out of the program.",
            operation="delete",
        )


def _sharing(run: Run) -> Sharing:
    return Sharing(run.connection, parse(run.id).region)


def _desired(run: Run) -> table.Desired:
    inputs, share = run.inputs, run.id
    return table.Desired(
        share_arn=share,
        what=inputs.get("resource_arn") or share,
        owner_account=inputs["owner_account"],
        account=run.connection.account_id,
        region=parse(share).region,
        can_reinvite=bool(inputs.get("reinvite")),
        status_before=run.prior.get("status", ""),
    )


@dataclass(frozen=True, kw_only=True)
class ShareAcceptanceArgs:
    """A share that this account is to use. `reinvite` is the owner's connection, where it is in our hands."""

    connection: pulumi.Input[dict[str, str]]
    share_arn: pulumi.Input[str]
    owner_account: str
    owner: str
    resource_arn: pulumi.Input[str] | None = None
    reinvite: pulumi.Input[dict[str, str]] | None = None
    keep: bool = False


class ShareAcceptance(Resource, module="airlock", name="ShareAcceptance"):
    """A share of another account, accepted where it is an invitation. Its id is the share's ARN."""

    status: pulumi.Output[str]
    waiting: pulumi.Output[str]

    def __init__(
        self, resource_name: str, args: ShareAcceptanceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        inputs = {field.name: getattr(args, field.name) for field in fields(args)}
        outputs = dict.fromkeys(("status", "waiting"))
        super().__init__(ShareAcceptanceProvider(), resource_name, {**inputs, **outputs}, opts)
