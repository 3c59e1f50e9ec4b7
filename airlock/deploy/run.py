"""`deploy` and `preview` of all stacks of the estate, and what is written from their states without a deployment."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from airlock.deploy.documents import write_handover, write_inventory_file
from airlock.deploy.plan import DeployRequest, PlannedStack, in_order
from airlock.deploy.results import (
    DeployResult,
    OnEvent,
    PreviewResult,
    StackPreview,
    StackResult,
    ignore,
)
from airlock.deploy.session import Session
from airlock.deploy.state import State
from airlock.deploy.unchanged import Evidence, reason_for_up, record_of
from airlock.domain.errors import UsageError


def deploy(request: DeployRequest, on_event: OnEvent = ignore) -> DeployResult:
    """Each stack: preview with the pack, then `up` with the pack unless it would write nothing. Stops at a failure."""
    with _terminated_like_interrupted():
        session = Session(request, on_event)
        existing = session.existing()
        states: dict[str, State] = {}

        def deploy_one(stack: PlannedStack) -> StackResult:
            if stack.name not in existing:
                session.operations.create(stack)
            result, states[stack.name] = deploy_stack(session, stack, states)
            if stack.role == "recovery" and session.crosses_organizations:
                write_handover(session.handover_path, session.estate, stack, states[stack.name])
                session.note(stack, f"Its handover was written to {session.handover_path}.")
            return result

        results = in_order(session.stacks, deploy_one, session.engine.interrupt)
        write_inventory_file(session.inventory_path, session.estate, session.stacks, states)
        return DeployResult(
            stacks=tuple(results),
            waiting=tuple(each for stack in session.stacks for each in states[stack.name].waiting(stack.name)),
            handover=session.handover_path if session.crosses_organizations else None,
            inventory=session.inventory_path,
        )


def deploy_stack(session: Session, stack: PlannedStack, states: Mapping[str, State]) -> tuple[StackResult, State]:
    """One stack, and its state afterwards; `states` holds those of its upstreams."""
    started = time.monotonic()
    operations = session.operations
    # Before the engine reads the same files: what is changed in between then differs from the record.
    digests = session.digests(stack, states)
    preview = operations.preview(stack)
    seen = Evidence(
        steps=preview.steps.values(),
        digests=digests,
        read_state=lambda: operations.state(stack),
        read_record=lambda: operations.last_up(stack),
    )
    reason = reason_for_up(seen)
    if reason is None:
        session.note(stack, "Nothing would change, so `up` was skipped.")
        state, changes = seen.state, preview.changes
    else:
        if not preview.changes:
            session.note(stack, f"The preview shows no change of a resource, but {reason}, so `up` is made.")
        changes = operations.up(stack).changes
        state = operations.settled_state(stack)
        operations.record_up(stack, record_of(digests, state))
    result = StackResult(
        name=stack.name,
        role=stack.role,
        account=stack.account,
        up="made" if reason else "skipped",
        resources=len(state.resources),
        seconds=round(time.monotonic() - started, 2),
        changes=changes,
    )
    return result, state


def preview(request: DeployRequest, on_event: OnEvent = ignore) -> PreviewResult:
    """Every stack whose upstreams were deployed; the others say what they need. No resource is touched."""
    with _terminated_like_interrupted():
        session = Session(request, on_event)
        existing = session.existing()
        planned = {stack.name: stack for stack in session.stacks}

        def preview_one(independent: PlannedStack) -> StackPreview:
            stack = planned[independent.name]
            needs = _needs(session, stack, existing)
            changes = None
            if not needs:
                if stack.name not in existing:
                    session.operations.create(stack)
                changes = session.operations.preview(stack).changes
            return StackPreview(name=stack.name, role=stack.role, account=stack.account, changes=changes, needs=needs)

        independent = [replace(stack, upstreams=()) for stack in session.stacks]
        return PreviewResult(stacks=tuple(in_order(independent, preview_one, session.engine.interrupt)))


def _needs(session: Session, stack: PlannedStack, existing: Mapping[str, bool]) -> tuple[str, ...]:
    """The upstream stacks that were never deployed, and the handover file where a reference would cross backends."""
    needs = [f"the stack `{name}`" for name in stack.upstreams if not existing.get(name)]
    crosses = any(session.crosses(stack, name) for name in stack.upstreams)
    if crosses and not needs and not session.handover_path.is_file():
        needs.append(f"{session.handover_path.name} (`airlock handover export` writes it)")
    return tuple(needs)


def export_handover(request: DeployRequest) -> Path:
    """Reads the state of the recovery stack and writes handover.json beside the program."""
    session = Session(request, ignore)
    if not session.crosses_organizations:
        raise UsageError(
            f"The estate `{session.estate.name}` has one organization and one state backend: its stacks read each other"
            " by stack references, and there is nothing to hand over."
        )
    recovery = next(stack for stack in session.stacks if stack.role == "recovery")
    state = session.states([recovery]).get(recovery.name, State({}))
    write_handover(session.handover_path, session.estate, recovery, state)
    return session.handover_path


def write_inventory(request: DeployRequest) -> Path:
    """Reads the state of every stack and writes build/kit/inventory.json."""
    session = Session(request, ignore)
    write_inventory_file(session.inventory_path, session.estate, session.stacks, session.states(session.stacks))
    return session.inventory_path


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM ends a deployment as Ctrl-C does: the engine saves its state and frees the stack."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before: Callable[[int, FrameType | None], object] | int | None = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
