"""Whether `up` may be skipped after a preview, and the record of the last `up` that this is decided by.

| condition | where it is seen |
|---|---|
| no step of the preview changes a resource; dynamic resources were compared with AWS by it | preview |
| each step leaves in the state what is there: inputs, outputs, parent, provider, protect, ... | preview |
| no operation is pending | state |
| the state is, to the byte, what the last `up` left | state, record |
| settings, program, pack, pins and upstream contracts are those of the last `up` | record |

An event does not show everything that `up` writes: dependencies, timeouts and hooks are missing from it. They follow
from the program and what it reads, so the last condition stands for them. (An alias that is used shows as another URN.)
The record is a tag of the stack: it lies beside the state, in every kind of backend, and whoever deploys from another
machine finds it.
"""

import hashlib
import importlib.metadata
import json
import secrets
import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from airlock.deploy.engine_output import Step
from airlock.deploy.state import State

TAG = "airlock:last-up"
"""The stack tag that holds the record. Pulumi Cloud allows 40 characters of a name and 256 of a value."""

Digests = Mapping[str, str]
_LENGTH = 16
_GENERATED = {"build", "__pycache__"}


@dataclass(frozen=True)
class Evidence:
    """What decides about an `up`. State and record cost a command each, so they are read late."""

    steps: Collection[Step]
    digests: Digests
    read_state: Callable[[], State]
    read_record: Callable[[], str]

    @cached_property
    def state(self) -> State:
        """The state that the preview compared with."""
        return self.read_state()

    @cached_property
    def last_up(self) -> Digests:
        """The digests of the last `up`; empty where none is recorded."""
        return parse(self.read_record())

    @cached_property
    def now(self) -> Digests:
        """What the record of an `up` would say that wrote nothing."""
        return parse(record_of(self.digests, self.state))

    def is_recorded(self, name: str) -> bool:
        """Whether the last `up` had the same digest of that name."""
        return self.last_up.get(name) == self.now[name]


# Why `up` is made, and what holds when it need not be. In this order: what is cheap to know comes first.
CONDITIONS: tuple[tuple[str, Callable[[Evidence], bool]], ...] = (
    ("the preview shows a change", lambda seen: bool(seen.steps) and not any(step.is_change for step in seen.steps)),
    (
        "metadata or outputs would change in the state",
        lambda seen: not any(step.writes_state for step in seen.steps),
    ),
    ("an earlier run left an operation pending", lambda seen: not seen.state.pending),
    ("no earlier `up` is recorded", lambda seen: bool(seen.last_up)),
    ("the state is not as the last `airlock deploy` left it", lambda seen: seen.is_recorded("state")),
    ("the topology or the stack file has changed", lambda seen: seen.is_recorded("settings")),
    ("the program has changed", lambda seen: seen.is_recorded("program")),
    ("the policy pack has changed", lambda seen: seen.is_recorded("pack")),
    ("the engine, Python or an installed package has changed", lambda seen: seen.is_recorded("pins")),
    ("a contract that it reads has changed", lambda seen: seen.is_recorded("upstreams")),
)


def reason_for_up(seen: Evidence) -> str | None:
    """The first condition that is not met, or None: `up` would write nothing."""
    return next((reason for reason, is_met in CONDITIONS if not is_met(seen)), None)


def record_of(digests: Digests, state: State) -> str:
    """The record of an `up`: what went into it, as it was before, and the state that it left."""
    return ",".join(f"{name}={digest}" for name, digest in {**digests, "state": _short(state.digest)}.items())


def parse(record: str) -> Digests:
    """The digests in a record; empty for a text that is none."""
    return dict(part.split("=", 1) for part in record.split(",") if "=" in part)


def digest_of_files(*folders: Path, without: Collection[Path] = ()) -> str:
    """Names and content of the files, or of all files in the folders but hidden and generated ones."""
    total = hashlib.sha256()
    for folder in folders:
        for path in _files(folder, without):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(folder)} {content}\n".encode())
    return _short(total.hexdigest())


def digest_of_pins(engine_version: str, python: str) -> str:
    """Engine, Python and every installed package; never twice the same where the program runs in another Python."""
    if (shutil.which(python) or python) != sys.executable:
        return secrets.token_hex(_LENGTH // 2)
    installed = sorted({(each.name.lower(), each.version) for each in importlib.metadata.distributions()})
    return digest_of_values([engine_version, sys.version, *installed])


def digest_of_values(values: object) -> str:
    """Of anything that JSON can say."""
    return _short(hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest())


def digest_of_program(project: Path, without: Collection[Path]) -> str:
    """Everything in the project that has no digest of its own, and the package that this is."""
    return digest_of_files(project, Path(__file__).parents[1], without=without)


def _files(path: Path, without: Collection[Path]) -> Iterator[Path]:
    if path in without:
        return
    if path.is_file():
        yield path
    elif path.is_dir() and not (path / "pyvenv.cfg").is_file():
        for each in sorted(path.iterdir()):
            if not (each.name.startswith(".") or each.name in _GENERATED or each.suffix == ".egg-info"):
                yield from _files(each, without)


def _short(digest: str) -> str:
    """Enough against accidents. Whoever may write the tag may write the state, too."""
    return digest[:_LENGTH]
