"""Puts the plugin where an engine with this PULUMI_HOME finds it: `python -m tools.aws_plugin.install PULUMI_HOME`.

Only into a folder of its own, never on a PATH: for people who work with real AWS the real plugin must be the one found.
"""

from __future__ import annotations

import compileall
import shlex
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORK_CLIENT = ROOT / "tools" / "engine" / "language_host" / "fork_client.py"


def install(home: Path) -> Path:
    """The launcher's path. Installing again is harmless."""
    folder = home / "plugins" / f"resource-aws-v{metadata.version('pulumi-aws')}"
    folder.mkdir(parents=True, exist_ok=True)
    launcher = folder / "pulumi-resource-aws"
    fresh = folder / "pulumi-resource-aws.new"
    fresh.write_text(_launcher(), encoding="utf-8")
    fresh.chmod(0o755)
    fresh.replace(launcher)
    # Each operation starts it, and would compile it each time where Python is told to keep no bytecode.
    compileall.compile_dir(Path(__file__).parent, quiet=2)
    return launcher


def _launcher() -> str:
    """`-u`: the engine waits for the port. `-P`: the program's own folder must not hide this package."""
    python, root = shlex.quote(sys.executable), shlex.quote(str(ROOT))
    return f"""#!/bin/sh
export PYTHONPATH={root}
set -- -m tools.aws_plugin "$@"
if [ -n "${{AIRLOCK_FORK_SERVER:-}}" ]; then exec {python} -I -S {shlex.quote(str(FORK_CLIENT))} "$@"; fi
exec {python} -P -u "$@"
"""


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m tools.aws_plugin.install PULUMI_HOME\n")
        return 2
    sys.stdout.write(f"{install(Path(arguments[0]).expanduser().resolve())}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
