"""RAM as its tests start from it: an account that owns a vault, and others that may get it."""

import json
from typing import Any

from tests.emulator.conftest import AUDIT, BUNKER, LANDING, MANAGEMENT, PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.recovery import code_of, refused, strict_client

__all__ = ["AUDIT", "BUNKER", "LANDING", "MANAGEMENT", "PAYMENTS", "RECOVERY", "Sharing", "code_of", "refused"]

HOME = "eu-west-1"
HOUR = 3_600
VAULT_TYPE = "backup:BackupVault"
VAULT_PERMISSION = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionBackupVault"


def template(*actions: str, **more: Any) -> str:
    return json.dumps({"Effect": "Allow", "Action": list(actions or ["backup:DescribeBackupVault"]), **more})


class Sharing:
    """Account PAYMENTS in its home Region; `ram` is its client."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        seeded = emulator.seed()["organizations"][0]
        self.organization_id, self.root = seeded["organization_id"], seeded["root_id"]
        self.ram = self.of(PAYMENTS)
        self._vaults = 0

    def of(self, account: str, region: str = HOME) -> Any:
        return strict_client(self.emulator, "ram", account, region)

    def vault(self) -> str:
        self._vaults += 1
        made = self.emulator.client("backup", PAYMENTS, HOME).create_logically_air_gapped_backup_vault(
            BackupVaultName=f"vault-{self._vaults}", MinRetentionDays=7, MaxRetentionDays=90
        )
        return str(made["BackupVaultArn"])

    def share(self, *principals: str, resources: list[str] | None = None, **more: Any) -> str:
        made = self.ram.create_resource_share(
            name="share", resourceArns=resources or [], principals=list(principals), **more
        )
        return str(made["resourceShare"]["resourceShareArn"])

    def permission(self, name: str = "mine", text: str = "") -> str:
        made = self.ram.create_permission(name=name, resourceType=VAULT_TYPE, policyTemplate=text or template())
        return str(made["permission"]["arn"])

    def invitation(self, account: str = LANDING) -> str:
        found = self.of(account).get_resource_share_invitations()["resourceShareInvitations"]
        return str(found[-1]["resourceShareInvitationArn"])

    def accept(self, account: str = LANDING) -> None:
        self.of(account).accept_resource_share_invitation(resourceShareInvitationArn=self.invitation(account))

    def sees(self, account: str) -> list[str]:
        """What is shared with an account."""
        resources = self.of(account).list_resources(resourceOwner="OTHER-ACCOUNTS")["resources"]
        return [one["arn"] for one in resources]

    def turn_sharing_on(self) -> None:
        self.of(MANAGEMENT).enable_sharing_with_aws_organization()

    def organizations(self, account: str = MANAGEMENT) -> Any:
        return self.emulator.client("organizations", account)

    def organization_arn(self) -> str:
        return f"arn:aws:organizations::{MANAGEMENT}:organization/{self.organization_id}"

    def unit_arn(self, account: str) -> str:
        unit = self.organizations().list_parents(ChildId=account)["Parents"][0]["Id"]
        return f"arn:aws:organizations::{MANAGEMENT}:ou/{self.organization_id}/{unit}"

    def principals(self, share: str) -> dict[str, str]:
        """Principals of a share with their status, after a first look."""
        for _ in range(2):
            shown = self.ram.get_resource_share_associations(associationType="PRINCIPAL", resourceShareArns=[share])
        return {one["associatedEntity"]: one["status"] for one in shown["resourceShareAssociations"]}
