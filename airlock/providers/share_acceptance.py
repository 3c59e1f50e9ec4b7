"""ShareAcceptance: a share of another account, usable here. The table is in README.md."""

from dataclasses import dataclass, fields
from typing import ClassVar

import pulumi
from pulumi.dynamic import Resource

from airlock.clients.sharing import Sharing
from airlock.domain.arns import parse
from airlock.domain.errors import Conflict
from airlock.providers import share_table as table
from airlock.providers.converging import Converging, Run, connection_of
from airlock.providers.properties import Props, token


class ShareAcceptanceProvider(Converging[table.Seen]):
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

    def make(self, wanted: Props) -> tuple[str, Props]:
        return wanted["share_arn"], {}

    def look(self, run: Run) -> table.Seen:
        sharing = _sharing(run)
        share = sharing.received_share(run.id)
        if share is not None and run.before.get("status") in table.USABLE:
            return table.Seen(is_visible=True, invitations=())
        return table.Seen(is_visible=share is not None, invitations=sharing.invitations(run.id))

    def step(self, run: Run, live: table.Seen | None) -> str:
        return table.step(live, _wanted(run)) if live else table.NOTHING

    def act(self, run: Run, step: str) -> Props:
        here, share = _sharing(run), run.id
        if step == table.INVITE_AGAIN_AND_ACCEPT:
            owner = Sharing(connection_of(run.wanted, "reinvite"), parse(share).region)
            owner.invite_again(share, run.connection.account_id)
        invitation = here.wait_for_invitation(share)
        here.accept(invitation.arn, token(invitation.arn, run.wanted["owner"]))
        return {}

    def shown(self, run: Run, live: table.Seen | None) -> Props:
        described = _wanted(run)
        seen = live or table.Seen(is_visible=False, invitations=())
        return {"status": table.status(seen, described), "waiting": table.waiting(seen, described)}

    def let_go(self, run: Run, live: table.Seen) -> None:
        wanted = _wanted(run)
        if table.status(live, wanted) != "ACCEPTED":
            return
        raise Conflict(
            f"Account {wanted.account} still uses the share of {wanted.what}, which may be its only way in on the "
            "worst day, and a consumer cannot leave shares of this kind. Let its owner, account "
            f"{wanted.owner_account}, end the share {run.id} first. To keep using it and forget it here: set "
            "`keep: true`, deploy, then take it out of the program.",
            operation="delete",
        )


def _sharing(run: Run) -> Sharing:
    return Sharing(run.connection, parse(run.id).region)


def _wanted(run: Run) -> table.Wanted:
    wanted, share = run.wanted, run.id
    return table.Wanted(
        share_arn=share,
        what=wanted.get("resource_arn") or share,
        owner_account=wanted["owner_account"],
        account=run.connection.account_id,
        region=parse(share).region,
        can_reinvite=bool(wanted.get("reinvite")),
        status_before=run.before.get("status", ""),
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
