"""`python -m tools.engine`: prints the folder of the engine's binaries; progress goes to stderr."""

import sys

from tools.engine.ensure import engine_bin
from tools.engine.errors import EngineError


def main() -> int:
    try:
        folder = engine_bin()
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nThe engine build was interrupted; nothing was left half made. Run it again to go on.\n")
        return 130
    sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
