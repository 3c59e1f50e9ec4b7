"""What can be done to one stack: make it, preview it, update it, read its state; and the way out of an accident."""

import json
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Protocol

from airlock.deploy.adoption import (
    Resource,
    adopt_pending_creates,
    has_its_tags,
    is_unfinished,
    record_of_unfinished,
    way_to_adopt,
    with_pending,
)
from airlock.deploy.engine import Completed
from airlock.deploy.engine_output import (
    Stream,
    exist_already,
    holders,
    name_of,
    only_new_roles_failed,
    plain,
    sentences,
    stack_exists,
)
from airlock.deploy.errors import StackFailed, StackLocked
from airlock.deploy.plan import PlannedStack
from airlock.deploy.results import Note, OnEvent, Operation, OperationFinished, OperationStarted
from airlock.deploy.state import State
from airlock.deploy.unchanged import TAG
from airlock.domain.errors import AirlockError

ListVaults = Callable[[PlannedStack, str], Collection[str]]
"""The names of the backup vaults that a listing shows in the stack's account, in a Region."""


class Commands(Protocol):
    """The `pulumi` command line."""

    def run(
        self, stack: PlannedStack, arguments: Sequence[str], on_line: Callable[[str], None] | None = None
    ) -> Completed: ...


# A run that was killed a moment ago may still have an engine that is saving its state.
_SECONDS_FOR_A_HOLDER_TO_END = 3.0
_SECONDS_BETWEEN_TRIES = 0.5
# Nobody documents how long AWS Backup needs; the aws plugin gives it up to two minutes where it tries again [tf sel].
_SECONDS_FOR_A_NEW_ROLE = 30.0


