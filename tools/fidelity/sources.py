"""The sources below emulator/fidelity: one TOML file per service, and `_all.toml` for what concerns all of them.

Everything wrong in them is collected and told at once, so that a file is mended in one go.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "emulator" / "fidelity"
ALL = "_all"
BASES = ("documented", "inferred", "as_moto")
SCOPES = ("model", "called")
_KEYS = {"order", "scope", "intro", "operations", "differences", "assumptions", "tables", "notes"}
_ROW = ("subject", "aws", "here", "code")


class FidelityError(Exception):
    """The sources and the code do not fit together; the message lists every problem."""


@dataclass(frozen=True)
class Table:
    """A table of the document, with or without a heading of its own."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    intro: str = ""


@dataclass(frozen=True)
class Source:
    """What is written about one service."""

    name: str
    order: int = 100
    scope: str = "called"
    intro: str = ""
    notes: str = ""
    operations: dict[str, str] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()


def read(folder: Path = FOLDER) -> list[Source]:
    """All sources in the order of the document; FidelityError when one cannot be understood."""
    problems: list[str] = []
    found = [_source(path, problems) for path in sorted(folder.glob("*.toml"))]
    if problems:
        raise FidelityError("\n".join(problems))
    return sorted(found, key=lambda source: (source.order, source.name))


def _source(path: Path, problems: list[str]) -> Source:
    try:
        text = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path.name} is not TOML: {error}.")
        return Source(path.stem)
    problems += [f"{path.name}: there is no key {key!r}; there are {sorted(_KEYS)}." for key in text.keys() - _KEYS]
    scope = str(text.get("scope", "called"))
    if scope not in SCOPES:
        problems.append(f"{path.name}: scope is {scope!r}; it is one of {SCOPES}.")
    operations = {str(name): str(basis) for name, basis in text.get("operations", {}).items()}
    for name, basis in operations.items():
        if basis not in BASES:
            problems.append(f"{path.name}: {name} is {basis!r}; the basis of an operation is one of {BASES}.")
    tables = [
        *_rows(path, "Known differences", text.get("differences", []), problems),
        *_rows(path, "Assumptions", text.get("assumptions", []), problems),
        *(_table(path, table, problems) for table in text.get("tables", [])),
    ]
    intro, notes = str(text.get("intro", "")).strip(), str(text.get("notes", "")).strip()
    return Source(path.stem, int(text.get("order", 100)), scope, intro, notes, operations, tuple(tables))


def _rows(path: Path, title: str, rows: list[dict[str, Any]], problems: list[str]) -> list[Table]:
    cells = []
    for number, row in enumerate(rows, start=1):
        if set(row) - set(_ROW) or not {"subject", "aws", "here"} <= set(row):
            problems.append(f"{path.name}: row {number} of {title.lower()} has {sorted(row)}; a row has {_ROW}.")
        cells.append(tuple(str(row.get(name, "")) for name in _ROW))
    return [Table(title, ("subject", "AWS documents", "here", "code"), tuple(cells))] if cells else []


def _table(path: Path, table: dict[str, Any], problems: list[str]) -> Table:
    columns = tuple(str(name) for name in table.get("columns", ()))
    rows = tuple(tuple(str(cell) for cell in row) for row in table.get("rows", ()))
    title = str(table.get("title", ""))
    for number, row in enumerate(rows, start=1):
        if len(row) != len(columns):
            problems.append(f"{path.name}: row {number} of table {title!r} has {len(row)} cells for {len(columns)}.")
    return Table(title, columns, rows, str(table.get("intro", "")).strip())
