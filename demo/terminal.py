"""The story on a terminal: a heading per chapter, a line per step with the time since the start, a verdict at the end.

Rich leaves colours and columns away where nobody watches: each line is then one line, however long.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from demo.attack import NEEDS_VOTE, REFUSED, WORKED

if TYPE_CHECKING:
    from demo.evidence import Evidence, Step

STYLES = {"people": "yellow", "refused": "green", "successful": "red", "held": "yellow"}
_TAGS = {REFUSED: "refused", WORKED: "successful", NEEDS_VOTE: "held"}


class Terminal:
    """Draws and decides nothing."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._start = time.monotonic()
        self._chapters = 0

    def heading(self, title: str) -> None:
        """Begin a chapter."""
        self._chapters += 1
        self._console.print()
        self._console.print(Text(f"{self._chapters}. {title}", style="bold cyan"))

    def step(self, step: Step) -> None:
        """One step of the story, or the chapter that begins with it."""
        if step.kind == "chapter":
            self.heading(step.what)
            return
        tag = _TAGS.get(step.outcome) or ("people" if step.kind == "people" else "")
        elapsed = Text(f"{time.monotonic() - self._start:6.1f} s", style="dim")
        self._row(elapsed, Text(f"{tag:10}", style=STYLES.get(tag, "")), Text(str(step)))

    def stopped(self, problem: str) -> None:
        """The story could not be told to its end."""
        self._console.print()
        self._row(Text("The demo stopped.", style="bold red"), Text(problem))

    def verdict(self, evidence: Evidence) -> None:
        """What was proven and what was not, objectives last."""
        self._console.print()
        self._console.print(Text("Verdict", style="bold cyan"))
        self._row(Text(evidence.headline, style="bold red" if evidence.problems() else "bold green"))
        self._row(Text(evidence.attempts()))
        for claim in evidence.verdicts():
            mark = Text(f"{claim.verdict:12}", style="bold green" if claim.held else "bold red")
            self._row(mark, Text(claim.words))

    def _row(self, *cells: Text) -> None:
        if not self._console.is_terminal:
            self._console.print(Text("  ").join(cells), soft_wrap=True)
            return
        grid = Table.grid(padding=(0, 2, 0, 0))
        for _ in cells[:-1]:
            grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(*cells)
        self._console.print(grid)
