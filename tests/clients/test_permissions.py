"""Every public method of a client says which IAM permissions it needs; policies are written from that."""

import inspect

import pytest
from botocore.session import Session

from airlock.clients.approvals import Approvals
from airlock.clients.backups import Backups
from airlock.clients.identity import Identity
from airlock.clients.organizations import Organizations
from airlock.clients.sharing import Sharing
from airlock.clients.translate import permissions_of

CLIENTS = [Approvals, Backups, Identity, Organizations, Sharing]
# IAM prefix to the name of the service in botocore; permission-only actions have no operation.
SERVICES = {"mpa": "mpa", "backup": "backup", "ram": "ram", "organizations": "organizations", "sso": "sso-admin"}
PERMISSION_ONLY = {"mpa:StartSession", "iam:PassRole", "sso:CreateApplication", "backup:ListTags"}


@pytest.mark.parametrize("client", CLIENTS)
def test_every_method_declares_its_permissions(client: type) -> None:
    undeclared = [name for name, needed in permissions_of(client).items() if not needed]
    assert undeclared == [], f"{client.__name__} calls AWS without saying what right it takes."
    assert all(inspect.getdoc(getattr(client, name)) for name in permissions_of(client))


@pytest.mark.parametrize("client", CLIENTS)
def test_every_declared_permission_is_an_operation_of_its_service(client: type) -> None:
    models: dict[str, set[str]] = {}
    session = Session()
    for needed in permissions_of(client).values():
        for permission in set(needed) - PERMISSION_ONLY:
            prefix, _, operation = permission.partition(":")
            service = SERVICES.get(prefix, prefix)
            known = models.setdefault(service, set(session.get_service_model(service).operation_names))
            assert operation in known, f"{permission} is misspelt: the service has no such operation."
