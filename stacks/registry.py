"""Which module composes which role."""

from collections.abc import Callable
from importlib import import_module

from airlock.domain.contracts import Contract
from airlock.domain.roles import ROLES
from stacks.settings import Settings, readable

# Imported when needed: each role touches only the AWS services that it deploys.
MODULES = {role: f"stacks.{role}" for role in ROLES}


def compose(settings: Settings) -> Contract:
    """Makes the resources of the stack's role."""
    function: Callable[[Settings], Contract] = import_module(MODULES[settings.role]).compose
    with readable():
        return function(settings)
