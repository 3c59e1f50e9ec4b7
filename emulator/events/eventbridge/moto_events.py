"""What is done to moto's EventBridge: rules match and reach their targets by our code, PutEvents refuses as AWS."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from emulator.events import service_events
from emulator.events.cloudtrail import history
from emulator.events.eventbridge import buses, patterns, schedules
from emulator.protocol.answers import Refusal
from emulator.world import clock

_MOST_ENTRIES, _MOST_BYTES, _MOST_TARGETS = 10, 256 * 1024, 5
_STATES = ("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
_ENVELOPE = ("id", "detail-type", "source", "account", "time", "region", "resources")


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after one of moto's modules was imported."""
    if module.__name__ == "moto.events.responses":
        module.EventsHandler.test_event_pattern = _test_event_pattern
        return
    _extend_rules(module)
    _extend_schedules(module.EventsBackend)
    module.EventPatternParser.parse = _parse(module)
    module.EventPattern.matches_event = _matches
    module.EventsBackend.put_events = _put_events
    service_events.subscribe(buses.on_event)
    history.watch(buses.on_record)


def _parse(module: Any) -> Any:
    def parse(self: Any) -> dict[str, Any]:
        try:
            return patterns.parse(self.pattern) if self.pattern else {}
        except patterns.InvalidPattern as error:
            raise module.InvalidEventPatternException(reason=str(error)) from error

    return parse


def _matches(self: Any, event: Any) -> bool:
    pattern = self.get_pattern()
    return not pattern or patterns.matches(pattern, event)


def _extend_rules(module: Any) -> None:
    def send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:  # noqa: ARG001 - moto's
        buses.fire(self, _plain(original_event))

    module.Rule.send_to_targets = send_to_targets


def _plain(event: Any) -> dict[str, Any]:
    """An event that moto made: its time is a number of seconds, and it carries what no target sees."""
    moment = event.get("time")
    told = {name: value for name, value in event.items() if name != "ingestion-time"}
    if isinstance(moment, int | float):
        told["time"] = f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
    return told


def _extend_schedules(backend: Any) -> None:
    put_rule, put_targets, enable, remove = (
        backend.put_rule,
        backend.put_targets,
        backend.enable_rule,
        backend.remove_targets,
    )

    def rule_put(self: Any, name: str, *given: Any, **named: Any) -> Any:
        expression = named.get("scheduled_expression")
        if expression and not schedules.is_valid(expression):
            raise _invalid("Parameter ScheduleExpression is not valid.")
        if (named.get("state") or "ENABLED") not in _STATES:
            raise _invalid(f"Parameter State is not valid: it is one of {', '.join(_STATES)}.")
        rule = put_rule(self, name, *given, **named)
        schedules.arm(rule)
        return rule

    def targets_put(self: Any, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]) -> None:
        bus = buses.find(self.account_id, self.region_name, (event_bus_arn or "default").split("/")[-1])
        rule = None if bus is None else bus.rules.get(name)
        present = [] if rule is None else rule.targets
        if len({target["Id"] for target in [*present, *targets]}) > _MOST_TARGETS:
            raise Refusal(400, "LimitExceededException", f"A rule can have {_MOST_TARGETS} targets.")
        put_targets(self, name, event_bus_arn, targets)
        schedules.arm(rule)

    def rule_enabled(self: Any, name: str, event_bus_arn: str | None) -> bool:
        done = bool(enable(self, name, event_bus_arn))
        if done:
            schedules.arm(self.describe_rule(name, event_bus_arn))
        return done

    def targets_removed(self: Any, name: str, event_bus_arn: str | None, ids: list[str]) -> None:
        remove(self, name, event_bus_arn, ids)
        schedules.arm(self.describe_rule(name, event_bus_arn))

    backend.put_rule, backend.put_targets = rule_put, targets_put
    backend.enable_rule, backend.remove_targets = rule_enabled, targets_removed


def _put_events(self: Any, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """PutEvents of one account; the answer is one entry for each."""
    if len(entries) > _MOST_ENTRIES:
        raise _invalid(
            "1 validation error detected: Value at 'entries' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_MOST_ENTRIES}"
        )
    if sum(map(_size, entries)) > _MOST_BYTES:
        raise _invalid("Total size of the entries in the request is over the limit.")
    return [_put_event(self, entry) for entry in entries]


def _put_event(backend: Any, entry: dict[str, Any]) -> dict[str, str]:
    for name in ("Source", "DetailType", "Detail"):
        if not entry.get(name):
            reason = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": reason}
    try:
        detail = json.loads(entry["Detail"])
    except ValueError:
        detail = None
    if not isinstance(detail, dict):
        return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    if str(entry["Source"]).startswith("aws."):
        return {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "Not authorized for the source."}
    bus = _bus(backend, entry.get("EventBusName"))
    more = {"time": _time(entry.get("Time")), "resources": entry.get("Resources")}
    event = buses.envelope(
        entry["Source"], entry["DetailType"], backend.account_id, backend.region_name, detail, **more
    )
    if bus is not None:
        buses.put(bus, event)
    return {"EventId": event["id"]}


def _bus(backend: Any, named: str | None) -> Any | None:
    """The bus that an entry names; an event for a bus that is not there is lost without a word."""
    parts = (named or "default").split(":")
    if len(parts) == 1:
        return buses.find(backend.account_id, backend.region_name, parts[0])
    region, account, resource = parts[3:6]
    bus = buses.find(account, region, resource.removeprefix("event-bus/"))
    if bus is not None and not buses.may_put(bus, backend.account_id):
        raise Refusal(400, "AccessDeniedException", f"Account {backend.account_id} may not put events on {named}.")
    return bus


def _time(given: Any) -> datetime:
    if isinstance(given, int | float):
        return datetime.fromtimestamp(given, UTC)
    return datetime.fromisoformat(str(given)) if given else clock.now()


def _size(entry: dict[str, Any]) -> int:
    texts = [str(entry.get(name) or "") for name in ("Source", "DetailType", "Detail")] + list(
        entry.get("Resources") or []
    )
    return sum(len(text.encode()) for text in texts) + (14 if entry.get("Time") else 0)


def _test_event_pattern(self: Any) -> str:
    pattern, text = self._get_param("EventPattern"), self._get_param("Event")
    try:
        wanted = patterns.parse(pattern)
    except patterns.InvalidPattern as error:
        message = f"Event pattern is not valid. Reason: {error}"
        raise Refusal(400, "InvalidEventPatternException", message) from error
    try:
        event = json.loads(text)
    except ValueError as error:
        raise _invalid("Parameter Event is not valid. Reason: Event must be a valid JSON object.") from error
    missing = [name for name in _ENVELOPE if not isinstance(event, dict) or name not in event]
    if missing or not re.fullmatch(r"\d{12}", str(event["account"])):
        raise _invalid(f"Parameter Event is not valid. Reason: it has no valid {', '.join(missing) or 'account'}.")
    return json.dumps({"Result": patterns.matches(wanted, event)})


def _invalid(message: str) -> Refusal:
    return Refusal(400, "ValidationException", message)
