"""Requests per second and p99 of our server and of plain moto, in alternating rounds on the same calls."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.servers import MOTO, OURS, moto_server, our_server
from bench.wire import aws, control

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.servers import Server

ENFORCED = "enforcing"
ACCOUNTS = 100
MANAGEMENT = "111111111111"
_ORGANIZATIONS = "AWSOrganizationsV20161128."


@dataclass
class Samples:
    """What rounds came to, by (operation, server, whether connections were kept): requests per second and p99 seconds
    of each round, and over all rounds the processor seconds of the server per call, which a busy machine leaves alone.
    """

    rates: dict[tuple[str, str, bool], list[float]] = field(default_factory=dict)
    tails: dict[tuple[str, str, bool], list[float]] = field(default_factory=dict)
    processor: dict[tuple[str, str, bool], list[tuple[float, int]]] = field(default_factory=dict)
    resident: dict[str, float] = field(default_factory=dict)
    ready: dict[str, float] = field(default_factory=dict)
    first_answer: dict[str, float] = field(default_factory=dict)

    def add(self, key: tuple[str, str, bool], seconds: list[float], processor: float) -> None:
        """Keep one round: the seconds of each of its calls, and the processor seconds of all of them."""
        self.processor.setdefault(key, []).append((processor, len(seconds)))
        self.rates.setdefault(key, []).append(len(seconds) / sum(seconds))
        self.tails.setdefault(key, []).append(sorted(seconds)[max(0, round(len(seconds) * 0.99) - 1)])

    def rate(self, operation: str, server: str, *, keep: bool = True) -> float | None:
        found = self.rates.get((operation, server, keep))
        return None if found is None else median(found)

    def tail(self, operation: str, server: str) -> float | None:
        found = self.tails.get((operation, server, True))
        return None if found is None else median(found)

    def cost(self, operation: str, server: str, *, keep: bool = True) -> float | None:
        """Processor seconds of the server per call."""
        found = self.processor.get((operation, server, keep))
        return None if found is None else sum(spent for spent, _ in found) / sum(calls for _, calls in found)

    def ratio(self, operation: str, server: str, *, keep: bool = True) -> float | None:
        """Against moto in the same rounds: the median of the rounds' own ratios. More than 1.00 is faster."""
        ours, theirs = self.rates.get((operation, server, keep)), self.rates.get((operation, MOTO, keep))
        if ours is None or theirs is None:
            return None
        return median(one / other for one, other in zip(ours, theirs, strict=True))


def _requests(operation: str, turn: str, number: int) -> Iterator[bytes]:
    """The calls of one round. A new account per round: a Region of an account takes 300 vaults, and no more."""
    account = f"2{zlib.crc32(turn.encode()):011d}"
    for index in range(number):
        name = f"vault-{turn}-{index}"
        if operation == "CreateBackupVault":
            yield aws("backup", account, "PUT", f"/backup-vaults/{name}", {})
        elif operation == "DescribeBackupVault":
            yield aws("backup", MANAGEMENT, "GET", "/backup-vaults/described")
        elif operation == "ListAccounts":
            # AWS gives no more than 20 at once; plain moto would give all 100.
            yield _organizations("ListAccounts", {"MaxResults": 20})
        else:
            yield aws("ram", account, "POST", "/createresourceshare", {"name": name})


OPERATIONS = ("CreateBackupVault", "DescribeBackupVault", "ListAccounts", "CreateResourceShare")


def _organizations(operation: str, document: dict[str, Any]) -> bytes:
    return aws("organizations", MANAGEMENT, "POST", "/", document, target=_ORGANIZATIONS + operation)


def measure(rounds: int, calls: int) -> Samples:
    """Alternate between the servers; each round of each operation sees the same machine."""
    samples = Samples()
    with our_server() as ours, moto_server() as moto:
        for name, server in ((OURS, ours), (MOTO, moto)):
            samples.ready[name], samples.first_answer[name] = server.ready, server.first_answer
            samples.resident[name] = server.resident()
            _prepare(server)
        enforcement = _enforce(ours, on=True) and _enforce(ours, on=False)
        turns = [(OURS, ours), (MOTO, moto), *([(ENFORCED, ours)] if enforcement else [])]
        for turn in range(rounds):
            for operation in OPERATIONS:
                for keep in (True, False):
                    for name, server in turns if turn % 2 == 0 else reversed(turns):
                        if enforcement:
                            _enforce(ours, on=name == ENFORCED)
                        label = f"{turn}{'k' if keep else 'n'}{name.replace(', ', '-')}"
                        before = server.cpu_seconds()
                        seconds = _round(server, operation, label, calls, keep=keep)
                        samples.add((operation, name, keep), seconds, server.cpu_seconds() - before)
    return samples


def _prepare(server: Server) -> None:
    """An organization of 100 accounts, and the vault that is described."""
    connection = server.connect()
    connection.send(_organizations("CreateOrganization", {"FeatureSet": "ALL"})).document()
    for number in range(ACCOUNTS - 1):
        account = {"AccountName": f"account-{number}", "Email": f"account-{number}@example.com"}
        connection.send(_organizations("CreateAccount", account)).document()
    connection.send(aws("backup", MANAGEMENT, "PUT", "/backup-vaults/described", {})).document()
    for operation in OPERATIONS:
        for request in _requests(operation, f"warm-{operation}", 3):
            connection.send(request).document()
    connection.close()


def _round(server: Server, operation: str, label: str, calls: int, *, keep: bool) -> list[float]:
    connection = server.connect(keep=keep)
    replies = [connection.send(request) for request in list(_requests(operation, label, calls))]
    connection.close()
    for reply in replies:
        if reply.status >= 300:
            reply.document()
    return [reply.seconds for reply in replies]


def _enforce(server: Server, *, on: bool) -> bool:
    """Turn the evaluation of permissions on or off; False where the emulator has no such switch."""
    connection = server.connect()
    reply = connection.send(control("POST", "enforcement", {"on": on}))
    connection.close()
    if reply.status == 404:
        return False
    return bool(json.loads(reply.body)["on"]) is on
