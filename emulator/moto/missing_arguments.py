"""A request of a REST service that lacks a required part of its query or of its headers.

For moto such a request is no operation at all. AWS knows by method and path which one is meant, and names what is
missing.
"""

from typing import Any


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after `moto.core.routing` was imported."""
    select = module.ActionSelector.select_action

    def select_action(self: Any, request: Any) -> Any:
        found = select(self, request)
        if found is not None:
            return found
        context = module.ActionConstraintContext(request)
        meant = [one.operation for one in self.candidates if _is_on_its_path(module, one.operation, context)]
        return meant[0] if len(meant) == 1 else None

    module.ActionSelector.select_action = select_action


def _is_on_its_path(module: Any, operation: Any, context: Any) -> bool:
    """Whether the request has what stands in the address of the operation itself, such as `?analytics`."""
    literals = operation.http_trait.query_args.items()
    return all(module.RequiredArg(name, value).accept(context) for name, value in literals)
