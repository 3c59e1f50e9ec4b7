"""Which operations of a service the code answers: read from the classes that its addresses lead to, never listed."""

import ast
import importlib
import inspect
import textwrap
from functools import cache
from typing import Any

import botocore.session

from emulator.moto import install

# Services whose moto package has another name than their model.
_PACKAGES = {"sso-admin": "ssoadmin"}


@cache
def operations(service: str) -> frozenset[str]:
    """Every operation of the service model."""
    return frozenset(_session().get_service_model(service).operation_names)


@cache
def method_names(service: str) -> dict[str, str]:
    """Operation by the name of its method on a boto3 client."""
    from botocore import xform_name

    return {xform_name(name): name for name in operations(service)}


@cache
def answered(service: str) -> frozenset[str]:
    """The operations that reach code; all others are answered 501."""
    install.install()
    utils: Any = importlib.import_module("moto.core.utils")
    methods: dict[str, Any] = {}
    for handler in _classes(service):
        methods.update(inspect.getmembers(handler, inspect.isfunction))
    found = {name for name in operations(service) if _is_answer(methods.get(utils.camelcase_to_underscores(name)))}
    return frozenset(found | _routed_by_query(service))


def _classes(service: str) -> list[type]:
    """The classes behind the addresses of the service, after our extensions."""
    package = _PACKAGES.get(service, service)
    importlib.import_module(f"moto.{package}.models")
    urls: Any = importlib.import_module(f"moto.{package}.urls")
    owners = [getattr(handler, "__self__", None) for handler in urls.url_paths.values()]
    found = [owner if inspect.isclass(owner) else type(owner) for owner in owners if owner is not None]
    return list(dict.fromkeys(found))


def _is_answer(method: Any) -> bool:
    """Whether a method does anything before it says that it is not implemented."""
    return method is not None and not _only_refuses(method)


@cache
def _only_refuses(method: Any) -> bool:
    try:
        source = textwrap.dedent(inspect.getsource(method))
    except (OSError, TypeError):
        return False
    if "NotImplementedError" not in source:
        return False
    last = ast.parse(source).body[0]
    statements = last.body if isinstance(last, ast.FunctionDef) else []
    return bool(statements) and isinstance(statements[-1], ast.Raise) and len(statements) <= 3


def _routed_by_query(service: str) -> set[str]:
    """S3's operations are told apart by the query, so moto keeps their names beside the code."""
    if service != "s3":
        return set()
    responses: Any = importlib.import_module("moto.s3.responses")
    constants = {
        node.value
        for node in ast.walk(ast.parse(inspect.getsource(responses)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return constants & operations(service)


@cache
def _session() -> Any:
    return botocore.session.get_session()
