"""A copy of the sample project in a temporary folder, with the real topology in front of file backends."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from airlock.deploy import (
    DeployRequest,
    DeployResult,
    Event,
    Note,
    OperationStarted,
    PreviewResult,
    deploy,
    preview,
)
from airlock.deploy.plan import PlannedStack
from tests.engine.support import wait_for_file

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = Path(__file__).resolve().parent / "sample"
STACKS = ["management", "recovery", "backup-admin", "vault-orders", "workload-payments", "forensic", "landing"]


@dataclass
class Project:
    """`behave` says what a stack's resource does; `events` is what was told during the last request."""

    folder: Path
    estate: str = "estate.yaml"
    environment: Mapping[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    @property
    def request(self) -> DeployRequest:
        return DeployRequest(estate_path=Path(self.estate), project_dir=self.folder, environment=self.environment)

    @property
    def notes(self) -> list[str]:
        return [event.sentence for event in self.events if isinstance(event, Note)]

    def deploy(self) -> DeployResult:
        self.events.clear()
        return deploy(self.request, self.events.append)

    def preview(self) -> PreviewResult:
        self.events.clear()
        return preview(self.request, self.events.append)

    @property
    def started(self) -> list[tuple[str, str]]:
        """Stack and operation of everything that was begun."""
        return [(event.stack, event.operation) for event in self.events if isinstance(event, OperationStarted)]

    def locks(self) -> list[Path]:
        return [path for path in self.folder.parent.glob("state-*/.pulumi/locks/**/*.json") if path.is_file()]

    def deployed(self) -> dict[str, list[tuple[str, str]]]:
        """Type and name of each resource in each stack's state, as the files of the backend hold them."""
        found = {}
        for path in sorted(self.folder.parent.glob("state-*/.pulumi/stacks/airlock/*.json")):
            resources = json.loads(path.read_text())["checkpoint"]["latest"].get("resources") or []
            found[path.stem] = sorted((each["type"], each["urn"].rpartition("::")[2]) for each in resources)
        return found

    def resources(self, stack: str) -> list[dict[str, Any]]:
        """Everything that the stack's state says of its resources."""
        [path] = self.folder.parent.glob(f"state-*/.pulumi/stacks/airlock/{stack}.json")
        resources: list[dict[str, Any]] = json.loads(path.read_text())["checkpoint"]["latest"]["resources"]
        return resources

    def behave(self, **stacks: Mapping[str, Any]) -> None:
        """Stack names are written with an underscore for the dash."""
        named = {name.replace("_", "-"): behaviour for name, behaviour in stacks.items()}
        (self.folder / "behaviour.json").write_text(json.dumps(named))


def make_project(folder: Path, estate: str = "estate.yaml") -> Project:
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "stacks" / "config", folder / "stacks" / "config")
    for name in ("estate.yaml", "estates/cross-account.yaml"):
        topology = yaml.safe_load((ROOT / name).read_text())
        for side, organization in topology["organizations"].items():
            backend = f"file://{folder.parent / f'state-{side}'}"
            organization["state"] = {"backend": backend, "secrets_provider": "passphrase"}
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(yaml.safe_dump(topology))
    for file in (folder / "stacks" / "config").glob("*.yaml"):
        # What a developer's own runs left in the tree belongs to another state.
        kept = {"config": yaml.safe_load(file.read_text())["config"]}
        file.write_text(yaml.safe_dump(kept))
    project = Project(folder, estate)
    project.behave()
    return project


def planned_stack(name: str, **settings: Any) -> PlannedStack:
    """A stack of the role that it is named after, in the primary organization."""
    usual = {"role": name, "account": "a", "side": "primary", "backend": "b", "secrets_provider": "s", "upstreams": ()}
    return PlannedStack(name=name, **{**usual, **settings})


@contextmanager
def hanging_deployment(project: Project, pipe: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """`airlock deploy` in a process of its own, in the middle of a create; with the id of the provider's process."""
    os.mkfifo(pipe)
    os.mkfifo(f"{pipe}-release")
    project.behave(management={"hang": str(pipe)}, recovery={"program": "Far enough."})
    command = [sys.executable, "-m", "tests.deploy", str(project.folder)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        yield process, int(wait_for_file(pipe))


def release(pipe: Path) -> None:
    """Lets the create end. The provider may be gone by then, and a pipe without a reader would hold us for ever."""
    handle = os.open(f"{pipe}-release", os.O_RDWR)
    os.write(handle, b"go on")
    os.close(handle)


def engine_of(process: int) -> int:
    listed = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", str(process)], capture_output=True, text=True)
    return next(int(line.split()[0]) for line in listed.stdout.splitlines() if "pulumi" in line)
