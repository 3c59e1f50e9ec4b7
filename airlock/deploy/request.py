"""What somebody asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class DeployRequest:
    """Which topology, with which program.

    `estate_path` is relative to the project unless it is absolute. `pulumi_bin` is the folder that holds `pulumi`;
    without it PATH decides. `environment` is added to the engine's environment, e.g. AWS_CONFIG_FILE or PULUMI_HOME.
    """

    estate_path: Path
    project_dir: Path
    pulumi_bin: Path | None = None
    environment: Mapping[str, str] | None = None

    @property
    def project(self) -> Path:
        return self.project_dir.resolve()
