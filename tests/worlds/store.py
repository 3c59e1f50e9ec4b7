"""Prepared worlds: made once, kept under `build/worlds`, and handed out as copies.

A world is an estate at one of the moments of a deployment (`demo/chapters/deployment.py`): the folder of its stage
(project, state, AWS configuration) and, beside it, that of the emulator. It is cut out of a story that is told, or made
by telling as much of one as it takes:

    build/worlds/KEY/PATTERN/lock       held by whoever makes or copies the worlds of this pattern
    build/worlds/KEY/PATTERN/MOMENT/    a world: estate/, emulator/, world.json
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airlock.domain.sealed import seal
from demo.chapters.deployment import MOMENTS
from demo.command import Airlock
from demo.people import ByControlInterface
from demo.stage import ROOT, Stage
from demo.story import open_tale, tale_on
from tests.engine.support import engines_of, kill
from tests.worlds.key import world_key
from tests.worlds.planted import SECRETIVE, SETTINGS, plant
from tests.worlds.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from demo.command import Answer
    from demo.emulator import Emulator
    from demo.evidence import Step
    from demo.people import People
    from demo.tale import Tale

KEPT = ROOT / "build" / "worlds"
KEYS_KEPT = 3
"""The last keys that were used: two versions of Python, say, and a change that is being tried."""
LASTS = 4 * 3600.0
"""Seconds of real time, which is the least that an emulated clock shows: an invitation to a share lives 12 hours."""


class WorldError(Exception):
    """Why there is no such world."""


class Heard(Airlock):
    """The command, with all that it said."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.environment, stage.project)
        self.said: list[str] = []

    def __call__(self, *arguments: str, **options: Any) -> Answer:
        """Run one command."""
        answer = super().__call__(*arguments, **options)
        self.said += [json.dumps(answer.data), answer.said]
        return answer


