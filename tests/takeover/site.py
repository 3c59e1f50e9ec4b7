"""An estate on an emulator with a recording proxy between: what recording and taking over have in common."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib import request

from airlock.estate.stack_files import load_stack_files
from demo.people import ByControlInterface
from demo.stage import Stage
from demo.story import open_tale
from tests.takeover.proxy import Proxy, recording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.tale import Tale

# Where in which file a resource was asked for: paths of the machine, which the engine writes anew in every run.
_OF_THE_MACHINE = frozenset({"sourcePosition", "stackTrace"})


@dataclass
class Site:
    """A tale whose every call goes through `proxy`; `url` is the address of the emulator itself."""

    tale: Tale
    proxy: Proxy
    url: str

    @property
    def stage(self) -> Stage:
        return self.tale.stage

    @property
    def state_folder(self) -> Path:
        """The folder of all state backends."""
        return self.stage.folder / "state"

    @property
    def stacks(self) -> dict[str, str]:
        """The side of each stack, in the order of their deployment."""
        files = load_stack_files(self.stage.project, self.stage.estate_file)
        return {file.name: self.tale.estate.side_of_role(file.role) for file in files}

    def pulumi(self, stack: str, *arguments: str) -> str:
        """What one `pulumi` command for a stack says, in the backend of its side."""
        environment = self.stage.environment | {
            "PULUMI_BACKEND_URL": self.tale.estate.state(self.stacks[stack]).backend
        }
        command = ["pulumi", *arguments, "--stack", stack, "--non-interactive"]
        done = subprocess.run(
            command, cwd=self.stage.project, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"`{' '.join(command)}` ended with exit code {done.returncode}:\n{done.stderr}")
        return done.stdout

    def states(self) -> dict[str, dict[str, Any]]:
        """The state of every stack, without what belongs to this machine."""
        return {stack: _without_places(json.loads(self.pulumi(stack, "stack", "export"))) for stack in self.stacks}

    def let_profiles_point_to_the_proxy(self) -> None:
        """The emulator writes the profiles with its own address whenever accounts are seeded."""
        profiles = Path(self.stage.environment["AWS_CONFIG_FILE"])
        profiles.write_text(profiles.read_text(encoding="utf-8").replace(self.url, self.proxy.url), encoding="utf-8")


def ledger_of(url: str, since: int = 0) -> list[dict[str, Any]]:
    """The ledger of an emulator, with the id of each request."""
    with request.urlopen(f"{url}/_emulator/ledger?since={since}", timeout=120) as answer:  # noqa: S310 - the loopback
        return list(json.load(answer)["calls"])


@contextmanager
def opened(pattern: str, folder: Path, id_seed: int) -> Iterator[Site]:
    """A stage in `folder` with an empty emulator, whose control calls go through the proxy, too."""
    stage = Stage(pattern=pattern, folder=folder, emulator_options=("--id-seed", str(id_seed)))
    with open_tale(stage, ByControlInterface, lambda _: None) as tale, recording(tale.emulator.url) as proxy:
        site = Site(tale, proxy, tale.emulator.url)
        tale.emulator.url = proxy.url
        yield site


def _without_places(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_places(value) for key, value in data.items() if key not in _OF_THE_MACHINE}
    return [_without_places(each) for each in data] if isinstance(data, list) else data
