"""What associations of a share wait for, what they do not, and what is in the state afterwards.

Sources: [tf rassoc] [tf princ] [tf share] [gh tf#13458].
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.aws_plugin.pretending import Client, PretendedAccount, in_turn, refusal
from tests.aws_plugin.talking import Plugin, Refusal
from tests.aws_plugin.test_sharing import PRINCIPAL, RESOURCE, share
from tests.emulator.conftest import AUDIT, LANDING, PAYMENTS, Emulator
from tools.aws_plugin.catalogue import RESOURCES
from tools.aws_plugin.errors import PluginError
from tools.aws_plugin.lifecycle import HalfMade, Lifecycle

SHARE = f"arn:aws:ram:eu-west-1:{PAYMENTS}:resource-share/1"
TEAM = f"arn:aws:mpa:eu-west-1:{PAYMENTS}:approval-team/team"
INPUTS = {
    RESOURCE: {"resourceArn": TEAM, "resourceShareArn": SHARE},
    PRINCIPAL: {"principal": LANDING, "resourceShareArn": SHARE},
}
IDS = {RESOURCE: f"{SHARE},{TEAM}", PRINCIPAL: f"{SHARE},{LANDING}"}
NONE: tuple[str, ...] = ()


def listed(*statuses: str) -> dict[str, Any]:
    """What RAM lists for a pair."""
    return {"resourceShareAssociations": [{"status": status} for status in statuses]}


def ram(*looks: tuple[str, ...], **more: Any) -> Client:
    """Each look shows these statuses."""
    return Client(
        {
            "get_resource_share_associations": in_turn(*(listed(*look) for look in looks)),
            "associate_resource_share": in_turn({}),
            "disassociate_resource_share": in_turn({}),
            **more,
        }
    )


def lifecycle(token: str, client: Client) -> Lifecycle:
    return Lifecycle(RESOURCES[token], "it", PretendedAccount(client))


def create(token: str, client: Client) -> str:
    return lifecycle(token, client).create({**INPUTS[token], "region": "eu-west-1"}, preview=False)[0]


def delete(token: str, client: Client) -> None:
    lifecycle(token, client).delete(IDS[token], {**INPUTS[token], "region": "eu-west-1"})


@pytest.mark.parametrize("status", ["ASSOCIATING", "ASSOCIATED", "FAILED", "DISASSOCIATING"])
@pytest.mark.parametrize(("token", "kind"), [(RESOURCE, "Resource"), (PRINCIPAL, "Principal")])
def test_an_association_that_is_listed_is_not_created_again(token: str, kind: str, status: str) -> None:
    """[tf rassoc] [tf princ]"""
    client = ram((status,))
    with pytest.raises(PluginError) as refused:
        create(token, client)
    assert f"RAM {kind} Association ({IDS[token]}) already exists" in str(refused.value)
    assert not isinstance(refused.value, HalfMade)
    assert client.names() == ["get_resource_share_associations"], "nothing is changed"


@pytest.mark.parametrize("token", [RESOURCE, PRINCIPAL])
def test_an_association_that_ended_is_created_again(token: str) -> None:
    """[tf rassoc] [tf princ]"""
    assert create(token, ram(("DISASSOCIATED",), ("ASSOCIATED",))) == IDS[token]


def test_what_the_emulator_has_associated_is_refused_too(aws: Emulator, payments: Plugin) -> None:
    """[tf princ]"""
    owner = share(payments)
    aws.client("ram", PAYMENTS, "eu-west-1").associate_resource_share(resourceShareArn=owner.id, principals=[AUDIT])
    with pytest.raises(Refusal, match=r"RAM Principal Association \(.*\) already exists"):
        payments.create(PRINCIPAL, principal=AUDIT, resourceShareArn=owner.id)


def test_a_resource_stands_in_the_state_only_once_it_is_associated(impatient: None) -> None:
    """A wait that runs out records nothing, and the next run finds that it exists already. [tf rassoc]"""
    client = ram(NONE, ("ASSOCIATING",))
    with pytest.raises(PluginError, match="is still ASSOCIATING after 300 seconds") as refused:
        create(RESOURCE, client)
    assert not isinstance(refused.value, HalfMade)
    with pytest.raises(PluginError, match="already exists"):
        create(RESOURCE, client)


def test_a_resource_that_fails_ends_the_wait_at_once_and_records_nothing() -> None:
    """[tf rassoc]"""
    client = ram(NONE, ("ASSOCIATING",), ("FAILED",))
    with pytest.raises(PluginError, match="unexpected state FAILED instead of ASSOCIATED") as refused:
        create(RESOURCE, client)
    assert not isinstance(refused.value, HalfMade)
    assert len(client.calls) == 4


def test_a_principal_is_not_waited_for() -> None:
    """People accept invitations in their own time. [tf princ]"""
    client = ram(NONE, ("ASSOCIATING",))
    assert create(PRINCIPAL, client) == IDS[PRINCIPAL]
    assert client.names().count("get_resource_share_associations") == 2, "one look before and one after"


def test_a_unit_of_an_organization_needs_nobody_and_is_waited_for() -> None:
    """[tf princ]"""
    unit = "arn:aws:organizations::111111111111:ou/o-abcdefghij/ou-abcd-12345678"
    inputs = {"principal": unit, "resourceShareArn": SHARE, "region": "eu-west-1"}
    found = lifecycle(PRINCIPAL, ram(NONE, ("ASSOCIATING",), ("ASSOCIATED",)))
    assert found.create(inputs, preview=False)[0] == f"{SHARE},{unit}"
    with pytest.raises(HalfMade, match="unexpected state FAILED") as refused:
        lifecycle(PRINCIPAL, ram(NONE, ("FAILED",))).create(inputs, preview=False)
    assert refused.value.id == f"{SHARE},{unit}", "the id stands before the wait"


def test_a_principal_that_does_not_show_right_after_the_call_is_kept_with_an_error() -> None:
    """[tf princ]"""
    with pytest.raises(HalfMade) as refused:
        create(PRINCIPAL, ram(NONE))
    assert refused.value.id == IDS[PRINCIPAL]


@pytest.mark.parametrize("token", [RESOURCE, PRINCIPAL])
@pytest.mark.parametrize(
    ("look", "there"),
    [
        (("ASSOCIATED",), True),
        (("ASSOCIATING",), True),
        (("FAILED",), True),
        (("DISASSOCIATING",), True),
        (("DISASSOCIATED",), False),
        (("ASSOCIATED", "DISASSOCIATED"), False),
        (NONE, False),
    ],
)
def test_only_what_is_disassociated_or_listed_twice_is_gone(token: str, look: tuple[str, ...], there: bool) -> None:
    """More than one entry for a pair counts as none. [tf rassoc] [tf princ]"""
    found = lifecycle(token, ram(look)).read(IDS[token], {"region": "eu-west-1"}, {})
    assert (found is not None) is there


@pytest.mark.parametrize(("token", "seconds"), [(RESOURCE, 300), (PRINCIPAL, 180)])
def test_a_delete_waits_until_it_is_disassociated(impatient: None, token: str, seconds: int) -> None:
    """[tf rassoc] [tf princ]"""
    delete(token, ram(("ASSOCIATED",), ("DISASSOCIATING",), ("DISASSOCIATED",)))
    with pytest.raises(PluginError, match=f"is still DISASSOCIATING after {seconds} seconds and should be gone"):
        delete(token, ram(("DISASSOCIATING",)))


@pytest.mark.parametrize("token", [RESOURCE, PRINCIPAL])
def test_associating_after_a_delete_is_an_error(token: str) -> None:
    """[tf princ]"""
    with pytest.raises(PluginError, match="unexpected state ASSOCIATING"):
        delete(token, ram(("ASSOCIATING",)))


def test_an_invitation_that_waits_for_people_cannot_be_taken_back() -> None:
    """The refusal is not waited for: it reaches the user. [gh tf#13458] [tf princ]"""
    no = refusal("DisassociateResourceShare", "InvalidStateTransitionException", "It is ASSOCIATING.")
    client = ram(("ASSOCIATING",), disassociate_resource_share=in_turn(no))
    with pytest.raises(PluginError, match="InvalidStateTransitionException: It is ASSOCIATING"):
        delete(PRINCIPAL, client)
    assert client.names().count("disassociate_resource_share") == 1


def test_a_share_that_is_gone_took_its_associations_along() -> None:
    """[tf rassoc]"""
    unknown = refusal("DisassociateResourceShare", "UnknownResourceException")
    gone = in_turn(unknown)
    delete(RESOURCE, ram(NONE, disassociate_resource_share=gone, get_resource_share_associations=gone))


def test_a_share_is_deleted_when_the_delete_returns(aws: Emulator, payments: Plugin) -> None:
    """[tf share]"""
    made = share(payments)
    made.delete()
    client = aws.client("ram", PAYMENTS, "eu-west-1")
    (found,) = client.get_resource_shares(resourceOwner="SELF", resourceShareArns=[made.id])["resourceShares"]
    assert found["status"] == "DELETED", "DELETING was waited out"
