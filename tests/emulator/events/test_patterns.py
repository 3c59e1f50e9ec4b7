"""Event patterns: every kind of match that EventBridge documents, and the patterns it refuses."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.events.eventbridge import patterns
from tests.emulator.conftest import BUNKER, Emulator

EVENT: dict[str, Any] = {
    "source": "aws.backup",
    "detail": {
        "state": "COMPLETED",
        "count": 7,
        "ratio": 0.5,
        "done": True,
        "none": None,
        "empty": "",
        "nothing": [],
        "ip": "10.0.1.7",
        "path": "backups/eu/2026.tar.gz",
        "tags": ["blue", "Green"],
        "points": [{"type": "EBS", "size": 1}, {"type": "S3", "size": 9}],
    },
}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"state": ["COMPLETED"]}, True),
        ({"state": ["completed"]}, False),
        ({"state": ["FAILED", "COMPLETED"]}, True),
        ({"count": [7]}, True),
        ({"count": [7.0]}, True),
        ({"count": ["7"]}, False),
        ({"done": [True]}, True),
        ({"done": [1]}, False),
        ({"none": [None]}, True),
        ({"empty": [""]}, True),
        ({"absent": [None]}, False),
        ({"tags": ["blue"]}, True),
        ({"tags": ["red"]}, False),
        ({"state": [{"prefix": "COMP"}]}, True),
        ({"state": [{"prefix": "comp"}]}, False),
        ({"state": [{"prefix": {"equals-ignore-case": "comp"}}]}, True),
        ({"path": [{"suffix": ".gz"}]}, True),
        ({"path": [{"suffix": {"equals-ignore-case": ".GZ"}}]}, True),
        ({"path": [{"suffix": ".zip"}]}, False),
        ({"tags": [{"equals-ignore-case": "GREEN"}]}, True),
        ({"tags": [{"equals-ignore-case": "gre"}]}, False),
        ({"state": [{"anything-but": "FAILED"}]}, True),
        ({"state": [{"anything-but": ["FAILED", "COMPLETED"]}]}, False),
        ({"count": [{"anything-but": [7, 8]}]}, False),
        ({"state": [{"anything-but": {"prefix": "COMP"}}]}, False),
        ({"state": [{"anything-but": {"suffix": "ING"}}]}, True),
        ({"state": [{"anything-but": {"equals-ignore-case": ["completed"]}}]}, False),
        ({"path": [{"anything-but": {"wildcard": "*/eu/*"}}]}, False),
        ({"absent": [{"anything-but": "x"}]}, False),
        ({"count": [{"numeric": [">", 5, "<=", 7]}]}, True),
        ({"count": [{"numeric": ["<", 7]}]}, False),
        ({"count": [{"numeric": ["=", 7]}]}, True),
        ({"ratio": [{"numeric": [">=", 0.5]}]}, True),
        ({"state": [{"numeric": [">", 0]}]}, False),
        ({"done": [{"numeric": ["=", 1]}]}, False),
        ({"ip": [{"cidr": "10.0.1.0/24"}]}, True),
        ({"ip": [{"cidr": "10.0.2.0/24"}]}, False),
        ({"state": [{"cidr": "10.0.1.0/24"}]}, False),
        ({"path": [{"wildcard": "backups/*.tar.gz"}]}, True),
        ({"path": [{"wildcard": "backups/*.zip"}]}, False),
        ({"path": [{"wildcard": "backups\\*"}]}, False),
        ({"state": [{"exists": True}]}, True),
        ({"state": [{"exists": False}]}, False),
        ({"absent": [{"exists": False}]}, True),
        ({"absent": {"deeper": [{"exists": False}]}}, True),
        ({"nothing": [{"exists": False}]}, True),
        ({"points": {"type": ["S3"], "size": [9]}}, True),
        ({"points": {"type": ["EBS"], "size": [9]}}, False),
        ({"$or": [{"count": [1]}, {"state": ["COMPLETED"]}]}, True),
        ({"$or": [{"count": [1]}, {"state": ["FAILED"]}]}, False),
        ({"state": ["COMPLETED"], "$or": [{"count": [1]}, {"ratio": [1]}]}, False),
    ],
)
def test_a_field_matches_as_documented(wanted: dict[str, Any], expected: bool) -> None:
    pattern = patterns.parse(json.dumps({"detail": wanted}))
    assert patterns.matches(pattern, EVENT) is expected


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("{", "Invalid JSON"),
        ("[]", "not an object"),
        ("{}", "Empty objects"),
        ('{"source": []}', "Empty arrays"),
        ('{"source": "shop"}', '"source" must be an object or an array'),
        ('{"detail": {"state": "FAILED"}}', '"state" must be an object or an array'),
        ('{"detail": {}}', "Empty objects"),
        ('{"source": [["shop"]]}', "Match value must be"),
        ('{"source": [{"begins": "s"}]}', "Unrecognized match type begins"),
        ('{"source": [{"prefix": "a", "suffix": "b"}]}', "Only one key allowed"),
        ('{"source": [{"prefix": 1}]}', "prefix match pattern must be a string"),
        ('{"source": [{"exists": "yes"}]}', "exists match pattern must be either true or false"),
        ('{"n": [{"numeric": []}]}', "numeric"),
        ('{"n": [{"numeric": ["!", 1]}]}', "Unrecognized numeric range operator"),
        ('{"n": [{"numeric": [">", "1"]}]}', "must be numeric"),
        ('{"n": [{"numeric": [">", 5, "<", 1]}]}', "Bottom must be less than top"),
        ('{"n": [{"numeric": [">", 6e9]}]}', "between"),
        ('{"ip": [{"cidr": "10.0.0.1/99"}]}', "Malformed CIDR"),
        ('{"p": [{"wildcard": "a**"}]}', "Consecutive wildcard"),
        ('{"s": [{"anything-but": []}]}', "anything-but"),
        ('{"s": [{"anything-but": {"numeric": [">", 1]}}]}', "Unsupported anything-but pattern: numeric"),
        ('{"$or": [{"a": [1]}]}', "at least two"),
    ],
)
def test_a_pattern_that_says_nothing_clear_is_refused(emulator: Emulator, pattern: str, reason: str) -> None:
    client = emulator.client("events", BUNKER)
    with pytest.raises(ClientError) as error:
        client.put_rule(Name="watch", EventPattern=pattern)
    assert error.value.response["Error"]["Code"] == "InvalidEventPatternException"
    assert reason in error.value.response["Error"]["Message"]
    assert client.list_rules()["Rules"] == [], "a refused rule must not be there"


def test_a_pattern_can_be_tried_on_an_event(emulator: Emulator) -> None:
    client = emulator.client("events", BUNKER)
    event = {
        "id": "1",
        "detail-type": "Order",
        "source": "shop",
        "account": BUNKER,
        "time": "2026-01-01T00:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": {"paid": True},
    }
    for paid, expected in ((True, True), (False, False)):
        pattern = json.dumps({"detail": {"paid": [paid]}})
        assert client.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"] is expected


@pytest.mark.parametrize(
    ("pattern", "event", "code"),
    [
        ('{"source": []}', "{}", "InvalidEventPatternException"),
        ('{"source": ["a"]}', "{", "ValidationException"),
        ('{"source": ["a"]}', '{"source": "a"}', "ValidationException"),
    ],
)
def test_trying_refuses_what_is_no_pattern_or_no_event(emulator: Emulator, pattern: str, event: str, code: str) -> None:
    with pytest.raises(ClientError) as error:
        emulator.client("events", BUNKER).test_event_pattern(EventPattern=pattern, Event=event)
    assert error.value.response["Error"]["Code"] == code
