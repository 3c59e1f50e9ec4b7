"""Secrets that were planted in configuration and credentials are found nowhere afterwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.worlds.planted import CANARIES, CONFIGURED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.estates import Ending

pytestmark = [pytest.mark.engine, pytest.mark.journey]

HANDED_OUT = re.compile(rb"\bASIA[A-Z0-9]{16}\b")
"""The key ids of sessions that AWS hands out: whoever writes one down writes its secret down beside it."""


def found(secret: bytes, folder: Path) -> list[str]:
    """The files under a folder that hold a secret. The AWS configuration is where the user keeps it."""
    return [str(path.relative_to(folder)) for path, text in _files(folder) if secret in text]


def _files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent != folder / "aws":
            yield path, path.read_bytes()


@pytest.mark.parametrize("what", CANARIES)
def test_a_planted_secret_is_in_no_state_kit_handover_report_or_journal(what: str, undisturbed: Ending) -> None:
    assert found(CANARIES[what].encode(), undisturbed.folder) == []


@pytest.mark.parametrize("what", CANARIES)
def test_a_planted_secret_is_in_no_output(what: str, undisturbed: Ending) -> None:
    assert len(undisturbed.said) > 10
    assert [text for text in undisturbed.said if CANARIES[what] in text] == []


def test_no_session_that_aws_handed_out_is_written_down(undisturbed: Ending) -> None:
    texts = [(str(path), text) for path, text in _files(undisturbed.folder)]
    texts += [("an output", text.encode()) for text in undisturbed.said]
    assert [where for where, text in texts if HANDED_OUT.search(text)] == []


def test_the_search_covers_state_kit_handover_report_and_journal(undisturbed: Ending) -> None:
    names = {path.relative_to(undisturbed.folder).as_posix() for path, _ in _files(undisturbed.folder)}
    assert {
        "state/primary/.pulumi/stacks/airlock/workload-payments.json",
        "state/recovery/.pulumi/stacks/airlock/recovery.json",
        "project/handover.json",
        "project/build/kit/inventory.json",
        "project/build/kit/journal.jsonl",
        "project/stacks/config/Pulumi.recovery.yaml",
        "report.html",
    } <= names


def test_the_search_finds_a_secret_that_somebody_wrote_down(tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "card.md").write_text(f"the key is {CONFIGURED}")
    assert found(CONFIGURED.encode(), tmp_path) == ["kit/card.md"]
