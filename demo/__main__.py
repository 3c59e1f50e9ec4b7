"""`python -m demo`: tells the story of one pattern, writes evidence and report, exits 0 when everything held."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from airlock.domain.errors import AirlockError
from demo.command import CommandError
from demo.emulator import Emulator, EmulatorError
from demo.people import ByControlInterface, ByPortal, InTheBrowser, People
from demo.report import render
from demo.stage import ESTATES, ROOT, StageError
from demo.story import tell

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
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "demo", help="where everything is written")
    options = parser.parse_args()
    console = Console(stderr=True, highlight=False)
    started = time.monotonic()

    def say(line: str) -> None:
        console.print(f"[dim]{time.monotonic() - started:6.1f} s[/dim]  {escape(line)}", soft_wrap=True)

    try:
        tale = tell(options.pattern, options.folder, PEOPLE[options.vote], say)
    except (StageError, EmulatorError, CommandError, AirlockError, RuntimeError) as problem:
        console.print(f"[red]The demo stopped.[/red] {escape(str(problem))}", soft_wrap=True)
        return 1
    report = options.folder / "report.html"
    report.write_text(render(tale.evidence, tale.stage_seconds), encoding="utf-8")
    problems = tale.evidence.problems()
    for line in problems:
        console.print(f"[red]Not proven:[/red] {escape(line)}", soft_wrap=True)
    sys.stdout.write(f"evidence: {options.folder / 'evidence.json'}\nreport:   {report}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
