"""One clock for everything: it moves on demand and never falls behind real time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator.world import agenda, clock, pace

ACCOUNT = "444444444444"
DAY = 86_400


def parsed(text: str) -> datetime:
    return datetime.fromisoformat(text)


class TestOverHttp:
    def test_it_moves_and_every_service_moves_along(self, emulator: Any) -> None:
        now = parsed(emulator.advance(90 * DAY))
        assert timedelta(days=89) < now - datetime.now(UTC) < timedelta(days=91)
        s3, dynamodb = emulator.client("s3", ACCOUNT), emulator.client("dynamodb", ACCOUNT)
        s3.create_bucket(Bucket="dated")
        [bucket] = s3.list_buckets()["Buckets"]
        table = dynamodb.create_table(
            TableName="dated",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )["TableDescription"]
        role = emulator.client("iam", ACCOUNT).create_user(UserName="dated")["User"]
        for made in (bucket["CreationDate"], table["CreationDateTime"], role["CreateDate"]):
            assert abs(made - now) < timedelta(minutes=1)
        assert parsed(emulator.calls()[0]["time"]) - now < timedelta(minutes=1)

    def test_it_keeps_ticking(self, emulator: Any) -> None:
        moved = parsed(emulator.advance(DAY))
        assert parsed(emulator.control("GET", "clock")["now"]) >= moved
        emulator.client("sts", ACCOUNT).get_caller_identity()
        assert parsed(emulator.control("GET", "health")["now"]) > moved

    def test_it_can_be_set_and_taken_back_but_not_before_real_time(self, emulator: Any) -> None:
        ahead = (datetime.now(UTC) + timedelta(days=10)).isoformat()
        assert emulator.control("POST", "clock", {"set": ahead})["now"][:16] == ahead[:16]
        emulator.advance(-5 * DAY)
        for wrong in ({"set": "2020-01-01T00:00:00Z"}, {"advance_seconds": -6 * DAY}):
            with pytest.raises(Exception, match=r"^400: .*before real time"):
                emulator.control("POST", "clock", wrong)
        kept = parsed(emulator.control("GET", "clock")["now"]) - datetime.now(UTC)
        assert timedelta(days=4) < kept < timedelta(days=6), "A refused move must not move the clock."

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"advance_seconds": "10"},
            {"advance_seconds": True},
            {"advance_seconds": 1e300},
            {"set": "tomorrow"},
            {"set": 5},
            {"advance_seconds": 1, "set": "2099-01-01"},
        ],
    )
    def test_a_move_that_cannot_be_read_is_400(self, emulator: Any, wrong: dict[str, Any]) -> None:
        with pytest.raises(Exception, match=r"^400: "):
            emulator.control("POST", "clock", wrong)

    def test_sessions_survive_a_jump(self, emulator: Any) -> None:
        emulator.seed()
        session = emulator.assume(f"arn:aws:iam::{ACCOUNT}:role/OrganizationAccountAccessRole", "111111111111")
        emulator.advance(100 * DAY)
        assert emulator.client("sts", **session).get_caller_identity()["Account"] == ACCOUNT


class TestAgenda:
    @pytest.fixture(autouse=True)
    def _clean(self) -> Any:
        agenda.reset()
        clock.reset()
        yield
        agenda.reset()
        clock.reset()

    def test_events_happen_in_order_each_at_its_own_time(self) -> None:
        seen: list[tuple[str, datetime]] = []
        agenda.handler("test.note")(lambda name: seen.append((name, clock.now())))
        start = clock.now()
        agenda.at(start + timedelta(days=2), "test.note", "second")
        agenda.at(start + timedelta(days=1), "test.note", "first")
        agenda.at(start + timedelta(days=9), "test.note", "later")
        clock.advance(3 * DAY)
        agenda.run_due()
        assert [name for name, _ in seen] == ["first", "second"]
        for (_, when), days in zip(seen, (1, 2), strict=True):
            assert abs(when - start - timedelta(days=days)) < timedelta(seconds=1)
        assert clock.now() - start >= timedelta(days=3), "The clock must stand where it was moved to."
        clock.advance(7 * DAY)
        agenda.run_due()
        assert [name for name, _ in seen][2:] == ["later"], "What was not due yet must not be lost."

    def test_an_event_may_bring_another_that_is_due_too(self) -> None:
        seen: list[datetime] = []

        @agenda.handler("test.daily")
        def daily() -> None:
            seen.append(clock.now())
            agenda.at(clock.now() + timedelta(days=1), "test.daily")

        agenda.at(clock.now() + timedelta(days=1), "test.daily")
        clock.advance(7 * DAY + 60)
        agenda.run_due()
        assert len(seen) == 7

    def test_an_event_that_nobody_handles_is_refused_at_once(self) -> None:
        with pytest.raises(LookupError, match=r"test\.unknown"):
            agenda.at(clock.now(), "test.unknown")


class TestPace:
    def test_fast_shows_the_intermediate_state_once(self) -> None:
        step = pace.Step(due=clock.now() + timedelta(hours=1))
        assert [step.look(clock.now()), step.look(clock.now())] == [False, True]

    def test_real_waits_for_the_documented_time(self) -> None:
        pace.choose(pace.REAL)
        try:
            due = clock.now() + timedelta(hours=1)
            step = pace.Step(due)
            assert [step.look(due - timedelta(seconds=1)), step.look(due - timedelta(seconds=1)), step.look(due)] == [
                False,
                False,
                True,
            ]
        finally:
            pace.choose(pace.FAST)
