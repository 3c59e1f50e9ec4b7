"""AWS Organizations: what is authoritative for everybody, so it is read first and changed as little as possible."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from airlock.clients.sessions import client
from airlock.clients.translate import needs
from airlock.clients.waiting import Patience
from airlock.domain.connection import Connection
from airlock.domain.errors import NotFound

# Organizations is a global service; its API answers here.
_REGION = "us-east-1"

# Seconds between the tries of a change that meets another one, of the same deployment perhaps: AWS says "Try again
# later" and not when. botocore's own retries cannot be told about this error.
PAUSES = (1, 2, 4, 8, 16)


@dataclass(frozen=True, kw_only=True)
class Root:
    """The root of an organization, with the policy types by their status."""

    id: str
    policy_types: dict[str, str]


class Organizations:
    """The `organizations` API of a management account. Changes that collide are tried again for half a minute."""

    def __init__(self, connection: Connection, patience: Patience | None = None) -> None:
        self.connection = connection
        self._patience = patience or Patience()

    @property
    def _organizations(self) -> Any:
        return client(self.connection, "organizations", _REGION)

    @needs("organizations:DescribeOrganization")
    def organization_id(self) -> str:
        """The id of the organization that the account belongs to."""
        return str(self._organizations.describe_organization()["Organization"]["Id"])

    @needs("organizations:ListRoots")
    def root(self) -> Root:
        """The one root; an organization has no second."""
        pages = self._organizations.get_paginator("list_roots").paginate()
        for item in (item for page in pages for item in page["Roots"]):
            types = {kind["Type"]: kind["Status"] for kind in item.get("PolicyTypes", [])}
            return Root(id=item["Id"], policy_types=types)
        raise NotFound(f"The organization of account {self.connection.account_id} shows no root.")

    @needs("organizations:EnablePolicyType")
    def enable_policy_type(self, root_id: str, policy_type: str) -> None:
        """Enabling what is enabled is fine."""
        try:
            self._change(self._organizations.enable_policy_type, RootId=root_id, PolicyType=policy_type)
        except self._organizations.exceptions.PolicyTypeAlreadyEnabledException:
            return

    @needs("organizations:DescribeResourcePolicy")
    def resource_policy(self) -> dict[str, Any] | None:
        """The one delegation policy of the organization, parsed; None if there is none."""
        try:
            answer = self._organizations.describe_resource_policy()
        except self._organizations.exceptions.ResourcePolicyNotFoundException:
            return None
        parsed = json.loads(answer["ResourcePolicy"]["Content"])
        return dict(parsed)

    @needs("organizations:PutResourcePolicy")
    def put_resource_policy(self, content: str) -> None:
        """Replaces the whole policy; read it first."""
        self._change(self._organizations.put_resource_policy, Content=content)

    @needs("organizations:DeleteResourcePolicy")
    def delete_resource_policy(self) -> None:
        """Removes the whole policy."""
        self._change(self._organizations.delete_resource_policy)

    def _change(self, call: Callable[..., Any], **inputs: str) -> None:
        """Make a change; a try that collides with another change has done nothing."""
        for pause in PAUSES:
            try:
                call(**inputs)
            except self._organizations.exceptions.ConcurrentModificationException:
                self._patience.sleep(pause)
            else:
                return
        call(**inputs)
