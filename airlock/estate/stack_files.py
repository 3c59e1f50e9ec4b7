"""The stack files of one topology: which stacks there are, in the order in which they are deployed."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from airlock.domain.errors import EstateError
from airlock.domain.roles import ROLES, order
from airlock.estate.models import Estate
from airlock.estate.problems import Problem, mapping, refusal

DEFAULT_ESTATE = "estate.yaml"
_KEYS = ("role", "account", "data_class", "region", "estate")


@dataclass(frozen=True, kw_only=True)
class StackFile:
    """One stack: its name and what its file says. Names are never parsed; the role stands in the file."""

    name: str
    role: str
    account: str
    data_class: str = ""
    region: str = ""
    estate: str = DEFAULT_ESTATE


def load_stack_files(project_dir: Path | str, estate_path: Path | str) -> list[StackFile]:
    """The stacks whose file names that topology, in the order of deployment."""
    project = Path(project_dir)
    topology = (project / estate_path).resolve()
    folder = project / config_dir(project)
    stacks = [_read(path) for path in sorted(folder.glob("Pulumi.*.yaml"))]
    return sorted((stack for stack in stacks if (project / stack.estate).resolve() == topology), key=_place)


def _place(stack: StackFile) -> tuple[int, str]:
    """An unknown role sorts last; `problems` names it."""
    return (order(stack.role) if stack.role in ROLES else len(ROLES), stack.name)


def config_dir(project: Path) -> str:
    """The folder of the stack files, relative to the project."""
    path = project / "Pulumi.yaml"
    if not path.is_file():
        message = f"There is no Pulumi project in {project}: Pulumi.yaml is missing. Name its folder with --project."
        raise EstateError(message)
    return str(_mapping_of(path).get("stackConfigDir", "."))


def _mapping_of(path: Path) -> dict[str, Any]:
    try:
        return mapping(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as problem:
        message = f"The stack file {path} cannot be read: {problem}. Correct it, then run the command again."
        raise EstateError(message) from problem


def _read(path: Path) -> StackFile:
    config = mapping(_mapping_of(path).get("config"))
    values = {key: str(config[f"airlock:{key}"]) for key in _KEYS if config.get(f"airlock:{key}")}
    return StackFile(
        name=path.name.removeprefix("Pulumi.").removesuffix(".yaml"),
        **{"role": "", "account": "", **values},
    )


def problems(estate: Estate, stacks: Iterable[StackFile]) -> list[Problem]:
    """Whether the stack files say what the topology says: each role there, in its account, once."""
    stacks = list(stacks)
    refused: list[Problem] = []
    for stack in stacks:
        refused += _of_stack(estate, stack)
    placed = [(stack.role, stack.account, stack.data_class, _region(estate, stack)) for stack in stacks]
    for index, stack in enumerate(stacks):
        if placed[index] in placed[:index]:
            first = stacks[placed.index(placed[index])].name
            refused.append(
                Problem(_key(stack), f"deploys the same as the stack `{first}`", "remove one of the two files")
            )
    for role, account, data_class, region in sorted(expected(estate) - set(placed), key=lambda item: order(item[0])):
        what = f" for `{data_class}` in {region}" if data_class else ""
        refused.append(
            Problem(
                "stacks/config",
                f"no stack file plays the role `{role}` in the account `{account}`{what}",
                f"add one with airlock:role: {role} and airlock:account: {account}",
            )
        )
    return refused


def refuse_problems(estate: Estate, stacks: Iterable[StackFile]) -> None:
    """Ends with the whole report if the stack files do not say what the topology says."""
    refused = problems(estate, stacks)
    if refused:
        raise refusal(f"The stack files of `{estate.name}`", refused)


def expected(estate: Estate) -> set[tuple[str, str, str, str]]:
    """Role, account, data class and Region of each stack that the topology asks for."""
    roles = estate.roles
    places = {
        ("management", estate.management_account("primary").key, "", ""),
        ("recovery", estate.recovery_account.key, "", ""),
        ("backup_admin", roles.backup_admin, "", ""),
        ("forensic", roles.forensic, "", ""),
        ("landing", roles.landing, "", ""),
    }
    places |= {("workload", key, "", "") for key in roles.workloads}
    for name, data_class in estate.classes_held_by(roles.vault).items():
        places |= {("vault", roles.vault, name, estate.region_of(vault)) for vault in data_class.vaults}
    return places


def _key(stack: StackFile) -> str:
    return f"Pulumi.{stack.name}.yaml"


def _region(estate: Estate, stack: StackFile) -> str:
    return (stack.region or estate.region) if stack.role == "vault" else ""


def _of_stack(estate: Estate, stack: StackFile) -> list[Problem]:
    if stack.role not in ROLES:
        return [Problem(_key(stack), f"the role `{stack.role}` does not exist", f"use one of: {', '.join(ROLES)}")]
    if stack.account not in estate.accounts:
        known = ", ".join(estate.accounts)
        return [Problem(_key(stack), f"there is no account `{stack.account}`", f"use one of: {known}")]
    if stack.role != "vault" and stack.data_class:
        return [Problem(_key(stack), "only the role `vault` has a data class", "remove airlock:data_class")]
    places = {(role, account) for role, account, _, _ in expected(estate)}
    if (stack.role, stack.account) not in places:
        fits = ", ".join(sorted(account for role, account in places if role == stack.role)) or "none"
        return [
            Problem(
                _key(stack),
                f"the topology does not give the role `{stack.role}` to the account `{stack.account}`",
                f"use the account that it names: {fits}",
            )
        ]
    if stack.role == "vault" and (stack.role, stack.account, stack.data_class, _region(estate, stack)) not in expected(
        estate
    ):
        held = ", ".join(sorted(f"{name} in {region}" for role, _, name, region in expected(estate) if role == "vault"))
        return [
            Problem(
                _key(stack),
                f"`{stack.account}` holds no vaults of `{stack.data_class}` in {_region(estate, stack)}",
                f"use what the topology names: {held or 'nothing'}",
            )
        ]
    return []
