"""How a deployment looks in a terminal: one line per stack and step, and what waits for people at the end."""

from pathlib import Path

from airlock.cli.terminal import say
from airlock.deploy import DeployResult, Event, Note, OperationFinished, OperationStarted, ResourceStep


class Progress:
    """Draws events as they come and decides nothing."""

    def event(self, event: Event) -> None:
        """One line for what people want to follow; resources only when they are done."""
        match event:
            case OperationStarted():
                say(f"{event.stack}: {event.operation} in account {event.account}")
            case ResourceStep(done=True):
                say(f"{event.stack}:   {event.action} {event.resource_type} {event.resource}")
            case OperationFinished():
                changes = ", ".join(f"{count} to {action}" for action, count in event.changes.items()) or "no changes"
                say(f"{event.stack}: {event.operation} took {event.seconds:.1f} s: {changes}")
            case Note():
                say(f"{event.stack}: {event.sentence}")
            case _:
                pass


def deployed_words(found: DeployResult, kit_folder: Path | None) -> str:
    """The end of a deployment, for people."""
    seconds = sum(stack.seconds for stack in found.stacks)
    skipped = sum(stack.up == "skipped" for stack in found.stacks)
    lines = [f"{len(found.stacks)} stacks are deployed, {found.changes} changes, {seconds:.0f} s of work."]
    if skipped:
        lines.append(f"`up` was skipped for {skipped} of them, where it would have written nothing.")
    if kit_folder is not None:
        lines.append(f"The break-glass kit is in {kit_folder}. Keep a copy outside the primary organization.")
    if found.waiting:
        lines.append("This waits for people; run `airlock deploy` again when they have acted:")
        lines += [f"  {item.stack}, {item.resource}: {item.sentence}" for item in found.waiting]
    return "\n".join(lines)
