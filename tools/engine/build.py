"""Builds the `pulumi` command line with Go from the module in this folder. Minutes when cold, seconds when warm."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from tools.engine.errors import EngineError
from tools.engine.locate import ENGINE_VERSION

GO_VERSION = "1.25.11"
MODULE = Path(__file__).resolve().parent
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_SECONDS_BETWEEN_LINES = 10.0


def go_command() -> str | None:
    """The `go` to build with, or None where it is missing or too old for the engine's module."""
    go = shutil.which("go")
    if go is None:
        return None
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, env=_environment(), cwd=Path.home())
    numbers = re.match(r"go(\d+)\.(\d+)(?:\.(\d+))?", said.stdout.strip())
    if numbers is None:
        return None
    found = tuple(int(number or 0) for number in numbers.groups())
    return go if found >= tuple(int(number) for number in GO_VERSION.split(".")) else None


def build_engine(folder: Path, say: Callable[[str], None]) -> None:
    """Puts `pulumi` into the folder in one step: a build that is killed leaves nothing that looks finished."""
    go = go_command()
    if go is None:
        raise EngineError(f"Go {GO_VERSION} or later is needed to build the engine, and there is none on PATH.")
    say(f"Building the Pulumi engine {ENGINE_VERSION} with Go, once for this user: up to five minutes ...")
    with tempfile.TemporaryDirectory(prefix=".building-", dir=folder.parent) as room:
        _run_build(go, Path(room), say)
        (Path(room) / "pulumi").replace(folder / "pulumi")
    say(f"Built {folder / 'pulumi'}")


def _run_build(go: str, target: Path, say: Callable[[str], None]) -> None:
    flags = f"-s -w -X {_VERSION_VARIABLE}=v{ENGINE_VERSION}"
    command = [go, "install", "-v", "-trimpath", "-tags", "osusergo,grpcnotrace", "-ldflags", flags, "tool"]
    with subprocess.Popen(
        command,
        cwd=MODULE,
        env={**_environment(), "GOBIN": str(target)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            last = _follow(process.stdout or iter(()), say)
            code = process.wait()
        finally:
            # An interrupt must not leave a compiler running behind the prompt.
            if process.poll() is None:
                process.terminate()
    if code != 0:
        raise EngineError(
            "Go could not build the Pulumi engine. The first build needs the network, for the Go modules named in"
            f" {MODULE / 'go.sum'}. When the network is there, run this again; or install Pulumi {ENGINE_VERSION} or"
            " later by its own instructions (https://www.pulumi.com/docs/install/). Go said:\n" + "\n".join(last)
        )


def _follow(lines: Iterable[str], say: Callable[[str], None]) -> list[str]:
    """Says now and then how far the build is (Go prints a line per package) and keeps the end for an error."""
    last: deque[str] = deque(maxlen=15)
    started = said = time.monotonic()
    for count, line in enumerate(lines, start=1):
        last.append(line.rstrip())
        now = time.monotonic()
        if now - said >= _SECONDS_BETWEEN_LINES:
            say(f"  {now - started:4.0f} s  {count:5} packages fetched or compiled, now {last[-1]}")
            said = now
    return list(last)


def _environment() -> dict[str, str]:
    # GOTOOLCHAIN=local: never fetch another compiler. readonly: never rewrite go.sum in the tree.
    return {**os.environ, "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly"}
