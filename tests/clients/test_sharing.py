"""The sharing client: what is not there is an answer, and a lapsed invitation is renewed by a new association."""

from datetime import UTC, datetime
from typing import Any

import pytest

from airlock.clients.sharing import Sharing
from airlock.clients.waiting import Patience
from airlock.domain.connection import Connection
from airlock.domain.errors import CouldNotFindOut
from tests.clients.conftest import Stubs

SHARE = "arn:aws:ram:us-east-1:777777777777:resource-share/0a1b2c3d-0000-4000-8000-000000000000"
ACCOUNT = "333333333333"


def invitation(status: str, day: int) -> dict[str, Any]:
    arn = f"arn:aws:ram:us-east-1:777777777777:resource-share-invitation/{day}"
    sent = datetime(2026, 1, day, tzinfo=UTC)
    return {
        "resourceShareInvitationArn": arn,
        "resourceShareArn": SHARE,
        "status": status,
        "invitationTimestamp": sent,
    }


@pytest.fixture
def sharing(connection: Connection) -> Sharing:
    waits: list[float] = []
    return Sharing(connection, "us-east-1", Patience(seconds=0, every=1, sleep=waits.append))


def test_a_share_that_nobody_made_is_none_and_no_error(stubs: Stubs, sharing: Sharing) -> None:
    stubs.of("ram").add_client_error("get_resource_shares", "UnknownResourceException")
    stubs.of("ram").add_client_error("get_resource_share_invitations", "UnknownResourceException")
    assert sharing.received_share(SHARE) is None
    assert sharing.invitations(SHARE) == []
    assert set(stubs.asked) == {("ram", "us-east-1")}, "A share is handled in its own Region, not in the connection's."


def test_only_an_active_share_can_be_used(stubs: Stubs, sharing: Sharing) -> None:
    expected = {"resourceOwner": "OTHER-ACCOUNTS", "resourceShareArns": [SHARE]}
    share = {"resourceShareArn": SHARE, "status": "DELETED"}
    stubs.of("ram").add_response("get_resource_shares", {"resourceShares": [share]}, expected)
    assert sharing.received_share(SHARE) is None
    stubs.of("ram").add_response("get_resource_shares", {"resourceShares": [{**share, "status": "ACTIVE"}]}, expected)
    assert sharing.received_share(SHARE) is not None


def test_invitations_come_newest_first(stubs: Stubs, sharing: Sharing) -> None:
    found = [invitation("EXPIRED", 1), invitation("PENDING", 2)]
    stubs.of("ram").add_response("get_resource_share_invitations", {"resourceShareInvitations": found})
    assert [one.status for one in sharing.invitations(SHARE)] == ["PENDING", "EXPIRED"]


def test_accepting_what_is_accepted_is_fine(stubs: Stubs, sharing: Sharing) -> None:
    stubs.of("ram").add_client_error(
        "accept_resource_share_invitation", "ResourceShareInvitationAlreadyAcceptedException"
    )
    sharing.accept("arn", "token")


def test_an_association_that_is_still_there_is_taken_off_before_it_is_made_anew(stubs: Stubs, sharing: Sharing) -> None:
    ram, both = stubs.of("ram"), {"resourceShareArn": SHARE, "principals": [ACCOUNT]}
    ram.add_response("get_resource_share_associations", {"resourceShareAssociations": [{"status": "FAILED"}]})
    ram.add_response("disassociate_resource_share", {}, both)
    ram.add_response("get_resource_share_associations", {"resourceShareAssociations": [{"status": "DISASSOCIATED"}]})
    ram.add_response("associate_resource_share", {}, both)
    sharing.invite_again(SHARE, ACCOUNT)


def test_an_invitation_that_does_not_arrive_is_not_waited_for_without_end(stubs: Stubs, sharing: Sharing) -> None:
    stubs.of("ram").add_response("get_resource_share_invitations", {"resourceShareInvitations": []})
    with pytest.raises(CouldNotFindOut, match="an invitation to the share"):
        sharing.wait_for_invitation(SHARE)
