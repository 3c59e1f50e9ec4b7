"""Many callers at once: nothing is lost and nothing is made twice."""

import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "444444444444"
THREADS = 16


def run_in_parallel(call: Any, times: int) -> list[Any]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(call, range(times)))


def pooled(emulator: Any, service: str) -> Any:
    return emulator.client(service, ACCOUNT, config=Config(max_pool_connections=THREADS))


def test_no_update_is_lost(emulator: Any) -> None:
    dynamodb = pooled(emulator, "dynamodb")
    dynamodb.create_table(
        TableName="counters",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )

    def count(_: int) -> None:
        dynamodb.update_item(
            TableName="counters",
            Key={"id": {"S": "one"}},
            UpdateExpression="ADD hits :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    run_in_parallel(count, 64)
    assert dynamodb.get_item(TableName="counters", Key={"id": {"S": "one"}})["Item"]["hits"] == {"N": "64"}


def test_of_many_creations_of_one_name_one_succeeds(emulator: Any) -> None:
    iam = pooled(emulator, "iam")

    def create(_: int) -> str:
        try:
            iam.create_user(UserName="only")
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "made"

    outcomes = run_in_parallel(create, 48)
    assert (outcomes.count("made"), outcomes.count("EntityAlreadyExists")) == (1, 47)


def test_callers_are_not_mixed_up(emulator: Any) -> None:
    clients = [emulator.client("sts", f"{number:012d}") for number in range(THREADS)]

    def who(number: int) -> bool:
        answer = clients[number % THREADS].get_caller_identity()
        return bool(answer["Account"] == f"{number % THREADS:012d}")

    assert all(run_in_parallel(who, 96))


def test_the_ledger_counts_every_call_once(emulator: Any) -> None:
    sts = pooled(emulator, "sts")
    run_in_parallel(lambda _: sts.get_caller_identity(), 48)
    assert [call["seq"] for call in emulator.calls()] == list(range(1, 49))


class TestClientsThatMisbehave:
    @pytest.fixture
    def wire(self, emulator: Any) -> Any:
        host, _, port = urlsplit(emulator.url).netloc.partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            yield connection

    def test_a_body_that_breaks_off_is_refused(self, emulator: Any, wire: Any) -> None:
        wire.sendall(b"POST /_emulator/seed HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{}")
        wire.shutdown(socket.SHUT_WR)
        assert wire.recv(1000).startswith(b"HTTP/1.1 400 ")
        assert emulator.control("GET", "health")["status"] == "ok"

    def test_a_chunk_that_makes_no_sense_is_refused(self, emulator: Any, wire: Any) -> None:
        wire.sendall(b"POST /_emulator/seed HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        assert wire.recv(1000).startswith(b"HTTP/1.1 400 ")
        assert emulator.control("GET", "health")["status"] == "ok"

    def test_a_refused_body_is_not_taken_for_the_next_request(self, emulator: Any, wire: Any) -> None:
        smuggled = b"GET /_emulator/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        head = f"POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: {len(smuggled)}\r\n\r\n".encode()
        wire.sendall(head + smuggled)
        answers = b""
        while chunk := wire.recv(1000):
            answers += chunk
        assert answers.startswith(b"HTTP/1.1 403 ")
        assert b"200 OK" not in answers

    def test_a_client_that_leaves_early_harms_nobody(self, emulator: Any) -> None:
        for _ in range(5):
            connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc)
            connection.request("GET", "/_emulator/health")
            connection.close()
        assert emulator.control("GET", "health")["status"] == "ok"

    def test_a_client_that_waits_for_100_continue_gets_it_once(self, emulator: Any, wire: Any) -> None:
        wire.sendall(
            b"POST /_emulator/clock HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        )
        assert wire.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.sendall(b"{}")
        assert wire.recv(1000).startswith(b"HTTP/1.1 400 ")
