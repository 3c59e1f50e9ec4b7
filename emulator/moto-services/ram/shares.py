"""Resource shares as data: what is shared, with whom, and the invitations it takes. Their steps are two tables."""

from dataclasses import dataclass, field
from datetime import datetime

from .exceptions import (
    InvalidStateTransitionException,
    ResourceShareInvitationAlreadyAcceptedException,
    ResourceShareInvitationAlreadyRejectedException,
    ResourceShareInvitationExpiredException,
)

RESOURCE = "RESOURCE"
SOURCE = "SOURCE"
PRINCIPAL = "PRINCIPAL"

# (from, event) -> to
ASSOCIATION = {
    ("ASSOCIATING", "settled"): "ASSOCIATED",
    ("ASSOCIATING", "accepted"): "ASSOCIATED",
    ("ASSOCIATING", "rejected"): "DISASSOCIATED",
    ("ASSOCIATING", "expired"): "DISASSOCIATED",
    ("ASSOCIATING", "disassociated"): "DISASSOCIATED",
    ("ASSOCIATED", "disassociated"): "DISASSOCIATED",
}
INVITATION = {
    ("PENDING", "accepted"): "ACCEPTED",
    ("PENDING", "rejected"): "REJECTED",
    ("PENDING", "expired"): "EXPIRED",
}
NOT_PENDING = {
    "ACCEPTED": ResourceShareInvitationAlreadyAcceptedException,
    "REJECTED": ResourceShareInvitationAlreadyRejectedException,
    "EXPIRED": ResourceShareInvitationExpiredException,
}


@dataclass
class Association:
    """A resource or a principal in a share. `unseen` is the intermediate state that the first look still shows."""

    entity: str
    kind: str
    external: bool
    created: datetime
    updated: datetime
    status: str = "ASSOCIATING"
    unseen: str | None = None
    message: str = ""
    by_organization: bool = False  # without an invitation, because sharing in the organization is on

    @property
    def is_live(self) -> bool:
        return self.status in ("ASSOCIATING", "ASSOCIATED")

    def step(self, event: str, when: datetime, message: str = "") -> None:
        try:
            self.status = ASSOCIATION[self.status, event]
        except KeyError:
            raise InvalidStateTransitionException(f"The association of {self.entity} is {self.status}.") from None
        self.message, self.updated, self.unseen = message, when, None


@dataclass
class Share:
    """A resource share of one account in one Region."""

    arn: str
    name: str
    owner: str
    region: str
    allow_external: bool
    retain_sharing: bool
    created: datetime
    updated: datetime
    status: str = "ACTIVE"
    unseen: str | None = None
    permissions: dict[str, str] = field(default_factory=dict)  # resource type -> permission ARN
    permission_versions: dict[str, int] = field(default_factory=dict)  # resource type -> version of that permission
    retained: list[str] = field(default_factory=list)  # accounts that left the organization and keep their access
    associations: list[Association] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    def live(self, kind: str) -> list[Association]:
        return [one for one in self.associations if one.kind == kind and one.is_live]

    def find(self, kind: str, entity: str) -> Association | None:
        return next((one for one in self.live(kind) if one.entity == entity), None)

    def in_force(self, kind: str) -> list[str]:
        """What is associated for good, as long as the share exists."""
        if self.status != "ACTIVE":
            return []
        return [one.entity for one in self.associations if one.kind == kind and one.status == "ASSOCIATED"]


@dataclass
class Invitation:
    """An offer of a share to an account, to be answered within 12 hours."""

    arn: str
    share_arn: str
    share_name: str
    sender: str
    receiver: str
    principal: str
    sent: datetime
    status: str = "PENDING"

    def step(self, event: str) -> None:
        try:
            self.status = INVITATION[self.status, event]
        except KeyError:
            raise NOT_PENDING[self.status](f"Invitation {self.arn} is {self.status} already.") from None
