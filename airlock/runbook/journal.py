"""What was done, when, by which call: append-only JSON lines, each carrying the hash of the one before it."""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from airlock.domain.errors import UsageError
from airlock.runbook.redaction import redact_all

START = "0" * 64
FILE_NAME = "journal.jsonl"


def utc_now() -> datetime:
    """The time, aware of its zone."""
    return datetime.now(UTC)


class Journal:
    """One file. Whoever changes or removes a line breaks the chain, and the next reader says so."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        self.path = path
        self._now = now

    def entries(self) -> list[dict[str, Any]]:
        """Every line, oldest first, after the chain was checked."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as problem:
            raise UsageError(f"The journal {self.path} cannot be read: {problem}. {_way_out()}") from problem
        entries: list[dict[str, Any]] = []
        last = START
        for number, line in enumerate(text.splitlines(), start=1):
            entry = _parse(line)
            if entry is None or entry.get("previous") != last or entry.get("hash") != _hash(entry):
                raise UsageError(
                    f"The journal {self.path} was changed: line {number} does not follow from the one before it. "
                    f"It proves nothing any more. Keep it for the investigation. {_way_out()}"
                )
            last = entry["hash"]
            entries.append(entry)
        return entries

    def write(self, step: str, **facts: Any) -> dict[str, Any]:
        """Appends one line, redacted, and makes sure that it is on the disk before anything else happens."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                # Two commands at once would both continue from the same line.
                fcntl.flock(file, fcntl.LOCK_EX)
                earlier = self.entries()
                entry: dict[str, Any] = {
                    "seq": len(earlier) + 1,
                    "time": self._now().isoformat(timespec="seconds"),
                    "step": step,
                    **redact_all(facts),
                    "previous": earlier[-1]["hash"] if earlier else START,
                }
                entry["hash"] = _hash(entry)
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as problem:
            raise UsageError(f"The journal {self.path} cannot be written: {problem}. {_way_out()}") from problem
        return entry

    def about(self, access_vault: str, step: str | None = None) -> list[dict[str, Any]]:
        """What the journal says about one access vault."""
        return [
            entry
            for entry in self.entries()
            if entry.get("access_vault") == access_vault and step in (None, entry["step"])
        ]


def _parse(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _hash(entry: dict[str, Any]) -> str:
    content = {key: value for key, value in entry.items() if key != "hash"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _way_out() -> str:
    return "Name another file with --journal, then go on."
