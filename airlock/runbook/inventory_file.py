"""Reads the inventory of a kit. Apart from the kit's own writing, so that an emergency loads no templates."""

from pathlib import Path

from airlock.domain.errors import UsageError
from airlock.domain.inventory import Inventory


def read_inventory(path: Path) -> Inventory:
    """The inventory of a kit, or the sentence that says what is wrong with the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as problem:
        raise UsageError(
            f"There is no inventory at {path}. Name that of your kit with --inventory; where the estate is reachable, "
            "`airlock kit` writes one."
        ) from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"The inventory {path} cannot be read: {problem}. Use another copy of the kit.") from problem
    return Inventory.from_json(text)
