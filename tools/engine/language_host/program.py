"""Runs one Pulumi program against the engine whose addresses it is given."""

import argparse
import asyncio
import logging
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pulumi
import pulumi.runtime

from .children import REPORTED


class Settings(argparse.Namespace):
    parent: int
    project: str
    stack: str
    parallel: int
    dry_run: bool
    monitor: str
    engine: str
    organization: str
    root_directory: str
    program: str
    arguments: list[str]


def parse(arguments: list[str]) -> Settings:
    parser = argparse.ArgumentParser(description="Runs one Pulumi program.")
    parser.add_argument("--parent", type=int)
    parser.add_argument("--parallel", type=int, default=0)
    parser.add_argument("--dry-run", action="store_true")
    for name in ("project", "stack", "monitor", "engine", "organization", "root-directory"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("program")
    parser.add_argument("arguments", nargs="*")
    return parser.parse_args(arguments, namespace=Settings())


def run(settings: Settings) -> int:
    _connect(settings)
    sys.argv = [settings.program, *settings.arguments]
    # An unfinished future of a failed program is no news: the reason for the failure has been reported.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pool = ThreadPoolExecutor(max_workers=max(settings.parallel, 1) * 4)
    loop.set_default_executor(pool)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: _execute(settings.program)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return REPORTED
    except Exception:  # noqa: BLE001 - the edge of somebody else's program: whatever it raises belongs to its author
        pulumi.log.error(f"Program failed with an unhandled exception:\n{_of_the_program(settings.program)}")
        return REPORTED
    finally:
        pool.shutdown(wait=True)
        loop.close()
    return 0


def _connect(settings: Settings) -> None:
    pulumi.runtime.set_all_config(pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env())
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            project=settings.project,
            stack=settings.stack,
            parallel=settings.parallel,
            dry_run=settings.dry_run,
            monitor=settings.monitor,
            engine=settings.engine,
            organization=settings.organization,
            root_directory=settings.root_directory,
        )
    )


def _execute(program: str) -> None:
    path = Path(program)
    if path.is_dir() and not (path / "__main__.py").exists():
        raise pulumi.RunError(
            f"There is no `__main__.py` in {path.resolve()}: a Python project needs one, beside Pulumi.yaml or in the"
            " folder that `main` names."
        )
    if path.is_file():
        # run_path does this for a folder only; a program in a file may import what lies beside it, too.
        sys.path.insert(0, str(path.resolve().parent))
    runpy.run_path(program, run_name="__main__")


def _of_the_program(program: str) -> str:
    """The traceback from the first frame of the user's own program on: what lies above it is machinery."""
    kind, error, trace = sys.exc_info()
    home = str(Path(program).resolve())
    step = trace
    while step is not None and not _is_below(home, step.tb_frame.f_code.co_filename):
        step = step.tb_next
    return "".join(traceback.format_exception(kind, error, step or trace))


def _is_below(home: str, file: str) -> bool:
    # Frames of frozen modules have names like `<frozen runpy>`, which are no paths.
    return os.path.isabs(file) and os.path.realpath(file).startswith(home)  # noqa: PTH117 - text, not files
