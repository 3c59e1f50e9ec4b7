"""`python -m airlock.cli`, and where the airlock.pyz of a kit begins. What is missing there is said in a sentence."""

import sys

# An older one cannot read the rest of the sources. A newer one may do: nobody is turned away on the worst day.
OLDEST = (3, 11)


def start() -> int:
    if sys.version_info < OLDEST:
        sys.stderr.write(f"{_too_old()}\n")
        return 2
    try:
        from airlock.cli.main import main

        return main()
    except ModuleNotFoundError as missing:
        name = missing.name or "?"
        sys.stderr.write(f"{_of_the_project(name) if name.startswith('airlock.') else _not_installed(name)}\n")
        return 2


def _too_old() -> str:
    return (
        f"Airlock is tested with Python 3.11, 3.12 and 3.13; this is {sys.version_info[0]}.{sys.version_info[1]}, so"
        " nothing was done. Run the same command with one of these, after `pip install -r requirements.txt` with it."
    )


def _of_the_project(module: str) -> str:
    return (
        f"`{module}` is not here: a kit holds what recovery needs (request, status, restore, teardown) and no more. Run"
        " this command in a checkout of the project."
    )


def _not_installed(package: str) -> str:
    return (
        f"The Python package `{package}` is not installed, so nothing was done. Run `pip install -r requirements.txt`,"
        " with the file beside this program, and then the same command again."
    )


if __name__ == "__main__":
    sys.exit(start())
