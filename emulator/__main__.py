"""`python -m emulator`: start AWS on the loopback."""

import argparse
import sys
from pathlib import Path

from emulator.world import pace


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="emulator", description="A stand-in for AWS on the loopback.")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on; 0, the default, takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address, IPv4 or IPv6; others are refused")
    parser.add_argument("--seed", type=Path, help="a JSON file of organizations, accounts and people to start with")
    parser.add_argument(
        "--pace",
        choices=(pace.FAST, pace.REAL),
        default=pace.FAST,
        help="fast: an intermediate state ends when it was seen once; real: it takes the documented time on the clock",
    )
    parser.add_argument(
        "--aws-config", type=Path, help="write an AWS configuration file with a profile per account here"
    )
    parser.add_argument(
        "--check-answers",
        action="store_true",
        help="hold every answer against AWS's service model and answer 500 when it does not fit; for tests",
    )
    parser.add_argument(
        "--id-seed", type=int, metavar="N", help="other ids, and the same keys and tokens of sessions in every run too"
    )
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="keep the state in this folder; it survives a kill at any moment"
    )
    chosen = parser.parse_args(arguments)

    from emulator.server import Options, StartError, run

    try:
        run(
            Options(
                port=chosen.port,
                seed=chosen.seed,
                pace=chosen.pace,
                aws_config=chosen.aws_config,
                check_answers=chosen.check_answers,
                id_seed=chosen.id_seed,
                state=chosen.state,
                host=chosen.host,
            )
        )
    except StartError as error:
        sys.stderr.write(f"emulator: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
