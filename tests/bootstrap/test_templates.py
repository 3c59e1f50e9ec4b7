"""The templates that make the first roles, as the file that CloudFormation gets."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from airlock.bootstrap import template_for, templates
from airlock.domain.names import BACKUP_ROLE
from airlock.domain.vault_protection import DENIED_ACTIONS
from airlock.estate import Estate, load
from components.backup_role import FOR_BACKUP, BackupRole, BackupRoleArgs
from components.local_vault import LocalVault, LocalVaultArgs
from tests.components.recording import record

ROOT = Path(__file__).parents[2]
TYPES = {"AWS::IAM::Role", "AWS::KMS::Key", "AWS::KMS::Alias", "AWS::Backup::BackupVault"}


@pytest.fixture
def estate() -> Estate:
    return load(ROOT / "estate.yaml")


def _resources(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)["Resources"]
    return found


def _of_type(text: str, kind: str) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in _resources(text).values() if resource["Type"] == kind]


def test_every_account_gets_both_roles(estate: Estate) -> None:
    for key in estate.accounts:
        names = {role["RoleName"] for role in _of_type(template_for(estate, key), "AWS::IAM::Role")}
        assert {"airlock-deploy", "airlock-break-glass"} <= names, f"nothing could be deployed into {key}"


def test_only_a_rollout_account_gets_a_local_vault(estate: Estate) -> None:
    with_vault = [key for key in estate.accounts if _of_type(template_for(estate, key), "AWS::Backup::BackupVault")]
    assert with_vault == ["orders"], "the workload stack makes its own vault; a second one would clash"


def test_a_rollout_account_gets_what_the_backup_policy_looks_for(estate: Estate) -> None:
    text = template_for(estate, "orders")
    (vault,) = _of_type(text, "AWS::Backup::BackupVault")
    assert vault["BackupVaultName"] == "orders-local"
    assert vault["EncryptionKeyArn"] == {"Fn::GetAtt": ["OrdersKey", "Arn"]}
    assert "airlock-backup" in {role["RoleName"] for role in _of_type(text, "AWS::IAM::Role")}
    denied = vault["AccessPolicy"]["Statement"][0]
    assert denied["Effect"] == "Deny"
    assert denied["Action"] == list(DENIED_ACTIONS)
    exempt = json.dumps(denied["Condition"]["ArnNotLike"])
    assert "airlock-deploy" in exempt
    assert "airlock-break-glass" in exempt


def test_vault_policy_and_trust_are_word_for_word_those_of_an_account_with_a_stack(estate: Estate) -> None:
    account = estate.account("orders").id
    text = template_for(estate, "orders").replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", account)
    local = LocalVaultArgs(vault_name="orders-local", account_id=account, backup_role_name=BACKUP_ROLE)
    role = BackupRoleArgs(role_name=BACKUP_ROLE, description="", managed_policy_arns=FOR_BACKUP)
    recording = record(lambda: (LocalVault("orders", local), BackupRole("backup", role)))
    (vault,) = _of_type(text, "AWS::Backup::BackupVault")
    (backup,) = [found for found in _of_type(text, "AWS::IAM::Role") if found["RoleName"] == BACKUP_ROLE]
    assert _substituted(vault["AccessPolicy"]) == recording.one("VaultPolicy").document("policy")
    assert backup["AssumeRolePolicyDocument"] == recording.one("Role").document("assumeRolePolicy")
    assert [_substituted(arn) for arn in backup["ManagedPolicyArns"]] == list(FOR_BACKUP)


def _substituted(value: Any) -> Any:
    """The value with every `Fn::Sub` replaced by its text."""
    match value:
        case {"Fn::Sub": text}:
            return text
        case dict():
            return {key: _substituted(item) for key, item in value.items()}
        case list():
            return [_substituted(item) for item in value]
        case _:
            return value


def test_the_key_lets_the_vault_account_copy_and_names_no_role_as_principal(estate: Estate) -> None:
    (key,) = _of_type(template_for(estate, "orders"), "AWS::KMS::Key")
    assert key["EnableKeyRotation"] is True
    principals = json.dumps([statement["Principal"] for statement in key["KeyPolicy"]["Statement"]])
    assert "333333333333:root" in principals
    assert ":role/" not in principals, "a role that is made anew would silently fall out of the policy"


def test_the_key_carries_the_tag_by_which_the_guardrail_knows_it(estate: Estate) -> None:
    resources = json.loads(template_for(estate, "orders"))["Resources"]
    keys = [found["Properties"]["Tags"] for found in resources.values() if found["Type"] == "AWS::KMS::Key"]
    assert keys == [[{"Key": "airlock", "Value": "orders-local"}]], "an administrator could schedule its deletion"


def test_only_types_that_every_account_can_make_are_used(estate: Estate) -> None:
    for name, text in templates(estate).items():
        kinds = {resource["Type"] for resource in _resources(text).values()}
        assert kinds <= TYPES, name
        assert len(text) < 51_200, f"{name} is too long for a template body"


def test_what_holds_data_outlives_its_stack(estate: Estate) -> None:
    for resource in _resources(templates(estate)["rollout-member.json"]).values():
        if resource["Type"] in ("AWS::KMS::Key", "AWS::Backup::BackupVault"):
            assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_the_stack_set_gives_each_account_only_what_concerns_it(estate: Estate) -> None:
    body = json.loads(templates(estate)["members.stackset.json"])
    orders = {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "555555555555"]}
    assert body["Conditions"] == {"IsRollout": orders, "HoldsOrders": orders}
    conditions = {name: resource.get("Condition") for name, resource in body["Resources"].items()}
    assert conditions == {
        "DeployRole": None,
        "BreakGlassRole": None,
        "BackupRole": "IsRollout",
        "OrdersKey": "HoldsOrders",
        "OrdersKeyAlias": "HoldsOrders",
        "OrdersVault": "HoldsOrders",
    }


def _with_accounts(count: int, folder: Path) -> Estate:
    raw = yaml.safe_load((ROOT / "estate.yaml").read_text())
    for number in range(count):
        key = f"member{number}"
        raw["accounts"][key] = {
            "id": f"9{number:011d}", "organization": "primary", "email": f"{key}@nordbank.example",
        }  # fmt: skip
        raw["roles"]["rollout"].append(key)
        raw["data_classes"]["orders"]["sources"].append(key)
    path = folder / "estate.yaml"
    path.write_text(yaml.safe_dump(raw))
    return load(path)


@pytest.mark.parametrize("count", [0, 1, 9, 10, 120])
def test_no_condition_is_wider_than_cloudformation_allows(tmp_path: Path, count: int) -> None:
    body = json.loads(templates(_with_accounts(count, tmp_path))["members.stackset.json"])
    named: set[str] = set()

    def walk(term: dict[str, Any]) -> None:
        if "Fn::Or" in term:
            assert 2 <= len(term["Fn::Or"]) <= 10
            for part in term["Fn::Or"]:
                walk(part)
        else:
            named.add(term["Fn::Equals"][1])

    walk(copy.deepcopy(body["Conditions"]["HoldsOrders"]))
    assert len(named) == count + 1, "an account that no condition names would get no vault"


def test_an_estate_without_rollout_accounts_needs_roles_only(tmp_path: Path) -> None:
    raw = yaml.safe_load((ROOT / "estate.yaml").read_text())
    raw["roles"]["rollout"] = []
    del raw["data_classes"]["orders"]
    path = tmp_path / "estate.yaml"
    path.write_text(yaml.safe_dump(raw))
    for text in templates(load(path)).values():
        assert set(_resources(text)) == {"DeployRole", "BreakGlassRole"}
        assert "Conditions" not in json.loads(text)
