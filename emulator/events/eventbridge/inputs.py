"""What a target is given of an event: all of it, a part, a constant, or a template filled from it."""

import json
import re
from typing import Any

from emulator.world import clock

Event = dict[str, Any]
_PLACE = re.compile(r"<([\w.-]+)>")
_STEP = re.compile(r"\.([\w-]+)|\['([^']+)'\]|\[(\d+|\*)\]|\.(\*)")


def render(target: dict[str, Any], rule_name: str, rule_arn: str, event: Event) -> str:
    """The text that the target gets. `target` is an entry of PutTargets."""
    if target.get("Input") is not None:
        return str(target["Input"])
    if target.get("InputPath") is not None:
        return _text(at(event, str(target["InputPath"])))
    transformer = target.get("InputTransformer")
    if not transformer:
        return _text(event)
    known = {name: at(event, path) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    known |= {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_name,
        "aws.events.event.ingestion-time": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
        "aws.events.event": {name: part for name, part in event.items() if name != "detail"},
        "aws.events.event.json": event,
    }
    return _filled(str(transformer["InputTemplate"]), known)


def at(event: Any, path: str) -> Any:
    """What stands at a path (`$.detail.state`, `$.resources[0]`) of an event; None when nothing does."""
    found, rest = event, path.removeprefix("$")
    while rest:
        step = _STEP.match(rest)
        if step is None:
            return None
        name, index = step[1] or step[2], step[3] or step[4]
        rest = rest[step.end() :]
        if index == "*":
            parts = list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []
            return [at(part, "$" + rest) for part in parts]
        if name is not None:
            found = found.get(name) if isinstance(found, dict) else None
        else:
            found = found[int(index)] if isinstance(found, list) and int(index) < len(found) else None
        if found is None:
            return None
    return found


def _filled(template: str, known: dict[str, Any]) -> str:
    """Inside quotes a value is inserted as it reads, outside of them as JSON."""
    made: list[str] = []
    end, quoted = 0, False
    for place in _PLACE.finditer(template):
        before = template[end : place.start()]
        quoted ^= before.replace('\\"', "").count('"') % 2 == 1
        end = place.end()
        made.append(before)
        if place[1] not in known:
            made.append(place[0])
        else:
            made.append(_inside(known[place[1]]) if quoted else _outside(known[place[1]]))
    return "".join(made) + template[end:]


def _inside(value: Any) -> str:
    if value is None:
        return ""
    # What is no text loses its own quotation marks, as EventBridge documents.
    return json.dumps(value)[1:-1] if isinstance(value, str) else _text(value).replace('"', "")


def _outside(value: Any) -> str:
    return '""' if value is None else _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
