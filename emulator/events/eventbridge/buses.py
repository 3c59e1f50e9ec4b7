"""Event buses: an event arrives, and the rules that match it reach their targets."""

import importlib
import json
import sys
from datetime import UTC, datetime
from typing import Any

from emulator.authorization import service_principals
from emulator.events import service_events
from emulator.events.cloudtrail import documents
from emulator.events.cloudtrail.history import Row
from emulator.events.eventbridge import patterns, targets
from emulator.events.eventbridge.targets import Delivery, Event
from emulator.events.places import Place
from emulator.events.undelivered import Refused
from emulator.world import choices, clock, ids, organizations

_API, _SERVICE = "AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"
_EVERYTHING = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


def envelope(source: str, detail_type: str, account: str, region: str, detail: Event, **more: Any) -> Event:
    """An event as rules and targets see it. `more`: time (datetime), resources."""
    moment: datetime = more.get("time") or clock.now()
    return {
        "version": "0",
        "id": ids.uuid("event"),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "region": region,
        "resources": list(more.get("resources") or ()),
        "detail": detail,
    }


def put(bus: Any, event: Event, *, read_only: bool = False, forwarded: bool = False) -> None:
    """Give an event to moto's object of a bus. `read_only`: a call that changed nothing, which few rules take."""
    for rule in list(bus.rules.values()):
        if (rule.state == "ENABLED" and not read_only) or rule.state == _EVERYTHING:
            fire(rule, event, forwarded=forwarded)


def fire(rule: Any, event: Event, *, forwarded: bool = False) -> None:
    """Send an event to the targets of a rule that matches it."""
    pattern = rule.event_pattern.get_pattern()
    if pattern and patterns.matches(pattern, event):
        for target in list(rule.targets):
            targets.send(Delivery(rule, target, event, forwarded))


def receive(where: Place, sender: str, event: Event) -> None:
    """An event from another bus; a bus of another account lets in whom its policy names."""
    bus = find(where.account, where.region, where.resource.removeprefix("event-bus/"))
    if bus is None:
        raise Refused("NO_RESOURCE", f"The event bus {where.arn} does not exist.")
    if not may_put(bus, sender):
        raise Refused("NO_PERMISSIONS", f"The policy of {where.arn} does not let account {sender} put events on it.")
    put(bus, event, forwarded=True)


def may_put(bus: Any, sender: str) -> bool:
    """Whether an account may put events on a bus: on its own always, on others as their policy says."""
    if sender == bus.account_id:
        return True
    organization = organizations.organization_of(sender)
    context = {} if organization is None else {"aws:principalorgid": organization.id}
    return service_principals.account_may(bus.policy or "", sender, "events:PutEvents", bus.arn, context)


def find(account: str, region: str, name: str) -> Any | None:
    """moto's object of a bus, or None; looking makes and loads nothing, since everything that happens looks."""
    models: Any = sys.modules.get("moto.events.models")
    if models is None:
        return None
    regions = models.events_backends.get(account)
    backend = None if regions is None else dict.get(regions, region)
    return None if backend is None else backend.event_buses.get(name)


def archive(rule: Any, event: Event) -> None:
    """The target of the rule that an archive makes for itself."""
    models = importlib.import_module("moto.events.models")
    for kept in models.events_backends[rule.account_id][rule.region_name].archives.values():
        if kept.rule is not None and kept.rule.name == rule.name:
            kept.events.append(event)


def on_event(event: service_events.Event) -> None:
    """What a service announces goes to the default bus of its account and Region."""
    if not isinstance(event, service_events.NativeEvent):
        return
    bus = find(event.account, event.region, "default")
    if bus is not None and bus.rules:
        more = {"time": event.time, "resources": event.resources}
        # Through JSON and back: a target must not share its event with the service.
        detail = json.loads(json.dumps(event.detail, default=str))
        put(bus, envelope(event.source, event.detail_type, event.account, event.region, detail, **more))


def on_record(row: Row) -> None:
    """What CloudTrail records goes to the default bus too, where a trail logs it."""
    bus = find(row.account, row.region, "default")
    if bus is None or not bus.rules or "moto.cloudtrail.models" not in sys.modules:
        return
    trails = importlib.import_module("emulator.events.cloudtrail.trails")
    if not trails.logs(row.account, row.region):
        return
    kind = _API if row.details is None else _SERVICE
    source = "aws." + documents.event_source(row).partition(".")[0]
    if source == "aws.multi-party-approval":
        source = choices.taken(service_events.SOURCE_OF_APPROVAL_CALLS)
    event = envelope(source, kind, row.account, row.region, documents.of(row), time=documents.time_of(row))
    put(bus, event, read_only=row.read_only)
