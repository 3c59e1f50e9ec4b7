"""Organizations: the two sides of the pattern, and the wall between them."""

from collections.abc import Iterable
from typing import Any

from airlock.estate.problems import Problem, entries, mapping

CROSS = "cross-organization"


def pattern(raw: dict[str, Any]) -> Iterable[Problem]:
    """The pattern decides whether there is a recovery organization, and which side each account may be on."""
    organizations = mapping(raw.get("organizations"))
    cross = raw.get("pattern") == CROSS
    if cross and not isinstance(organizations.get("recovery"), dict):
        yield Problem(
            "organizations.recovery",
            "the pattern cross-organization has no recovery organization",
            "describe it, or set pattern to cross-account",
        )
    if raw.get("pattern") == "cross-account" and "recovery" in organizations:
        yield Problem(
            "organizations.recovery",
            "the pattern cross-account has only one organization",
            "remove it, or set pattern to cross-organization",
        )
    accounts = entries(raw.get("accounts"))
    for key, account in accounts.items():
        if raw.get("pattern") == "cross-account" and account.get("organization") == "recovery":
            yield Problem(
                f"accounts.{key}.organization",
                "the pattern cross-account has no recovery organization",
                "set it to primary",
            )
    yield from _managers(raw, accounts)


def _managers(raw: dict[str, Any], accounts: dict[str, dict[str, Any]]) -> Iterable[Problem]:
    for side, organization in entries(raw.get("organizations")).items():
        key = organization.get("management_account")
        account = accounts.get(key, {}) if isinstance(key, str) else {}
        if account.get("organization") in ("primary", "recovery") and account["organization"] != side:
            yield Problem(
                f"organizations.{side}.management_account",
                f"the account `{key}` lies in the {account['organization']} organization",
                f"name an account of the {side} organization",
            )


def landing(raw: dict[str, Any]) -> Iterable[Problem]:
    """Where the data comes back must survive what took the primary organization; all else must lie inside it."""
    if raw.get("pattern") != CROSS:
        return
    accounts = entries(raw.get("accounts"))
    roles = mapping(raw.get("roles"))
    where = _side(accounts, roles.get("landing"))
    if where == "primary":
        yield Problem(
            "roles.landing",
            f"the landing account `{roles['landing']}` lies inside the primary organization and is lost with it",
            "use an account of the recovery organization",
        )
    for role in ("backup_admin", "vault", "forensic"):
        if _side(accounts, roles.get(role)) == "recovery":
            yield Problem(
                f"roles.{role}",
                f"the account `{roles[role]}` lies in the recovery organization; backups belong to the primary one",
                "use an account of the primary organization",
            )
    for role in ("workloads", "rollout"):
        keys = roles.get(role)
        for index, key in enumerate(keys if isinstance(keys, list) else []):
            if _side(accounts, key) == "recovery":
                yield Problem(
                    f"roles.{role}[{index}]",
                    f"the account `{key}` lies in the recovery organization; copies never cross organizations",
                    "use an account of the primary organization",
                )


def _side(accounts: dict[str, dict[str, Any]], key: Any) -> str:
    return str(accounts.get(key, {}).get("organization", "")) if isinstance(key, str) else ""


def state(raw: dict[str, Any]) -> Iterable[Problem]:
    """Who can write the state of the recovery side can undo the design, so it must not lie with the primary side."""
    organizations = entries(raw.get("organizations"))
    primary = mapping(organizations.get("primary", {}).get("state"))
    recovery = mapping(organizations.get("recovery", {}).get("state"))
    if raw.get("pattern") != CROSS or raw.get("accept_shared_state"):
        return
    for field, what in (("backend", "state backend"), ("secrets_provider", "secrets key")):
        ours, theirs = primary.get(field), recovery.get(field)
        # "passphrase" names a way, not a key: each side keeps its own.
        if isinstance(ours, str) and isinstance(theirs, str) and "://" in ours and _bare(ours) == _bare(theirs):
            yield Problem(
                f"organizations.recovery.state.{field}",
                f"both organizations use one {what}; who takes the primary one can undo the recovery side",
                f'use a {what} of the recovery organization, or accept the risk: accept_shared_state: "the reason"',
            )


def _bare(url: str) -> str:
    return url.strip().rstrip("/")
