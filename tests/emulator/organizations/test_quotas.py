"""Quotas that are too large to be reached by calls: reached in this process, where the things are put there at once."""

import importlib
from typing import Any

import pytest

from emulator.moto import install

MANAGEMENT = "111111111111"


@pytest.fixture
def backend() -> Any:
    """An organization that nobody else sees."""
    install.install()
    models: Any = importlib.import_module("moto.organizations_more.models")
    made = models.OrganizationsMoreBackend("aws", MANAGEMENT)
    made.found("o-abcdefghij", "r-abcd", "root@example.com", "management")
    return made


def reason_of(call: Any, **given: Any) -> str:
    with pytest.raises(Exception, match=r"has at most|already") as error:
        call(**given)
    return str(getattr(error.value, "Reason", error.value))


def test_an_organization_has_two_thousand_units(backend: Any) -> None:
    entities: Any = importlib.import_module("moto.organizations_more.entities")
    for number in range(1_999):
        backend.ou.append(entities.Unit(backend.org, f"ou-abcd-{number:08d}", f"unit-{number}", "r-abcd"))
    backend.create_organizational_unit(parent_id="r-abcd", name="the last one")
    assert reason_of(backend.create_organizational_unit, parent_id="r-abcd", name="x") == "OU_NUMBER_LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    ("policy_type", "content", "most"),
    [
        ("BACKUP_POLICY", '{"plans": {}}', 1_000),
        ("SERVICE_CONTROL_POLICY", '{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}', 10_000),
    ],
)
def test_an_organization_has_so_many_policies_of_a_type(
    backend: Any, policy_type: str, content: str, most: int
) -> None:
    first = {"name": "first", "description": "d", "type": policy_type, "content": content}
    backend.create_policy(**first)
    made = backend.policies[-1]
    backend.policies += [made] * (most - 2)
    backend.create_policy(**{**first, "name": "last"})
    assert reason_of(backend.create_policy, **{**first, "name": "x"}) == "POLICY_NUMBER_LIMIT_EXCEEDED"
