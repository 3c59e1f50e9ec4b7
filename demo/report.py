"""The report: evidence drawn as one self-contained HTML page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.evidence import Evidence


def render(evidence: Evidence, stage_seconds: Mapping[str, float]) -> str:
    """The page as text; everything that came from AWS or a person is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["minutes"] = _minutes
    environment.filters["moment"] = _moment
    page = environment.get_template("report.html.j2")
    return page.render(evidence=evidence, problems=evidence.problems(), stage_seconds=stage_seconds)


def _minutes(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"


def _moment(time: str) -> str:
    return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M:%S} UTC"
