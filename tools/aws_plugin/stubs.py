"""The stubs of Pulumi's protocol, without the SDK around them.

The engine starts this plugin up to three times for each command, and importing all of `pulumi` takes longer than what
the plugin does. In its own process empty parent modules take the SDK's place; where the SDK is loaded already, nothing
changes.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def import_alone() -> None:
    """Let `pulumi.runtime.proto` be imported alone. For the plugin's own process, before its server is imported."""
    found = importlib.util.find_spec("pulumi")
    if "pulumi" in sys.modules or found is None or found.origin is None:
        return
    folder = Path(found.origin).parent
    for name in ("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
        module = ModuleType(name)
        module.__path__ = [str(folder.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = module
