"""The break-glass kit: a folder that is enough to recover, to be kept outside the primary organization.

It holds the inventory for the machine, a card for the wall and the runbook with the real names. No secret is in it.
"""

import os
import tempfile
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from airlock.domain.errors import UsageError
from airlock.domain.inventory import Inventory

INVENTORY = "inventory.json"
CARD = "card.html"
RUNBOOK = "runbook.md"


def write_kit(inventory: Inventory, folder: Path) -> list[Path]:
    """Writes the three files; an older kit in the folder is replaced file by file, never left half-written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(folder / name, text) for name, text in files_of(inventory).items()]
    except OSError as problem:
        raise UsageError(f"The kit cannot be written to {folder}: {problem}. Name another one with --out.") from problem


def files_of(inventory: Inventory) -> dict[str, str]:
    """The content of the kit by file name."""
    environment = Environment(
        loader=PackageLoader("airlock.runbook", "templates"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    facts = {
        "inventory": inventory,
        "landing": inventory.landing,
        "team_of": inventory.team_of,
        "vaults": inventory.vaults,
    }
    return {
        INVENTORY: inventory.to_json(),
        CARD: environment.get_template("card.html.j2").render(facts),
        RUNBOOK: environment.get_template("runbook.md.j2").render(facts),
    }


def _write(path: Path, text: str) -> Path:
    """Whole or not at all: a kit that was cut off would be found out on the worst day."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        # mkstemp makes files for their owner alone; a kit is to be copied.
        Path(name).chmod(0o644)
        return Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
