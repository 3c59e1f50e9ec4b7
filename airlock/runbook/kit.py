"""The break-glass kit: a folder that is enough to recover, to be kept outside the primary organization.

It holds the inventory for the machine, a card for the wall, the runbook with the real names, and the program itself
with the list of the packages that it needs. No secret is in it.
"""

import os
import tempfile
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from airlock.domain.errors import UsageError
from airlock.domain.inventory import Inventory
from airlock.runbook.kit_program import program, requirements

INVENTORY = "inventory.json"
CARD = "card.html"
RUNBOOK = "runbook.md"
PROGRAM = "airlock.pyz"
REQUIREMENTS = "requirements.txt"


def write_kit(inventory: Inventory, folder: Path) -> list[Path]:
    """Writes every file; an older kit in the folder is replaced file by file, never left half-written."""
    if (folder / REQUIREMENTS).exists() and not (folder / PROGRAM).exists():
        raise UsageError(
            f"The kit cannot be written to {folder}: the {REQUIREMENTS} there is not a kit's and would be lost. Name a"
            " folder of its own with --out."
        )
    contents = {name: text.encode() for name, text in documents_of(inventory).items()}
    # In this order: a kit that was interrupted is still known as one.
    contents |= {PROGRAM: program(), REQUIREMENTS: requirements().encode()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(folder / name, content) for name, content in contents.items()]
    except OSError as problem:
        raise UsageError(f"The kit cannot be written to {folder}: {problem}. Name another one with --out.") from problem


def documents_of(inventory: Inventory) -> dict[str, str]:
    """What the kit says about this estate, by file name."""
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


def _write(path: Path, content: bytes) -> Path:
    """Whole or not at all: a kit that was cut off would be found out on the worst day."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes files for their owner alone; a kit is to be copied.
        Path(name).chmod(0o644)
        return Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
