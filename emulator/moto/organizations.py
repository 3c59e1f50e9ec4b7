"""Puts `organizations_more` over moto's organizations."""

import importlib
from types import ModuleType


def extend(module: ModuleType) -> None:
    """Called by `emulator.moto.install` after moto's module was imported."""
    if module.__name__.endswith(".urls"):
        more = importlib.import_module("moto.organizations_more.urls")
        module.__dict__["url_paths"] = more.url_paths
        return
    models = importlib.import_module("moto.organizations_more.models")
    module.__dict__["organizations_backends"].backend = models.OrganizationsMoreBackend
