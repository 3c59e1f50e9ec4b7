"""What the services announce without being asked: job states, votes, expiries.

A service emits; whoever delivers (EventBridge, CloudTrail, notifications) subscribed when it was set up. Delivery
happens in the same instant of the emulator's clock, inside the front door's lock.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emulator.world import choices, clock


@dataclass(frozen=True)
class NativeEvent:
    """An event of EventBridge's default bus: `source` such as `aws.backup`, `detail_type` as AWS documents it."""

    source: str
    detail_type: str
    account: str
    region: str
    detail: dict[str, Any]
    resources: tuple[str, ...] = ()
    time: datetime = field(default_factory=clock.now)


@dataclass(frozen=True)
class ServiceEvent:
    """A CloudTrail event of type AwsServiceEvent: what a service did by itself, as SessionApproved of mpa."""

    source: str
    name: str
    account: str
    region: str
    details: dict[str, Any]
    resources: tuple[dict[str, str], ...] = ()
    time: datetime = field(default_factory=clock.now)


SOURCE_OF_APPROVAL_CALLS = "events.source-of-approval-calls"
# Offered here and not where it is taken, because that is loaded by the first call of EventBridge only.
choices.offer(
    SOURCE_OF_APPROVAL_CALLS,
    ("aws.multi-party-approval", "aws.mpa"),
    "AWS names the eventSource of calls to Multi-party approval, not the source of their events in EventBridge.",
)

Event = NativeEvent | ServiceEvent
_LOG = logging.getLogger(__name__)
_listeners: list[Callable[[Event], None]] = []


def subscribe(listener: Callable[[Event], None]) -> None:
    """Have `listener` called with every event from now on."""
    if listener not in _listeners:
        _listeners.append(listener)


def emit(event: Event) -> None:
    """Tell every listener, in the order in which they subscribed. What fails in one is logged, and hurts nobody."""
    for listener in _listeners:
        try:
            listener(event)
        except Exception:  # noqa: BLE001 - what a service does must not fail for who hears of it
            _LOG.exception("an event of %s was not passed on", event.source)
