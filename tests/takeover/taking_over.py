"""A fixture, rebuilt in a fresh emulator and state backends of its own, and deployed with the program of this tree."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airlock.domain.sealed import seal
from airlock.estate import load
from demo.chapters.deployment import where
from demo.command import Airlock
from tests.takeover.fixture import HANDOVER, STACK_FILES, STATE_FOLDER, Fixture
from tests.takeover.ids import Translation
from tests.takeover.judging import Change, Write, changes, writes
from tests.takeover.replay import Replay
from tests.takeover.site import Site, ledger_of, opened

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Takeover:
    """What a first deployment did, and what a preview after it would do."""

    changes: list[Change]
    writes: list[Write]
    previewed: dict[str, dict[str, int]]
    previewed_writes: list[Write]


def take_over(fixture: Fixture, folder: Path) -> Takeover:
    """Rebuild the fixture and deploy it."""
    # Other ids than when it was recorded: a later emulator may hand out others, too.
    with opened(fixture.manifest.pattern, folder, fixture.manifest.id_seed + 1) as site:
        translation = Translation(fixture.recorded_at, addresses={STATE_FOLDER: str(site.state_folder)})
        Replay(site.url, translation).run(fixture.calls)
        before = translation.data(fixture.states)
        install(fixture, site, translation, before)
        made = _Watch(site)
        site.tale.airlock("deploy", *where(site.tale))
        changed, written = changes(before, site.states()), made.writes()
        previewed = site.tale.airlock("preview", *where(site.tale)).data["stacks"]
        return Takeover(
            changes=changed,
            writes=written,
            previewed={stack["name"]: stack["changes"] for stack in previewed},
            previewed_writes=made.writes()[len(written) :],
        )


def install(fixture: Fixture, site: Site, translation: Translation, states: dict[str, dict[str, Any]]) -> None:
    """Put topology, stack files, handover and states where the program of this tree looks for them."""
    stage, tale = site.stage, site.tale
    site.let_profiles_point_to_the_proxy()
    stage.environment["PULUMI_CONFIG_PASSPHRASE"] = fixture.manifest.passphrase
    stage.estate_file.write_text(translation.text(fixture.estate), encoding="utf-8")
    for shipped in (stage.project / STACK_FILES).iterdir():
        shipped.unlink()
    for name, text in fixture.stack_files.items():
        (stage.project / STACK_FILES / name).write_text(text, encoding="utf-8")
    if fixture.handover is not None:
        (stage.project / HANDOVER).write_text(seal(translation.data(fixture.handover)), encoding="utf-8")
    tale.estate, tale.airlock = load(stage.estate_file), Airlock(stage.environment, stage.project)
    for backend in site.state_folder.iterdir():
        backend.mkdir(exist_ok=True)
    for stack, state in states.items():
        exported = stage.folder / f"{stack}.json"
        exported.write_text(json.dumps(state), encoding="utf-8")
        site.pulumi(stack, "stack", "init", "--no-select", "--secrets-provider", "passphrase")
        site.pulumi(stack, "stack", "import", "--file", str(exported))


class _Watch:
    """Looks at what is called from now on."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._since = max((row["seq"] for row in ledger_of(site.url)), default=0)

    def writes(self) -> list[Write]:
        return writes(ledger_of(self._site.url, self._since), self._site.proxy.exchanges)
