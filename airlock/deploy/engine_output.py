"""Everything that depends on what `pulumi` prints: its event stream, its English, the wrappings around an error.

A change of the engine that breaks a sentence here is found by the tests of this module and by those with the engine.
"""

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi.automation import events as engine

from airlock.deploy.results import OnEvent, Operation, ResourceStep

_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
_STACK_EXISTS = "already exists"
# AWS Backup of a role that IAM made some seconds ago. The plugin tries again for one kind of selection only [tf rts].
_NEW_ROLE = re.compile(r"cannot be assumed by AWS Backup|is not authorized to call")
# The plugin's words, those of Organizations and IAM's codes, and those of AWS Backup.
_THERE = re.compile(r"already ?exists|DuplicatePolicyAttachment|AccountAlreadyRegistered", re.IGNORECASE)
_LOCKED = "the stack is currently locked by"
_HOLDER = re.compile(r"created by (?P<user>\S+)@(?P<host>\S+) \(pid (?P<pid>\d+)\) at (?P<since>\S+)")
# These only say that something else went wrong.
_ECHOES = re.compile(r"^(error: )?(preview failed|update failed|refresh failed|resource registration failed.*)$")
_COLOUR = re.compile(r"<\{%[^%]*%\}>|\x1b\[[0-9;]*m")
_TRACEBACK = "Traceback (most recent call last):"
# What the layers between a provider and the terminal put before its words.
_WRAPPINGS = re.compile(
    r"(error: |Program failed with an unhandled exception:\s*|Exception calling application: "
    # An exception is printed with its class: `airlock.domain.errors.WrongAccount: ` or `ValueError: `.
    r"|rpc error: code = \w+ desc = |(?:[a-z_]\w*\.)+[A-Z]\w*: |[A-Z]\w*(?:Error|Exception): )"
)
# `same` is no change; a read or a refresh that found nothing new is none either.
_CREATES = {"create", "create-replacement"}
_UNCHANGED = {"same", "read", "refresh", "read-replacement", "discard", "discard-replaced"}


@dataclass(frozen=True)
class Complaint:
    """One error, and the resource it is about; the resource is empty when it is about the stack or the program."""

    message: str
    resource: str = ""
    urn: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the engine, and all that it shows of the resource before and after it.

    That is URN, type, id, parent, provider, protect, retainOnDelete, inputs, outputs and what else an event carries.
    """

    operation: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def is_change(self) -> bool:
        """False for a resource that stays, and for the read of a stack reference."""
        return self.operation not in ("same", "read")

    @property
    def writes_state(self) -> bool:
        """True where the state would hold something else after the step, which a step that is no change may do, too."""
        return self.before is None or self.before != self.after


@dataclass
class Stream:
    """Collects one operation. Feed it line by line."""

    stack: str
    operation: Operation
    on_event: OnEvent
    changes: dict[str, int] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    violations: list[Complaint] = field(default_factory=list)
    steps: dict[tuple[str, str], Step] = field(default_factory=dict)
    begun: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Creates that began and did not end well, by URN: the resource as the engine shows it."""

    def feed(self, line: str) -> None:
        """One line of the command's output; what is no event is passed over."""
        if not line.startswith("{"):
            return
        body = json.loads(line)
        for kind in ("resourcePreEvent", "resOutputsEvent"):
            if kind in body:
                self._keep(kind, body[kind]["metadata"])
        event = engine.EngineEvent.from_json(body)
        if event.diagnostic_event is not None:
            self._diagnostic(event.diagnostic_event)
        elif event.policy_event is not None:
            self._policy(event.policy_event)
        elif event.summary_event is not None:
            counts = event.summary_event.resource_changes or {}
            self.changes = {_word(op): count for op, count in counts.items() if _word(op) not in _UNCHANGED and count}
        elif event.resource_pre_event is not None:
            self._step(event.resource_pre_event.metadata, done=False)
        elif event.res_outputs_event is not None:
            self._step(event.res_outputs_event.metadata, done=True)

    def _keep(self, kind: str, metadata: Mapping[str, Any]) -> None:
        """The last event of a step counts: the outputs of a component and of the stack come after all others."""
        if metadata["op"] in _CREATES and kind == "resourcePreEvent":
            self.begun[metadata["urn"]] = metadata.get("new") or {}
        else:
            self.begun.pop(metadata["urn"], None)
        step = Step(operation=metadata["op"], before=metadata.get("old"), after=metadata.get("new"))
        self.steps[metadata["urn"], step.operation] = step

    def _diagnostic(self, event: engine.DiagnosticEvent) -> None:
        if event.severity == "error":
            self.complaints.append(Complaint(event.message, name_of(event.urn or ""), event.urn or ""))

    def _policy(self, event: engine.PolicyEvent) -> None:
        if event.enforcement_level == "mandatory":
            # The engine joins the rule's description and the violation by a line break.
            said = " ".join(line.strip() for line in event.message.splitlines() if line.strip())
            message = f"{said} (policy {event.policy_name})"
            self.violations.append(Complaint(message, name_of(event.resource_urn or "")))

    def _step(self, metadata: engine.StepEventMetadata, *, done: bool) -> None:
        action = _word(metadata.op)
        if action in _UNCHANGED:
            return
        self.on_event(
            ResourceStep(
                stack=self.stack,
                operation=self.operation,
                action=action,
                resource_type=metadata.type,
                resource=name_of(metadata.urn),
                done=done,
            )
        )


