"""The session and the clients of a connection, made once per process, in the account that is meant and no other.

No call is made into an account before `sts:GetCallerIdentity` has said that it is the right one: a profile that points
elsewhere would otherwise build vaults, or start votes, in a stranger's account.

boto3 is loaded by the first call, not by the import: a Pulumi program imports the clients through its resources, and
only the process of their providers ever calls one.
"""

import threading
from typing import TYPE_CHECKING, Any

from airlock.clients.translate import translated
from airlock.domain.connection import Connection
from airlock.domain.errors import WrongAccount

if TYPE_CHECKING:
    import boto3

_sessions: dict[Connection, "boto3.Session"] = {}
_clients: dict[tuple[Connection, str, str], Any] = {}
_right_account: set[Connection] = set()
# Creating a boto3 session or client is not thread-safe; using one is. The engine calls providers on four threads.
_lock = threading.RLock()


def session(connection: Connection) -> "boto3.Session":
    """The session of a connection, made once per process and checked against the account that is meant."""
    from airlock.clients.opening import open_session

    with _lock:
        session = _sessions.get(connection)
        if session is None:
            with translated(connection):
                session = open_session(connection, _lock)
            _sessions[connection] = session
        _check_account(connection, session)
        return session


def client(connection: Connection, service: str, region: str | None = None) -> Any:
    """A boto3 client; `region` overrides that of the connection (teams live in one Region only)."""
    from airlock.clients.opening import CALLS

    key = (connection, service, region or connection.region)
    with _lock:
        if key not in _clients:
            # The stubs know each service by name; here any name will do.
            opened: Any = session(connection)
            with translated(connection):
                _clients[key] = opened.client(service, region_name=key[2], config=CALLS)
        return _clients[key]


def forget() -> None:
    """Drops every session and client. For a process that outlives its AWS configuration."""
    with _lock:
        _sessions.clear()
        _clients.clear()
        _right_account.clear()


def _check_account(connection: Connection, opened: "boto3.Session") -> None:
    from airlock.clients.opening import FIRST_CALL

    if connection in _right_account:
        return
    with translated(connection):
        sts = opened.client("sts", region_name=connection.region, config=FIRST_CALL)
        account = sts.get_caller_identity()["Account"]
    if account != connection.account_id:
        via = f"profile `{connection.profile}`" if connection.profile else "what the environment holds"
        raise WrongAccount(
            f"Account {connection.account_id} is meant, but {via} opens account {account}. Nothing was changed. "
            "Correct `profile` of the account in estate.yaml (of a kit: in inventory.json), or the profile itself."
        )
    _right_account.add(connection)
