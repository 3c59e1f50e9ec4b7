"""A creation that fails half-way: types of the older SDK stand in the state, those of the Plugin Framework do not.

Sources: [br pfcreate], [gh br#2696], [gh tf#48551].
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.aws_plugin.talking import Made, Plugin, Refusal
from tests.aws_plugin.test_identity_and_keys import trust
from tests.aws_plugin.test_plans import POINTS, ROLE, SCHEDULE, TESTED, TESTS
from tests.aws_plugin.test_vaults import AIR_GAPPED, BOUNDS, VAULT
from tests.emulator.conftest import MANAGEMENT, PAYMENTS, Emulator
from tools.aws_plugin import catalogue, values

SERVICE = "aws:organizations/awsServiceAccess:AwsServiceAccess"
SHARE = "aws:ram/resourceShare:ResourceShare"
TESTED_INPUTS: dict[str, Any] = {
    "name": "objects",
    "restoreTestingPlanName": "monthly",
    "iamRoleArn": ROLE,
    "protectedResourceType": "S3",
    "protectedResourceArns": ["*"],
}


def fail(aws: Emulator, service: str, operation: str, times: int = 5) -> None:
    aws.control("POST", "faults", {"service": service, "operation": operation, "effect": "deny", "times": times})


def heal(aws: Emulator) -> None:
    aws.control("DELETE", "faults")


def test_the_types_of_the_plugin_framework_are_these() -> None:
    framework = {token.rsplit(":", 1)[-1] for token, kind in catalogue.RESOURCES.items() if kind.framework}
    assert framework == {
        "LogicallyAirGappedVault",
        "RestoreTestingPlan",
        "RestoreTestingSelection",
        "AwsServiceAccess",
    }


def test_an_air_gapped_vault_that_cannot_be_read_after_its_creation_is_unknown(aws: Emulator, payments: Plugin) -> None:
    """[br pfcreate]"""
    fail(aws, "backup", "ListTags")
    with pytest.raises(Refusal, match="Could not finish the creation") as refused:
        payments.create(AIR_GAPPED, **BOUNDS)
    assert refused.value.kept is None, "the bridge hands on the bare error"
    heal(aws)
    with pytest.raises(Refusal, match="AlreadyExistsException"):
        payments.create(AIR_GAPPED, **BOUNDS)


@pytest.mark.parametrize(("token", "looks"), [(TESTS, "GetRestoreTestingPlan"), (TESTED, "GetRestoreTestingSelection")])
def test_a_restore_test_that_cannot_be_read_after_its_creation_is_unknown(
    aws: Emulator, payments: Plugin, token: str, looks: str
) -> None:
    """[br pfcreate]"""
    plan: dict[str, Any] = {"name": "monthly", "scheduleExpression": SCHEDULE, "recoveryPointSelection": POINTS}
    if token == TESTED:
        payments.create("aws:iam/role:Role", name="airlock-backup", assumeRolePolicy=trust("backup.amazonaws.com"))
        payments.create(TESTS, "plan", **plan)
    fail(aws, "backup", looks)
    with pytest.raises(Refusal, match="Could not finish the creation") as refused:
        payments.create(token, **(plan if token == TESTS else TESTED_INPUTS))
    assert refused.value.kept is None


def test_trusted_access_that_cannot_be_read_after_its_creation_is_unknown(aws: Emulator, management: Plugin) -> None:
    """[br pfcreate]"""
    fail(aws, "organizations", "ListAWSServiceAccessForOrganization")
    with pytest.raises(Refusal, match="Could not finish the creation") as refused:
        management.create(SERVICE, servicePrincipal="backup.amazonaws.com")
    assert refused.value.kept is None
    found = aws.client("organizations", MANAGEMENT)
    heal(aws)
    assert found.list_aws_service_access_for_organization()["EnabledServicePrincipals"], "it is on all the same"


def test_a_standard_vault_that_cannot_be_read_after_its_creation_stands_in_the_state(
    aws: Emulator, payments: Plugin
) -> None:
    """The older SDK: state and error are kept. [gh br#2696]"""
    fail(aws, "backup", "ListTags")
    with pytest.raises(Refusal) as refused:
        payments.create(VAULT, name="local")
    assert refused.value.kept.id == "local"


def test_the_run_after_updates_and_does_not_wait_again(aws: Emulator, payments: Plugin) -> None:
    """Nothing waits for ACTIVE a second time: upstream waits in the creation only. [tf share]"""
    fail(aws, "ram", "GetResourceShares")
    with pytest.raises(Refusal, match="Could not finish the creation") as refused:
        payments.create(SHARE, name="vaults")
    heal(aws)
    kept = refused.value.kept
    made = Made(payments, SHARE, "it", kept.id, values.read(kept.properties), values.read(kept.inputs))
    before = aws.calls()[-1]["seq"]
    made.update(name="vaults")
    looks = [call["operation"] for call in aws.calls(before)]
    assert looks == ["GetResourceShares", "ListResourceSharePermissions"], "one read, no wait, no write"
    assert PAYMENTS in kept.id
