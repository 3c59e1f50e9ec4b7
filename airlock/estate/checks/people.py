"""People: enough of them, each once, none on both sides of a request, all from the identity center of their team."""

from collections.abc import Iterable, Iterator
from typing import Any

from airlock.domain import quorum as arithmetic
from airlock.estate.problems import Problem, entries, listing, mapping, number


def quorum(raw: dict[str, Any]) -> Iterable[Problem]:
    """The team can be made, can reach its threshold and does not hang on one person."""
    for name, team in entries(raw.get("teams")).items():
        threshold = number(team.get("threshold"))
        approvers = team.get("approvers")
        if threshold is None or not isinstance(approvers, list):
            continue
        for item in arithmetic.problems(threshold, len(approvers)):
            yield Problem(f"teams.{name}.{item.about}", f"the team {item.problem}", item.fix)


def _people(raw: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Group, place and person."""
    for name, team in entries(raw.get("teams")).items():
        for index, person in enumerate(listing(team.get("approvers"))):
            yield name, f"teams.{name}.approvers[{index}]", mapping(person)
    for index, person in enumerate(listing(raw.get("requesters"))):
        yield "requesters", f"requesters[{index}]", mapping(person)


def duplicates(raw: dict[str, Any]) -> Iterable[Problem]:
    """One person counted twice is a quorum of one less."""
    seen: dict[tuple[str, str, str], str] = {}
    for group, place, person in _people(raw):
        for field in ("user", "email"):
            value = person.get(field)
            if not isinstance(value, str):
                continue
            first = seen.setdefault((group, field, value.lower()), place)
            if first != place:
                yield Problem(
                    f"{place}.{field}",
                    f"`{value}` also stands at {first}; one person would count twice",
                    "name another person",
                )


def requesters(raw: dict[str, Any]) -> Iterable[Problem]:
    """Who asks must not be among those who answer."""
    approvers: dict[str, str] = {}
    for group, place, person in _people(raw):
        if group != "requesters":
            for field in ("user", "email"):
                if isinstance(person.get(field), str):
                    approvers.setdefault(person[field].lower(), place)
    for index, person in enumerate(listing(raw.get("requesters"))):
        for field in ("user", "email"):
            value = mapping(person).get(field)
            if isinstance(value, str) and value.lower() in approvers:
                yield Problem(
                    f"requesters[{index}].{field}",
                    f"the requester `{value}` is an approver too ({approvers[value.lower()]}), so one could do both",
                    "name somebody else",
                )


def identity_center(raw: dict[str, Any]) -> Iterable[Problem]:
    """Approvers sign in where their team lives; a mail domain of the primary side would fall with it."""
    side = "recovery" if raw.get("pattern") == "cross-organization" else "primary"
    organization = entries(raw.get("organizations")).get(side)
    if organization is None:
        return
    center = organization.get("identity_center")
    if center is None:
        if mapping(raw.get("teams")):
            yield Problem(
                f"organizations.{side}.identity_center",
                "the teams have no identity center, so nobody could sign in to approve",
                f"describe the identity center of the {side} organization",
            )
        return
    domains = [domain.lower() for domain in listing(mapping(center).get("email_domains")) if isinstance(domain, str)]
    if not domains:
        return
    for _, place, person in _people(raw):
        email = person.get("email")
        if isinstance(email, str) and email.rpartition("@")[2].lower() not in domains:
            yield Problem(
                f"{place}.email",
                f"`{email}` is not of the identity center of the {side} organization ({', '.join(domains)})",
                "use an address of that identity center",
            )
    yield from _separate(raw, side)


def _separate(raw: dict[str, Any], side: str) -> Iterable[Problem]:
    """One identity provider for both organizations: who takes it votes as everybody."""
    if side != "recovery":
        return
    organizations = entries(raw.get("organizations"))
    theirs = mapping(organizations.get("recovery", {}).get("identity_center")).get("identity_provider")
    ours = mapping(organizations.get("primary", {}).get("identity_center")).get("identity_provider")
    if isinstance(ours, str) and ours == theirs:
        yield Problem(
            "organizations.recovery.identity_center.identity_provider",
            f"both organizations sign in through `{ours}`; who takes it can vote as every approver",
            "use another identity provider for the recovery organization",
        )
