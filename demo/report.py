"""The report: evidence drawn as one self-contained HTML page."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo.attack import NEEDS_VOTE, REFUSED, WORKED, ending
from demo.evidence import ACCESS, APPROVED, CHANGE, REJECTED, REVOCATION
from demo.words import count, duration, listed, seconds_between, sentence

if TYPE_CHECKING:
    from demo.evidence import Evidence, Measure, Step

TEMPLATES = Path(__file__).parent / "templates"
PURPOSES = {
    ACCESS: "Access to the vault",
    CHANGE: "Another approval team, or none, for the vault",
    REVOCATION: "End of the access to the vault",
}
RESOURCES = {"s3": "Bucket", "dynamodb": "Table", "ec2": "Volume"}
COLOURS = {REFUSED: "good", WORKED: "bad"}


def render(evidence: Evidence) -> str:
    """The page as text; everything that came from AWS or a person is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "colour": lambda attempt: COLOURS.get(attempt["outcome"], "wait"),
        "count": count,
        "dot": _dot,
        "duration": duration,
        "ended": lambda attempt: ending(attempt["outcome"], attempt["denied_by"]),
        "moment": _moment,
        "outcome": lambda answer: answer.lower().replace("_", " "),
        "purpose": lambda request: f"{PURPOSES[request['kind']]} {_vault(request)}",
        "resource_kind": lambda restored: RESOURCES.get(restored["resource"].split(":")[2], "Resource"),
        "sentence": sentence,
        "share": _share,
        "until": lambda earlier, later: duration(seconds_between(earlier, later)),
    }
    page = environment.get_template("report.html.j2")
    return page.render(
        evidence=evidence,
        moments=_moments(evidence),
        attempts=[list(rows) for _, rows in groupby(evidence.attacks, key=lambda row: row["actor"])],
        chapters=_chapters(evidence),
    )


def _moment(time: str) -> str:
    return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M:%S} UTC"


def _vault(request: dict[str, Any]) -> str:
    """The name of the vault that a request is about."""
    return str(request["resource"]).rsplit(":", 1)[-1]


def _share(measure: Measure) -> float:
    """How much of the objective is used up, in percent; all of it where nothing was measured."""
    if measure.seconds is None or measure.objective <= 0:
        return 100.0
    return min(round(100 * measure.seconds / measure.objective, 1), 100.0)


def _dot(step: Step) -> str:
    """The class of a step's dot; only an attempt that was successful looks like an attack."""
    return {REFUSED: "done", NEEDS_VOTE: "people"}.get(step.outcome, step.kind)


def _chapters(evidence: Evidence) -> list[dict[str, Any]]:
    """The timeline by chapters; one that did not end has no time."""
    seconds = {chapter["title"]: chapter["seconds"] for chapter in evidence.chapters}
    chapters: list[dict[str, Any]] = []
    for step in evidence.timeline:
        if step.kind == "chapter":
            chapters.append({"title": step.what, "seconds": seconds.get(step.what), "steps": []})
        elif chapters:
            chapters[-1]["steps"].append(step)
    return chapters


def _moments(evidence: Evidence) -> list[dict[str, str]]:
    """What the drawn timeline shows, in order, each with the time until the next."""
    moments = [*_before_the_recovery(evidence), *_of_the_recovery(evidence)]
    moments.sort(key=lambda moment: datetime.fromisoformat(moment["time"]))
    for moment, following in pairwise(moments):
        moment["gap"] = duration(seconds_between(moment["time"], following["time"]))
    return moments


def _before_the_recovery(evidence: Evidence) -> list[dict[str, str]]:
    found = []
    if evidence.restored:
        oldest = min(row["point_time"] for row in evidence.restored)
        found.append(_drawn(oldest, "Backed up", "The oldest point that was restored is made.", "done"))
    if evidence.attacked_at:
        found.append(_drawn(evidence.attacked_at, "Attacked", "What was written since is lost.", "attack"))
    return found


def _of_the_recovery(evidence: Evidence) -> list[dict[str, str]]:
    found = []
    for row in evidence.requests:
        if row["kind"] != ACCESS:
            continue
        vault = _vault(row)
        found.append(_drawn(row["asked_at"], "Requested", f"{row['asked_by']} asks for {vault}.", "people"))
        decisive = [vote["approver"] for vote in row["votes"] if vote["response"] == row["outcome"]]
        if row["outcome"] == APPROVED and row.get("opened_at"):
            found.append(_drawn(row["opened_at"], "Opened", f"{listed(decisive)} approved it.", "done"))
        elif row["outcome"] == REJECTED and decisive:
            found.append(_drawn(row["votes"][-1]["time"], "Rejected", f"{listed(decisive)} rejected it.", "attack"))
        if row.get("closed_at"):
            found.append(
                _drawn(row["closed_at"], "Closed", f"The data of {vault} is back, and the access ends.", "done")
            )
    return found


def _drawn(time: str, title: str, text: str, kind: str) -> dict[str, str]:
    return {"time": time, "title": title, "text": text, "kind": kind, "gap": ""}
