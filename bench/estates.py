"""What size costs: a thousand accounts, ten thousand vaults, a hundred thousand points; long lists; ninety days."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from bench.servers import our_server
from bench.wire import aws, control

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.servers import Server
    from bench.wire import Connection

REGION = "eu-west-1"
_DAY = 24 * 3600
_PLANS_PER_ACCOUNT = 5


@dataclass
class Spending:
    """What the steps of one measurement cost: wall seconds, processor seconds of the server, its memory afterwards."""

    rows: list[tuple[str, float, float, float]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, server: Server) -> Iterator[None]:
        """Measure a block."""
        started, cpu = time.monotonic(), server.cpu_seconds()
        yield
        self.rows.append((name, time.monotonic() - started, server.cpu_seconds() - cpu, server.resident()))


def big_estate(accounts: int, vaults: int, points: int) -> Spending:
    """Accounts by the seed, vaults through the API, points in bulk (see `bench.filled_emulator`); then look at it."""
    spending = Spending()
    names = [_account(number) for number in range(accounts)]
    seed = _seed(names)
    with our_server("bench.filled_emulator", "--points", f"0,{points // vaults}") as server:
        connection = server.connect()
        with spending.step(f"{accounts:,} accounts, by the seed", server):
            connection.send(control("POST", "seed", seed)).document()
        with spending.step(f"{vaults:,} vaults, through the API", server):
            for number in range(vaults):
                request = aws(
                    "backup", names[number % accounts], "PUT", f"/backup-vaults/v-{number}", {}, region=REGION
                )
                connection.send(request).document()
        with spending.step(f"{points:,} recovery points, in bulk", server):
            connection.send(control("POST", "seed", seed)).document()
        with spending.step(f"ListRecoveryPointsByBackupVault in {accounts:,} accounts", server):
            for number, name in enumerate(names):
                path = f"/backup-vaults/v-{number}/recovery-points/"
                connection.send(aws("backup", name, "GET", path, region=REGION)).document()
        connection.close()
    return spending


def listing_costs(sizes: list[int]) -> dict[int, tuple[float, float]]:
    """Seconds per item and per page of one vault's whole list of points, in pages of 1000, by the vault's size."""
    account = _account(0)
    costs: dict[int, tuple[float, float]] = {}
    with our_server("bench.filled_emulator", "--points", ",".join(map(str, [0, *sizes]))) as server:
        connection = server.connect()
        connection.send(control("POST", "seed", _seed([account]))).document()
        connection.send(aws("backup", account, "PUT", "/backup-vaults/long", {}, region=REGION)).document()
        for size in sizes:
            connection.send(control("POST", "seed", _seed([account]))).document()
            items, pages, seconds = _walk(connection, account)
            if items != size:
                raise RuntimeError(f"The list of a vault of {size} points held {items}.")
            costs[size] = seconds / items, seconds / pages
        connection.close()
    return costs


def _walk(connection: Connection, account: str) -> tuple[int, int, float]:
    items, pages, seconds, token = 0, 0, 0.0, ""
    while pages == 0 or token:
        more = f"&nextToken={quote(token, safe='')}" if token else ""
        path = f"/backup-vaults/long/recovery-points/?maxResults=1000{more}"
        reply = connection.send(aws("backup", account, "GET", path, region=REGION))
        document = reply.document()
        items, pages, seconds = items + len(document["RecoveryPoints"]), pages + 1, seconds + reply.seconds
        token = document.get("NextToken", "")
    return items, pages, seconds


def fast_forward(plans: int, days: int) -> Spending:
    """Plans with a daily rule and a resource each, five to an account; then the days pass in one step."""
    spending = Spending()
    accounts = [_account(number) for number in range(-(-plans // _PLANS_PER_ACCOUNT))]
    with our_server() as server:
        connection = server.connect()
        connection.send(control("POST", "seed", _seed(accounts))).document()
        with spending.step(f"{plans} plans with a selection and a table each", server):
            for number in range(plans):
                _plan(connection, accounts[number // _PLANS_PER_ACCOUNT], number)
        with spending.step(f"{days} days of {plans} daily plans", server):
            connection.send(control("POST", "clock", {"advance_seconds": days * _DAY})).document()
        made = sum(_points(connection, account) for account in accounts)
        if made == 0:
            raise RuntimeError("The plans made no recovery points, so nothing was measured.")
        connection.close()
    return spending


def _plan(connection: Connection, account: str, number: int) -> None:
    role = f"arn:aws:iam::{account}:role/backup"
    if number % _PLANS_PER_ACCOUNT == 0:
        _open_account(connection, account)
    table = f"orders-{number}"
    create = "DynamoDB_20120810.CreateTable"
    connection.send(aws("dynamodb", account, "POST", "/", _table(table), region=REGION, target=create)).document()
    rule = {
        "RuleName": "daily",
        "TargetBackupVaultName": "local",
        "ScheduleExpression": f"cron({number % 60} {number % 24} * * ? *)",
        "Lifecycle": {"DeleteAfterDays": 35},
    }
    body = {"BackupPlan": {"BackupPlanName": f"plan-{number}", "Rules": [rule]}}
    made = connection.send(aws("backup", account, "PUT", "/backup/plans/", body, region=REGION)).document()
    resource = f"arn:aws:dynamodb:{REGION}:{account}:table/{table}"
    selection = {"BackupSelection": {"SelectionName": "one", "IamRoleArn": role, "Resources": [resource]}}
    path = f"/backup/plans/{made['BackupPlanId']}/selections/"
    connection.send(aws("backup", account, "PUT", path, selection, region=REGION)).document()


def _open_account(connection: Connection, account: str) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    form = f"Action=CreateRole&Version=2010-05-08&RoleName=backup&AssumeRolePolicyDocument={quote(json.dumps(trust))}"
    reply = connection.send(aws("iam", account, "POST", "/", form))
    if reply.status != 200:
        raise RuntimeError(f"CreateRole answered {reply.status}: {reply.body.decode()[:300]}")
    connection.send(aws("backup", account, "PUT", "/backup-vaults/local", {}, region=REGION)).document()
    wanted = {"ResourceTypeManagementPreference": {"DynamoDB": True}}
    connection.send(aws("backup", account, "PUT", "/account-settings", wanted, region=REGION)).document()


def _points(connection: Connection, account: str) -> int:
    path = "/backup-vaults/local/recovery-points/?maxResults=1000"
    return len(connection.send(aws("backup", account, "GET", path, region=REGION)).document()["RecoveryPoints"])


def _table(name: str) -> dict[str, object]:
    return {
        "TableName": name,
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }


def _account(number: int) -> str:
    return f"{300000000000 + number}"


def _seed(accounts: list[str]) -> dict[str, object]:
    management = "111111111111"
    return {
        "organizations": [
            {
                "management": management,
                "accounts": [
                    {"id": account, "name": f"account-{account}", "email": f"{account}@example.com"}
                    for account in [management, *accounts]
                ],
            }
        ]
    }
