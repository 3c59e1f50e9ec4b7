"""`python -m demo`: its exit code, and what it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from demo import __main__ as demo
from demo.stage import StageError
from tests.demo.told import told

if TYPE_CHECKING:
    from pathlib import Path


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *, stops: Exception | None = None, writes: bool = True) -> int:
    """The command, with a story that is told at once: it ends well, or stops with an error."""

    def tell(_: str, folder: Path, *__: Any) -> None:
        evidence = told()
        evidence.stopped = str(stops or "")
        if writes:
            evidence.write(folder / "evidence.json")
        if stops:
            raise stops

    monkeypatch.setattr(demo, "tell", tell)
    monkeypatch.setattr("sys.argv", ["demo", "--folder", str(folder)])
    return demo.main()


def test_a_story_that_proves_everything_exits_with_0(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, tmp_path) == 0
    assert (tmp_path / "report.html").exists()


def test_a_story_that_stops_exits_with_1_and_its_report_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, stops=RuntimeError("These attempts ended otherwise.")) == 1
    assert "The story stopped before its end: These attempts ended otherwise." in (tmp_path / "report.html").read_text()
    assert "report:" in capsys.readouterr().out


def test_a_stage_that_cannot_be_set_exits_with_1_and_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, stops=StageError("The engine is missing."), writes=False) == 1
    said = capsys.readouterr()
    assert "The demo stopped.  The engine is missing." in said.err
    assert said.out == "", "a script would look for a report that is not there"
