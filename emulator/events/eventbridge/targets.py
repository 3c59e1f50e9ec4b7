"""Reaching the targets of a rule: queues, topics, log groups and other buses; all else is said to be undelivered.

A target is reached as on AWS: what it is must exist, and its own policy must let EventBridge in.
"""

import importlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from emulator.authorization import service_principals
from emulator.events import undelivered
from emulator.events.eventbridge import inputs
from emulator.events.places import Place, place
from emulator.events.undelivered import Refused
from emulator.moto import sqs
from emulator.world import clock, ids

Event = dict[str, Any]
_SERVICE = "events.amazonaws.com"
_LOOK_EVERY = 1000  # So many messages of a queue that nobody reads, before those that are over go.


class Delivery(NamedTuple):
    """One event on its way from a rule to one of its targets. `forwarded`: it came from another bus."""

    rule: Any
    target: dict[str, Any]
    event: Event
    forwarded: bool

    @property
    def context(self) -> dict[str, str]:
        """What conditions in the target's policy can ask for."""
        return {"aws:sourcearn": str(self.rule.arn), "aws:sourceaccount": str(self.rule.account_id)}

    def text(self) -> str:
        return inputs.render(self.target, self.rule.name, self.rule.arn, self.event)


def send(delivery: Delivery) -> None:
    """Deliver, or note what was not delivered, and put it into the target's dead-letter queue if it has one."""
    try:
        where = place(str(delivery.target["Arn"]))
        _WAYS.get(where.service, _elsewhere)(where, delivery)
    except Refused as refused:
        rule = delivery.rule
        undelivered.note(rule.account_id, rule.region_name, rule.arn, str(delivery.target["Arn"]), refused)
        _bury(delivery, refused)


def _bury(delivery: Delivery, refused: Refused) -> None:
    arn = (delivery.target.get("DeadLetterConfig") or {}).get("Arn")
    if not arn:
        return
    said = {
        "RULE_ARN": str(delivery.rule.arn),
        "TARGET_ARN": str(delivery.target["Arn"]),
        "ERROR_CODE": refused.code,
        "ERROR_MESSAGE": refused.message,
        "RETRY_ATTEMPTS": "0",
    }
    attributes = {name: {"DataType": "String", "StringValue": text} for name, text in said.items()}
    try:
        enqueue(place(arn), json.dumps(delivery.event), _SERVICE, delivery.context, attributes=attributes)
    except Refused as lost:
        undelivered.note(delivery.rule.account_id, delivery.rule.region_name, delivery.rule.arn, arn, lost)


def enqueue(where: Place, text: str, service: str, context: dict[str, str], **options: Any) -> None:
    """Put a message into a queue in the name of a service. `options`: attributes, group, deduplication."""
    models = importlib.import_module("moto.sqs.models")
    backend = models.sqs_backends[where.account][where.region]
    queue = backend.queues.get(where.resource)
    if queue is None:
        raise Refused("NO_RESOURCE", f"The queue {where.arn} does not exist.")
    if not service_principals.may(str(queue.policy or ""), service, "sqs:SendMessage", where.arn, context):
        raise Refused("NO_PERMISSIONS", f"The policy of {where.arn} does not let {service} send messages to it.")
    if queue.fifo_queue:
        _enqueue_in_order(backend, where.resource, text, options)
        return
    if len(text) > queue.maximum_message_size:
        raise Refused("SDK_CLIENT_ERROR", f"The message is longer than {where.arn} takes.")
    # Not through the backend's send_message, which counts all messages of the queue for each one that comes.
    message = models.Message(ids.uuid("message"), text)
    message.message_attributes = options.get("attributes") or {}
    message.mark_sent(delay_seconds=queue.delay_seconds)
    queue.add_message(message)
    if len(queue._messages) % _LOOK_EVERY == 0:  # noqa: SLF001 - `messages` looks at each of them
        sqs.drop_expired(queue)


def _enqueue_in_order(backend: Any, name: str, text: str, options: dict[str, Any]) -> None:
    exceptions = importlib.import_module("moto.core.exceptions")
    try:
        backend.send_message(
            name,
            text,
            message_attributes=options.get("attributes"),
            group_id=options.get("group"),
            deduplication_id=options.get("deduplication"),
        )
    except exceptions.ServiceException as error:
        raise Refused("SDK_CLIENT_ERROR", str(error)) from error


def _elsewhere(where: Place, _: Delivery) -> None:
    raise Refused("NOT_MODELLED", f"Targets of service {where.service!r} are not modelled by this emulator.")


def _queue(where: Place, delivery: Delivery) -> None:
    group = (delivery.target.get("SqsParameters") or {}).get("MessageGroupId")
    enqueue(where, delivery.text(), _SERVICE, delivery.context, group=group)


def _topic(where: Place, delivery: Delivery) -> None:
    topics = importlib.import_module("emulator.events.topics")
    topics.publish(where.arn, delivery.text(), _SERVICE, delivery.context)


def _log_group(where: Place, delivery: Delivery) -> None:
    models = importlib.import_module("moto.logs.models")
    name = where.resource.removeprefix("log-group:").removesuffix(":*")
    backend = models.logs_backends[where.account][where.region]
    if name not in backend.groups:
        raise Refused("NO_RESOURCE", f"The log group {name} does not exist.")
    arn = f"arn:aws:logs:{where.region}:{where.account}:log-group:{name}"
    documents = [str(policy.policy_document) for policy in backend.resource_policies.values()]
    wanted = (("logs:CreateLogStream", f"{arn}:*"), ("logs:PutLogEvents", f"{arn}:log-stream:event"))
    for action, resource in wanted:
        if not any(service_principals.may(text, _SERVICE, action, resource, delivery.context) for text in documents):
            raise Refused("NO_PERMISSIONS", f"No resource policy of CloudWatch Logs lets {_SERVICE} do {action}.")
    stream = ids.uuid("log-stream")
    backend.create_log_stream(name, stream)
    entry = {"timestamp": int(clock.now().timestamp() * 1000), "message": delivery.text()}
    backend.put_log_events(name, stream, [entry])


def _bus(where: Place, delivery: Delivery) -> None:
    buses = importlib.import_module("emulator.events.eventbridge.buses")
    if not where.resource.strip(":"):
        buses.archive(delivery.rule, delivery.event)
    elif not where.resource.startswith("event-bus/"):
        raise Refused("NOT_MODELLED", f"{where.arn} is not an event bus; other targets there are not modelled.")
    elif delivery.forwarded:
        raise Refused("NOT_FORWARDED", "An event that came from another bus is not sent on to a third one.")
    else:
        buses.receive(where, delivery.rule.account_id, delivery.event)


_WAYS: dict[str, Callable[[Place, Delivery], None]] = {
    "sqs": _queue,
    "sns": _topic,
    "logs": _log_group,
    "events": _bus,
}
