"""Whoever follows a runbook types what it says, so what it says has to exist."""

import re
from pathlib import Path

import pytest
import typer.main

from airlock.cli.main import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*(ROOT / "docs" / "runbooks").glob("*.md"), *(ROOT / "airlock/runbook/templates").glob("*.j2")])
# The emulator's own options are passed on as they are.
NOT_OURS = {"emulator"}


def _commands(text: str) -> list[str]:
    return re.findall(r"(?:^ {4}|<code>|`)airlock ((?:[a-z]+)(?: [^\n`<]*)?)", text, flags=re.MULTILINE)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_a_document_exists_with_its_options(path: Path) -> None:
    found = _commands(path.read_text())
    assert found, f"{path.name} tells nobody what to type"
    for line in found:
        words = line.split()
        command = typer.main.get_command(app)
        while words and hasattr(command, "commands"):
            assert words[0] in command.commands, f"{path.name}: airlock {line}"
            name = words.pop(0)
            command = command.commands[name]
        known = {option for parameter in command.params for option in parameter.opts}
        used = {word for word in words if word.startswith("--")}
        assert name in NOT_OURS or used <= known, f"{path.name}: airlock {line}: {used - known}"
