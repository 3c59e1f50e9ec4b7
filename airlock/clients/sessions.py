"""A boto3 session from plain data: profile, role, Region, and the account that is meant.

No call is made into an account before `sts:GetCallerIdentity` has said that it is the right one: a profile that points
elsewhere would otherwise build vaults, or start votes, in a stranger's account.
"""

import threading
from typing import Any

import boto3
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError
from botocore.loaders import create_loader
from botocore.session import Session as CoreSession

from airlock.clients.translate import translated
from airlock.domain.connection import Connection
from airlock.domain.errors import WrongAccount

_CALLS = Config(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=5,
    read_timeout=60,
    user_agent_extra="airlock",
)
# Whoever cannot be reached at all should hear so in seconds.
_FIRST_CALL = _CALLS.merge(Config(retries={"mode": "standard", "total_max_attempts": 2}))

_sessions: dict[Connection, boto3.Session] = {}
_clients: dict[tuple[Connection, str, str], Any] = {}
_right_account: set[Connection] = set()
# Each session would read AWS's API descriptions anew, which takes longer than the calls.
_api_models = create_loader()
# Creating a boto3 session or client is not thread-safe; using one is. The engine calls providers on four threads.
_lock = threading.RLock()


def session(connection: Connection) -> boto3.Session:
    """The session of a connection, made once per process and checked against the account that is meant."""
    with _lock:
        session = _sessions.get(connection)
        if session is None:
            with translated(connection):
                session = _open(connection)
            _sessions[connection] = session
        _check_account(connection, session)
        return session


def client(connection: Connection, service: str, region: str | None = None) -> Any:
    """A boto3 client; `region` overrides that of the connection (teams live in one Region only)."""
    key = (connection, service, region or connection.region)
    with _lock:
        if key not in _clients:
            # The stubs know each service by name; here any name will do.
            opened: Any = session(connection)
            with translated(connection):
                _clients[key] = opened.client(service, region_name=key[2], config=_CALLS)
        return _clients[key]


def forget() -> None:
    """Drops every session and client. For a process that outlives its AWS configuration."""
    with _lock:
        _sessions.clear()
        _clients.clear()
        _right_account.clear()


def _open(connection: Connection) -> boto3.Session:
    core = _core(connection)
    if connection.role_arn:
        source = _core(connection)
        core.register_component("credential_provider", CredentialResolver([_AssumedRole(source, connection)]))
    return boto3.Session(botocore_session=core, region_name=connection.region)


def _core(connection: Connection) -> CoreSession:
    core = CoreSession(profile=connection.profile)
    core.register_component("data_loader", _api_models)
    return core


class _AssumedRole(CredentialProvider):
    """The connection's role, taken on when first needed and renewed by botocore before it expires."""

    METHOD = CANONICAL_NAME = "airlock-assume-role"

    def __init__(self, source: CoreSession, connection: Connection) -> None:
        super().__init__()
        self._source = source
        self._connection = connection

    def load(self) -> DeferredRefreshableCredentials:
        origin = self._source.get_credentials()
        if origin is None:
            raise NoCredentialsError
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=self._sts,
            source_credentials=origin,
            role_arn=str(self._connection.role_arn),
            extra_args={"RoleSessionName": "airlock"},
        )
        return DeferredRefreshableCredentials(method=self.METHOD, refresh_using=fetcher.fetch_credentials)

    def _sts(self, service: str, **credentials: Any) -> Any:
        with _lock:
            return self._source.create_client(
                service, region_name=self._connection.region, config=_FIRST_CALL, **credentials
            )


def _check_account(connection: Connection, opened: boto3.Session) -> None:
    if connection in _right_account:
        return
    with translated(connection):
        sts = opened.client("sts", region_name=connection.region, config=_FIRST_CALL)
        account = sts.get_caller_identity()["Account"]
    if account != connection.account_id:
        via = f"profile `{connection.profile}`" if connection.profile else "what the environment holds"
        raise WrongAccount(
            f"Account {connection.account_id} is meant, but {via} opens account {account}. Nothing was changed. "
            "Correct `profile` of the account in estate.yaml (of a kit: in inventory.json), or the profile itself."
        )
    _right_account.add(connection)
