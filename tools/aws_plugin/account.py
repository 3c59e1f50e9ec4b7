"""The account behind a provider: its settings, its credentials, its clients."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.aws_plugin.errors import AWS_ERRORS, PluginError, sentence
from tools.aws_plugin.waiting import again_after_a_collision

# The provider settings that this plugin acts on.
SETTINGS = frozenset({"region", "profile", "assumeRoles", "allowedAccountIds"})
ROLE_SETTINGS = frozenset({"roleArn", "sessionName", "externalId"})
# Of the real plugin's checks this one makes the first only, which asks whether the credentials are any good.
SKIPS = frozenset(
    {"skipCredentialsValidation", "skipMetadataApiCheck", "skipRegionValidation", "skipRequestingAccountId"}
)
# What the first check takes for credentials before it looks at the profile.
STATIC_KEYS = {
    "AWS_ACCESS_KEY_ID": "aws_access_key_id",
    "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key",
    "AWS_SESSION_TOKEN": "aws_session_token",
}
# The engine's own additions.
FROM_THE_ENGINE = frozenset({"version", "pluginDownloadURL", "__internal"})


def unknown_settings(arguments: Mapping[str, Any]) -> list[str]:
    return sorted(set(arguments) - SETTINGS - SKIPS - FROM_THE_ENGINE)


@dataclass(frozen=True)
class Settings:
    """What a provider was configured with."""

    region: str | None = None
    profile: str | None = None
    roles: tuple[Mapping[str, str], ...] = ()
    allowed: tuple[str, ...] = ()
    skips_validation: bool = False

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> Settings:
        """Lists and objects arrive as JSON text."""
        if unknown := unknown_settings(arguments):
            raise PluginError(
                f"The aws provider has no setting `{unknown[0]}` that this plugin knows; "
                f"it knows {', '.join(sorted(SETTINGS | SKIPS))}."
            )
        roles = tuple(_parsed(arguments.get("assumeRoles")))
        for setting in sorted({name for role in roles for name in role} - ROLE_SETTINGS):
            raise PluginError(
                f"`assumeRoles` of the aws provider has no setting `{setting}` that this plugin knows; "
                f"it knows {', '.join(sorted(ROLE_SETTINGS))}."
            )
        return cls(
            region=arguments.get("region") or None,
            profile=arguments.get("profile") or None,
            roles=roles,
            allowed=tuple(str(account) for account in _parsed(arguments.get("allowedAccountIds"))),
            skips_validation=arguments.get("skipCredentialsValidation") in (True, "true"),
        )

    @property
    def behind(self) -> str:
        """Where the credentials come from, as the end of a sentence."""
        by = f" with profile `{self.profile}`" if self.profile else " with the ambient credentials"
        roles = " and ".join(role["roleArn"] for role in self.roles)
        return f"{by} through {roles}" if roles else by


def _parsed(value: Any) -> list[Any]:
    found = json.loads(value) if isinstance(value, str) and value else value
    return list(found or [])


def _static_keys() -> dict[str, str]:
    """Credentials of the environment, as arguments of a session; an id without its secret is none."""
    found = {argument: os.environ[name] for name, argument in STATIC_KEYS.items() if os.environ.get(name)}
    return found if {"aws_access_key_id", "aws_secret_access_key"} <= set(found) else {}


@dataclass
class Account:
    """Clients for one account, made when first asked for. Safe for the engine's parallel calls."""

    settings: Settings
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _session: Any = None
    _id: str | None = None

    def client(self, service: str, region: str | None = None) -> Any:
        where = region or self.region
        with self._lock:
            if (service, where) not in self._clients:
                self._clients[service, where] = self._client(self.session, service, where)
            return self._clients[service, where]

    @property
    def region(self) -> str:
        """The Region of resources that name none."""
        found = self.settings.region or self.session.region_name
        if not found:
            raise PluginError(
                f"The aws provider{self.settings.behind} names no Region. Give it `region`, or its profile a `region`."
            )
        return str(found)

    def out_of_reach(self, region: str) -> str | None:
        """Why no account of this partition reaches a Region, as the end of a sentence; None where it does."""
        if region == self.region:
            return None
        from botocore.exceptions import UnknownRegionError

        home = self.session.get_partition_for_region(self.region)
        try:
            if self.session.get_partition_for_region(region) == home:
                return None
        except UnknownRegionError:
            pass
        return f"is {region!r}, which is no Region of the partition {home} that the provider is in ({self.region})."

    @property
    def session(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = self._open()
            return self._session

    @property
    def id(self) -> str:
        with self._lock:
            if self._id is None:
                self._id = str(self.client("sts").get_caller_identity()["Account"])
            return self._id

    def refuse_a_foreign_one(self) -> None:
        """With the wrong credentials every later call would write into somebody else's account."""
        allowed = self.settings.allowed
        if allowed and self.id not in allowed:
            raise PluginError(
                f"AWS account ID not allowed: {self.id}. "
                f"The aws provider{self.settings.behind} reaches account {self.id}, but this stack is meant for "
                f"account {' or '.join(allowed)}. Nothing was changed. Correct the profile or the account id, then "
                "run again."
            )

    def refuse_static_keys_that_are_wrong(self) -> None:
        """The real plugin's first check: keys in the environment beat the profile there, and there only.

        So keys of another account end the run although the profile is right, or it assumes the roles with them.
        """
        keys = _static_keys()
        if not self.settings.profile or not keys or self.settings.skips_validation:
            return
        try:
            session = self._open(**keys)
            self._client(session, "sts", session.region_name or "us-east-1").get_caller_identity()
        except AWS_ERRORS as error:
            raise PluginError(
                f"unable to validate AWS credentials. Details: {sentence(error, 'use AWS_ACCESS_KEY_ID')}. The first "
                f"check takes the keys of the environment before profile `{self.settings.profile}`. Nothing was "
                f"changed. Unset {', '.join(STATIC_KEYS)}, then run again."
            ) from error

    def _open(self, **credentials: str) -> Any:
        # Late, with boto3 below: whoever asks for the version only needs neither.
        from botocore.loaders import create_loader

        # Each session would read AWS's API descriptions anew.
        models = create_loader()
        session = self._session_of(models, self.settings.region, **credentials)
        for role in self.settings.roles:
            session = self._assume(models, session, role)
        return session

    def _assume(self, models: Any, session: Any, role: Mapping[str, str]) -> Any:
        optional = {"ExternalId": role["externalId"]} if role.get("externalId") else {}
        sts = self._client(session, "sts", session.region_name or "us-east-1")
        answer = sts.assume_role(
            RoleArn=role["roleArn"],
            RoleSessionName=role.get("sessionName", "pulumi"),
            **optional,
        )["Credentials"]
        return self._session_of(
            models,
            session.region_name,
            aws_access_key_id=answer["AccessKeyId"],
            aws_secret_access_key=answer["SecretAccessKey"],
            aws_session_token=answer["SessionToken"],
        )

    def _session_of(self, models: Any, region: str | None, **credentials: str) -> Any:
        """Also with credentials of its own it has the profile, for its endpoint_url; they come before the profile's."""
        import boto3
        from botocore.session import Session

        core = Session(profile=self.settings.profile)
        core.register_component("data_loader", models)
        # A profile that does not exist is otherwise found out by making a loader, and this session was given one.
        core.get_scoped_config()
        return boto3.Session(botocore_session=core, region_name=region, **credentials)

    def _client(self, session: Any, service: str, region: str) -> Any:
        from botocore.config import Config

        config = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard"})
        client = session.client(service, region_name=region, config=config)
        if service == "organizations":
            client.meta.events.register("needs-retry.organizations", again_after_a_collision)
        return client


@dataclass(frozen=True)
class Aws:
    """What a resource type gets to work with: clients in the resource's Region."""

    account: Account
    region: str

    def client(self, service: str) -> Any:
        return self.account.client(service, self.region)

    @property
    def account_id(self) -> str:
        return self.account.id


def open_account(settings: Settings) -> Account:
    """The account of these settings, known to be the right one and reached before the first resource needs it."""
    account = Account(settings)
    account.refuse_static_keys_that_are_wrong()
    try:
        account.refuse_a_foreign_one()
        _ = account.session
    except AWS_ERRORS as error:
        raise PluginError(sentence(error, f"reach the account of the aws provider{settings.behind}")) from error
    return account
