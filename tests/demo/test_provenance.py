"""What a report says that it was made with."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from airlock import __version__
from demo.provenance import commit_of, provenance

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=n@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def checkout(folder: Path) -> Path:
    git(folder, "init", "--quiet")
    (folder / "file").write_text("one")
    git(folder, "add", "file")
    git(folder, "commit", "--quiet", "--message", "one")
    return folder


def test_the_commit_is_whole_and_says_when_files_were_changed(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    commit = git(folder, "rev-parse", "HEAD")
    assert commit_of(folder) == commit
    (folder / "file").write_text("two")
    assert commit_of(folder) == f"{commit}-dirty"


def test_a_folder_that_is_no_checkout_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = checkout(tmp_path) / "unpacked"
    inside.mkdir()
    assert commit_of(inside) == "not in a checkout", "the commit of the folder around it is that of something else"
    monkeypatch.setenv("PATH", "")
    assert commit_of(tmp_path) == "not in a checkout", "without git the commit is not known"


def test_version_engine_and_interpreter_are_named(tmp_path: Path) -> None:
    engine = tmp_path / "pulumi"
    engine.write_text("#!/bin/sh\necho v3.999.0\n")
    engine.chmod(0o755)
    made_with = provenance({"PATH": str(tmp_path)})
    assert (made_with["version"], made_with["engine"]) == (__version__, "Pulumi 3.999.0")
    assert provenance({"PATH": ""})["engine"] == "Pulumi was not found"
