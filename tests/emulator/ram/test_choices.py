"""RAM at its less kind: associations that take minutes, and those that cannot be taken away meanwhile."""

import pytest

from tests.emulator.conftest import Emulator
from tests.emulator.worlds.ram import AUDIT, LANDING, Sharing, code_of, refused

MINUTE = 60


@pytest.fixture
def sharing(emulator: Emulator) -> Sharing:
    return Sharing(emulator)


def choose(sharing: Sharing, name: str, option: str) -> None:
    sharing.emulator.control("POST", "choices", {"name": f"ram.{name}", "option": option})


def states(sharing: Sharing, share: str) -> list[str]:
    """Of every association of the share, however often somebody looked."""
    found = []
    for kind in ("RESOURCE", "PRINCIPAL"):
        ask = {"associationType": kind, "resourceShareArns": [share]}
        for _ in range(3):
            shown = sharing.ram.get_resource_share_associations(**ask)["resourceShareAssociations"]
        found += [one["status"] for one in shown]
    return found


class TestAssociationsThatTakeMinutes:
    @pytest.fixture(autouse=True)
    def slow(self, sharing: Sharing) -> None:
        choose(sharing, "associating", "minutes")

    def test_inside_the_organization_nothing_is_shared_before_they_are_over(self, sharing: Sharing) -> None:
        sharing.turn_sharing_on()
        vault = sharing.vault()
        share = sharing.share(AUDIT, resources=[vault])
        sharing.emulator.advance(3 * MINUTE)
        assert (states(sharing, share), sharing.sees(AUDIT)) == (["ASSOCIATING", "ASSOCIATING"], [])
        sharing.emulator.advance(2 * MINUTE)
        assert (states(sharing, share), sharing.sees(AUDIT)) == (["ASSOCIATED", "ASSOCIATED"], [vault])

    def test_what_is_added_later_takes_its_own_minutes(self, sharing: Sharing) -> None:
        sharing.turn_sharing_on()
        share = sharing.share(AUDIT)
        sharing.emulator.advance(5 * MINUTE)
        sharing.ram.associate_resource_share(resourceShareArn=share, resourceArns=[sharing.vault()])
        assert states(sharing, share) == ["ASSOCIATING", "ASSOCIATED"]
        sharing.emulator.advance(5 * MINUTE)
        assert states(sharing, share) == ["ASSOCIATED", "ASSOCIATED"]

    def test_what_is_made_anew_takes_its_minutes_anew(self, sharing: Sharing) -> None:
        vault = sharing.vault()
        share = sharing.share(resources=[vault])
        sharing.emulator.advance(3 * MINUTE)
        sharing.ram.disassociate_resource_share(resourceShareArn=share, resourceArns=[vault])
        sharing.ram.associate_resource_share(resourceShareArn=share, resourceArns=[vault])
        sharing.emulator.advance(3 * MINUTE)
        assert states(sharing, share) == ["ASSOCIATING"]
        sharing.emulator.advance(2 * MINUTE)
        assert states(sharing, share) == ["ASSOCIATED"]

    def test_an_accepted_invitation_is_not_waited_for(self, sharing: Sharing) -> None:
        share = sharing.share(LANDING, resources=[sharing.vault()])
        sharing.accept()
        assert states(sharing, share) == ["ASSOCIATING", "ASSOCIATED"]

    def test_a_share_that_was_deleted_meanwhile_stays_so(self, sharing: Sharing) -> None:
        share = sharing.share(resources=[sharing.vault()])
        sharing.ram.delete_resource_share(resourceShareArn=share)
        sharing.emulator.advance(5 * MINUTE)
        assert states(sharing, share) == ["DISASSOCIATED"]


class TestWhatIsAssociatingAndCannotBeTakenAway:
    @pytest.fixture(autouse=True)
    def strict(self, sharing: Sharing) -> None:
        choose(sharing, "disassociating-what-is-associating", "refused")

    def test_not_while_its_invitation_waits(self, sharing: Sharing) -> None:
        vault = sharing.vault()
        share = sharing.share(LANDING, resources=[vault])
        take_away = sharing.ram.disassociate_resource_share
        error = refused(take_away, resourceShareArn=share, resourceArns=[vault], principals=[LANDING])
        assert code_of(error) == "InvalidStateTransitionException"
        assert states(sharing, share) == ["ASSOCIATED", "ASSOCIATING"], "A refused call took something away."
        sharing.accept()
        take_away(resourceShareArn=share, resourceArns=[vault], principals=[LANDING])
        assert states(sharing, share) == ["DISASSOCIATED", "DISASSOCIATED"]

    def test_not_before_it_has_settled(self, sharing: Sharing) -> None:
        choose(sharing, "associating", "minutes")
        vault = sharing.vault()
        share = sharing.share(resources=[vault])
        named = {"resourceShareArn": share, "resourceArns": [vault]}
        assert code_of(refused(sharing.ram.disassociate_resource_share, **named)) == "InvalidStateTransitionException"
        sharing.emulator.advance(5 * MINUTE)
        sharing.ram.disassociate_resource_share(**named)

    def test_it_goes_with_its_whole_share(self, sharing: Sharing) -> None:
        share = sharing.share(LANDING)
        sharing.ram.delete_resource_share(resourceShareArn=share)
        assert states(sharing, share) == ["DISASSOCIATED"]
        assert sharing.of(LANDING).get_resource_share_invitations()["resourceShareInvitations"] == []