@dataclass
class Worlds:
    """The worlds of one key. `run` is a folder of this test run alone, where a preparation that failed is noted."""

    run: Path
    folder: Path = field(default_factory=lambda: KEPT / world_key())
    steps: Mapping[str, Callable[[Tale], None]] = field(default_factory=lambda: MOMENTS)
    opening: Callable[..., AbstractContextManager[Tale]] = open_tale

    @contextmanager
    def opened(self, folder: Path, moment: str, pattern: str = "cross-organization") -> Iterator[Site]:
        """A copy of a world in `folder`, with an emulator of its own; what was started in it ends with it."""
        with self._locked(pattern):
            world = self._prepared(pattern, moment)
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(world, folder, symlinks=True)
        noted = json.loads((folder / "world.json").read_text(encoding="utf-8"))
        stage = _stage(pattern, folder)
        replace_in(stage.folder, noted["folder"], str(stage.folder))
        with stage.start() as emulator:
            replace_in(stage.folder, noted["url"], emulator.url)
            for path in (stage.project / "handover.json", stage.kit / "inventory.json"):
                seal_again(path)
            plant(stage.folder / "aws" / "config")
            emulator.enforce()
            tale = tale_on(stage, emulator, ByControlInterface(emulator), lambda _: None)
            tale.users |= noted["users"]
            site = Site(tale, said=noted["said"])
            try:
                yield site
            finally:
                for process in site.started:
                    if process.poll() is None:
                        kill(process, engines_of(process.pid))

    @contextmanager
    def telling(
        self, pattern: str, folder: Path, people: Callable[[Emulator], People], say: Callable[[Step], None]
    ) -> Iterator[tuple[Tale, Callable[[Tale, str], None]]]:
        """A new tale in `folder`, and what to call at each moment that it reaches, so that its world is kept."""
        with ExitStack() as making:
            making.enter_context(self._locked(pattern))
            making.enter_context(self._noting_a_failure(pattern))
            with self.opening(_stage(pattern, folder), people, say) as tale:
                tale.airlock = Heard(tale.stage)

                def reached(tale: Tale, moment: str) -> None:
                    self._reached(tale, moment)
                    if moment == list(self.steps)[-1]:
                        making.close()

                yield tale, reached

    def prepared(self, pattern: str, moment: str) -> Path:
        """Where a world is kept, made where it is missing. It is only read."""
        with self._locked(pattern):
            return self._prepared(pattern, moment)

    def _prepared(self, pattern: str, moment: str) -> Path:
        if not self._is_kept(pattern, moment):
            self._prepare(pattern, moment)
        return self._world(pattern, moment)

    def _prepare(self, pattern: str, moment: str) -> None:
        """Tell as much of a story as it takes to reach a moment."""
        note = self._note(pattern)
        if note.exists():
            raise WorldError(
                f"The world `{moment}` of the pattern {pattern} is missing: its preparation failed in this run, and the"
                f" first test that needed it says why. It ended so: {note.read_text(encoding='utf-8')}"
            )
        stage = _stage(pattern, self.folder / pattern / "making")
        with self._noting_a_failure(pattern), self.opening(stage, ByControlInterface, lambda _: None) as tale:
            tale.airlock = Heard(tale.stage)
            for name, step in self.steps.items():
                step(tale)
                self._reached(tale, name)
                if name == moment:
                    break
        shutil.rmtree(stage.folder.parent)

    def _reached(self, tale: Tale, moment: str) -> None:
        first = moment == next(iter(self.steps))
        if first:
            plant(tale.stage.folder / "aws" / "config")
        self._keep(tale, moment)
        if first:
            for stack in SECRETIVE[tale.stage.pattern]:
                Site(tale).init(stack)

    def _keep(self, tale: Tale, moment: str) -> None:
        """Copy the world as it is between two calls: the emulator's folder holds all that it has answered."""
        stage, world = tale.stage, self._world(tale.stage.pattern, moment)
        assert stage.emulator_state is not None
        if self._is_kept(stage.pattern, moment):
            return
        self._forget_old_keys()
        new = world.with_name(f"{moment}.new")
        for old in (world, new):
            shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(stage.folder, new / stage.folder.name, symlinks=True)
        shutil.copytree(stage.emulator_state, new / stage.emulator_state.name)
        said = tale.airlock.said if isinstance(tale.airlock, Heard) else []
        noted = {"folder": str(stage.folder), "url": tale.emulator.url, "users": tale.users, "said": said}
        (new / "world.json").write_text(json.dumps(noted), encoding="utf-8")
        new.rename(world)

    def _is_kept(self, pattern: str, moment: str) -> bool:
        note = self._world(pattern, moment) / "world.json"
        return note.exists() and time.time() - note.stat().st_mtime < LASTS

    def _world(self, pattern: str, moment: str) -> Path:
        return self.folder / pattern / moment

    def _note(self, pattern: str) -> Path:
        return self.run / f"{pattern}.failed"

    def _forget_old_keys(self) -> None:
        # Two processes may do this at once.
        with suppress(FileNotFoundError):
            for old in sorted(self.folder.parent.iterdir(), key=lambda each: -each.stat().st_mtime)[KEYS_KEPT:]:
                shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def _locked(self, pattern: str) -> Iterator[None]:
        (self.folder / pattern).mkdir(parents=True, exist_ok=True)
        os.utime(self.folder)
        with (self.folder / pattern / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _noting_a_failure(self, pattern: str) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self._note(pattern).write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
            raise


def _stage(pattern: str, folder: Path) -> Stage:
    # The emulator's folder is AWS's own and lies outside of what is searched for secrets.
    return Stage(pattern=pattern, folder=folder / "estate", settings=SETTINGS, emulator_state=folder / "emulator")


def seal_again(path: Path) -> None:
    """The checksum that a document carries follows a change in it."""
    if path.exists():
        body = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(seal(body), encoding="utf-8")


def replace_in(folder: Path, old: str, new: str) -> None:
    """Exchange a text in every file under a folder that holds it.

    Compiled Python is left alone: it holds the lengths of its texts, and knows its source by time and size.
    """
    for path in folder.rglob("*"):
        if not path.is_file() or path.is_symlink() or path.suffix == ".pyc":
            continue
        if old.encode() in (data := path.read_bytes()):
            path.write_bytes(data.replace(old.encode(), new.encode()))
