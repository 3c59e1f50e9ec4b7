"""`python -m demo`: tells the story of one pattern, writes evidence and report, exits 0 when everything held."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from airlock.domain.errors import AirlockError
from demo.command import CommandError
from demo.emulator import Emulator, EmulatorError
from demo.evidence import Evidence
from demo.people import ByControlInterface, ByPortal, InTheBrowser, People
from demo.report import render
from demo.stage import ESTATES, ROOT, StageError
from demo.story import tell
from demo.terminal import Terminal

PEOPLE: dict[str, Callable[[Emulator], People]] = {
    "api": ByControlInterface,
    "portal": ByPortal,
    "browser": InTheBrowser,
}


def main() -> int:
    """Run the demo; every problem is a sentence, never a traceback."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--pattern", choices=sorted(ESTATES), default="cross-organization")
    parser.add_argument(
        "--vote",
        choices=sorted(PEOPLE),
        default="portal",
        help="who votes: the demo on the portal's pages, the demo through the control interface, or you",
    )
    parser.add_argument(
        "--folder",
        type=lambda folder: Path(folder).absolute(),
        default=ROOT / "build" / "demo",
        help="where everything is written",
    )
    options = parser.parse_args()
    terminal = Terminal()
    evidence, report = options.folder / "evidence.json", options.folder / "report.html"
    try:
        terminal.heading("The stage is set")
        tell(options.pattern, options.folder, PEOPLE[options.vote], terminal.step)
    except (StageError, EmulatorError, CommandError, AirlockError, RuntimeError) as problem:
        if not evidence.exists():
            terminal.stopped(str(problem))
            return 1
    return conclude(evidence, report, terminal)


def conclude(evidence: Path, report: Path, terminal: Terminal) -> int:
    """Draw the report and the verdict of written evidence; 0 when everything that was to be shown is proven."""
    told = Evidence.read(evidence)
    report.write_text(render(told), encoding="utf-8")
    terminal.verdict(told)
    sys.stdout.write(f"evidence: {evidence}\nreport:   {report}\n")
    return 1 if told.problems() else 0


if __name__ == "__main__":
    sys.exit(main())
