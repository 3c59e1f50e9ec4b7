"""Rules with a schedule: rate() and cron(), in UTC, on the emulator's clock."""

import importlib
import re
from datetime import datetime
from typing import Any

from emulator.events.eventbridge import buses, targets
from emulator.events.eventbridge.targets import Delivery
from emulator.world import agenda, clock, ids

_RATE = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)(s?)\)")


def is_valid(expression: str) -> bool:
    """Whether EventBridge takes the expression; `rate(1 minutes)` and `rate(5 minute)` it does not."""
    rate = _RATE.fullmatch(expression)
    if rate:
        return (rate[1] == "1") == (rate[3] == "")
    try:
        _times().check(expression, None)
    except ValueError:
        return False
    return expression.startswith("cron(")


def arm(rule: Any) -> None:
    """Put the rule's next run on the agenda; what was planned for it before does not happen."""
    if not rule.scheduled_expression:
        return
    rule.run = ids.uuid("rule-run")
    _plan(rule, clock.now())


def _plan(rule: Any, after: datetime) -> None:
    moment = _times().next_run(rule.scheduled_expression, None, after)
    if moment is not None and rule.state != "DISABLED" and rule.targets:
        agenda.at(moment, "events.schedule", rule.account_id, rule.region_name, rule.name, rule.run)


@agenda.handler("events.schedule")
def run(account: str, region: str, name: str, planned: str) -> None:
    bus = buses.find(account, region, "default")
    rule = None if bus is None else bus.rules.get(name)
    if rule is None or rule.state == "DISABLED" or getattr(rule, "run", "") != planned:
        return
    event = buses.envelope("aws.events", "Scheduled Event", account, region, {}, resources=[rule.arn])
    for target in list(rule.targets):
        targets.send(Delivery(rule, target, event, forwarded=False))
    _plan(rule, clock.now())


def _times() -> Any:
    return importlib.import_module("moto.backup.plans.schedule")