class Operations:
    """One estate's stacks through one engine. Every command names its stack: the selected one is a shared file."""

    def __init__(
        self,
        engine: Commands,
        pack: Path,
        on_event: OnEvent,
        list_vaults: ListVaults,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._engine = engine
        self._list_vaults = list_vaults
        self._pack = str(pack)
        self._on_event = on_event
        self._wait = wait

    def existing(self, stack: PlannedStack) -> dict[str, bool]:
        """The stacks in this stack's backend, and whether each was ever deployed."""
        done = self._engine.run(stack, ["stack", "ls", "--json"])
        if done.code != 0:
            raise StackFailed(stack.name, "the look into its state backend", [plain(done.stderr)], _BACKEND_REMEDY)
        # A secret in the stack's file already counts as an update; a stack that was deployed holds at least itself.
        return {each["name"].rpartition("/")[2]: bool(each.get("resourceCount")) for each in json.loads(done.stdout)}

    def create(self, stack: PlannedStack) -> None:
        """Makes an empty state; no stack is selected by it."""
        arguments = ["stack", "init", stack.name, "--no-select", "--secrets-provider", stack.secrets_provider]
        done = self._engine.run(stack, arguments)
        if done.code != 0 and not stack_exists(done.stderr):
            raise StackFailed(stack.name, "the creation of its state", [plain(done.stderr)], _BACKEND_REMEDY)

    def preview(self, stack: PlannedStack) -> Stream:
        """A preview with the policy pack. It takes no lock and touches no resource."""
        return self._operate(stack, "preview", ["preview", "--json", "--policy-pack", self._pack])

    def up(self, stack: PlannedStack) -> Stream:
        """An `up` with the policy pack and without a preview of its own.

        The caller previews first, with the pack: a stack policy would otherwise fail after everything was made.
        """
        return self._operate(stack, "up", ["up", "--json", "--yes", "--skip-preview", "--policy-pack", self._pack])

    def settled_state(self, stack: PlannedStack) -> State:
        """The state, after what a killed run left in it was resolved.

        State says of a resource that it was being created when the engine died; the engine warns of it in every later
        `up` (never in a preview), and only a refresh takes it away.
        """
        state = self.state(stack)
        return self._settle(stack, state) if state.pending else state

    def _settle(self, stack: PlannedStack, before: State, begun: Sequence[Resource] = ()) -> State:
        """`begun`: creates of a failed run, of which the state has nothing."""
        state = with_pending(before, begun)
        completed, adopted = adopt_pending_creates(state)
        if adopted:
            self._replace(stack, completed)
        self._operate(stack, "refresh", ["refresh", "--json", "--yes", "--skip-preview", "--clear-pending-creates"])
        settled = self.state(stack)
        self._lose_no_vault(stack, before, settled)
        existing = {each["urn"] for each in settled.resources}
        kept = [f"`{name_of(urn)}`" for urn in adopted if urn in existing]
        self._note(
            stack,
            f"An earlier run ended in the middle of {' and '.join(f'`{name}`' for name in state.pending)}. The"
            " pending creates were cleared from the state, and it was compared with what is there."
            + (f" That run had made {' and '.join(kept)}: kept." if kept else ""),
        )
        return settled

    def _lose_no_vault(self, stack: PlannedStack, before: State, after: State) -> None:
        """To the aws plugin a vault that it may not look at is gone [tf lag] [tf vault]; `up` would make it anew."""
        for urn in before.vaults().keys() - after.vaults().keys():
            vault, region = before.vaults()[urn]
            try:
                reason = "a listing still shows it" if vault in self._list_vaults(stack, region) else ""
            except AirlockError as error:
                reason = f"nobody could find out whether it is there ({error})"
            if reason:
                self._replace(stack, before)
                raise StackFailed(
                    stack.name,
                    "the comparison of its state with what is there",
                    [f"`{name_of(urn)}`: the vault {vault} in {region} was not found, but {reason}."],
                    "The state was put back as it was. A policy probably refuses backup:DescribeBackupVault or"
                    " backup:ListBackupVaults to the deployment role: allow both, then run `airlock deploy` again.",
                )

    def _replace(self, stack: PlannedStack, state: State) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "state.json"
            file.write_text(json.dumps(state.exported), encoding="utf-8")
            done = self._engine.run(stack, ["stack", "import", "--file", str(file), "--stack", stack.name])
        if done.code != 0:
            raise StackFailed(stack.name, "the correction of its state", [plain(done.stderr)], _BACKEND_REMEDY)

    def state(self, stack: PlannedStack) -> State:
        """The state as it is."""
        done = self._engine.run(stack, ["stack", "export", "--stack", stack.name])
        if done.code != 0:
            raise StackFailed(stack.name, "the reading of its state", [plain(done.stderr)], _BACKEND_REMEDY)
        exported: dict[str, Any] = json.loads(done.stdout)
        return State(exported)

    def last_up(self, stack: PlannedStack) -> str:
        """The record of the last `up`; empty where there is none, or none can be read: then `up` is made."""
        done = self._engine.run(stack, ["stack", "tag", "get", TAG, "--stack", stack.name])
        return done.stdout.strip() if done.code == 0 else ""

    def record_up(self, stack: PlannedStack, record: str) -> None:
        """Keeps the record of an `up` that ended well."""
        done = self._engine.run(stack, ["stack", "tag", "set", TAG, record, "--stack", stack.name])
        if done.code != 0:
            self._note(stack, f"Its `up` could not be recorded, so the next run makes another: {plain(done.stderr)}")

    def _operate(self, stack: PlannedStack, operation: Operation, arguments: list[str]) -> Stream:
        started = time.monotonic()
        self._on_event(OperationStarted(stack=stack.name, account=stack.account, operation=operation))
        stream, done = self._once(stack, operation, arguments)
        if done.code != 0 and (
            self._freed(stack, operation, done)
            or self._settled(stack, operation)
            or self._adopted(stack, operation, stream)
            or self._waited_for_roles(stack, operation, stream)
        ):
            stream, done = self._once(stack, operation, arguments)
        if done.code != 0:
            raise StackFailed(
                stack.name, operation, [*sentences(stream, done.stderr), *self._left(stack, operation, stream)]
            )
        self._on_event(
            OperationFinished(
                stack=stack.name, operation=operation, seconds=time.monotonic() - started, changes=stream.changes
            )
        )
        return stream

    def _once(self, stack: PlannedStack, operation: Operation, arguments: list[str]) -> tuple[Stream, Completed]:
        stream = Stream(stack.name, operation, self._on_event)
        return stream, self._engine.run(stack, [*arguments, "--stack", stack.name], stream.feed)

    def _freed(self, stack: PlannedStack, operation: Operation, refused: Completed) -> bool:
        """True when the refusal was a lock of dead processes, which is now gone; a live holder is named and refused."""
        locks = holders(refused.stderr + refused.stdout)
        if not locks:
            return False
        waited = 0.0
        while not all(holder.is_dead for holder in locks) and waited < _SECONDS_FOR_A_HOLDER_TO_END:
            self._wait(_SECONDS_BETWEEN_TRIES)
            waited += _SECONDS_BETWEEN_TRIES
        living = [holder for holder in locks if not holder.is_dead]
        if living:
            raise StackLocked(
                stack.name,
                operation,
                [f"It is held by the {holder}." for holder in living],
                "Let that run end, then run `airlock deploy` again. If it is dead and ran on another machine:"
                f" `pulumi cancel --stack {stack.name}`.",
            )
        done = self._engine.run(stack, ["cancel", "--yes", "--stack", stack.name])
        if done.code != 0:
            raise StackFailed(stack.name, operation, [plain(done.stderr)], _BACKEND_REMEDY)
        named = " and ".join(str(holder) for holder in locks)
        self._note(stack, f"It was locked by the {named}, which is gone. The dead lock was cleared.")
        # Before the next try, so that it begins from what is there.
        self.settled_state(stack)
        return True

    def _settled(self, stack: PlannedStack, operation: Operation) -> bool:
        """True when a killed run left something in a stack that a person then unlocked; it is resolved now."""
        if operation != "up":
            return False
        state = self.state(stack)
        if state.pending:
            self._settle(stack, state)
        return bool(state.pending)

    def _adopted(self, stack: PlannedStack, operation: Operation, stream: Stream) -> bool:
        """True when a create was refused for an object that a failed run of ours had made; the state has it now."""
        there = exist_already(stream) if operation == "up" else []
        record = self.last_up(stack) if there else ""
        ours = [resource for resource in there if is_unfinished(record, resource)]
        if not ours:
            return False
        before = self.state(stack)
        settled = self._settle(stack, before, ours)
        urns = {resource["urn"] for resource in ours}
        if all(has_its_tags(each) for each in settled.resources if each["urn"] in urns):
            return True
        self._replace(stack, before)
        return False

    def _waited_for_roles(self, stack: PlannedStack, operation: Operation, stream: Stream) -> bool:
        """True when AWS Backup did not know a role that this `up` made; by now it should."""
        if operation != "up" or not only_new_roles_failed(stream):
            return False
        self._note(stack, "AWS Backup does not know a new role yet. The `up` is made again in a moment.")
        self._wait(_SECONDS_FOR_A_NEW_ROLE)
        return True

    def _left(self, stack: PlannedStack, operation: Operation, stream: Stream) -> list[str]:
        """Writes down what a failed `up` may have made; returns how to adopt what it did not."""
        if operation != "up" or not stream.begun:
            return []
        there = exist_already(stream)
        unfinished = [resource for resource in stream.begun.values() if resource not in there]
        if record := record_of_unfinished(unfinished, self.last_up(stack)):
            self.record_up(stack, record)
        state = self.state(stack) if there else State({})
        return [way for resource in there if (way := way_to_adopt(stack.name, resource, state))]

    def _note(self, stack: PlannedStack, sentence: str) -> None:
        self._on_event(Note(stack=stack.name, sentence=sentence))


_BACKEND_REMEDY = "Check the state backend and the credentials for it, then run the command again."
