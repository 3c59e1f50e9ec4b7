"""`python -m tools.fidelity`: write emulator/FIDELITY.md; with `--check`, say whether it is what it would write."""

import argparse
import sys

from tools.fidelity.chapters import DOCUMENT, compose
from tools.fidelity.sources import FidelityError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.fidelity", description="Writes emulator/FIDELITY.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is out of date")
    chosen = parser.parse_args(arguments)
    try:
        text = compose()
    except FidelityError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if not chosen.check:
        DOCUMENT.write_text(text)
    elif DOCUMENT.read_text() != text:
        sys.stderr.write("emulator/FIDELITY.md is out of date. Run `.venv/bin/python -m tools.fidelity`.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
