"""moto's router of REST requests: a request that lacks a required part of its query or of its headers, and its start.

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
    # werkzeug compiles code that makes an address of each rule, which takes most of a router's first use. Nobody asks.
    module.SmithyRule._compile_builder = _compile_nothing  # noqa: SLF001


def _is_on_its_path(module: Any, operation: Any, context: Any) -> bool:
    """Whether the request has what stands in the address of the operation itself, such as `?analytics`."""
    literals = operation.http_trait.query_args.items()
    return all(module.RequiredArg(name, value).accept(context) for name, value in literals)


def _compile_nothing(*_: Any) -> Any:
    return _no_address


def _no_address(*_: Any) -> Any:
    raise NotImplementedError("The router of requests makes no addresses.")
