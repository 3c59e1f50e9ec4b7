"""Reads the engine's event stream: what changes, what failed and in which words."""

import json
from dataclasses import dataclass, field

from pulumi.automation import events as engine

from airlock.deploy.events import OnEvent, Operation, ResourceStep

# `same` is no change; a read or a refresh that found nothing new is none either.
_UNCHANGED = {"same", "read", "refresh", "read-replacement", "discard", "discard-replaced"}


@dataclass(frozen=True)
class Complaint:
    """One error, and the resource it is about; the resource is empty when it is about the stack or the program."""

    message: str
    resource: str = ""


@dataclass
class Stream:
    """Collects one operation. Feed it line by line."""

    stack: str
    operation: Operation
    on_event: OnEvent
    changes: dict[str, int] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    violations: list[Complaint] = field(default_factory=list)

    def feed(self, line: str) -> None:
        if not line.startswith("{"):
            return
        event = engine.EngineEvent.from_json(json.loads(line))
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

    def _diagnostic(self, event: engine.DiagnosticEvent) -> None:
        if event.severity == "error":
            self.complaints.append(Complaint(event.message, name_of(event.urn or "")))

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
