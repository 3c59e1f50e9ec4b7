"""What is installed in an interpreter: the plugins that its packages need, and the packages themselves."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata

_PLUGIN_FILE = "pulumi-plugin.json"


@dataclass(frozen=True)
class Package:
    """An installed distribution; `plugin` names the resource plugin it is the SDK of, if it is one."""

    name: str
    version: str
    plugin: str = ""
    plugin_version: str = ""
    server: str = ""


def installed(python: str) -> list[Package]:
    """The packages of that interpreter. Another one than our own is asked in a process."""
    if python == sys.executable:
        return list(_here())
    with open(__file__, encoding="utf-8") as source:  # noqa: PTH123 - the text of this very file, to be run elsewhere
        program = source.read()
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True)
    return [Package(**each) for each in json.loads(done.stdout)]


def _here() -> Iterator[Package]:
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        described = _plugin_description(distribution)
        if described is None:
            yield Package(name, distribution.version)
        else:
            version = str(described.get("version") or distribution.version)
            yield Package(
                name,
                distribution.version,
                plugin=str(described.get("name") or name.removeprefix("pulumi-").removeprefix("pulumi_")),
                plugin_version=version if version.startswith("v") else f"v{version}",
                server=str(described.get("server") or ""),
            )


def _plugin_description(distribution: metadata.Distribution) -> dict[str, object] | None:
    """The file by which an SDK names its plugin; `resource: false` (the policy SDK) means that it needs none."""
    for file in distribution.files or []:
        if file.name == _PLUGIN_FILE:
            described = json.loads(file.read_text())
            return dict(described) if described.get("resource") else None
    return None


if __name__ == "__main__":
    sys.stdout.write(json.dumps([asdict(package) for package in _here()]))
