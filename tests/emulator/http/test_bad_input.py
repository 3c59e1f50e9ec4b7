"""Whatever arrives: an error in the form of AWS or the 501, at once, and nothing has changed."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.emulator.conftest import ROOT, Emulator
from tests.emulator.http.test_front_door import send, signed

ACCOUNT = "444444444444"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CALLS: dict[str, tuple[str, str, dict[str, str]]] = {
    "json": ("POST", "/", signed("dynamodb", **{"X-Amz-Target": "DynamoDB_20120810.CreateTable"})),
    "json of organizations": (
        "POST",
        "/",
        signed("organizations", **{"X-Amz-Target": "AWSOrganizationsV20161128.CreatePolicy"}),
    ),
    "rest-json": ("PUT", "/backup-vaults/mine", signed("backup")),
    "rest-json of mpa": ("POST", "/approval-teams?CREATE", signed("mpa")),
    "rest-xml": ("PUT", "/orders?versioning", signed("s3")),
    "query": ("POST", "/", signed("iam", **FORM)),
    "ec2": ("POST", "/", signed("ec2", **FORM)),
}
DEEP = 100_000
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what must be refused
BODIES: dict[str, bytes] = {
    "broken JSON": b'{"a": [1, 2',
    "a JSON list": b"[]",
    "a JSON number": b"1e999",
    "deep JSON": b"[" * DEEP,
    "deep JSON objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "NULs": b"\0\0\0\0",
    "NULs in a form": b"Action=CreateUser&Version=2010-05-08&UserName=a%00b",
    "not UTF-8": b'{"BackupVaultName": "\xff\xfe"}',
    "a form that is not UTF-8": b"Action=CreateUser&UserName=%ff%fe\xff",
    "broken XML": b"<VersioningConfiguration><Sta",
    "deep XML": b"<a>" * DEEP + b"</a>" * DEEP,
    "XML that grows": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
    "a form without an action": b"Version=2010-05-08&UserName=ada",
    "a form of many fields": b"&".join(b"a%d=1" % number for number in range(20_000)),
    "half a surrogate": b'{"CreatorRequestId": "\\ud800", "BackupVaultTags": 1}',
    "a lot of nothing": b" " * 1_000_000,
}


def state(emulator: Emulator) -> tuple[Any, ...]:
    """What the calls of CALLS would have changed."""
    return (
        emulator.client("backup", ACCOUNT).list_backup_vaults()["BackupVaultList"],
        emulator.client("dynamodb", ACCOUNT).list_tables()["TableNames"],
        emulator.client("iam", ACCOUNT).list_users()["Users"],
        emulator.client("s3", ACCOUNT).get_bucket_versioning(Bucket="orders").get("Status"),
        emulator.client("ec2", ACCOUNT).describe_volumes()["Volumes"],
    )


def is_an_error_of_aws(status: int, headers: Any, body: bytes) -> bool:
    if status not in range(400, 500) and status != 501:
        return False
    text = body.decode()
    if text.startswith("{"):
        return bool(json.loads(text)["__type"])
    return bool(re.search(r"<Code>\w+</Code>", text)) and bool(headers["x-amzn-ErrorType"])


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_makes_no_sense_is_refused_and_changes_nothing(emulator: Emulator, call: str, body: str) -> None:
    emulator.client("s3", ACCOUNT).create_bucket(Bucket="orders")
    before = state(emulator)
    method, path, headers = CALLS[call]
    status, answered, text = send(emulator, method, path, BODIES[body], **headers)
    if body == "a lot of nothing" and call.startswith("rest-json"):
        return
    assert is_an_error_of_aws(status, answered, text), f"{status} {text[:300]!r}"
    assert state(emulator) == before


@pytest.mark.parametrize("media_type", ["text/html", "image/png", "application/xml", "", "a/b; charset=\xff"])
@pytest.mark.parametrize("call", ["query", "ec2", "json", "rest-xml"])
def test_a_wrong_content_type_is_never_an_error_of_the_server(emulator: Emulator, call: str, media_type: str) -> None:
    method, path, headers = CALLS[call]
    status, answered, text = send(emulator, method, path, b"nonsense", **{**headers, "Content-Type": media_type})
    assert is_an_error_of_aws(status, answered, text), f"{status} {text[:300]!r}"


@pytest.mark.parametrize("path", ["/%00", "/%ff%fe", "/..%2f..", "//", "/?" + "a" * 60_000, "/backup-vaults/%00", "/%"])
@pytest.mark.parametrize("service", ["backup", "s3", "mpa", "sts"])
def test_a_strange_path_is_never_an_error_of_the_server(emulator: Emulator, service: str, path: str) -> None:
    status, answered, text = send(emulator, "POST", path, b"", **signed(service))
    assert is_an_error_of_aws(status, answered, text), f"{status} {text[:300]!r}"


# Everybody else waits twenty seconds for a body.
IMPATIENT = (
    "from emulator.http import connections; connections.SECONDS_FOR_A_BODY = 0.5;"
    " from emulator.__main__ import main; main([])"
)


@pytest.fixture
def impatient() -> Iterator[Emulator]:
    with subprocess.Popen([sys.executable, "-c", IMPATIENT], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Emulator(process.stdout.readline().split()[-1])
        process.terminate()


class TestOnTheWire:
    HEAD = b"POST /_emulator/clock HTTP/1.1\r\nHost: 127.0.0.1\r\n"

    def say(self, emulator: Emulator, data: bytes, *, more: bool = False) -> bytes:
        host, _, port = urlsplit(emulator.url).netloc.partition(":")
        with socket.create_connection((host, int(port)), timeout=40) as wire:
            wire.sendall(data)
            if not more:
                wire.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := wire.recv(65536):
                answer += chunk
        return answer

    @pytest.mark.parametrize(
        "data",
        [
            b"\0\1\2\3\r\n\r\n",
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"BREW /tea HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
            HEAD + b"".join(b"X-%d: 1\r\n" % number for number in range(200)) + b"\r\n",
            HEAD + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
            HEAD + b"Content-Length: -1\r\n\r\n",
            HEAD + b"Content-Length: 1e3\r\n\r\n",
            HEAD + b"Content-Length: 99999999999999999999\r\n\r\n",
            HEAD + b"Content-Length: 50\r\n\r\n{}",
            HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{}",
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
            HEAD + b"Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        ],
    )
    def test_what_is_no_proper_http_gets_one_refusal_and_the_connection_ends(
        self, emulator: Emulator, data: bytes
    ) -> None:
        before = emulator.control("GET", "clock")["now"][:16]
        answer = self.say(emulator, data)
        assert re.match(rb"HTTP/1\.1 4\d\d ", answer), answer[:300]
        assert b"<html" not in answer.lower()
        assert answer.count(b"HTTP/1.1 ") == 1
        assert emulator.control("GET", "clock")["now"][:16] >= before

    def test_a_body_that_never_comes_is_given_up(self, impatient: Emulator) -> None:
        answer = self.say(impatient, self.HEAD + b"Content-Length: 50\r\n\r\n{}", more=True)
        assert answer.startswith(b"HTTP/1.1 400 ")


class TestStrangers:
    @pytest.mark.parametrize("path", ["/", "/_emulator/health", "/portal/"])
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1:1"},
            {"Origin": "https://evil.example.com"},
            {"Host": "127.0.0.1.nip.example"},
            {"Host": "localhost:80:80"},
            {"Host": "user@127.0.0.1"},
            {"Host": "localhost.evil.example.com"},
            {"Host": EVERYWHERE},
        ],
    )
    def test_a_foreign_page_or_name_is_refused_everywhere(
        self, emulator: Emulator, path: str, headers: dict[str, str]
    ) -> None:
        status, answered, _ = send(emulator, "GET", path, None, **{**signed("s3"), **headers})
        assert status == 403
        assert "Access-Control-Allow-Origin" not in answered

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10:1", "[::1]:4566", "LOCALHOST"])
    def test_every_name_of_this_machine_is_welcome(self, emulator: Emulator, host: str) -> None:
        assert send(emulator, "GET", "/_emulator/health", None, Host=host)[0] == 200

    def test_its_own_pages_may_call(self, emulator: Emulator) -> None:
        own = {"Origin": emulator.url, "Sec-Fetch-Site": "same-origin"}
        assert send(emulator, "GET", "/_emulator/health", None, **own)[0] == 200


class TestHost:
    def start(self, host: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "emulator", "--host", host],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @pytest.mark.parametrize(
        "host", [EVERYWHERE, "::", "192.0.2.1", "169.254.169.254", "example.com", "::ffff:10.0.0.1"]
    )
    def test_what_others_could_reach_is_refused_with_the_reason(self, host: str) -> None:
        output, errors = self.start(host).communicate(timeout=60)
        assert output == ""
        assert re.fullmatch(r"emulator: .*(whoever reaches it|is no address).*127\.0\.0\.1.*\n", errors), errors

    @pytest.mark.parametrize("host", ["127.0.0.2", "localhost", "::1"])
    def test_loopback_addresses_are_listened_on(self, host: str) -> None:
        if host == "::1" and not os.path.exists("/proc/net/if_inet6"):  # noqa: PTH110 - a file of the kernel
            pytest.skip("this machine has no IPv6")
        process = self.start(host)
        assert process.stdout is not None
        line = process.stdout.readline()
        found = Emulator(line.split()[-1]).control("GET", "health")["status"] if line else process.communicate()[1]
        process.terminate()
        process.communicate(timeout=20)
        assert found == "ok"
