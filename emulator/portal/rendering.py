"""Templates, the style sheet, and how times are written."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response

from emulator.portal import tokens
from emulator.portal.people import Person
from emulator.world import clock

HERE = Path(__file__).parent
STYLE = (HERE / "style.css").read_text()


def moment(when: datetime) -> str:
    return f"{when:%d %b %Y, %H:%M} UTC"


def distance(when: datetime) -> str:
    """How far a time is from now: `in 23 hours`, `5 minutes ago`."""
    gap = when - clock.now()
    size = abs(gap)
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if size >= length:
            number = round(size / length)
            amount = f"{number} {unit}{'s' if number != 1 else ''}"
            return f"in {amount}" if gap > timedelta(0) else f"{amount} ago"
    return "in less than a minute" if gap > timedelta(0) else "just now"


_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["moment"] = moment
_templates.filters["distance"] = distance


def render(template: str, person: Person | None, status: int = 200, **values: Any) -> Response:
    """One page as an answer."""
    token = tokens.of(person.user_id) if person else ""
    text = _templates.get_template(template).render(person=person, token=token, **values)
    return Response(text, status=status, content_type="text/html; charset=utf-8")


def problem(status: int, message: str, person: Person | None) -> Response:
    """A page that says what went wrong."""
    return render("problem.html", person, status, current="", counts={}, message=message)
