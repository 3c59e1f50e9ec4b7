"""Organizational units, and the listings of the tree."""

from __future__ import annotations

from typing import Any

from emulator.world import ids

from . import limits
from .entities import Answer, Unit
from .exceptions import (
    ChildNotFoundException,
    ConstraintViolationException,
    DestinationParentNotFoundException,
    DuplicateAccountException,
    DuplicateOrganizationalUnitException,
    OrganizationalUnitNotEmptyException,
    SourceParentNotFoundException,
)
from .inputs import page, tags_of
from .policies import Policies


class Units(Policies):
    """CreateOrganizationalUnit, MoveAccount and the listings by parent and child."""

    # Organizational units

    def create_organizational_unit(
        self, *, parent_id: str, name: str, tags: list[dict[str, str]] | None = None, unit_id: str | None = None
    ) -> Answer:
        parent = self.find_parent(parent_id)
        if len(self.path_to(parent)) > limits.OU_DEPTH:
            raise ConstraintViolationException(
                "OU_DEPTH_LIMIT_EXCEEDED", f"Units can be {limits.OU_DEPTH} levels deep below the root, not deeper."
            )
        if len(self.ou) > limits.UNITS:
            raise ConstraintViolationException(
                "OU_NUMBER_LIMIT_EXCEEDED", f"An organization has at most {limits.UNITS} organizational units."
            )
        self._check_unit_name(name, parent.id)
        made = unit_id or f"ou-{self.organization.root_id[2:]}-{ids.word(8, 'ou')}"
        unit = Unit(self.organization, made, name, parent.id, tags_of(tags))
        self.ou.append(unit)
        self.attach_defaults(unit)
        return {"OrganizationalUnit": self._shown(unit)}

    def update_organizational_unit(self, *, organizational_unit_id: str, name: str | None = None) -> Answer:
        unit = self.unit(organizational_unit_id)
        if name is not None and name != unit.name:
            self._check_unit_name(name, unit.parent_id)
            unit.name = name
        return {"OrganizationalUnit": self._shown(unit)}

    def delete_organizational_unit(self, *, organizational_unit_id: str) -> None:
        unit = self.unit(organizational_unit_id)
        if any(place.parent_id == unit.id for place in self.places()):
            raise OrganizationalUnitNotEmptyException
        for policy in unit.attached_policies:
            policy.attachments.remove(unit)
        self.ou.remove(unit)

    def describe_organizational_unit(self, *, organizational_unit_id: str) -> Answer:
        return {"OrganizationalUnit": self._shown(self.unit(organizational_unit_id))}

    def _check_unit_name(self, name: str, parent_id: str | None) -> None:
        if any(unit.parent_id == parent_id and unit.name == name for unit in self.ou):
            raise DuplicateOrganizationalUnitException

    def _shown(self, unit: Unit) -> Answer:
        return {**unit.describe(), "Path": self.written_path(unit)}

    # Listings of the tree

    def list_roots(self, *, max_results: int | None = None, next_token: str | None = None) -> Answer:
        return page([self.root.describe()], "Roots", max_results, next_token)

    def list_organizational_units_for_parent(
        self, *, parent_id: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        self.find_parent(parent_id)
        found = [self._shown(unit) for unit in self.ou if unit.parent_id == parent_id]
        return page(found, "OrganizationalUnits", max_results, next_token, parent_id)

    def list_accounts_for_parent(
        self, *, parent_id: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        self.find_parent(parent_id)
        found = [account for account in self.accounts if account.parent_id == parent_id]
        answer = page(found, "Accounts", max_results, next_token, parent_id)
        return answer | {"Accounts": [self.shown_account(account) for account in answer["Accounts"]]}

    def list_children(
        self, *, parent_id: str, child_type: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        self.find_parent(parent_id)
        kind: list[Any] = self.accounts if child_type == "ACCOUNT" else self.ou
        found = [{"Id": child.id, "Type": child_type} for child in kind if child.parent_id == parent_id]
        return page(found, "Children", max_results, next_token, f"{child_type}/{parent_id}")

    def list_parents(self, *, child_id: str, max_results: int | None = None, next_token: str | None = None) -> Answer:
        child = next((place for place in self.places() if place.id == child_id and place.parent_id), None)
        if child is None or not child.parent_id:
            raise ChildNotFoundException
        parent = self.find_parent(child.parent_id)
        return page([{"Id": parent.id, "Type": parent.type}], "Parents", max_results, next_token, child_id)

    def move_account(self, *, account_id: str, source_parent_id: str, destination_parent_id: str) -> None:
        account = self.get_account_by_id(account_id)
        known = {unit.id for unit in self.ou}
        if account.parent_id != source_parent_id:
            raise SourceParentNotFoundException
        if destination_parent_id not in known:
            raise DestinationParentNotFoundException
        if destination_parent_id == source_parent_id:
            raise DuplicateAccountException
        account.parent_id = destination_parent_id
