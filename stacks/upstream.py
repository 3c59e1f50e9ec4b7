"""Reads what an earlier stack exports: by stack reference in one backend, by the handover file between two."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import pulumi

from airlock.domain import contracts, handover
from airlock.domain.contracts import OUTPUT, Contract
from airlock.domain.errors import UsageError
from airlock.domain.roles import ROLES, UPSTREAMS
from airlock.estate.stack_files import StackFile, load_stack_files
from stacks.contracts import lift
from stacks.settings import Settings, readable

C = TypeVar("C", bound=Contract)

ORDER = "Stacks are deployed in this order: " + ", ".join(ROLES) + "."


@dataclass(frozen=True)
class Upstreams:
    """The earlier stacks of the same estate, as one stack may read them."""

    settings: Settings

    def one(self, role: str, contract: type[C], holds: Collection[str] = ()) -> C:
        """The contract of a role that only one stack plays, and that must hold these teams or vaults."""
        self._may_read(role)
        estate = self.settings.estate
        if estate.side_of_role(role) != estate.side_of_role(self.settings.role):
            return self._from_handover(role, contract, holds)
        return self._read(self._find(role)[0], contract, holds)

    def each(
        self, role: str, contract: type[C], holds: Callable[[StackFile], Collection[str]]
    ) -> list[tuple[StackFile, C]]:
        """The contracts of all stacks of a role, with the file that names each, and what each must hold."""
        self._may_read(role)
        return [(file, self._read(file, contract, holds(file))) for file in self._find(role)]

    def _may_read(self, role: str) -> None:
        if role not in UPSTREAMS[self.settings.role]:
            message = f"A stack of the role `{self.settings.role}` may not read one of the role `{role}`. {ORDER}"
            raise pulumi.RunError(message)

    def _find(self, role: str) -> list[StackFile]:
        own = self.settings
        with readable():
            files = load_stack_files(own.project_dir, own.estate_file)
        found = [file for file in files if file.role == role]
        if not found:
            message = (
                f"Stack `{own.stack}` reads a stack of the role `{role}`, and no stack file of the estate "
                f"`{own.estate.name}` plays it. Add one under stacks/config. {ORDER}"
            )
            raise pulumi.RunError(message)
        return found

    def _read(self, file: StackFile, contract: type[C], holds: Collection[str]) -> C:
        name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{file.name}"
        # Read before the reference and any resource is made: what is missing must not end the run half-way.
        with readable():
            exported = self._outputs(name, file).get(OUTPUT)
            found = contracts.read(contract, exported, contracts.stack(file.name), holds)
        return lift(found, pulumi.StackReference(file.name, stack_name=name))

    def _outputs(self, name: str, file: StackFile) -> Mapping[str, Any]:
        """A reference to a stack that does not exist ends in a traceback; this ends in a sentence."""
        try:
            answer: dict[str, Any] = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": name}).value
        except Exception as problem:  # the engine's answer has no type of its own
            if "unknown stack" not in str(problem):
                raise
            message = (
                f"Stack `{self.settings.stack}` reads stack `{file.name}` (role `{file.role}`), which does not exist "
                f"in this state backend. Deploy `{file.name}` first: `pulumi up --stack {file.name}`. {ORDER}"
            )
            raise pulumi.RunError(message) from problem
        outputs: Mapping[str, Any] = answer["outputs"]
        return outputs

    def _from_handover(self, role: str, contract: type[C], holds: Collection[str]) -> C:
        own = self.settings
        path = own.project_dir / handover.FILE_NAME
        with readable():
            if not path.is_file():
                message = (
                    f"Stack `{own.stack}` needs what the stack of the role `{role}` exports, and that one lies in the "
                    f"other organization's state backend. Deploy it, then hand it over: `{handover.REMEDY}` writes "
                    f"{handover.FILE_NAME} beside the program. {ORDER}"
                )
                raise UsageError(message)
            return handover.load(path.read_text(encoding="utf-8"), own.estate.name).contract(role, contract, holds)
