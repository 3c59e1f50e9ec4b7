"""`deploy` and `preview`: all stacks of the estate."""

import time
from dataclasses import replace
from pathlib import Path

from airlock.deploy.events import Note, OnEvent, ignore
from airlock.deploy.handover import write_handover
from airlock.deploy.inventory import assemble, inventory_path, write
from airlock.deploy.operations import Operations
from airlock.deploy.plan import PlannedStack
from airlock.deploy.request import DeployRequest
from airlock.deploy.results import DeployResult, PreviewResult, StackPreview, StackResult
from airlock.deploy.schedule import in_order
from airlock.deploy.session import Session, terminated_like_interrupted
from airlock.deploy.state import State


def deploy(request: DeployRequest, on_event: OnEvent = ignore) -> DeployResult:
    """Each stack: preview with the pack, then up with the pack. Stops at the first one that fails."""
    with terminated_like_interrupted():
        session = Session(request, on_event)
        existing = session.existing()
        states: dict[str, State] = {}

        def one(stack: PlannedStack) -> StackResult:
            if stack.name not in existing:
                session.operations.create(stack)
            result, states[stack.name] = _deploy_one(session.operations, stack)
            if stack.role == "recovery" and session.crosses_organizations:
                write_handover(session, states[stack.name])
                on_event(Note(stack=stack.name, sentence=f"Its handover was written to {session.handover_path}."))
            return result

        results = in_order(session.stacks, one, session.engine.interrupt)
        return DeployResult(
            stacks=tuple(results),
            waiting=tuple(each for stack in session.stacks for each in states[stack.name].waiting(stack.name)),
            handover=session.handover_path if session.crosses_organizations else None,
            inventory=_write_inventory(session, states),
        )


def _deploy_one(operations: Operations, stack: PlannedStack) -> tuple[StackResult, State]:
    started = time.monotonic()
    operations.preview(stack)
    stream = operations.up(stack)
    state = operations.settled_state(stack)
    result = StackResult(
        name=stack.name,
        role=stack.role,
        account=stack.account,
        resources=len(state.resources),
        seconds=round(time.monotonic() - started, 2),
        changes=stream.changes,
    )
    return result, state


def _write_inventory(session: Session, states: dict[str, State]) -> Path:
    path = inventory_path(session.request)
    write(path, assemble(session.estate, session.stacks, states))
    return path


def preview(request: DeployRequest, on_event: OnEvent = ignore) -> PreviewResult:
    """Every stack whose upstreams were deployed; the others say what they need. No resource is touched."""
    with terminated_like_interrupted():
        session = Session(request, on_event)
        existing = session.existing()

        def one(stack: PlannedStack) -> StackPreview:
            needs = _needs(session, stack, existing)
            changes = None
            if not needs:
                if stack.name not in existing:
                    session.operations.create(stack)
                changes = session.operations.preview(stack).changes
            return StackPreview(name=stack.name, role=stack.role, account=stack.account, changes=changes, needs=needs)

        independent = [replace(stack, upstreams=()) for stack in session.stacks]
        upstreams = {stack.name: stack for stack in session.stacks}
        results = in_order(independent, lambda stack: one(upstreams[stack.name]), session.engine.interrupt)
        return PreviewResult(stacks=tuple(results))


def _needs(session: Session, stack: PlannedStack, existing: dict[str, bool]) -> tuple[str, ...]:
    """The upstream stacks that were never deployed, and the handover file where a reference would cross backends."""
    needs = [f"the stack `{name}`" for name in stack.upstreams if not existing.get(name)]
    sides = {each.name: each.side for each in session.stacks}
    crosses = any(sides[name] != stack.side for name in stack.upstreams)
    if crosses and not needs and not session.handover_path.is_file():
        needs.append(f"{session.handover_path.name} (`airlock handover export` writes it)")
    return tuple(needs)
