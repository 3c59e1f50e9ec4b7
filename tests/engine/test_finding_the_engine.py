"""An installed engine first, then the cached one, then a build with Go, then a sentence that names both ways."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from tools.engine import ENGINE_VERSION, EngineError, engine_bin
from tools.engine.language_host.packages import distributions, plugins
from tools.engine.locate import cache_bin, is_compatible

Script = Callable[[str, str], Path]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of one empty folder, and a cache that nobody has used."""
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def script(path: Path) -> Script:
    def write(name: str, text: str) -> Path:
        file = path / name
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        return file

    return write


GO = """
if [ "$1" = env ]; then echo go1.26.0; exit 0; fi
echo "go: downloading a module"
printf 'half of a binary' > "$GOBIN/pulumi"
"""


def silently(line: str) -> None:
    del line


def test_a_machine_with_neither_is_told_both_ways(path: Path, project_root: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "tools.engine"], cwd=project_root, capture_output=True, text=True)
    assert done.returncode == 1
    assert "There is no `pulumi` on PATH" in done.stderr
    assert "https://www.pulumi.com/docs/install/" in done.stderr
    assert "install Go" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == "", "a caller must not take an error for a folder"


def test_an_installed_engine_of_a_fitting_version_is_used(path: Path, script: Script) -> None:
    script("pulumi", f"echo v{ENGINE_VERSION}")
    script("pulumi-language-python", "")
    assert engine_bin(silently) == path


def test_an_engine_without_a_language_host_is_not_used(path: Path, script: Script) -> None:
    script("pulumi", f"echo v{ENGINE_VERSION}")
    with pytest.raises(EngineError, match="has no `pulumi-language-python` beside it"):
        engine_bin(silently)


def test_an_older_engine_is_not_used(path: Path, script: Script) -> None:
    script("pulumi", "echo v3.200.0")
    script("pulumi-language-python", "")
    with pytest.raises(EngineError, match=f"is older than {ENGINE_VERSION}"):
        engine_bin(silently)


@pytest.mark.parametrize(
    ("version", "fits"),
    [("3.259.0", True), ("3.272.1", True), ("3.258.9", False), ("4.0.0", False), ("", False), ("dev", False)],
)
def test_later_releases_of_the_same_major_version_fit(version: str, fits: bool) -> None:
    assert is_compatible(version) is fits


def test_go_builds_the_engine_once_and_the_next_look_needs_no_go(path: Path, script: Script) -> None:
    go = script("go", f'{GO}\n/bin/chmod +x "$GOBIN/pulumi"')
    said: list[str] = []
    folder = engine_bin(said.append)
    assert folder == cache_bin()
    assert (folder / "pulumi").exists()
    assert any("Building the Pulumi engine" in line for line in said), "minutes of silence look like a hang"
    for name in ("pulumi-language-python", "pulumi-resource-pulumi-python"):
        assert os.access(folder / name, os.X_OK), f"the engine cannot start {name}"
    go.unlink()
    assert engine_bin(silently) == folder


def test_a_killed_build_leaves_nothing_that_looks_finished(path: Path, script: Script) -> None:
    script("go", f"{GO}\nkill -{int(signal.SIGKILL)} $$")
    with pytest.raises(EngineError, match="Go could not build the Pulumi engine"):
        engine_bin(silently)
    assert not (cache_bin() / "pulumi").exists()
    assert list(cache_bin().parent.glob(".building-*")) == []


def test_a_failed_build_shows_what_go_said(path: Path, script: Script) -> None:
    script("go", f'{GO}\necho "dial tcp: no route to host"; exit 1')
    with pytest.raises(EngineError, match=r"needs the network(.|\n)*no route to host"):
        engine_bin(silently)


def test_a_go_that_is_too_old_counts_as_none(path: Path, script: Script) -> None:
    script("go", "echo go1.24.9")
    with pytest.raises(EngineError, match="install Go"):
        engine_bin(silently)


def test_the_installed_host_does_not_depend_on_this_checkout(path: Path, script: Script, project_root: Path) -> None:
    script("go", f'{GO}\n/bin/chmod +x "$GOBIN/pulumi"')
    folder = engine_bin(silently)
    for file in folder.rglob("*"):
        assert not file.is_symlink(), f"{file} leads back into a checkout that may vanish"
        if file.is_file():
            assert str(project_root).encode() not in file.read_bytes(), f"{file} names a checkout that may vanish"


def test_the_installed_host_is_compiled_once_and_not_at_each_start(path: Path, script: Script) -> None:
    script("go", f'{GO}\n/bin/chmod +x "$GOBIN/pulumi"')
    modules = list(engine_bin(silently).rglob("language_host/*.py"))
    assert modules, "there is no host"
    for module in modules:
        assert Path(cache_from_source(module)).is_file(), f"{module.name} is compiled anew five times per operation"


def test_a_changed_host_replaces_the_launcher_and_leaves_running_ones_alone(path: Path, script: Script) -> None:
    script("go", f'{GO}\n/bin/chmod +x "$GOBIN/pulumi"')
    folder = engine_bin(silently)
    launcher = folder / "pulumi-language-python"
    current = launcher.read_text()
    launcher.write_text("an older launcher")
    engine_bin(silently)
    assert launcher.read_text() == current
    assert len(list(folder.glob("python-host-*"))) == 1


def test_the_packages_that_ship_a_plugin_are_asked_for_with_their_exact_version() -> None:
    found = {plugin["name"]: plugin["version"] for plugin in plugins(sys.executable)}
    assert found == {"aws": "v7.51.1"}, "the policy SDK says that it needs no plugin"


def test_another_interpreter_is_asked_for_what_is_installed_in_itself(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    other = tmp_path / "venv" / "bin" / "python"
    assert plugins(str(other)) == []
    sdk = next((tmp_path / "venv" / "lib").glob("python*")) / "site-packages" / "pulumi_sample"
    sdk.mkdir()
    (sdk / "pulumi-plugin.json").write_text('{"resource": true, "version": "1.2.3", "server": "https://example.com"}')
    assert plugins(str(other)) == [{"name": "sample", "version": "v1.2.3", "server": "https://example.com"}]
    assert distributions(str(other)) == []
