"""The stage of the story: a copy of the project, an engine, an emulator, and an environment that touches nothing else.

The story works on a copy under `build/`, because the engine writes into the stack files. The copy's topology differs
from the original in one thing: state lies in folders beside it instead of in the buckets of a company.
"""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from demo.emulator import Emulator
from tools.engine.forks import SERVER

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ("Pulumi.yaml", "__main__.py", "estate.yaml", "estates", "components", "stacks", "policies", "airlock")
ESTATES = {"cross-organization": "estate.yaml", "cross-account": "estates/cross-account.yaml"}
CLEARED = ("AWS_", "PULUMI_", "AIRLOCK_", "OTEL_", "BOTO_")


class StageError(RuntimeError):
    """The stage could not be set; the sentence says what is missing."""


@dataclass
class Stage:
    """Where the story is told: folders, environment and the running emulator."""

    pattern: str
    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    """Variables of the commands' environment, besides those that every stage sets."""
    emulator_state: Path | None = None
    """The folder in which the emulator keeps its state; without one it keeps it in memory."""
    environment: dict[str, str] = field(default_factory=dict)
    emulator: Emulator | None = None
    emulator_options: tuple[str, ...] = ()
    """Further options of `python -m emulator`."""

    @property
    def project(self) -> Path:
        """The copy of the project."""
        return self.folder / "project"

    @property
    def estate_file(self) -> Path:
        """The topology of this pattern, in the copy."""
        return self.project / ESTATES[self.pattern]

    @property
    def kit(self) -> Path:
        """The break-glass kit that the deployment writes."""
        return self.project / "build" / "kit"

    def set_up(self) -> Emulator:
        """Copy the project into an empty folder, then `start`."""
        if self.emulator_state is not None:
            shutil.rmtree(self.emulator_state, ignore_errors=True)
        self._copy_project()
        return self.start()

    def start(self) -> Emulator:
        """Find the engine, start the emulator, install the stand-in plugin; the project's copy is there."""
        self.environment = self._environment()
        aws_config = Path(self.environment["AWS_CONFIG_FILE"])
        state = () if self.emulator_state is None else ("--state", str(self.emulator_state))
        emulator = Emulator.start(
            self.folder / "emulator.log",
            config_file=aws_config,
            root=ROOT,
            environment=self.environment,
            options=(*state, *self.emulator_options),
        )
        self.emulator = emulator
        self._run([sys.executable, "-m", "tools.aws_plugin.install", self.environment["PULUMI_HOME"]])
        return emulator

    def _copy_project(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.project.mkdir(parents=True)
        for name in PROGRAM:
            source, target = ROOT / name, self.project / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, target)
        self._keep_state_beside_the_copy()
        # Three processes of every engine operation import it, and each would compile it anew where Python is told to
        # keep no bytecode (PYTHONDONTWRITEBYTECODE, as containers often have it).
        compileall.compile_dir(self.project, quiet=2)

    def _keep_state_beside_the_copy(self) -> None:
        side, lines = "", []
        for line in self.estate_file.read_text(encoding="utf-8").splitlines():
            key, indent = line.strip().partition(":")[0], line[: len(line) - len(line.lstrip())]
            side = key if key in {"primary", "recovery"} and len(indent) == 2 else side
            state = self.folder / "state" / side
            state.mkdir(parents=True, exist_ok=True)
            kept = {"backend": f"backend: file://{state}", "secrets_provider": "secrets_provider: passphrase"}
            lines.append(indent + kept[key] if key in kept else line)
        self.estate_file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _environment(self) -> dict[str, str]:
        engine = self._run([sys.executable, "-m", "tools.engine"]).strip().splitlines()[-1]
        kept = {name: value for name, value in os.environ.items() if name == SERVER or not name.startswith(CLEARED)}
        interpreter = Path(sys.executable).parent
        return kept | {
            "PATH": os.pathsep.join([str(interpreter), engine, kept.get("PATH", "")]),
            "AWS_CONFIG_FILE": str(self.folder / "aws" / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "aws" / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "PULUMI_HOME": str(self.folder / "pulumi-home"),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_PYTHON_CMD": sys.executable,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
            "PYTHONPATH": str(ROOT),
            **self.settings,
        }

    def _run(self, command: list[str]) -> str:
        (self.folder / "aws").mkdir(exist_ok=True)
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment or None, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise StageError(
                done.stderr.strip() or f"`{' '.join(command[1:])}` failed with exit code {done.returncode}."
            )
        return done.stdout
