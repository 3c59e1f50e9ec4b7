"""Entry of the folder as it lies in the cache: `python -u .../language_host serve|program|module ...`."""

import gc
import importlib
import sys
from pathlib import Path

# Python puts this folder first on the path. Its files are no top-level modules, and a program that is run from here
# must not see them at all: `commands` takes the entry off again once everything of ours is loaded.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

# A process lives for one operation, and what it imports stays. To look among that for garbage every 700 new objects is
# a tenth of its start.
gc.set_threshold(10_000, 50, 1_000)

if __name__ == "__main__":
    sys.exit(importlib.import_module("language_host.commands").main(sys.argv[1:]))
