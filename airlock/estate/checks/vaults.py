"""Data classes and their vaults: bounds that never change, and lifecycles that have to fit them."""

from collections.abc import Iterable, Iterator
from typing import Any

from airlock.domain.regions import supports_lag
from airlock.domain.retention import Bounds, misfit
from airlock.estate.problems import Problem, entries, listing, mapping, number


def _vaults(raw: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Place, data class and vault."""
    for name, data_class in entries(raw.get("data_classes")).items():
        for index, vault in enumerate(listing(data_class.get("vaults"))):
            yield f"data_classes.{name}.vaults[{index}]", data_class, mapping(vault)


def _bounds(vault: dict[str, Any]) -> Bounds | None:
    least, most = number(vault.get("min_retention_days")), number(vault.get("max_retention_days"))
    return None if least is None or most is None else Bounds(least, most)


def bounds(raw: dict[str, Any]) -> Iterable[Problem]:
    """A vault's bounds are for its whole life, so they are checked before it exists."""
    for place, _, vault in _vaults(raw):
        bounds = _bounds(vault)
        if bounds is not None and bounds.problem():
            key = "max_retention_days" if "up to" in bounds.problem() else "min_retention_days"
            yield Problem(
                f"{place}.{key}",
                f"the vault `{vault.get('name')}` {bounds.problem()}",
                "choose bounds that hold for the vault's whole life: 7 <= min <= max <= 36500",
            )


def lifecycles(raw: dict[str, Any]) -> Iterable[Problem]:
    """AWS accepts a copy that does not fit and fails each job later, so the newest vault's bounds decide here."""
    for name, data_class in entries(raw.get("data_classes")).items():
        vaults = listing(data_class.get("vaults"))
        bounds = _bounds(mapping(vaults[-1])) if vaults else None
        if bounds is None or bounds.problem() or "copy_retention_days" not in data_class:
            continue
        days = number(data_class["copy_retention_days"])
        if days is not None and misfit(days, bounds):
            yield Problem(
                f"data_classes.{name}.copy_retention_days",
                f"the retention of copies {misfit(days, bounds)}; every copy job would fail",
                f"choose {bounds.min_days} to {bounds.max_days} days",
            )


def duplicates(raw: dict[str, Any]) -> Iterable[Problem]:
    """A vault name is unique per account and Region, whatever its kind; our names are unique in the whole estate."""
    seen: dict[str, str] = {}
    for place, _, vault in _vaults(raw):
        name = vault.get("name")
        if not isinstance(name, str):
            continue
        first = seen.setdefault(name, place)
        if first != place:
            yield Problem(f"{place}.name", f"the vault `{name}` also stands at {first}", "give each vault its own name")
    tags: dict[tuple[Any, Any], str] = {}
    for name, data_class in entries(raw.get("data_classes")).items():
        local = data_class.get("local_vault")
        if isinstance(local, str) and local in seen:
            yield Problem(
                f"data_classes.{name}.local_vault",
                f"the local vault `{local}` has the name of a logically air-gapped one ({seen[local]})",
                "give each vault its own name",
            )
        tag = mapping(data_class.get("select_by_tag"))
        pair = (tag.get("key"), tag.get("value"))
        if all(isinstance(part, str) for part in pair) and tags.setdefault(pair, name) != name:
            yield Problem(
                f"data_classes.{name}.select_by_tag",
                f"the tag {pair[0]}={pair[1]} also selects for `{tags[pair]}`; each resource would be in two plans",
                "use another tag",
            )


def sources(raw: dict[str, Any]) -> Iterable[Problem]:
    """Each source is deployed in one of the two ways, and its copies reach a vault that exists and has a team."""
    roles = mapping(raw.get("roles"))
    workloads, rollout = listing(roles.get("workloads")), listing(roles.get("rollout"))
    accounts, teams = mapping(raw.get("accounts")), mapping(raw.get("teams"))
    for name, data_class in entries(raw.get("data_classes")).items():
        team = data_class.get("team")
        if isinstance(team, str) and team not in teams:
            yield Problem(
                f"data_classes.{name}.team",
                f"there is no team `{team}`, so nobody could open its vaults",
                f"use one of: {', '.join(teams) or 'none yet'}",
            )
        for index, key in enumerate(listing(data_class.get("sources"))):
            if isinstance(key, str) and key in accounts and key not in workloads and key not in rollout:
                yield Problem(
                    f"data_classes.{name}.sources[{index}]",
                    f"the account `{key}` is neither a workload nor a roll-out account, so nothing would back it up",
                    "list it under roles.workloads or roles.rollout",
                )
        yield from _vault_account(name, data_class, roles.get("vault"), workloads)


def _vault_account(name: str, data_class: dict[str, Any], bunker: Any, workloads: list[Any]) -> Iterable[Problem]:
    """LAG vaults lie in the vault account or in a workload's own: only those stacks can associate a team."""
    holder = data_class.get("vault_account")
    if not isinstance(holder, str) or holder == bunker:
        return
    if holder in workloads:
        for index, key in enumerate(listing(data_class.get("sources"))):
            if isinstance(key, str) and key != holder:
                yield Problem(
                    f"data_classes.{name}.sources[{index}]",
                    f"copies of `{key}` would go into vaults of the workload `{holder}`, which lets nobody else in",
                    "use the account of roles.vault as vault_account, or a data class of its own",
                )
        return
    yield Problem(
        f"data_classes.{name}.vault_account",
        f"the account `{holder}` is neither the vault account nor a workload; no stack would make its vaults",
        "use the account of roles.vault or one of roles.workloads",
    )


def regions(raw: dict[str, Any]) -> Iterable[Problem]:
    """A Region without LAG vaults is refused by AWS only after the rest of the estate stands."""
    places = [("region", raw.get("region"))]
    places += [(f"{place}.region", vault.get("region")) for place, _, vault in _vaults(raw)]
    for place, region in places:
        if isinstance(region, str) and region and not supports_lag(region):
            yield Problem(
                place,
                f"the Region `{region}` offers no logically air-gapped vaults",
                "use a Region that does, e.g. eu-west-1",
            )
