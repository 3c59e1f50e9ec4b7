"""The journal can be added to and not rewritten, and holds no secret."""

import json
import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from airlock.domain.errors import UsageError
from airlock.runbook.journal import Journal
from airlock.runbook.redaction import RedactionFilter, redact


def test_lines_are_read_as_they_were_written(journal: Journal) -> None:
    journal.write("access requested", access_vault="a-1", call="backup:Create", request_id="r")
    journal.write("access closed", access_vault="a-1")
    journal.write("access requested", access_vault="a-2")

    entries = journal.entries()
    assert [entry["seq"] for entry in entries] == [1, 2, 3]
    assert entries[0]["time"] == "2026-11-20T12:00:00+00:00"
    assert (entries[0]["call"], entries[0]["request_id"]) == ("backup:Create", "r")
    assert [entry["step"] for entry in journal.about("a-1")] == ["access requested", "access closed"]
    assert len(journal.about("a-1", "access closed")) == 1


def _change(lines: list[str]) -> None:
    lines[1] = lines[1].replace("two", "TWO")


def _remove(lines: list[str]) -> None:
    del lines[1]


def _swap(lines: list[str]) -> None:
    lines[1], lines[2] = lines[2], lines[1]


def _tear(lines: list[str]) -> None:
    lines[2] = lines[2][:-9]


@pytest.mark.parametrize("damage", [_change, _remove, _swap, _tear])
def test_a_rewritten_journal_is_found_out_and_never_added_to(journal: Journal, damage: Any) -> None:
    for step in ("one", "two", "three"):
        journal.write(step)
    lines = journal.path.read_text().splitlines()
    damage(lines)
    journal.path.write_text("\n".join(lines) + "\n")

    with pytest.raises(UsageError, match=r"was changed: line \d.*--journal"):
        journal.entries()
    with pytest.raises(UsageError, match="was changed"):
        journal.write("four")
    assert journal.path.read_text().splitlines() == lines


def test_two_commands_at_once_keep_one_chain(journal: Journal) -> None:
    def write() -> None:
        for _ in range(20):
            Journal(journal.path).write("step")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry["seq"] for entry in journal.entries()] == list(range(1, 81))


def test_a_journal_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match=r"cannot be written.*--journal"):
        Journal(tmp_path / "folder").write("step")


def test_no_secret_reaches_the_journal(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-8hJk2")
    journal.write("step", message="it said canary-8hJk2", metadata={"deep": ["AKIAIOSFODNN7EXAMPLE"]})
    text = journal.path.read_text()
    assert "canary" not in text
    assert "AKIA" not in text
    assert len(journal.entries()) == 1, "redaction must not break the chain"


@pytest.mark.parametrize(
    "text",
    [
        "ASIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key = wJalrXUtnFEMI",
        '{"SessionToken": "IQoJb3JpZ2luX2Vj"}',
        "PULUMI_CONFIG_PASSPHRASE=open-sesame",
        "the value open-sesame alone",
    ],
)
def test_secrets_are_hidden_by_shape_and_by_value(text: str) -> None:
    hidden = redact(text, {"PULUMI_CONFIG_PASSPHRASE": "open-sesame", "PULUMI_CONFIG_PASSPHRASE_FILE": "alone"})
    assert "[redacted]" in hidden
    for secret in ("ASIAIOS", "wJalr", "IQoJ", "open-sesame"):
        assert secret not in hidden


def test_what_is_no_secret_stays_readable() -> None:
    text = "Stack `vault-orders` uses awskms://alias/airlock-state and token eu-west-1"
    assert redact(text, {"HOME": "/root", "AWS_WEB_IDENTITY_TOKEN_FILE": "eu-west-1"}) == text


def test_the_log_filter_sees_the_finished_message() -> None:
    record = logging.LogRecord("airlock", logging.INFO, "", 0, "asked as %s", ("AKIAIOSFODNN7EXAMPLE",), None)
    assert RedactionFilter().filter(record)
    assert record.getMessage() == "asked as [redacted]"


def test_every_line_is_json_of_its_own(journal: Journal) -> None:
    journal.write("step", message="two\nlines")
    (line,) = journal.path.read_text().splitlines()
    assert json.loads(line)["message"] == "two\nlines"
