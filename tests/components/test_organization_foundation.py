"""Promises about what is switched on for a whole organization."""

import ast
import json
from pathlib import Path

import pytest

import components
from airlock.domain.connection import Connection
from airlock.domain.errors import UsageError
from components.delegation_statements import statements
from components.organization_foundation import OrganizationFoundation, OrganizationFoundationArgs
from tests.components.recording import Recording, record

GOOD = OrganizationFoundationArgs(
    connection=Connection(account_id="111111111111", region="eu-west-1"), backup_admin_account_id="222222222222"
)
FOLDER = Path(components.__path__[0])


def foundation() -> Recording:
    return record(lambda: OrganizationFoundation("organization", GOOD))


def test_the_three_global_settings_that_backups_rest_on_are_switched_on() -> None:
    assert foundation().one("BackupGlobalSettings").inputs["settings"] == [
        "isCrossAccountBackupEnabled",
        "isDelegatedAdministratorEnabled",
        "isMpaEnabled",
    ]


def test_trusted_access_is_added_one_service_at_a_time() -> None:
    services = {one.inputs["servicePrincipal"] for one in foundation().of("AwsServiceAccess")}
    assert services == {"backup.amazonaws.com", "member.org.stacksets.cloudformation.amazonaws.com"}


def test_policy_types_are_added_and_keep_what_is_there() -> None:
    assert {one.inputs["policy_type"] for one in foundation().of("EnabledPolicyType")} == {
        "SERVICE_CONTROL_POLICY",
        "BACKUP_POLICY",
    }


def test_the_administrator_comes_after_trusted_access_and_before_its_delegation() -> None:
    recording = foundation()
    administrator = recording.one("DelegatedAdministrator")
    assert administrator.inputs["accountId"] == "222222222222"
    assert any("AwsServiceAccess" in urn for urn in administrator.dependencies)
    assert any("DelegatedAdministrator" in urn for urn in recording.one("DelegationPolicy").dependencies)


def test_the_delegation_reaches_backup_policies_and_no_other_type() -> None:
    writing = [one for one in statements("222222222222") if "organizations:UpdatePolicy" in one["Action"]]
    assert writing
    for one in writing:
        assert one["Condition"]["StringLikeIfExists"] == {"organizations:PolicyType": ["BACKUP_POLICY"]}
        assert not [arn for arn in one["Resource"] if "policy/" in arn and "backup_policy" not in arn]


def test_every_delegated_statement_is_marked_as_ours() -> None:
    sids = [one["Sid"] for one in statements("222222222222")]
    assert len(set(sids)) == len(sids)
    assert all(sid.startswith("Airlock") for sid in sids), "a Sid of somebody else's would be a conflict"


def test_the_delegation_is_short_enough_for_aws() -> None:
    assert len(json.dumps(statements("222222222222"))) < 40_000


def test_an_administrator_that_is_no_account_id_is_refused() -> None:
    with pytest.raises(UsageError, match="`audit`, which is not an account id"):
        OrganizationFoundationArgs(connection=GOOD.connection, backup_admin_account_id="audit")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_no_component_reads_configuration_or_exports(path: Path) -> None:
    used = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert not used & {"pulumi.Config", "pulumi.export", "pulumi.StackReference"}, "a component takes arguments only"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_the_type_token_of_a_component_is_its_room_and_its_noun(path: Path) -> None:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef) and any(
            ast.unparse(base).endswith("ComponentResource") for base in node.bases
        ):
            assert f"airlock:components:{node.name}" in ast.unparse(node)
