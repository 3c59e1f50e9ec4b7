"""A prepared world is made once, used only while nothing of it changed, and never handed out itself."""

from __future__ import annotations

import json
import marshal
import os
import py_compile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from airlock.domain.errors import UsageError
from airlock.domain.sealed import seal, unseal
from demo.stage import ROOT
from tests.worlds.key import DEPENDS_ON, digest
from tests.worlds.store import LASTS, WorldError, Worlds, replace_in, seal_again

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from demo.stage import Stage
    from demo.tale import Tale


class Told:
    """A tale without an engine: each step writes its name into the estate."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.emulator = self
        self.url = "http://127.0.0.1:4566"
        self.users = {"ada.lind": "one"}


class House:
    """Worlds of a tree whose steps are counted."""

    def __init__(self, tmp_path: Path) -> None:
        self.made: list[str] = []
        self.fails_at = ""
        self.worlds = Worlds(
            run=tmp_path,
            folder=tmp_path / "worlds" / "key",
            steps={moment: self._step(moment) for moment in ("bare", "waiting", "stable")},
            opening=self._opening,
        )

    def prepare(self, moment: str, pattern: str = "cross-account") -> Path:
        return self.worlds.prepared(pattern, moment)

    def _step(self, moment: str) -> Callable[[Tale], None]:
        def step(tale: Tale) -> None:
            self.made.append(moment)
            if moment == self.fails_at:
                raise RuntimeError("The stack `management` failed.")
            (tale.stage.folder / moment).write_text("here")

        return step

    @contextmanager
    def _opening(self, stage: Stage, _people: Any, _say: Any) -> Iterator[Tale]:
        assert stage.emulator_state is not None
        for folder in (stage.folder / "aws", stage.emulator_state):
            folder.mkdir(parents=True, exist_ok=True)
        (stage.folder / "aws" / "config").write_text("aws_secret_access_key = emulator")
        stage.environment = {"AIRLOCK_TOKEN": ""}
        yield cast("Tale", Told(stage))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_world_is_made_once_with_all_that_it_passed_on_the_way(house: House) -> None:
    world = house.prepare("waiting")
    assert house.prepare("waiting") == world
    assert (house.prepare("bare") / "estate" / "waiting").exists() is False
    assert (world / "estate" / "waiting").exists()
    assert house.made == ["bare", "waiting"], "something was deployed again that was there"


def test_a_world_that_grew_old_is_made_anew(house: House) -> None:
    note = house.prepare("bare") / "world.json"
    old = time.time() - LASTS - 1
    os.utime(note, (old, old))
    house.prepare("bare")
    assert house.made == ["bare", "bare"], "its invitations have lapsed by now"


def test_a_story_that_is_told_leaves_its_worlds(house: House, tmp_path: Path) -> None:
    with house.worlds.telling("cross-account", tmp_path / "story", cast("Any", None), print) as (tale, reached):
        for moment, step in house.worlds.steps.items():
            step(tale)
            reached(tale, moment)
        assert house.prepare("stable").exists(), "who needs a world waits for the end of the whole story"
    assert house.made == ["bare", "waiting", "stable"]


def test_a_preparation_that_failed_is_told_once_and_not_tried_again(house: House) -> None:
    house.fails_at = "waiting"
    with pytest.raises(RuntimeError, match="The stack `management` failed"):
        house.prepare("waiting")
    for moment in ("waiting", "stable"):
        with pytest.raises(WorldError, match=f"`{moment}` .*cross-account.*first test that needed it says why") as told:
            house.prepare(moment)
        assert "The stack `management` failed." in str(told.value)
    assert house.made == ["bare", "waiting"]
    assert house.prepare("bare").exists(), "what was reached before is a whole world"


def test_a_story_that_fails_on_the_way_is_a_preparation_that_failed(house: House, tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="No approver came"),
        house.worlds.telling("cross-account", tmp_path / "story", cast("Any", None), print),
    ):
        raise RuntimeError("No approver came.")
    with pytest.raises(WorldError, match=r"No approver came\."):
        house.prepare("waiting")


def test_the_last_keys_are_kept_and_older_ones_go(house: House) -> None:
    keys = house.worlds.folder.parent
    for age in range(1, 6):
        (keys / f"old-{age}").mkdir(parents=True)
        then = time.time() - 1000 * age
        os.utime(keys / f"old-{age}", (then, then))
    house.prepare("bare")
    assert sorted(each.name for each in keys.iterdir()) == ["key", "old-1", "old-2"]


def changed_content(root: Path) -> None:
    (root / "program" / "a.py").write_text("2")


def moved(root: Path) -> None:
    (root / "program" / "a.py").rename(root / "program" / "b.py")


def added(root: Path) -> None:
    (root / "program" / "deep").mkdir()
    (root / "program" / "deep" / "c.py").write_text("")


@pytest.mark.parametrize("change", [changed_content, moved, added])
def test_a_change_in_what_a_world_depends_on_changes_its_key(change: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "program" / "__pycache__").mkdir(parents=True)
    (tmp_path / "program" / "a.py").write_text("1")
    before = digest(tmp_path, ["program"], "3.11")
    (tmp_path / "program" / "__pycache__" / "a.pyc").write_text("compiled")
    assert digest(tmp_path, ["program"], "3.11") == before
    assert digest(tmp_path, ["program"], "3.12") != before
    change(tmp_path)
    assert digest(tmp_path, ["program"], "3.11") != before


def test_everything_that_a_world_depends_on_is_there() -> None:
    assert [name for name in DEPENDS_ON if not (ROOT / name).exists()] == []


def test_a_copy_names_its_own_folder_and_emulator(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "a.json").write_text('{"url": "http://127.0.0.1:1/portal"}')
    replace_in(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2")
    assert json.loads((tmp_path / "state" / "a.json").read_text()) == {"url": "http://127.0.0.1:2/portal"}


def test_compiled_python_in_a_copy_can_still_be_imported(tmp_path: Path) -> None:
    source = tmp_path / "there" / "program.py"
    source.parent.mkdir()
    source.write_text("ANSWER = 42\n")
    compiled = Path(str(py_compile.compile(str(source), doraise=True)))
    replace_in(tmp_path, str(source.parent), "/elsewhere/and/longer")
    assert marshal.loads(compiled.read_bytes()[16:]).co_consts[0] == 42  # noqa: S302 - written above


def test_a_document_whose_text_was_changed_for_a_copy_is_sealed_again(tmp_path: Path) -> None:
    path = tmp_path / "handover.json"
    path.write_text(seal({"format": "f", "url": "http://127.0.0.1:1"}))
    replace_in(tmp_path, "127.0.0.1:1", "127.0.0.1:2")
    with pytest.raises(UsageError, match="checksum"):
        unseal(path.read_text(), what="file", format_name="f", remedy="it")
    seal_again(path)
    assert unseal(path.read_text(), what="file", format_name="f", remedy="it")["url"] == "http://127.0.0.1:2"
