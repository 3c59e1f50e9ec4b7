"""EventBridge: a rule that matches reaches its targets, with what the target is to be given."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import BUNKER, PAYMENTS, Emulator
from tests.emulator.worlds.events import REGION, Queue, policy, put, rule

ORDERS = {"source": ["shop"]}


def lost(emulator: Emulator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = emulator.control("GET", "undelivered")["undelivered"]
    return found


def test_an_event_reaches_the_queue_of_a_rule_that_matches(emulator: Emulator) -> None:
    queue = Queue(emulator)
    rule(emulator, {"source": ["shop"], "detail": {"paid": [True]}}, {"Arn": queue.arn})
    answer = put(emulator, {"paid": True, "price": 3}, Resources=["arn:aws:s3:::orders"])
    put(emulator, {"paid": False})
    [event] = queue.bodies()
    assert event["detail"] == {"paid": True, "price": 3}
    assert (event["source"], event["detail-type"], event["version"]) == ("shop", "Order", "0")
    assert (event["account"], event["region"]) == (BUNKER, REGION)
    assert event["resources"] == ["arn:aws:s3:::orders"]
    assert event["id"] == answer["Entries"][0]["EventId"]
    assert event["time"].endswith("Z")


def test_a_rule_that_is_disabled_stays_silent(emulator: Emulator) -> None:
    queue = Queue(emulator)
    rule(emulator, ORDERS, {"Arn": queue.arn})
    client = emulator.client("events", BUNKER, REGION)
    client.disable_rule(Name="watch")
    put(emulator, {})
    assert queue.bodies() == []
    client.enable_rule(Name="watch")
    put(emulator, {})
    assert len(queue.bodies()) == 1


def test_rules_of_other_accounts_and_regions_hear_nothing(emulator: Emulator) -> None:
    foreign, distant = Queue(emulator, account=PAYMENTS), Queue(emulator, region="us-east-1")
    rule(emulator, ORDERS, {"Arn": foreign.arn}, account=PAYMENTS)
    rule(emulator, ORDERS, {"Arn": distant.arn}, region="us-east-1")
    put(emulator, {})
    assert foreign.bodies() == distant.bodies() == []


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"Input": '{"what": "order"}'}, {"what": "order"}),
        ({"InputPath": "$.detail.item"}, {"name": "lamp", "sizes": [1, 2]}),
        ({"InputPath": "$.detail.item.sizes[1]"}, 2),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"item": "$.detail.item.name", "all": "$.detail.item", "none": "$.detail.none"},
                    "InputTemplate": '{"text": "a <item> of <aws.events.rule-name>", "item": <all>, "gone": "<none>"}',
                }
            },
            {"text": "a lamp of watch", "item": {"name": "lamp", "sizes": [1, 2]}, "gone": ""},
        ),
        ({"InputTransformer": {"InputPathsMap": {"n": "$.detail.item.name"}, "InputTemplate": "<n>"}}, "lamp"),
        (
            {"InputTransformer": {"InputPathsMap": {"n": "$.detail.note"}, "InputTemplate": '{"note": "<n>"}'}},
            {"note": 'say "hi"'},
        ),
    ],
)
def test_a_target_gets_what_its_input_says(emulator: Emulator, target: dict[str, Any], expected: Any) -> None:
    queue = Queue(emulator)
    rule(emulator, ORDERS, {"Arn": queue.arn, **target})
    put(emulator, {"item": {"name": "lamp", "sizes": [1, 2]}, "note": 'say "hi"'})
    assert queue.bodies() == [expected]


def test_a_transformer_can_pass_the_whole_event(emulator: Emulator) -> None:
    queue = Queue(emulator)
    template = '{"rule": "<aws.events.rule-arn>", "event": <aws.events.event.json>, "head": <aws.events.event>}'
    arn = rule(emulator, ORDERS, {"Arn": queue.arn, "InputTransformer": {"InputTemplate": template}})
    put(emulator, {"paid": True})
    [told] = queue.bodies()
    assert told["rule"] == arn
    assert told["event"]["detail"] == {"paid": True}
    assert "detail" not in told["head"]
    assert told["head"]["source"] == "shop"


def test_a_queue_that_keeps_the_order_gets_its_group(emulator: Emulator) -> None:
    queue = Queue(emulator, "inbox.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    rule(emulator, ORDERS, {"Arn": queue.arn, "SqsParameters": {"MessageGroupId": "orders"}})
    put(emulator, {"number": 1})
    put(emulator, {"number": 2})
    assert [event["detail"]["number"] for event in queue.bodies()] == [1, 2]


def test_a_message_that_is_too_long_for_the_queue_is_lost(emulator: Emulator) -> None:
    queue = Queue(emulator, MaximumMessageSize="1024")
    rule(emulator, ORDERS, {"Arn": queue.arn})
    put(emulator, {"note": "x" * 2000})
    assert queue.bodies() == []
    assert [note["code"] for note in lost(emulator)] == ["SDK_CLIENT_ERROR"]


def test_messages_that_nobody_reads_end_with_the_queues_retention(emulator: Emulator) -> None:
    queue = Queue(emulator, MessageRetentionPeriod="3600")
    rule(emulator, ORDERS, {"Arn": queue.arn})
    put(emulator, {"number": 1})
    emulator.advance(3000)
    put(emulator, {"number": 2})
    emulator.advance(1000)
    asked = {"QueueUrl": queue.url, "AttributeNames": ["ApproximateNumberOfMessages"]}
    shown = queue.client.get_queue_attributes(**asked)["Attributes"]
    assert shown == {"ApproximateNumberOfMessages": "1"}
    assert [event["detail"]["number"] for event in queue.bodies()] == [2]


def test_a_queue_whose_policy_does_not_name_eventbridge_gets_nothing(emulator: Emulator) -> None:
    queue = Queue(emulator, service="")
    arn = rule(emulator, ORDERS, {"Arn": queue.arn})
    answer = put(emulator, {})
    assert answer["FailedEntryCount"] == 0, "who puts an event never learns what became of it"
    assert queue.bodies() == []
    [note] = lost(emulator)
    assert (note["sender"], note["target"], note["code"]) == (arn, queue.arn, "NO_PERMISSIONS")


def test_a_queue_can_let_in_one_rule_only(emulator: Emulator) -> None:
    queue = Queue(emulator, service="")
    arn = rule(emulator, ORDERS, {"Arn": queue.arn})
    rule(emulator, ORDERS, {"Arn": queue.arn}, name="other")
    allowed = policy("events.amazonaws.com", "sqs:SendMessage", queue.arn, ArnEquals={"aws:SourceArn": arn})
    queue.client.set_queue_attributes(QueueUrl=queue.url, Attributes={"Policy": allowed})
    put(emulator, {})
    assert len(queue.bodies()) == 1
    assert [note["sender"].rpartition("/")[2] for note in lost(emulator)] == ["other"]


def test_what_a_target_does_not_get_goes_to_its_dead_letter_queue(emulator: Emulator) -> None:
    grave = Queue(emulator, "grave")
    gone = f"arn:aws:sqs:{REGION}:{BUNKER}:gone"
    arn = rule(emulator, ORDERS, {"Arn": gone, "DeadLetterConfig": {"Arn": grave.arn}})
    put(emulator, {"paid": True})
    [message] = grave.drain()
    assert json.loads(message["Body"])["detail"] == {"paid": True}
    said = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert (said["RULE_ARN"], said["TARGET_ARN"], said["ERROR_CODE"]) == (arn, gone, "NO_RESOURCE")
    assert gone in said["ERROR_MESSAGE"]


def test_a_target_that_is_not_modelled_is_said_to_have_failed(emulator: Emulator) -> None:
    function = f"arn:aws:lambda:{REGION}:{BUNKER}:function:cleanup"
    rule(emulator, ORDERS, {"Arn": function})
    put(emulator, {})
    assert [(note["target"], note["code"]) for note in lost(emulator)] == [(function, "NOT_MODELLED")]


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:sqs:nowhere-1:{BUNKER}:inbox",
        f"arn:aws:sqs:{REGION}:12:inbox",
        f"arn:aws:sns:nowhere-1:{BUNKER}:news",
        f"arn:aws:events:nowhere-1:{BUNKER}:event-bus/default",
        f"arn:aws:events:{REGION}:{BUNKER}:event-bus/gone",
        f"arn:aws:events:{REGION}:{BUNKER}:api-destination/hook",
        f"arn:aws:logs:{REGION}:{BUNKER}:log-group:gone",
        "arn:aws:sqs",
    ],
)
def test_a_target_that_cannot_exist_fails_alone(emulator: Emulator, arn: str) -> None:
    queue = Queue(emulator)
    rule(emulator, ORDERS, {"Arn": arn}, {"Arn": queue.arn})
    assert put(emulator, {})["FailedEntryCount"] == 0
    assert len(queue.bodies()) == 1
    assert [note["target"] for note in lost(emulator)] == [arn]


def test_a_topic_passes_events_on_when_its_policy_lets_eventbridge_publish(emulator: Emulator) -> None:
    sns = emulator.client("sns", BUNKER, REGION)
    topic = sns.create_topic(Name="news")["TopicArn"]
    queue = Queue(emulator, service="sns.amazonaws.com")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn)
    rule(emulator, ORDERS, {"Arn": topic})
    put(emulator, {})
    assert [note["code"] for note in lost(emulator)] == ["NO_PERMISSIONS"]
    allowed = policy("events.amazonaws.com", "sns:Publish", topic)
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=allowed)
    put(emulator, {"paid": True})
    [envelope] = queue.bodies()
    assert json.loads(envelope["Message"])["detail"] == {"paid": True}
    assert envelope["TopicArn"] == topic


def test_a_log_group_takes_events_when_its_resource_policy_does(emulator: Emulator) -> None:
    logs = emulator.client("logs", BUNKER, REGION)
    logs.create_log_group(logGroupName="/aws/events/orders")
    arn = f"arn:aws:logs:{REGION}:{BUNKER}:log-group:/aws/events/orders"
    rule(emulator, ORDERS, {"Arn": arn})
    put(emulator, {"number": 1})
    assert [note["code"] for note in lost(emulator)] == ["NO_PERMISSIONS"]
    document = json.loads(policy("events.amazonaws.com", "logs:*", f"{arn}:*"))
    document["Statement"][0]["Action"] = ["logs:CreateLogStream", "logs:PutLogEvents"]
    logs.put_resource_policy(policyName="events", policyDocument=json.dumps(document))
    put(emulator, {"number": 2})
    found = logs.filter_log_events(logGroupName="/aws/events/orders")["events"]
    assert [json.loads(entry["message"])["detail"] for entry in found] == [{"number": 2}]


def test_a_bus_of_another_account_takes_what_its_policy_lets_in(emulator: Emulator) -> None:
    central = f"arn:aws:events:{REGION}:{BUNKER}:event-bus/central"
    there = emulator.client("events", BUNKER, REGION)
    there.create_event_bus(Name="central")
    queue = Queue(emulator)
    rule(emulator, ORDERS, {"Arn": queue.arn}, name="collect", EventBusName="central")
    rule(emulator, ORDERS, {"Arn": central}, account=PAYMENTS)
    put(emulator, {"number": 1}, account=PAYMENTS)
    assert [note["code"] for note in lost(emulator)] == ["NO_PERMISSIONS"]
    there.put_permission(EventBusName="central", Action="events:PutEvents", Principal=PAYMENTS, StatementId="payments")
    put(emulator, {"number": 2}, account=PAYMENTS)
    [event] = queue.bodies()
    assert event["detail"] == {"number": 2}
    assert event["account"] == PAYMENTS, "the event still says where it comes from"


def test_an_event_is_forwarded_once_only(emulator: Emulator) -> None:
    client = emulator.client("events", BUNKER, REGION)
    buses = {name: client.create_event_bus(Name=name)["EventBusArn"] for name in ("first", "second")}
    queue = Queue(emulator)
    rule(emulator, ORDERS, {"Arn": buses["first"]})
    rule(emulator, ORDERS, {"Arn": buses["second"]}, name="on", EventBusName="first")
    rule(emulator, ORDERS, {"Arn": queue.arn}, name="end", EventBusName="second")
    put(emulator, {})
    assert queue.bodies() == []
    assert [note["target"] for note in lost(emulator)] == [buses["second"]]


def test_events_can_be_put_on_a_bus_by_its_name(emulator: Emulator) -> None:
    emulator.client("events", BUNKER, REGION).create_event_bus(Name="orders")
    queue = Queue(emulator)
    rule(emulator, ORDERS, {"Arn": queue.arn}, EventBusName="orders")
    put(emulator, {"on": "default"})
    put(emulator, {"on": "orders"}, EventBusName="orders")
    assert [event["detail"] for event in queue.bodies()] == [{"on": "orders"}]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"Source": "aws.backup"}, "NotAuthorizedForSourceException"),
        ({"Detail": "[1]"}, "MalformedDetail"),
        ({"Detail": "{"}, "MalformedDetail"),
        ({"DetailType": ""}, "InvalidArgument"),
        ({"Source": ""}, "InvalidArgument"),
    ],
)
def test_an_entry_that_eventbridge_refuses_reaches_nobody(emulator: Emulator, entry: dict[str, Any], code: str) -> None:
    queue = Queue(emulator)
    rule(emulator, {"version": ["0"]}, {"Arn": queue.arn})
    answer = put(emulator, {}, **entry)
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0]["ErrorCode"] == code
    assert queue.bodies() == []


def test_eleven_events_in_one_call_are_refused(emulator: Emulator) -> None:
    entry = {"Source": "shop", "DetailType": "Order", "Detail": "{}"}
    with pytest.raises(ClientError, match="less than or equal to 10"):
        emulator.client("events", BUNKER, REGION).put_events(Entries=[entry] * 11)


def test_a_sixth_target_is_refused(emulator: Emulator) -> None:
    queue = Queue(emulator)
    rule(emulator, ORDERS, *[{"Arn": queue.arn}] * 5)
    client = emulator.client("events", BUNKER, REGION)
    with pytest.raises(ClientError) as error:
        client.put_targets(Rule="watch", Targets=[{"Id": "one-more", "Arn": queue.arn}])
    assert error.value.response["Error"]["Code"] == "LimitExceededException"
    assert len(client.list_targets_by_rule(Rule="watch")["Targets"]) == 5


def test_an_archive_keeps_events_and_replays_them(emulator: Emulator) -> None:
    client = emulator.client("events", BUNKER, REGION)
    bus = f"arn:aws:events:{REGION}:{BUNKER}:event-bus/default"
    client.create_archive(ArchiveName="orders", EventSourceArn=bus, EventPattern=json.dumps(ORDERS))
    put(emulator, {"number": 1})
    queue = Queue(emulator)
    rule(emulator, ORDERS, {"Arn": queue.arn})
    client.start_replay(
        ReplayName="again",
        EventSourceArn=f"arn:aws:events:{REGION}:{BUNKER}:archive/orders",
        EventStartTime="2020-01-01T00:00:00Z",
        EventEndTime="2020-01-02T00:00:00Z",
        Destination={"Arn": bus},
    )
    assert [(event["detail"], event["replay-name"]) for event in queue.bodies()] == [({"number": 1}, "again")]
    assert client.describe_archive(ArchiveName="orders")["EventCount"] == 1


@pytest.mark.parametrize(
    ("expression", "seconds", "runs"),
    [("rate(5 minutes)", 3600, 12), ("rate(1 hour)", 3599, 0), ("cron(0 12 * * ? *)", 3 * 86400, 3)],
)
def test_a_schedule_runs_on_the_emulators_clock(emulator: Emulator, expression: str, seconds: int, runs: int) -> None:
    queue = Queue(emulator)
    client = emulator.client("events", BUNKER, REGION)
    arn = client.put_rule(Name="tick", ScheduleExpression=expression)["RuleArn"]
    client.put_targets(Rule="tick", Targets=[{"Id": "queue", "Arn": queue.arn}])
    put(emulator, {})
    emulator.advance(seconds)
    ticks = queue.bodies()
    assert len(ticks) == runs
    assert all(tick["detail-type"] == "Scheduled Event" and tick["resources"] == [arn] for tick in ticks)
    assert all((tick["source"], tick["detail"]) == ("aws.events", {}) for tick in ticks)


def test_a_schedule_that_was_replaced_disabled_or_deleted_runs_no_more(emulator: Emulator) -> None:
    queue = Queue(emulator)
    client = emulator.client("events", BUNKER, REGION)
    for name in ("replaced", "disabled", "deleted"):
        client.put_rule(Name=name, ScheduleExpression="rate(1 hour)")
        client.put_targets(Rule=name, Targets=[{"Id": name, "Arn": queue.arn, "Input": json.dumps(name)}])
    client.put_rule(Name="replaced", ScheduleExpression="rate(2 hours)")
    client.disable_rule(Name="disabled")
    client.remove_targets(Rule="deleted", Ids=["deleted"])
    client.delete_rule(Name="deleted")
    emulator.advance(2 * 3600 + 1)
    assert queue.bodies() == ["replaced"]
    client.enable_rule(Name="disabled")
    emulator.advance(3600 + 1)
    assert queue.bodies() == ["disabled"]


@pytest.mark.parametrize(
    "expression", ["rate(1 minutes)", "rate(5 minute)", "rate(0 minutes)", "cron(0 12 * * * *)", "daily"]
)
def test_a_schedule_that_eventbridge_cannot_read_is_refused(emulator: Emulator, expression: str) -> None:
    with pytest.raises(ClientError, match="ScheduleExpression is not valid"):
        emulator.client("events", BUNKER, REGION).put_rule(Name="tick", ScheduleExpression=expression)
