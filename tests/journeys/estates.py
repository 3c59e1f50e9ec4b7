"""What several journeys do with an estate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo.evidence import ACCESS, REJECTED
from demo.report import render
from tests.emulator.conftest import Emulator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.tale import Tale
    from tests.worlds.site import Site

BUILD = Path(__file__).resolve().parents[2] / "build" / "estates"


@dataclass(frozen=True)
class Ending:
    """What a deployment left: the state of each stack, everything that was said, and the folder of it all."""

    exports: dict[str, dict[str, Any]]
    said: list[str]
    folder: Path


def choose(tale: Tale, choice: str) -> None:
    """NAME=OPTION: one of the answers that the emulator leaves open, from now on."""
    name, _, option = choice.partition("=")
    Emulator(tale.emulator.url).control("POST", "choices", {"name": name, "option": option})


def ask_in_an_emergency(site: Site) -> None:
    """Kit, request, status, and a report of what they said: run for what they say and write, whatever that is."""
    kit = site.airlock("kit")
    asked = site.airlock("request", "--vault", "payments-2026", "--incident", "INC-1", "--comment", "lost", "--json")
    status = site.airlock("status", "--json")
    evidence = site.tale.evidence
    request = {"kind": ACCESS, "outcome": REJECTED, "votes": [], "threshold": 2, "approvers": 3, "access": "none"}
    request |= dict.fromkeys(("asked_by", "session", "action"), "") | {"asked_at": site.tale.emulator.now()}
    evidence.requests = [request | {"resource": status.stdout, "restore_error": asked.stderr}]
    evidence.torn_down = {"how": kit.stdout, "gone": False}
    evidence.kit_only = {"calls": 0, "calls_by_lost_accounts": 0}
    evidence.second_run = {"changes": 0, "write_calls": 0}
    (site.folder / "report.html").write_text(render(evidence), encoding="utf-8")


def rewritten_profiles(site: Site, folder: Path, changes: Mapping[str, str]) -> dict[str, str]:
    """The environment that names a copy of the site's AWS configuration with some texts in it changed."""
    text = Path(site.environment["AWS_CONFIG_FILE"]).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "aws-config"
    path.write_text(text, encoding="utf-8")
    return {"AWS_CONFIG_FILE": str(path)}
