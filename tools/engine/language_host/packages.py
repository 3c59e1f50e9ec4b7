"""What is installed in an interpreter: the plugins that its packages need, and the packages themselves."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path


def plugins(python: str) -> list[dict[str, str]]:
    """Name, version and server of each resource plugin whose SDK is installed there."""
    return _ask(python, "plugins")


def distributions(python: str) -> list[dict[str, str]]:
    """Name and version of each package that is installed there."""
    return _ask(python, "distributions")


def _ask(python: str, question: str) -> list[dict[str, str]]:
    """Our own interpreter is asked directly, another one in a process."""
    if python == sys.executable:
        return list(_QUESTIONS[question]())
    program = Path(__file__).read_text(encoding="utf-8")
    done = subprocess.run([python, "-c", program, question], capture_output=True, text=True, check=True)
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def _plugins() -> Iterator[dict[str, str]]:
    """An SDK says in `pulumi-plugin.json` which plugin it belongs to; `resource: false` (the policy SDK) means none.

    The file lies in the package's own folder. Reading the record of every installed package to find it would take a
    second of each command.
    """
    for folder in dict.fromkeys(Path(entry) for entry in sys.path):
        for file in sorted(folder.glob("*/pulumi-plugin.json")):
            described = json.loads(file.read_text(encoding="utf-8"))
            if not described.get("resource"):
                continue
            version = described.get("version") or metadata.version(file.parent.name)
            yield {
                "name": described.get("name") or file.parent.name.removeprefix("pulumi_"),
                "version": f"v{version.removeprefix('v')}",
                "server": described.get("server") or "",
            }


def _distributions() -> Iterator[dict[str, str]]:
    for distribution in metadata.distributions():
        yield {"name": distribution.metadata["Name"], "version": distribution.version}


_QUESTIONS = {"plugins": _plugins, "distributions": _distributions}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(list(_QUESTIONS[sys.argv[1]]())))
