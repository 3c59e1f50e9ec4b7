"""A boto3 session from plain data: profile, role, Region."""

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

from airlock.domain.connection import Connection

CALLS = Config(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=5,
    read_timeout=60,
    user_agent_extra="airlock",
)
# Whoever cannot be reached at all should hear so in seconds.
FIRST_CALL = CALLS.merge(Config(retries={"mode": "standard", "total_max_attempts": 2}))

# Each session would read AWS's API descriptions anew, which takes longer than the calls.
_api_models = create_loader()


def open_session(connection: Connection, lock: threading.RLock) -> boto3.Session:
    """The session; the lock is held whenever its role is taken on anew, because that makes a client."""
    core = _core(connection)
    if connection.role_arn:
        source = _core(connection)
        core.register_component("credential_provider", CredentialResolver([_AssumedRole(source, connection, lock)]))
    return boto3.Session(botocore_session=core, region_name=connection.region)


def _core(connection: Connection) -> CoreSession:
    core = CoreSession(profile=connection.profile)
    core.register_component("data_loader", _api_models)
    return core


class _AssumedRole(CredentialProvider):
    """The connection's role, taken on when first needed and renewed by botocore before it expires."""

    METHOD = CANONICAL_NAME = "airlock-assume-role"

    def __init__(self, source: CoreSession, connection: Connection, lock: threading.RLock) -> None:
        super().__init__()
        self._source = source
        self._connection = connection
        self._lock = lock

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
        with self._lock:
            return self._source.create_client(
                service, region_name=self._connection.region, config=FIRST_CALL, **credentials
            )