def _word(operation: object) -> str:
    return str(getattr(operation, "value", operation))


def name_of(urn: str) -> str:
    """The logical name in a URN; empty for the stack's own resource, whose name says nothing new."""
    kind, _, name = urn.removeprefix("urn:pulumi:").rpartition("::")
    return "" if kind.endswith("::pulumi:pulumi:Stack") else name


def version_of(printed: str) -> tuple[int, ...] | None:
    """The version that `pulumi version` prints."""
    numbers = _VERSION.match(printed)
    return tuple(int(number) for number in numbers.groups()) if numbers else None


def stack_exists(stderr: str) -> bool:
    """Whether `pulumi stack init` was refused because somebody made the stack in the meantime."""
    return _STACK_EXISTS in stderr


def exist_already(stream: Stream) -> list[Mapping[str, Any]]:
    """The resources whose create was refused because AWS has such an object."""
    there = {each.urn for each in stream.complaints if _THERE.search(each.message)}
    return [resource for urn, resource in stream.begun.items() if urn in there]


def only_new_roles_failed(stream: Stream) -> bool:
    """Whether nothing went wrong but that AWS Backup does not know a new role yet."""
    reasons = [each.message for each in stream.complaints if not _ECHOES.match(plain(each.message))]
    return bool(reasons) and not stream.violations and all(_NEW_ROLE.search(reason) for reason in reasons)


def sentences(stream: Stream, stderr: str) -> list[str]:
    """Why an operation failed, each reason once, without tracebacks; never empty."""
    told = [_told(each) for each in [*stream.violations, *stream.complaints]]
    reasons = _unique(sentence for sentence in told if sentence and not _ECHOES.match(sentence))
    if reasons:
        return reasons
    return _unique([plain(stderr)]) or [
        "The engine ended without a reason. Run `pulumi up` in the project to see more."
    ]


def _told(complaint: Complaint) -> str:
    message = plain(complaint.message)
    if not message or _ECHOES.match(message) or not complaint.resource or f"`{complaint.resource}`" in message:
        return message
    return f"`{complaint.resource}`: {message}"


def plain(text: str) -> str:
    """The words of an error: no colour, no traceback, none of the wrappings that each layer adds."""
    text = _COLOUR.sub("", text).strip()
    if _TRACEBACK in text:
        text = _after_traceback(text)
    while (wrapping := _WRAPPINGS.match(text)) is not None:
        text = text[wrapping.end() :].strip()
    return text


def _after_traceback(text: str) -> str:
    """The last exception's own text: the first line behind the frames that is not indented, and what follows it."""
    lines = text.rpartition(_TRACEBACK)[2].strip("\n").splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith(" "):
            return "\n".join(lines[number:]).strip()
    return text.partition(_TRACEBACK)[0].strip()


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A process that holds the lock of a stack."""

    user: str
    host: str
    pid: int
    since: str

    @property
    def is_here(self) -> bool:
        return self.host == socket.gethostname()

    @property
    def is_dead(self) -> bool:
        """Only a process of this host can be known to be gone."""
        return self.is_here and not _is_pulumi(self.pid)

    def __str__(self) -> str:
        return f"process {self.pid} of {self.user} on {self.host}, since {self.since}"


def holders(text: str) -> list[Holder]:
    """The holders that a refusal names; none when the text is about something else."""
    if _LOCKED not in text:
        return []
    return [
        Holder(user=each["user"], host=each["host"], pid=int(each["pid"]), since=each["since"])
        for each in _HOLDER.finditer(text)
    ]


def _is_pulumi(pid: int) -> bool:
    """Whether that process lives and is an engine: after a restart of the machine somebody else may have its number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    listed = subprocess.run(["ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True)  # noqa: S607
    if listed.returncode != 0:
        return True
    state, _, command = listed.stdout.strip().partition(" ")
    return "pulumi" in command and not state.startswith("Z")
