"""Shares of backup vaults, IAM principals, withdrawn invitations and managed permissions."""

from typing import Any

import pytest

from tests.emulator.conftest import AUDIT, LANDING, PAYMENTS, Emulator
from tests.emulator.worlds.recovery import code_of, refused, strict_client

HOME = "eu-west-1"
VAULT_PERMISSION_TYPE = "backup:BackupVault"
ROLE = f"arn:aws:iam::{AUDIT}:role/forensics"


@pytest.fixture
def owner(emulator: Emulator) -> Any:
    """RAM of the account that owns the vault, in the vault's Region."""
    emulator.seed()
    return strict_client(emulator, "ram", PAYMENTS, HOME)


@pytest.fixture
def vault(emulator: Emulator, owner: Any) -> str:
    backup = emulator.client("backup", PAYMENTS, HOME)
    made = backup.create_logically_air_gapped_backup_vault(
        BackupVaultName="payments-2026", MinRetentionDays=7, MaxRetentionDays=90
    )
    return str(made["BackupVaultArn"])


def share(owner: Any, vault: str, *principals: str) -> str:
    made = owner.create_resource_share(name="vault", resourceArns=[vault], principals=list(principals))
    return str(made["resourceShare"]["resourceShareArn"])


def received(emulator: Emulator, account: str) -> list[dict[str, Any]]:
    ram = strict_client(emulator, "ram", account, HOME)
    invitations: list[dict[str, Any]] = ram.get_resource_share_invitations()["resourceShareInvitations"]
    return invitations


def test_an_accepted_share_of_a_vault_shows_it_to_the_other_account(emulator: Emulator, owner: Any, vault: str) -> None:
    share(owner, vault, LANDING)
    landing = emulator.client("backup", LANDING, HOME)
    read = {"BackupVaultName": "payments-2026", "BackupVaultAccountId": PAYMENTS}
    assert code_of(refused(landing.describe_backup_vault, **read)) == "AccessDeniedException"
    (invitation,) = received(emulator, LANDING)
    strict_client(emulator, "ram", LANDING, HOME).accept_resource_share_invitation(
        resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
    )
    assert landing.describe_backup_vault(**read)["BackupVaultArn"] == vault


def test_a_vault_that_does_not_exist_cannot_be_shared(owner: Any, vault: str) -> None:
    error = refused(owner.create_resource_share, name="x", resourceArns=[f"{vault}-not"])
    assert code_of(error) == "UnknownResourceException"


def test_a_vault_is_shared_with_accounts_not_with_roles(owner: Any, vault: str) -> None:
    error = refused(owner.create_resource_share, name="x", resourceArns=[vault], principals=[ROLE])
    assert code_of(error) == "OperationNotPermittedException"
    empty = owner.create_resource_share(name="x", principals=[ROLE])["resourceShare"]["resourceShareArn"]
    later = refused(owner.associate_resource_share, resourceShareArn=empty, resourceArns=[vault])
    assert code_of(later) == "OperationNotPermittedException", "The same pair in two steps was accepted."


def test_an_invitation_is_withdrawn_with_its_principal_or_its_share(emulator: Emulator, owner: Any, vault: str) -> None:
    arn = share(owner, vault, LANDING)
    owner.disassociate_resource_share(resourceShareArn=arn, principals=[LANDING])
    assert received(emulator, LANDING) == [], "An invitation to nothing could be accepted."
    share(owner, vault, LANDING)
    assert len(received(emulator, LANDING)) == 1
    for shown in owner.get_resource_shares(resourceOwner="SELF", resourceShareStatus="ACTIVE")["resourceShares"]:
        owner.delete_resource_share(resourceShareArn=shown["resourceShareArn"])
    assert received(emulator, LANDING) == []


def test_a_deleted_share_takes_no_more_changes(owner: Any, vault: str) -> None:
    arn = share(owner, vault)
    owner.delete_resource_share(resourceShareArn=arn)
    for call, inputs in (
        (owner.associate_resource_share, {"principals": [LANDING]}),
        (owner.update_resource_share, {"name": "again"}),
        (owner.delete_resource_share, {}),
    ):
        assert code_of(refused(call, resourceShareArn=arn, **inputs)) == "UnknownResourceException"


def test_a_permission_of_a_type_is_attached_once_and_not_taken_from_shared_resources(owner: Any, vault: str) -> None:
    (permission,) = owner.list_permissions(resourceType=VAULT_PERMISSION_TYPE)["permissions"]
    arn = share(owner, vault)
    again = refused(owner.associate_resource_share_permission, resourceShareArn=arn, permissionArn=permission["arn"])
    assert code_of(again) == "InvalidParameterException"
    assert owner.associate_resource_share_permission(
        resourceShareArn=arn, permissionArn=permission["arn"], replace=True
    )["returnValue"]
    needed = refused(
        owner.disassociate_resource_share_permission, resourceShareArn=arn, permissionArn=permission["arn"]
    )
    assert code_of(needed) == "OperationNotPermittedException"
    owner.disassociate_resource_share(resourceShareArn=arn, resourceArns=[vault])
    owner.disassociate_resource_share_permission(resourceShareArn=arn, permissionArn=permission["arn"])
    assert owner.list_resource_share_permissions(resourceShareArn=arn)["permissions"] == []


def test_unknown_permissions_and_types_are_refused(owner: Any) -> None:
    unknown = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionNothing"
    assert code_of(refused(owner.get_permission, permissionArn=unknown)) == "UnknownResourceException"
    made = refused(owner.create_resource_share, name="x", permissionArns=[unknown])
    assert code_of(made) == "UnknownResourceException"
    assert code_of(refused(owner.list_permissions, resourceType="ec2:Subnet")) == "InvalidParameterException"
