"""A fixture: the estate that one version of Airlock left, as committed text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.takeover.calls import Call, read

FIXTURES = Path(__file__).resolve().parent / "fixtures"
STATE_FOLDER = "/state-folder.invalid"
"""Stands for the folder of the state backends, which is another in every run."""

STACK_FILES = "stacks/config"
HANDOVER = "handover.json"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """When, by what and how a fixture was recorded. The passphrase seals its states and is no secret."""

    pattern: str
    recorded_at: str
    id_seed: int
    passphrase: str
    versions: dict[str, str]


@dataclass(frozen=True)
class Fixture:
    """One pattern of one recording, in a folder: `NAME/PATTERN` below `fixtures/`."""

    folder: Path

    @property
    def name(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def manifest(self) -> Manifest:
        return Manifest(**json.loads((self.folder / "manifest.json").read_text(encoding="utf-8")))

    @property
    def recorded_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest.recorded_at)

    @property
    def calls(self) -> list[Call]:
        return read(self.folder / "calls.jsonl")

    @property
    def estate(self) -> str:
        """The topology, as text."""
        return (self.folder / "estate.yaml").read_text(encoding="utf-8")

    @property
    def stack_files(self) -> dict[str, str]:
        """Name and text of each stack file, salt included."""
        return {path.name: path.read_text(encoding="utf-8") for path in sorted((self.folder / "stacks").iterdir())}

    @property
    def states(self) -> dict[str, dict[str, Any]]:
        """What `pulumi stack export` gave, by stack."""
        folder = self.folder / "states"
        return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}

    @property
    def handover(self) -> dict[str, Any] | None:
        path = self.folder / HANDOVER
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    def write(
        self,
        manifest: Manifest,
        *,
        estate: str,
        stack_files: dict[str, str],
        states: dict[str, dict[str, Any]],
        handover: dict[str, Any] | None,
        calls: list[Call],
    ) -> None:
        """Write the whole fixture; it must not be there yet."""
        for name in ("stacks", "states"):
            (self.folder / name).mkdir(parents=True)
        files = {"manifest.json": _pretty(asdict(manifest)), "estate.yaml": estate}
        files["calls.jsonl"] = "".join(f"{call.line()}\n" for call in calls)
        files |= {f"stacks/{name}": text for name, text in stack_files.items()}
        files |= {f"states/{stack}.json": _pretty(state) for stack, state in states.items()}
        files |= {HANDOVER: _pretty(handover)} if handover else {}
        for name, text in files.items():
            (self.folder / name).write_text(text, encoding="utf-8")


def all_fixtures() -> list[Fixture]:
    """Every fixture in the folder: a further one is a further folder."""
    return [Fixture(path.parent) for path in sorted(FIXTURES.glob("*/*/manifest.json"))]


def _pretty(data: Any) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
