"""`python -m airlock.cli`."""

import sys

from airlock.cli.main import main

sys.exit(main())
