"""The emulator's seed, from the topology: the organizations, accounts and people that exist before Airlock comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airlock.estate import Estate

ATTACKERS = ("mallory.one", "mallory.two", "mallory.three")
"""Users whom the attacker adds to the lost organization's own Identity Center, to mint approvers of his own."""


def seed_document(estate: Estate) -> dict[str, Any]:
    """What `POST /_emulator/seed` takes."""
    sides = ["primary"] if estate.organizations.recovery is None else ["primary", "recovery"]
    return {"organizations": [_organization(estate, side) for side in sides]}


def _organization(estate: Estate, side: str) -> dict[str, Any]:
    accounts = estate.organization_accounts(side)
    document: dict[str, Any] = {
        "management": estate.management_account(side).id,
        "accounts": [
            {"id": account.id, "name": account.key, "email": account.email, "ou": account.ou or ""}
            for account in accounts
        ],
    }
    center = estate.organization(side).identity_center
    if center is not None:
        people = [person for team in estate.teams.values() for person in team.approvers] + list(estate.requesters)
        document["identity_center"] = {
            "region": center.region,
            "users": [{"user_name": person.user, "email": person.email} for person in people],
        }
    else:
        document["identity_center"] = {
            "region": estate.region,
            "users": [{"user_name": name, "email": f"{name}@nordbank.example"} for name in ATTACKERS],
        }
    return document
