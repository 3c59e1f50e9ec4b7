"""Stands in for `moto.core.models`, which mocks boto3 in the process of a test: to load it took a tenth of our start.

What a server asks of it is here. Anything else comes from moto's own module, which is loaded then.
"""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import moto
from moto.core.base_backend import BackendDict

DEFAULT_ACCOUNT_ID = "123456789012"


class MockAWS:
    """Nothing is mocked in this process."""

    def __init__(self, *_: Any) -> None:
        raise NotImplementedError("The emulator is a server: what is tested against it runs in another process.")


ProxyModeMockAWS = ServerModeMockAWS = patch_client = patch_resource = MockAWS

__all__ = [
    "DEFAULT_ACCOUNT_ID",
    "BackendDict",
    "MockAWS",
    "ProxyModeMockAWS",
    "ServerModeMockAWS",
    "patch_client",
    "patch_resource",
]


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(_whole(), name)


@cache
def _whole() -> ModuleType:
    """moto's own module, under a name beside the one that this module has."""
    name = "moto.core.all_models"
    found = importlib.util.spec_from_file_location(name, Path(moto.__path__[-1]) / "core" / "models.py")
    if found is None or found.loader is None:
        raise ImportError("moto has no module core/models.py.")
    module = sys.modules[name] = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
