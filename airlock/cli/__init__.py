"""The `airlock` command. What it does lives in the other rooms; here it is only given a terminal.

Each command imports its room when it is called: in an emergency `airlock status` must work without Pulumi.
"""

from airlock.cli.main import main

__all__ = ["main"]
