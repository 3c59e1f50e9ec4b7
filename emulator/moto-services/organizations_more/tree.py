"""An organization's state, and where in its tree a thing is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.core.base_backend import BaseBackend

from .entities import (
    Account,
    Answer,
    CreateAccountRequest,
    DelegatedAdministrator,
    Organization,
    Policy,
    ResourcePolicy,
    Root,
    Unit,
)
from .exceptions import (
    AccountNotFoundException,
    AWSOrganizationsNotInUseException,
    OrganizationalUnitNotFoundException,
    ParentNotFoundException,
    TargetNotFoundException,
)

Place = Unit | Account


class Tree(BaseBackend):
    """What the management account's backend keeps. The names are those that moto's own services read."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        # These two outlive the organization: what became of accounts that are no longer in it.
        self.closed: dict[str, datetime] = {}
        self.departed: dict[str, Account] = {}
        self.forget()

    def forget(self) -> None:
        """There is no organization (any more)."""
        # Typed for the ones who may call: an operation gets here only when there is an organization.
        self.org: Any = None
        self.accounts: list[Account] = []
        self.ou: list[Unit] = []
        self.policies: list[Policy] = []
        self.services: list[dict[str, Any]] = []
        self.admins: list[DelegatedAdministrator] = []
        self.handshakes: dict[str, Any] = {}
        self.requests: dict[str, CreateAccountRequest] = {}
        self.closures: list[datetime] = []
        self.resource_policy: ResourcePolicy | None = None
        self.resource_policy_tags: dict[str, str] = {}
        self.tries: dict[str, int] = {}  # by operation, while changes collide by choice

    # Finding

    @property
    def root(self) -> Root:
        for unit in self.ou[:1]:
            if isinstance(unit, Root):
                return unit
        raise AWSOrganizationsNotInUseException

    @property
    def organization(self) -> Organization:
        if self.org is None:
            raise AWSOrganizationsNotInUseException
        found: Organization = self.org
        return found

    def get_account_by_id(self, account_id: str) -> Account:
        for account in self.accounts:
            if account.id == account_id:
                return account
        raise AccountNotFoundException

    def unit(self, unit_id: str) -> Unit:
        for unit in self.ou[1:]:
            if unit.id == unit_id:
                return unit
        raise OrganizationalUnitNotFoundException

    def find_parent(self, parent_id: str) -> Unit:
        """The root or organizational unit of that id."""
        for unit in self.ou:
            if unit.id == parent_id:
                return unit
        raise ParentNotFoundException

    def find_target(self, target_id: str) -> Place:
        """The root, organizational unit or account of that id."""
        for place in self.places():
            if place.id == target_id:
                return place
        raise TargetNotFoundException

    def path_to(self, place: Place) -> list[Place]:
        """From the root down to a place, itself included."""
        path: list[Place] = [place]
        while path[0].parent_id:
            path.insert(0, self.find_parent(path[0].parent_id))
        return path

    def written_path(self, place: Place) -> str:
        """A path as AWS writes it: organization, root, units and the account, each followed by a slash."""
        return "/".join((self.organization.id, *(one.id for one in self.path_to(place)), ""))

    def places(self) -> list[Place]:
        return [*self.ou, *self.accounts]

    def shown_account(self, account: Account) -> Answer:
        return {**account.describe(), "Paths": [self.written_path(account)]}
