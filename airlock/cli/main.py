"""The table of contents of the command, and the one place where an error becomes a sentence and an exit code."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from airlock import __version__
from airlock.cli import deployment, emergency, rehearsal, topology
from airlock.cli.terminal import complain, log_to_stderr
from airlock.domain.errors import AirlockError

_INTERRUPTED = 130

app = typer.Typer(
    name="airlock",
    help="Keeps backups out of an attacker's reach and proves that they come back.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(topology.app, name="estate")
app.add_typer(deployment.handover_app, name="handover")
app.command()(topology.bootstrap)
app.command()(deployment.preview)
app.command()(deployment.deploy)
app.command()(deployment.kit)
app.command()(emergency.request)
app.command()(emergency.status)
app.command()(emergency.restore)
app.command()(emergency.teardown)
app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(rehearsal.emulator)


def _print_version(requested: bool) -> None:
    if requested:
        sys.stdout.write(f"airlock {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more about what happens, on stderr.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Exit codes: 0 done, 1 failed, 2 wrong usage or topology, 3 waiting for people, 4 could not find out."""
    del version
    log_to_stderr(verbose=verbose)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. Errors of ours are sentences on stderr, never tracebacks."""
    try:
        code = app(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except AirlockError as error:
        complain(str(error))
        return error.exit_code
    except typer.TyperException as error:
        complain(f"{error.format_message()} See `airlock COMMAND --help`.")
        return error.exit_code
    except typer.Abort:
        code = _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody to complain to.
        sys.stderr.close()
        return 1
    except OSError as error:
        complain(f"The machine refused: {error}. Correct that, then run the same command again.")
        return 1
    if code == _INTERRUPTED:
        complain("Interrupted. What was done by then stands; run the same command again to go on.")
    return code if isinstance(code, int) else 0
