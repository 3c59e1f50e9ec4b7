"""An account whose services say what a test tells them to, for what the emulator cannot be made to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tools.aws_plugin.account import Account, Settings


def refusal(operation: str, code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


def in_turn(*answers: Any) -> Callable[..., Any]:
    """One answer after the other, the last one for ever; an exception is raised."""
    left: Iterator[Any] = iter(answers)
    latest: list[Any] = []

    def answer(**_: Any) -> Any:
        latest[:] = [next(left, *latest)]
        if isinstance(latest[0], Exception):
            raise latest[0]
        return latest[0]

    return answer


@dataclass
class Client:
    """Operations by name, as boto3 spells them; every call is written down."""

    answers: Mapping[str, Callable[..., Any]]
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            self.calls.append((operation, arguments))
            return self.answers[operation](**arguments)

        return call

    def get_paginator(self, operation: str) -> Any:
        return Pages(getattr(self, operation))

    def names(self) -> list[str]:
        return [name for name, _ in self.calls]


@dataclass
class Pages:
    """One page."""

    call: Callable[..., Any]

    def paginate(self, **arguments: Any) -> Iterator[Any]:
        yield self.call(**arguments)


class PretendedAccount(Account):
    """Payments in Ireland, with one client for every service."""

    def __init__(self, client: Client) -> None:
        super().__init__(Settings(region="eu-west-1"))
        self.only = client

    def client(self, service: str, region: str | None = None) -> Any:
        return self.only
