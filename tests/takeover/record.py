"""`python -m tests.takeover.record NAME`: what the program in this tree leaves, one fixture per pattern."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from demo.chapters.deployment import MOST_RUNS, accept_invitations, bootstrap, seed, where
from demo.command import DONE, WAITING
from demo.stage import ESTATES, ROOT, Stage
from tests.takeover.calls import EMULATOR
from tests.takeover.fixture import FIXTURES, HANDOVER, STACK_FILES, STATE_FOLDER, Fixture, Manifest
from tests.takeover.selection import needed, recorded_calls
from tests.takeover.site import Site, ledger_of, opened

if TYPE_CHECKING:
    from tests.takeover.calls import Call

ID_SEED = 7
PASSPHRASE = ""
"""That of the demo: it opens states in which nothing is secret."""


def record(fixture: Fixture, folder: Path) -> None:
    """Deploy the estate of one pattern in `folder` until nothing waits, and write what is left of it."""
    with opened(fixture.folder.name, folder, ID_SEED) as site:
        seed(site.tale)
        site.let_profiles_point_to_the_proxy()
        bootstrap(site.tale)
        site.tale.emulator.enforce()
        _deploy_until_nothing_waits(site)
        states = site.states()
        calls = recorded_calls(site.proxy.exchanges, ledger_of(site.url), site.url)
        write(fixture, site.stage, states, calls, {site.url: EMULATOR, str(site.state_folder): STATE_FOLDER})


def write(fixture: Fixture, stage: Stage, states: dict[str, Any], calls: list[Call], addresses: dict[str, str]) -> None:
    """Write a fixture from all calls and the stage's project. `addresses` are replaced wherever they stand."""
    handover = stage.project / HANDOVER
    names = {f"Pulumi.{stack}.yaml" for stack in states}
    held = {
        "estate": stage.estate_file.read_text(encoding="utf-8"),
        "stack_files": {name: (stage.project / STACK_FILES / name).read_text(encoding="utf-8") for name in names},
        "states": states,
        "handover": json.loads(handover.read_text(encoding="utf-8")) if handover.is_file() else None,
    }
    manifest = Manifest(
        pattern=stage.pattern, recorded_at=calls[0].at, id_seed=ID_SEED, passphrase=PASSPHRASE, versions=_versions()
    )
    fixture.write(manifest, **_replaced(held, addresses), calls=needed(calls, [states, held["handover"]]))


def _deploy_until_nothing_waits(site: Site) -> None:
    for run in range(MOST_RUNS):
        done = site.tale.airlock("deploy", *where(site.tale), expect=(DONE, WAITING))
        if done.code == DONE:
            return
        if run == 0:
            accept_invitations(site.tale)
    raise RuntimeError(f"After {MOST_RUNS} runs the deployment still waits, so there is nothing to record.")


def _replaced(data: Any, addresses: dict[str, str]) -> Any:
    if isinstance(data, dict):
        return {key: _replaced(value, addresses) for key, value in data.items()}
    if isinstance(data, list):
        return [_replaced(each, addresses) for each in data]
    if isinstance(data, str):
        for old, new in addresses.items():
            data = data.replace(old, new)
    return data


def _versions() -> dict[str, str]:
    commit = ["git", "rev-parse", "HEAD"]
    engine = [sys.executable, "-m", "tools.engine"]
    pulumi = Path(_said(engine)) / "pulumi"
    return {
        "airlock": version("airlock"),
        "commit": _said(commit),
        "pulumi": _said([str(pulumi), "version"]),
        "pulumi_aws": version("pulumi_aws"),
        "python": platform.python_version(),
    }


def _said(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.takeover.record", description=__doc__)
    parser.add_argument(
        "name", help="the folder of the fixtures, e.g. 2026-11-first: the month and what changed states"
    )
    parser.add_argument("--pattern", choices=sorted(ESTATES), help="record this pattern only")
    parser.add_argument("--into", type=Path, default=FIXTURES, help="the folder of all fixtures")
    chosen = parser.parse_args()
    for pattern in [chosen.pattern] if chosen.pattern else sorted(ESTATES):
        fixture = Fixture(chosen.into / chosen.name / pattern)
        if fixture.folder.exists():
            parser.error(f"{fixture.folder} is there already: a fixture is recorded once and never again.")
        with TemporaryDirectory(prefix="airlock-takeover-") as folder:
            record(fixture, Path(folder) / "stage")
        sys.stdout.write(f"{fixture.name} recorded\n")


if __name__ == "__main__":
    main()
