"""Accounts: each once, and every name of one known."""

from collections.abc import Iterable, Iterator
from typing import Any

from airlock.estate.problems import Problem, entries, listing, mapping


def duplicates(raw: dict[str, Any]) -> Iterable[Problem]:
    """Two keys for one account would put two roles' stacks into one place without anybody noticing."""
    for field, what in (("id", "account id"), ("email", "e-mail address"), ("profile", "profile")):
        seen: dict[str, str] = {}
        for key, account in entries(raw.get("accounts")).items():
            value = account.get(field)
            if not isinstance(value, str):
                continue
            first = seen.setdefault(value.lower(), key)
            if first != key:
                yield Problem(
                    f"accounts.{key}.{field}",
                    f"the {what} `{value}` is also that of `{first}`",
                    f"give each account its own {what}",
                )


def named(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every place that names an account, with the name."""
    for side, organization in entries(raw.get("organizations")).items():
        yield f"organizations.{side}.management_account", organization.get("management_account", "")
    roles = mapping(raw.get("roles"))
    for role in ("backup_admin", "vault", "forensic", "landing"):
        yield f"roles.{role}", roles.get(role, "")
    for role in ("workloads", "rollout"):
        for index, key in enumerate(listing(roles.get(role))):
            yield f"roles.{role}[{index}]", key
    for name, data_class in entries(raw.get("data_classes")).items():
        yield f"data_classes.{name}.vault_account", data_class.get("vault_account", "")
        for index, key in enumerate(listing(data_class.get("sources"))):
            yield f"data_classes.{name}.sources[{index}]", key


def references(raw: dict[str, Any]) -> Iterable[Problem]:
    """Every name of an account is a key under `accounts`."""
    known = mapping(raw.get("accounts"))
    for place, key in named(raw):
        if isinstance(key, str) and key and key not in known:
            yield Problem(place, f"there is no account `{key}`", f"use one of: {', '.join(known) or 'none yet'}")


def roles(raw: dict[str, Any]) -> Iterable[Problem]:
    """An account plays one role: whoever takes one account over must not hold a second key with it."""
    role_accounts = mapping(raw.get("roles"))
    players: dict[str, str] = {}
    places = [(role, role_accounts.get(role)) for role in ("backup_admin", "vault", "forensic", "landing")]
    places += [
        (f"{role}[{n}]", key)
        for role in ("workloads", "rollout")
        for n, key in enumerate(listing(role_accounts.get(role)))
    ]
    for side, organization in entries(raw.get("organizations")).items():
        manager = organization.get("management_account")
        if isinstance(manager, str):
            players[manager] = f"organizations.{side}.management_account"
    for place, key in places:
        if not isinstance(key, str):
            continue
        if key in players:
            yield Problem(
                f"roles.{place}",
                f"the account `{key}` already stands under `{players[key]}`; who takes it over would hold both",
                "use an account of its own",
            )
        players.setdefault(key, f"roles.{place}")
