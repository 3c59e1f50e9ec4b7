"""The file by which the recovery organization's identifiers reach the stacks of the primary one."""

from datetime import UTC, datetime
from pathlib import Path

from airlock.deploy.events import ignore
from airlock.deploy.files import write_whole
from airlock.deploy.request import DeployRequest
from airlock.deploy.session import Session
from airlock.deploy.state import State
from airlock.domain.errors import UsageError
from airlock.domain.handover import Handover

_ROLE = "recovery"


def export_handover(request: DeployRequest) -> Path:
    """Reads the state of the recovery stack and writes handover.json beside the program."""
    session = Session(request, ignore)
    if not session.crosses_organizations:
        raise UsageError(
            f"The estate `{session.estate.name}` has one organization and one state backend: its stacks read each other"
            " by stack references, and there is nothing to hand over."
        )
    stack = session.stack_of(_ROLE)
    if not session.existing().get(stack.name):
        raise UsageError(
            f"The stack `{stack.name}` was not deployed yet, so it has nothing to hand over and no vault can name its"
            " approval team. Deploy it first: `airlock deploy`, or `pulumi up --stack"
            f" {stack.name}` in the recovery organization's backend."
        )
    return write_handover(session, session.operations.state(stack))


def write_handover(session: Session, state: State) -> Path:
    """Writes the contract that this state exports."""
    contract = state.contract()
    if contract is None:
        stack = session.stack_of(_ROLE).name
        raise UsageError(
            f"The stack `{stack}` exports no `contract`, so there is nothing to hand over. It was never deployed to its"
            f" end, or by an older version. Deploy it again: `airlock deploy`, or `pulumi up --stack {stack}`."
        )
    handover = Handover(
        estate=session.estate.name,
        organization=session.estate.recovery_side,
        written_at=datetime.now(UTC).isoformat(timespec="seconds"),
        contracts={_ROLE: contract},
    )
    write_whole(session.handover_path, handover.dump())
    return session.handover_path
