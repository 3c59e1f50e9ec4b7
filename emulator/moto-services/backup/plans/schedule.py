"""Schedule expressions: AWS's six-field cron and rate(), in a time zone."""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from emulator.world import clock

_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), start=1)}
_RATE = re.compile(r"^rate\((\d+) (minute|minutes|hour|hours|day|days)\)$")
_CRON = re.compile(r"^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$")
_HORIZON = timedelta(days=4 * 366)

DayTest = Callable[[datetime], bool]


class Cron(NamedTuple):
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    day: DayTest
    months: frozenset[int]
    years: frozenset[int]


def check(expression: str, timezone: str | None) -> None:
    """Raise ValueError, with a sentence, for an expression or a time zone that AWS would not take."""
    if not _RATE.match(expression):
        _parse(expression)
    _zone(timezone)


def next_run(expression: str, timezone: str | None, after: datetime) -> datetime | None:
    """The first run strictly after that moment, in UTC; None when there is none within four years."""
    rate = _RATE.match(expression)
    if rate:
        unit = rate[2].removesuffix("s") + "s"
        return after + timedelta(**{unit: int(rate[1])})
    zone = _zone(timezone)
    local = after.astimezone(zone)
    return next((run for run in _runs(_parse(expression), local, zone) if run > after), None)


def next_runs(expression: str, timezone: str | None, number: int) -> list[datetime]:
    """The next runs from now."""
    runs: list[datetime] = []
    moment: datetime | None = clock.now()
    while moment is not None and len(runs) < number:
        moment = next_run(expression, timezone, moment)
        if moment is not None:
            runs.append(moment)
    return runs


def _runs(cron: Cron, local: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    last = day + _HORIZON
    while day <= last:
        if day.month in cron.months and day.year in cron.years and cron.day(day):
            for hour in cron.hours:
                for minute in cron.minutes:
                    yield datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
        day += timedelta(days=1)


@lru_cache(maxsize=1024)
def _parse(expression: str) -> Cron:
    match = _CRON.match(expression)
    if not match:
        raise ValueError(f"{expression!r} is neither cron(six fields) nor rate(value unit).")
    minutes, hours, days, months, weekdays, years = match.groups()
    if (days == "?") == (weekdays == "?"):
        raise ValueError(f"{expression!r}: exactly one of day-of-month and day-of-week has to be '?'.")
    return Cron(
        tuple(sorted(_numbers(minutes, 0, 59))),
        tuple(sorted(_numbers(hours, 0, 23))),
        _day_of_week(weekdays) if days == "?" else _day_of_month(days),
        frozenset(_numbers(months, 1, 12, _MONTHS)),
        frozenset(_numbers(years, 1970, 2199)),
    )


def _numbers(field: str, low: int, high: int, names: dict[str, int] | None = None) -> set[int]:
    """The values of a field of `,`, `-`, `*` and `/`."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        start, dash, end = span.partition("-")
        if span == "*":
            first, last = low, high
        else:
            first = _number(start, names)
            last = _number(end, names) if dash else (high if step else first)
        if not low <= first <= last <= high or (step and not step.isdecimal()) or step == "0":
            raise ValueError(f"The schedule field {field!r} has to hold values between {low} and {high}.")
        found.update(range(first, last + 1, int(step or 1)))
    return found


def _number(text: str, names: dict[str, int] | None) -> int:
    if names and text.upper() in names:
        return names[text.upper()]
    if not text.isdecimal():
        raise ValueError(f"The schedule field holds {text!r}, which is not a number.")
    return int(text)


def _day_of_month(field: str) -> DayTest:
    if field == "L":
        return lambda day: day.day == _last_day(day)
    if field.endswith("W"):
        wanted = _number(field.removesuffix("W"), None)
        return lambda day: day.day == _nearest_workday(day, wanted)
    days = _numbers(field, 1, 31)
    return lambda day: day.day in days


def _day_of_week(field: str) -> DayTest:
    if "#" in field:
        name, _, count = field.partition("#")
        wanted, nth = _number(name, _WEEKDAYS), _number(count, None)
        return lambda day: _weekday(day) == wanted and (day.day - 1) // 7 + 1 == nth
    if field.endswith("L") and field != "L":
        last = _number(field.removesuffix("L"), _WEEKDAYS)
        return lambda day: _weekday(day) == last and day.day > _last_day(day) - 7
    days = {7} if field == "L" else _numbers(field, 1, 7, _WEEKDAYS)
    return lambda day: _weekday(day) in days


def _weekday(day: datetime) -> int:
    """Sunday is 1, as in AWS's cron."""
    return day.isoweekday() % 7 + 1


def _last_day(day: datetime) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _nearest_workday(day: datetime, wanted: int) -> int:
    target = day.replace(day=min(wanted, _last_day(day)))
    if target.isoweekday() == 6:
        return target.day - 1 if target.day > 1 else 3
    if target.isoweekday() == 7:
        return target.day + 1 if target.day < _last_day(day) else target.day - 2
    return target.day


def _zone(timezone: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{timezone!r} is not a time zone of the IANA database.") from None
