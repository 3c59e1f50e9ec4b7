"""SNS beside what moto has of it: who may publish, queues of any account, mail with its confirmation, no web calls.

HTTP subscriptions are never called: nothing leaves this machine. What a subscription does not get is in the list of
`emulator.events.undelivered`; the publisher never learns of it, as on AWS.
"""

import importlib
import json
from typing import Any

from emulator.authorization import service_principals
from emulator.events import undelivered
from emulator.events.places import place
from emulator.events.undelivered import Refused
from emulator.protocol.answers import Refusal
from emulator.world import identity_store, ids, mail, organizations

_SERVICE = "sns.amazonaws.com"
_MAIL = ("email", "email-json")
_PENDING = "pending confirmation"


def publish(topic_arn: str, message: str, service: str, context: dict[str, str], **more: Any) -> None:
    """Publish in the name of a service. `more`: subject, attributes (name -> text). Refused when the topic's policy
    does not let the service publish, or there is no such topic."""
    where = place(topic_arn)
    backend = _models().sns_backends[where.account][where.region]
    topic = backend.topics.get(topic_arn)
    if topic is None:
        raise Refused("NO_RESOURCE", f"The topic {topic_arn} does not exist.")
    if not service_principals.may(topic.policy, service, "sns:Publish", topic_arn, context):
        raise Refused("NO_PERMISSIONS", f"The policy of {topic_arn} does not let {service} publish to it.")
    attributes = {name: {"Type": "String", "Value": text} for name, text in (more.get("attributes") or {}).items()}
    exceptions = importlib.import_module("moto.core.exceptions")
    try:
        backend.publish(message, topic_arn, subject=more.get("subject"), message_attributes=attributes or None)
    except exceptions.ServiceException as error:
        raise Refused("SDK_CLIENT_ERROR", str(error)) from error


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after one of moto's modules was imported."""
    if module.__name__ == "moto.sns.responses":
        _extend_responses(module)
    else:
        module.Subscription.publish = _deliver
        module.SNSBackend.subscribe = _subscriber(module, module.SNSBackend.subscribe)


def _models() -> Any:
    return importlib.import_module("moto.sns.models")


def _deliver(self: Any, message: str, message_id: str, **given: Any) -> None:
    """One message to one subscription. `given`: subject, message_attributes, group_id, deduplication_id, structure."""
    matcher = self._filter_policy_matcher
    if matcher is not None and not matcher.matches(given.get("message_attributes"), message):
        return
    if given.get("message_structure") == "json":
        message = self._parse_message_structure(message, self.protocol)
    way = _to_queue if self.protocol == "sqs" else _to_person if self.protocol in _MAIL else _to_elsewhere
    try:
        way(self, message, message_id, given)
    except Refused as refused:
        region = self.topic_arn.split(":")[3]
        undelivered.note(self.topic.account_id, region, self.topic_arn, self.endpoint, refused)
        _bury(self, message, message_id, given)


def _to_elsewhere(self: Any, *_: Any) -> None:
    raise Refused("NOT_MODELLED", f"Subscriptions of protocol {self.protocol!r} are not called by this emulator.")


def _to_queue(self: Any, message: str, message_id: str, given: dict[str, Any]) -> None:
    _enqueue(self, self.endpoint, *_packed(self, message, message_id, given), given)


