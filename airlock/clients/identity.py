"""IAM Identity Center: its organization instance and the ids of the people in it."""

from dataclasses import dataclass
from typing import Any

from airlock.clients.sessions import client
from airlock.clients.translate import needs
from airlock.domain.connection import Connection
from airlock.domain.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Instance:
    """The organization instance of Identity Center."""

    arn: str
    identity_store_id: str


@dataclass(frozen=True, kw_only=True)
class User:
    """A person in the identity store."""

    id: str
    user_name: str
    email: str
    enabled: bool


class Identity:
    """The `sso-admin` and `identitystore` APIs of a management account, in the Region of its Identity Center."""

    def __init__(self, connection: Connection, region: str) -> None:
        self.connection = connection
        self.region = region

    @property
    def _sso(self) -> Any:
        return client(self.connection, "sso-admin", self.region)

    @property
    def _store(self) -> Any:
        return client(self.connection, "identitystore", self.region)

    @needs("sso:ListInstances")
    def instance(self) -> Instance:
        """The instance that the account owns. It cannot be made by an API call, so its absence is explained."""
        pages = self._sso.get_paginator("list_instances").paginate()
        instances = [item for page in pages for item in page.get("Instances", [])]
        # Account instances of member accounts are listed elsewhere; a delegated view names another owner.
        account = self.connection.account_id
        owned = [item for item in instances if item.get("OwnerAccountId", account) == account]
        if not owned:
            raise NotFound(
                f"Account {account} has no IAM Identity Center in {self.region}. Approvers come from it, and AWS lets "
                "nobody enable it by an API call. Enable an organization instance in the console of that account and "
                "Region (Identity Center, Enable), connect your identity provider, then run this again. If it is in "
                "another Region, correct `identity_center.region` in estate.yaml."
            )
        return Instance(arn=owned[0]["InstanceArn"], identity_store_id=owned[0]["IdentityStoreId"])

    @needs("identitystore:GetUserId")
    def user_id(self, identity_store_id: str, user_name: str) -> str:
        """The id of a person by user name."""
        unique = {"UniqueAttribute": {"AttributePath": "userName", "AttributeValue": user_name}}
        try:
            answer = self._store.get_user_id(IdentityStoreId=identity_store_id, AlternateIdentifier=unique)
        except self._store.exceptions.ResourceNotFoundException as error:
            raise NotFound(
                f"The Identity Center of account {self.connection.account_id} ({self.region}) has no user "
                f"`{user_name}`, so this person cannot approve anything. Create the user in the identity provider, "
                "or correct the name in estate.yaml.",
                code="ResourceNotFoundException",
                operation="GetUserId",
            ) from error
        return str(answer["UserId"])

    @needs("identitystore:DescribeUser")
    def user(self, identity_store_id: str, user_id: str) -> User:
        """A person by id; NotFound if the user was deleted."""
        answer = self._store.describe_user(IdentityStoreId=identity_store_id, UserId=user_id)
        emails = answer.get("Emails", [])
        primary = next((item for item in emails if item.get("Primary")), emails[0] if emails else {})
        return User(
            id=user_id,
            user_name=answer.get("UserName", ""),
            email=primary.get("Value", ""),
            enabled=answer.get("UserStatus", "ENABLED") == "ENABLED",
        )
