"""Handshakes: invitations into an organization, and the consent to all features."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emulator.world import agenda, choices, clock, ids, organizations

from . import limits
from .accounts import Accounts
from .entities import ALL_FEATURES, Answer
from .exceptions import (
    AccessDeniedException,
    ConstraintViolationException,
    DuplicateHandshakeException,
    HandshakeAlreadyInStateException,
    HandshakeConstraintViolationException,
    HandshakeNotFoundException,
    InvalidHandshakeTransitionException,
    InvalidInputException,
)
from .inputs import page, tags_of

INVITE, ALL, APPROVE = "INVITE", "ENABLE_ALL_FEATURES", "APPROVE_ALL_FEATURES"

# (from, event) -> to
TRANSITIONS = {
    ("REQUESTED", "everybody_agreed"): "OPEN",
    ("REQUESTED", "canceled"): "CANCELED",
    ("REQUESTED", "declined"): "DECLINED",
    ("REQUESTED", "expired"): "EXPIRED",
    ("OPEN", "accepted"): "ACCEPTED",
    ("OPEN", "declined"): "DECLINED",
    ("OPEN", "canceled"): "CANCELED",
    ("OPEN", "expired"): "EXPIRED",
}
_ENDED = ("ACCEPTED", "DECLINED", "CANCELED", "EXPIRED")


@dataclass(eq=False)
class Handshake:
    """One handshake. `receiver` is the account that answers, `party` how the sender named it."""

    id: str
    arn: str
    organization: str
    sender: str
    receiver: str
    party: dict[str, str]
    action: str
    requested: datetime
    expires: datetime
    resources: list[Answer]
    state: str = "OPEN"
    ended: datetime | None = None
    parent: str = ""
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def is_open_invitation(self) -> bool:
        return self.action == INVITE and self.state == "OPEN"

    @property
    def is_shown(self) -> bool:
        return self.ended is None or clock.now() - self.ended < limits.HANDSHAKES_SHOWN

    def step(self, event: str) -> None:
        to = TRANSITIONS.get((self.state, event))
        if to is None:
            if event == self.state.lower():
                raise HandshakeAlreadyInStateException
            raise InvalidHandshakeTransitionException(f"The handshake {self.id} is {self.state}.")
        self.state = to
        self.ended = clock.now() if to in _ENDED else None

    def describe(self) -> Answer:
        return {
            "Id": self.id,
            "Arn": self.arn,
            "Parties": [{"Id": self.organization, "Type": "ORGANIZATION"}, *([self.party] if self.party else [])],
            "State": self.state,
            "RequestedTimestamp": self.requested,
            "ExpirationTimestamp": self.expires,
            "Action": self.action,
            "Resources": self.resources,
        }


class Handshakes(Accounts):
    """What a management account sends; `received` finds what an account got, from any organization."""

    def invite_account_to_organization(
        self, *, target: dict[str, str], notes: str = "", tags: list[dict[str, str]] | None = None
    ) -> Answer:
        receiver = _receiver(target)
        self._check_invitation(receiver, target)
        sent = self._send(INVITE, receiver, {"Id": target["Id"], "Type": target["Type"]})
        sent.tags = tags_of(tags)
        sent.resources = [self._about_us(), {"Type": target["Type"], "Value": target["Id"]}]
        if notes:
            sent.resources.append({"Type": "NOTES", "Value": notes})
        return {"Handshake": sent.describe()}

    def _check_invitation(self, receiver: str, target: dict[str, str]) -> None:
        if any(one.action in (ALL, APPROVE) and one.ended is None for one in self.handshakes.values()):
            raise HandshakeConstraintViolationException(
                "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES", "Nobody can be invited while all features are enabled."
            )
        if any(account.id == receiver for account in self.accounts):
            raise HandshakeConstraintViolationException(
                "ALREADY_IN_AN_ORGANIZATION", f"{target['Id']} is a member of your organization already."
            )
        open_ones = [one for one in self.handshakes.values() if one.is_open_invitation]
        if any(one.party == target or (receiver and one.receiver == receiver) for one in open_ones):
            raise DuplicateHandshakeException
        today = [one for one in self.handshakes.values() if (clock.now() - one.requested).days < 1]
        if len([one for one in today if one.action == INVITE]) >= max(limits.INVITATIONS_A_DAY, len(self.accounts)):
            raise HandshakeConstraintViolationException(
                "HANDSHAKE_RATE_LIMIT_EXCEEDED", "That is the most invitations of one day. Try again tomorrow."
            )
        try:
            self.check_room_for_one_more()
        except ConstraintViolationException as error:
            raise HandshakeConstraintViolationException(error.Reason, error.message) from error

    # All features

    def enable_all_features(self) -> Answer:
        """Asks every invited account; who was created in the organization has agreed by that."""
        if self.organization.has_all_features:
            raise HandshakeConstraintViolationException(
                "ORGANIZATION_ALREADY_HAS_ALL_FEATURES", "All features are already enabled in your organization."
            )
        if any(one.action == ALL and not one.parent and one.ended is None for one in self.handshakes.values()):
            raise HandshakeConstraintViolationException(
                "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION", "All features are being enabled already."
            )
        parent = self._send(ALL, self.account_id, {})
        parent.state = "REQUESTED"
        shown = parent.describe()
        for account in self.accounts:
            if account.joined_method == "INVITED" and account.id != self.account_id:
                asked = self._send(ALL, account.id, {"Id": account.id, "Type": "ACCOUNT"}, parent=parent.id)
                asked.resources.append({"Type": "PARENT_HANDSHAKE", "Value": parent.id})
        self._see_whether_all_agreed(parent)
        return {"Handshake": shown}

    def _see_whether_all_agreed(self, parent: Handshake) -> None:
        asked = [one for one in self.handshakes.values() if one.parent == parent.id]
        if all(one.state == "ACCEPTED" for one in asked):
            parent.step("everybody_agreed")
            final = self._send(APPROVE, self.account_id, {"Id": self.account_id, "Type": "ACCOUNT"}, parent=parent.id)
            final.resources.append({"Type": "PARENT_HANDSHAKE", "Value": parent.id})

    def _finish_all_features(self) -> None:
        """The management account confirmed, by either of the two handshakes that wait for it."""
        for one in self.handshakes.values():
            if one.state == "OPEN" and one.receiver == self.account_id and one.action in (ALL, APPROVE):
                one.step("accepted")
        self.organization.feature_set = ALL_FEATURES
        self.add_built_in_policies()

    # Answers

    def answer(self, handshake: Handshake, event: str) -> Answer:
        """The handshake after it was accepted, declined or canceled, and what follows from that."""
        if event == "accepted":
            self._check_acceptance(handshake)
        handshake.step(event)
        if event == "accepted" and handshake.action == INVITE:
            self._join(handshake)
        elif event == "accepted" and handshake.receiver == self.account_id:
            self._finish_all_features()
        elif handshake.action == ALL and handshake.parent:
            parent = self.handshakes[handshake.parent]
            if event == "accepted":
                self._see_whether_all_agreed(parent)
            elif parent.ended is None:
                parent.step(event)
        for asked in [] if handshake.parent or event == "accepted" else self.handshakes.values():
            if asked.parent == handshake.id and asked.ended is None:
                asked.step("expired" if event == "expired" else "canceled")
        return {"Handshake": handshake.describe()}

    def _check_acceptance(self, handshake: Handshake) -> None:
        """Whoever is in another organization leaves it by accepting, if it may."""
        if handshake.action != INVITE or handshake.state != "OPEN":
            return
        before = organizations.organization_backend(handshake.receiver)
        if before is None:
            return
        if before is self:
            raise HandshakeConstraintViolationException(
                "ALREADY_IN_AN_ORGANIZATION", f"Account {handshake.receiver} is a member of this organization already."
            )
        before.check_may_go(handshake.receiver)

    def _join(self, handshake: Handshake) -> None:
        account = handshake.receiver
        before = organizations.organization_backend(account)
        if before is not None:
            before.depart(account, "LEFT")
        name, email = organizations.name_and_email(account)
        self.add_account(account, name, email, "INVITED", tags=handshake.tags)

    def _send(self, action: str, receiver: str, party: dict[str, str], parent: str = "") -> Handshake:
        identifier = f"h-{ids.hex(32, 'handshake')}"
        lifetime = limits.INVITATION if action == INVITE else limits.ALL_FEATURES_INVITATION
        handshake = Handshake(
            id=identifier,
            arn=self.organization.arn_of("handshake", action.lower(), identifier),
            organization=self.organization.id,
            sender=self.account_id,
            receiver=receiver,
            party=party,
            action=action,
            requested=clock.now(),
            expires=clock.now() + lifetime,
            resources=[{"Type": "ORGANIZATION", "Value": self.organization.id}],
            parent=parent,
        )
        self.handshakes[identifier] = handshake
        agenda.at(handshake.expires, "organizations.handshake_expires", self.account_id, identifier)
        return handshake

    def _about_us(self) -> Answer:
        own = self.get_account_by_id(self.account_id)
        return {
            "Type": "ORGANIZATION",
            "Value": self.organization.id,
            "Resources": [
                {"Type": "MASTER_EMAIL", "Value": own.email},
                {"Type": "MASTER_NAME", "Value": own.name},
                {"Type": "ORGANIZATION_FEATURE_SET", "Value": self.organization.feature_set},
            ],
        }

    def list_handshakes_for_organization(
        self,
        *,
        filter: dict[str, str] | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        return listed(list(self.handshakes.values()), filter, max_results, next_token)


def listed(
    handshakes: list[Handshake], filter: dict[str, str] | None, max_results: int | None, next_token: str | None
) -> Answer:
    """A listing of handshakes, without those that ended long ago."""
    wanted = filter or {}
    if len(wanted) > 1:
        raise InvalidInputException("MAX_LIMIT_EXCEEDED_FILTER", "Name one filter only.")
    found = [
        one.describe()
        for one in handshakes
        if one.is_shown
        and wanted.get("ActionType") in (None, one.action)
        and wanted.get("ParentHandshakeId") in (None, one.parent)
    ]
    return page(found, "Handshakes", max_results, next_token)


# From the side of an account, which may be in another organization than the sender, or in none.


def list_handshakes_for_account(
    account_id: str,
    *,
    filter: dict[str, str] | None = None,
    max_results: int | None = None,
    next_token: str | None = None,
) -> Answer:
    mine = [one for backend in _senders() for one in backend.handshakes.values() if one.receiver == account_id]
    return listed(mine, filter, max_results, next_token)


def describe_handshake(account_id: str, *, handshake_id: str) -> Answer:
    return {"Handshake": _known_to(account_id, handshake_id)[1].describe()}


def respond(account_id: str, event: str, *, handshake_id: str) -> Answer:
    """Accept or decline what the account received, or cancel what it sent."""
    backend, handshake = _known_to(account_id, handshake_id)
    allowed = handshake.sender if event == "canceled" else handshake.receiver
    if account_id != allowed:
        who = "sent" if event == "canceled" else "received"
        raise AccessDeniedException(f"Only the account that {who} the handshake {handshake_id} can do this.")
    return backend.answer(handshake, event)


def _known_to(account_id: str, handshake_id: str) -> tuple[Handshakes, Handshake]:
    """A handshake of which the account is a party."""
    for backend in _senders():
        found = backend.handshakes.get(handshake_id)
        if found is not None and found.is_shown and account_id in (found.sender, found.receiver):
            return backend, found
    raise HandshakeNotFoundException


def _senders() -> list[Any]:
    return [
        organizations.organization_backend(organization.management) for organization in organizations.organizations()
    ]


def _receiver(target: dict[str, str]) -> str:
    """The account that an invitation goes to; empty when nobody has that e-mail address (yet)."""
    if target["Type"] == "ACCOUNT":
        if not (len(target["Id"]) == 12 and target["Id"].isdigit()):
            raise InvalidInputException("INVALID_PATTERN", f"{target['Id']} is no account id.")
        known = target["Id"] if organizations.account_exists(target["Id"]) else ""
    elif target["Type"] == "EMAIL":
        if "@" not in target["Id"].strip("@"):
            raise InvalidInputException("INVALID_EMAIL_ADDRESS_TARGET", f"{target['Id']} is no e-mail address.")
        known = organizations.account_with_email(target["Id"]) or ""
    else:
        raise InvalidInputException("INVALID_PARTY_TYPE_TARGET", "An account is invited by its id or its e-mail.")
    if not known and choices.taken("organizations.invite-unknown-account") == "refused":
        raise InvalidInputException("INVALID_PARTY_TYPE_TARGET", f"There is no account {target['Id']}.")
    return known or (target["Id"] if target["Type"] == "ACCOUNT" else "")


@agenda.handler("organizations.handshake_expires")
def _expires(management: str, handshake_id: str) -> None:
    backend = organizations.organization_backend(management)
    handshake = None if backend is None else backend.handshakes.get(handshake_id)
    if backend is not None and handshake is not None and handshake.ended is None:
        backend.answer(handshake, "expired")
