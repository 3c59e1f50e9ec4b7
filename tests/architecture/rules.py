"""The two tables of the house: which room may import which, and where a third-party package may appear."""

from pathlib import Path

from tests.architecture.emulator import PACKAGES as EMULATOR

# Room -> the rooms it may import. A room is a folder; the longest name that fits a module wins, so a file directly
# under `airlock/` belongs to `airlock`. "*" means anything of ours.
ROOMS: dict[str, set[str]] = {
    "airlock": set(),
    "airlock.domain": set(),
    "airlock.estate": {"airlock.domain"},
    "airlock.bootstrap": {"airlock.estate", "airlock.domain"},
    "airlock.clients": {"airlock.domain"},
    "airlock.providers": {"airlock.clients", "airlock.domain"},
    "airlock.deploy": {"airlock.gate", "airlock.estate", "airlock.domain"},
    "airlock.gate": {"airlock.estate", "airlock.domain"},
    "airlock.readiness": {"airlock.clients", "airlock.domain"},
    "airlock.runbook": {"airlock.readiness", "airlock.clients", "airlock.domain"},
    "airlock.cli": {
        "airlock",
        "airlock.domain",
        "airlock.estate",
        "airlock.bootstrap",
        "airlock.clients",
        "airlock.deploy",
        "airlock.gate",
        "airlock.readiness",
        "airlock.runbook",
    },
    "components": {"airlock.providers", "airlock.domain"},
    "stacks": {"components", "airlock.estate", "airlock.domain"},
    "__main__": {"stacks"},
    "policies": set(),
    **EMULATOR,
    "tools": set(),
    # It describes the emulator, so it has to look at it.
    "tools.fidelity": {"emulator.moto"},
    "demo": {
        "airlock",
        "airlock.runbook",
        "airlock.deploy",
        "airlock.estate",
        "airlock.domain",
        "airlock.bootstrap",
        "tools",
    },
    "tests": {"*"},
    "bench": {"*"},
}

# Package -> the rooms, or single files, in which it may be imported.
PACKAGES: dict[str, set[str]] = {
    "boto3": {"airlock.clients", "demo", "emulator", "tools/aws_plugin"},
    "botocore": {"airlock.clients", "demo", "emulator", "tools/aws_plugin", "tools/fidelity"},
    "pulumi": {
        "__main__",
        "stacks",
        "components",
        "airlock.providers",
        "airlock.deploy",
        "tools/aws_plugin",
        "tools/engine/language_host",
    },
    "pulumi_aws": {"components", "stacks", "tools/aws_plugin"},
    "pydantic": {"airlock.estate", "stacks/settings.py"},
    "yaml": {"airlock.estate", "stacks/settings.py"},
    "pulumi_policy": {"policies"},
    "typer": {"airlock.cli", "demo", "bench"},
    "rich": {"airlock.cli", "demo", "bench"},
    "jinja2": {"airlock.readiness", "airlock.runbook", "emulator/portal", "demo"},
    "moto": {"emulator"},
    "flask": {"emulator"},
    "werkzeug": {"emulator"},
}

# Any package at all: they look at everything.
FREE = {"tests", "bench"}
# Not one package: everything else is written in these words.
STANDARD_LIBRARY_ONLY = {"airlock.domain"}
# Top-level names under which our rooms are imported; the pack's own package goes by its bare name.
FIRST_PARTY = {name.partition(".")[0] for name in ROOMS} | {"vault_rules"}


def room_of(path: Path) -> str | None:
    """The room of a file, given relative to the project."""
    name = ".".join(path.with_suffix("").parts)
    rooms = [room for room in ROOMS if name == room or name.startswith(f"{room}.")]
    return max(rooms, key=len, default=None)
