"""Runs a whole stack of an example topology without an engine."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pulumi

from airlock.domain.contracts import Contract
from airlock.domain.handover import FILE_NAME, Handover
from airlock.estate import Estate
from airlock.estate import load as load_estate
from airlock.estate.stack_files import StackFile, load_stack_files
from stacks.registry import compose
from stacks.settings import PROJECT_DIR, load
from tests.components.recording import Recording, record

ESTATES = ("estate.yaml", "estates/cross-account.yaml")
TEAM = "arn:aws:mpa:us-east-1:777777777777:approval-team/quorum-1"
SHARE = "arn:aws:ram:us-east-1:777777777777:resource-share/1"

RECOVERY = {
    "teams": {"quorum": {"arn": TEAM, "share_arn": SHARE}},
    "identity_source_arn": "arn:aws:mpa:us-east-1:777777777777:identity-source/IamIdentityCenter",
    "portal_url": "https://portal.example",
}


def vaults(name: str, account: str) -> list[dict[str, str]]:
    """As a contract carries them."""
    arn = f"arn:aws:backup:eu-west-1:{account}:backup-vault:{name}"
    return [{"name": name, "arn": arn, "share_arn": f"arn:aws:ram:eu-west-1:{account}:resource-share/{name}"}]


CONTRACTS: dict[str, dict[str, Any]] = {
    "management": {"organization_id": "o-1", "root_id": "r-1"},
    "recovery": RECOVERY,
    "backup_admin": {"policy_ids": {"orders": "p-1"}},
    "vault": {"data_class": "orders", "vaults": vaults("orders-2026", "333333333333")},
    "workload": {
        "account_id": "444444444444",
        "local_vault_arns": {"payments": "arn:aws:backup:eu-west-1:444444444444:backup-vault:payments-local"},
        "vaults": vaults("payments-2026", "444444444444"),
    },
    "forensic": {"plan_name": "airlock", "role_arn": "arn:aws:iam::666666666666:role/airlock-restore-testing"},
    "landing": {"requester_role_arn": "arn:1", "restore_role_arn": "arn:2", "kms_key_arn": "arn:3"},
}


@dataclass(frozen=True)
class Project:
    """A copy of the program's files of words: topologies, stack files, and perhaps a handover file."""

    folder: Path
    estate_file: str

    @property
    def estate(self) -> Estate:
        """The topology."""
        return load_estate(self.folder / self.estate_file)

    @property
    def files(self) -> list[StackFile]:
        """The stacks of the topology, in order."""
        return load_stack_files(self.folder, self.estate_file)

    def file(self, role: str) -> StackFile:
        """The stack of a role."""
        return next(file for file in self.files if file.role == role)

    def hand_over(self, contracts: Mapping[str, Mapping[str, Any]], estate: str | None = None) -> None:
        """Writes the file that crosses between the two organizations."""
        handover = Handover(
            estate=estate or self.estate.name,
            organization="recovery",
            written_at="2026-10-01T00:00:00Z",
            contracts={role: dict(contract) for role, contract in contracts.items()},
        )
        (self.folder / FILE_NAME).write_text(handover.dump(), encoding="utf-8")

    def stacks(self) -> dict[str, dict[str, Any]]:
        """What every stack of the topology would export, all in one backend."""
        return {f"organization/airlock/{file.name}": {"contract": CONTRACTS[file.role]} for file in self.files}

    def backend_of(self, role: str) -> dict[str, dict[str, Any]]:
        """The same, but only of the stacks whose state lies in this role's backend."""
        estate = self.estate
        near = {file.name for file in self.files if estate.side_of_role(file.role) == estate.side_of_role(role)}
        return {name: outputs for name, outputs in self.stacks().items() if name.rsplit("/", 1)[-1] in near}


def project(folder: Path, estate_file: str) -> Project:
    """A project on its own, so that a test may change a file of it."""
    shutil.copy(PROJECT_DIR / "Pulumi.yaml", folder / "Pulumi.yaml")
    shutil.copy(PROJECT_DIR / "estate.yaml", folder / "estate.yaml")
    shutil.copytree(PROJECT_DIR / "estates", folder / "estates")
    shutil.copytree(PROJECT_DIR / "stacks" / "config", folder / "stacks" / "config")
    return Project(folder, estate_file)


def run(
    at: Project,
    role: str,
    /,
    *,
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
    made: list[str] | None = None,
    **changed: str,
) -> tuple[Recording, dict[str, Any]]:
    """All resources of the stack of a role, and what it exports. `changed` overrides keys of its stack file."""
    file = replace(at.file(role), **changed)
    keys = {"role": file.role, "account": file.account, "data_class": file.data_class, "region": file.region}
    config = {f"airlock:{key}": value for key, value in {**keys, "estate": file.estate}.items() if value}
    exported: dict[str, Any] = {}

    def program() -> pulumi.Output[None]:
        contract: Contract = compose(load(at.folder))
        return pulumi.Output.from_input(contract.export()).apply(exported.update)

    reachable = at.backend_of(role) if stacks is None else stacks
    return record(program, stacks=reachable, stack=file.name, config=config, made=made), exported
