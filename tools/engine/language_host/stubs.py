"""The stubs of Pulumi's protocol, without the SDK around them.

The engine starts the host twice for every command, and importing `pulumi` takes longer than all that the host does.
Empty parent modules in its place let the stubs be imported alone. This is for the host's process only: programs and
packs run in processes of their own and import the whole SDK. Where it is loaded already, nothing changes.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def _stand_in_for_the_sdk() -> None:
    if "pulumi" in sys.modules:
        return
    found = importlib.util.find_spec("pulumi")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'pulumi'", name="pulumi")
    folder = Path(found.origin).parent
    for name in ("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
        module = ModuleType(name)
        module.__path__ = [str(folder.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = module


_stand_in_for_the_sdk()

from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2  # noqa: E402 - see above

__all__ = ["language_pb2", "language_pb2_grpc", "plugin_pb2"]
