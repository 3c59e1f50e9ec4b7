"""The first requests that a process gets: what moto and botocore build for them, they build for one thread at a time.

Each test asks a fresh process, in which nothing was built yet. The front door is called as the HTTP server calls it,
with a lock that tells what happens to it.
"""

import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType, SimpleNamespace
from typing import Any

import pytest

from tests.emulator.conftest import PAYMENTS, ROOT

# One service for each protocol, and each of the routers.
FORM = "application/x-www-form-urlencoded"
CALLS: dict[str, dict[str, str]] = {
    "backup": {"REQUEST_METHOD": "GET", "PATH_INFO": "/backup-vaults"},
    "ram": {"PATH_INFO": "/listpermissions", "CONTENT_TYPE": "application/json", "body": "{}"},
    "s3": {"REQUEST_METHOD": "GET", "PATH_INFO": "/"},
    "dynamodb": {"HTTP_X_AMZ_TARGET": "DynamoDB_20120810.ListTables", "body": "{}"},
    "sts": {"CONTENT_TYPE": FORM, "body": "Action=GetCallerIdentity&Version=2011-06-15"},
    "ec2": {"CONTENT_TYPE": FORM, "body": "Action=DescribeRegions&Version=2016-11-15"},
}
SECONDS = 60
# As much of a server's start as comes before it says that it is ready.
START = """
import json, sys
from emulator.server import _server
from emulator.http.front_door import FrontDoor
from emulator.moto import install
from emulator.state import life
install.install()
door = FrontDoor({})
life.reset(keep_seeds=False)
_server("127.0.0.1", 0, door).server_close()
print(json.dumps(list(sys.modules)))
"""


class Lock:
    """A lock that knows who holds it, and says so when somebody finds it taken."""

    def __init__(self, found_taken: Callable[[], None]) -> None:
        self._lock = threading.RLock()
        self._found_taken = found_taken
        self.owner = 0

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._found_taken()
            self._lock.acquire()
        self.owner = threading.get_ident()

    def __exit__(self, *_: object) -> None:
        self.owner = 0
        self._lock.release()


def door_with(lock: Lock) -> Any:
    from emulator.http import front_door
    from emulator.moto import install

    install.install()
    vars(front_door)["threading"] = SimpleNamespace(Lock=lambda: lock)
    return front_door.FrontDoor({})


def ask(door: Any, service: str) -> str:
    """The status line of the answer; whatever fails in the front door is told, too."""
    call = dict(CALLS[service])
    body = call.pop("body", "").encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "HTTP_HOST": "127.0.0.1:4566",
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={PAYMENTS}/20260101/us-east-1/{service}/aws4_request, S=s",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "4566",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        **call,
    }
    started: list[str] = []
    try:
        door(environ, lambda status, _: started.append(status))
    except Exception as error:  # noqa: BLE001 - the server would drop the connection
        return repr(error)
    return started[0]


def two_first_calls(service: str) -> list[str]:
    """What two first calls of a service get, of which the second comes while the first one builds an operation."""
    building, go_on = threading.Event(), threading.Event()
    door = door_with(Lock(found_taken=go_on.set))
    from moto.core import model

    make = model.OperationModel.__init__

    def held(self: Any, *args: Any) -> None:
        if not building.is_set():
            building.set()
            go_on.wait(timeout=SECONDS)
        make(self, *args)

    vars(model)["OperationModel"] = type("Held", (model.OperationModel,), {"__init__": held})
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, door, service)
        building.wait(timeout=SECONDS)
        second = pool.submit(ask, door, service)
        second.add_done_callback(lambda _: go_on.set())
        return [first.result(), second.result()]


def called_outside_the_lock() -> list[str]:
    """Every function of moto and botocore that a first call of each service calls while it does not hold the lock."""
    lock = Lock(found_taken=lambda: None)
    door = door_with(lock)
    found: set[str] = set()

    def seen(frame: FrameType, event: str, _: Any) -> None:
        package, _, rest = frame.f_code.co_filename.partition("/site-packages/")[2].partition("/")
        if event == "call" and package in ("moto", "botocore") and lock.owner != threading.get_ident():
            found.add(f"{package}/{rest}:{frame.f_code.co_name}")

    threading.setprofile(seen)
    for service in CALLS:
        thread = threading.Thread(target=ask, args=(door, service))
        thread.start()
        thread.join(timeout=SECONDS)
    threading.setprofile(None)
    return sorted(found)


def in_a_fresh_process(expression: str) -> Any:
    program = f"import json; from {__name__} import *; print(json.dumps({expression}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("service", CALLS)
def test_a_call_that_comes_while_the_first_one_builds_the_service_is_answered_as_well(service: str) -> None:
    first, second = in_a_fresh_process(f"two_first_calls({service!r})")
    assert first == second == "200 OK", "The second one met what was only half built."


def test_nothing_of_moto_and_botocore_runs_outside_the_lock() -> None:
    """None of it was made for several threads, and what builds something at its first call looks like any other."""
    assert in_a_fresh_process("called_outside_the_lock()") == []


def test_what_only_some_call_needs_is_not_loaded_before_it() -> None:
    """Each of these takes a twentieth of the start or more."""
    late = {
        "pytest",
        "boto3",
        "flask",
        "time_machine",
        "responses",
        "unittest.mock",
        "moto.iam",
        "moto.s3",
        "moto.backup",
    }
    done = subprocess.run([sys.executable, "-c", START], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert late & set(json.loads(done.stdout)) == set()