def _packed(self: Any, message: str, message_id: str, given: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """The body and the attributes of the message in the queue: bare, or in SNS's envelope."""
    attributes = given.get("message_attributes")
    if str(self.attributes.get("RawMessageDelivery")).lower() == "true":
        return message, {name: _raw(value) for name, value in (attributes or {}).items()} or None
    post = self.get_post_data(message, message_id, given.get("subject"), message_attributes=attributes)
    region = self.topic_arn.split(":")[3]
    post["UnsubscribeURL"] = f"https://sns.{region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={self.arn}"
    return json.dumps(post, sort_keys=True, indent=2), None


def _raw(value: dict[str, Any]) -> dict[str, Any]:
    kind = "BinaryValue" if str(value["Type"]).startswith("Binary") else "StringValue"
    content = value["Value"] if kind == "BinaryValue" else str(value["Value"])
    return {"DataType": value["Type"], kind: content}


def _enqueue(self: Any, queue: str, body: str, attributes: dict[str, Any] | None, given: dict[str, Any]) -> None:
    targets = importlib.import_module("emulator.events.eventbridge.targets")
    context = {"aws:sourcearn": self.topic_arn, "aws:sourceaccount": self.topic.account_id}
    options = {
        "attributes": attributes,
        "group": given.get("group_id"),
        "deduplication": given.get("deduplication_id"),
    }
    targets.enqueue(place(queue), body, _SERVICE, context, **options)


def _bury(self: Any, message: str, message_id: str, given: dict[str, Any]) -> None:
    policy = self.attributes.get("RedrivePolicy")
    arn = json.loads(policy).get("deadLetterTargetArn") if policy else None
    if not arn:
        return
    try:
        _enqueue(self, arn, *_packed(self, message, message_id, given), given)
    except Refused as lost:
        undelivered.note(self.topic.account_id, self.topic_arn.split(":")[3], self.topic_arn, arn, lost)


def _to_person(self: Any, message: str, message_id: str, given: dict[str, Any]) -> None:
    if not self.confirmed:
        raise Refused("NOT_CONFIRMED", f"{self.endpoint} has not confirmed the subscription.")
    text = message
    if self.protocol == "email-json":
        text, _ = _packed(self, message, message_id, given)
    mail.send(_mailbox(self.endpoint), given.get("subject") or "AWS Notification Message", text)


def _mailbox(address: str) -> str:
    """The person with that address in some identity store, else the address itself."""
    for organization in organizations.organizations():
        center = identity_store.identity_center_of(organization.management)
        users = [] if center is None else identity_store.identity_users(center.identity_store_id)
        for user in users:
            if user.email.lower() == address.lower():
                return user.user_id
    return address


def _subscriber(module: Any, subscribe: Any) -> Any:
    def subscribed(self: Any, topic_arn: str, endpoint: str, protocol: str) -> Any:
        """A subscription belongs to the topic's account, whoever makes it."""
        home = module.sns_backends[topic_arn.split(":")[4]][self.region_name] if topic_arn.count(":") == 5 else self
        before = set(home.subscriptions)
        made = subscribe(home, topic_arn, endpoint, protocol)
        if made.arn in before:
            return made
        made.owner = made.attributes["Owner"] = self.account_id
        made.confirmed = protocol not in (*_MAIL, "http", "https")
        if not made.confirmed:
            made.token = ids.hex(240, "subscription-token")
            made.attributes |= {"PendingConfirmation": True, "ConfirmationWasAuthenticated": False}
            _ask(made)
        return made

    return subscribed


def _ask(made: Any) -> None:
    if made.protocol in _MAIL:
        body = (
            f"You have chosen to subscribe to the topic:\n{made.topic_arn}\n\n"
            f"To confirm this subscription, call sns:ConfirmSubscription with the topic and this token:\n{made.token}\n"
        )
        mail.send(_mailbox(made.endpoint), "AWS Notification - Subscription Confirmation", body)


def _extend_responses(module: Any) -> None:
    response, result = module.SNSResponse, module.ActionResult
    subscribe = response.subscribe

    def subscribed(self: Any) -> Any:
        answer = subscribe(self)
        arn = answer.result["SubscriptionArn"]
        made = _find(arn)
        wants_arn = str(self._get_param("ReturnSubscriptionArn")).lower() == "true"
        return answer if made is None or made.confirmed or wants_arn else result({"SubscriptionArn": _PENDING})

    def confirm(self: Any) -> Any:
        topic_arn, token = self._get_param("TopicArn"), self._get_param("Token")
        topic = self.backend.get_topic(topic_arn)
        waiting = topic.sns_backend.subscriptions.values()
        made = next((one for one in waiting if one.topic is topic and getattr(one, "token", "") == token), None)
        if made is None or not token:
            raise Refusal(400, "InvalidParameter", "Invalid parameter: Token")
        made.confirmed = True
        made.attributes |= {"PendingConfirmation": False}
        return result({"SubscriptionArn": made.arn})

    def listed(self: Any) -> Any:
        found, token = self.backend.list_subscriptions(next_token=self._get_param("NextToken"))
        return result({"Subscriptions": [_shown(one) for one in found], "NextToken": token})

    def listed_of_topic(self: Any) -> Any:
        topic, start = self._get_param("TopicArn"), self._get_param("NextToken")
        found, token = self.backend.list_subscriptions_by_topic(topic, next_token=start)
        return result({"Subscriptions": [_shown(one) for one in found], "NextToken": token})

    response.subscribe, response.confirm_subscription = subscribed, confirm
    response.list_subscriptions, response.list_subscriptions_by_topic = listed, listed_of_topic


def _find(arn: str) -> Any | None:
    account, region = arn.split(":")[4], arn.split(":")[3]
    return _models().sns_backends[account][region].subscriptions.get(arn)


def _shown(one: Any) -> dict[str, Any]:
    return {
        "SubscriptionArn": one.arn if one.confirmed else "PendingConfirmation",
        "Owner": one.owner,
        "Protocol": one.protocol,
        "Endpoint": one.endpoint,
        "TopicArn": one.topic_arn,
    }
