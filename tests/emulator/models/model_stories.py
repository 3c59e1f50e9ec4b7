"""Every operation of four services once with success. What the answers say is the business of other tests."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Emulator
from tests.emulator.worlds.backup import LANDING, MANAGEMENT, PAYMENTS, RECOVERY, World
from tests.emulator.worlds.organization import OUTSIDER
from tests.emulator.worlds.ram import VAULT_PERMISSION, Sharing, template
from tests.emulator.worlds.recovery import Recovery


def of_mpa(emulator: Emulator) -> None:
    recovery = Recovery.prepare(emulator)
    mpa, source = recovery.mpa, recovery.source_arn
    team = recovery.active()
    declined = recovery.create("declined")
    recovery.answer(declined, "ada.lind", "REJECTED")
    mpa.get_identity_source(IdentitySourceArn=source)
    mpa.list_identity_sources()
    mpa.list_approval_teams()
    mpa.tag_resource(ResourceArn=team, Tags={"kind": "quorum"})
    mpa.list_tags_for_resource(ResourceArn=team)
    mpa.untag_resource(ResourceArn=team, TagKeys=["kind"])
    policy = mpa.list_policies()["Policies"][0]["Arn"]
    version = mpa.list_policy_versions(PolicyArn=policy)["PolicyVersions"][0]["Arn"]
    mpa.get_policy_version(PolicyVersionArn=version)
    ram = emulator.client("ram", RECOVERY)
    ram.create_resource_share(name="q", resourceArns=[team], principals=[PAYMENTS], allowExternalPrincipals=True)
    shared = mpa.list_resource_policies(ResourceArn=team)["ResourcePolicies"][0]
    mpa.get_resource_policy(ResourceArn=team, PolicyName=shared["PolicyName"], PolicyType=shared["PolicyType"])
    mpa.start_approval_team_baseline(Arn=team)
    mpa.update_approval_team(Arn=team, Description="Opens vaults.")
    session = mpa.list_sessions(ApprovalTeamArn=team)["Sessions"][0]["SessionArn"]
    mpa.get_session(SessionArn=session)
    mpa.cancel_session(SessionArn=recovery.team(team)["UpdateSessionArn"])
    removed = recovery.team(declined)
    mpa.delete_inactive_approval_team_version(Arn=declined, VersionId=removed["VersionId"])
    mpa.start_active_approval_team_deletion(Arn=team)
    votes = mpa.list_sessions(ApprovalTeamArn=team)["Sessions"]
    deletion = next(one["SessionArn"] for one in votes if "Deletion" in one["ActionName"])
    for person in ("ada.lind", "bo.berg"):
        recovery.vote(deletion, person)
    mpa.list_approval_teams()
    mpa.delete_identity_source(IdentitySourceArn=source)


def of_ram(emulator: Emulator) -> None:
    sharing = Sharing(emulator)
    ram, vault = sharing.ram, sharing.vault()
    share = sharing.share(LANDING, resources=[vault])
    landing = sharing.of(LANDING)
    landing.list_pending_invitation_resources(resourceShareInvitationArn=sharing.invitation())
    sharing.accept()
    rejected = sharing.share(LANDING, resources=[vault])
    landing.reject_resource_share_invitation(resourceShareInvitationArn=sharing.invitation())
    ram.update_resource_share(resourceShareArn=share, name="renamed")
    ram.get_resource_shares(resourceOwner="SELF")
    ram.get_resource_share_associations(associationType="RESOURCE")
    ram.get_resource_share_invitations()
    ram.get_resource_policies(resourceArns=[vault])
    ram.list_resources(resourceOwner="SELF")
    ram.list_principals(resourceOwner="SELF")
    ram.list_resource_types()
    ram.list_source_associations()
    ram.tag_resource(resourceShareArn=share, tags=[{"key": "a", "value": "b"}])
    ram.untag_resource(resourceShareArn=share, tagKeys=["a"])
    _permissions(sharing, share)
    ram.associate_resource_share(resourceShareArn=share, resourceArns=[sharing.vault()])
    ram.disassociate_resource_share(resourceShareArn=share, principals=[LANDING])
    ram.delete_resource_share(resourceShareArn=rejected)
    sharing.turn_sharing_on()


def _permissions(sharing: Sharing, share: str) -> None:
    ram, mine = sharing.ram, sharing.permission()
    ram.create_permission_version(permissionArn=mine, policyTemplate=template("backup:DescribeRecoveryPoint"))
    ram.set_default_permission_version(permissionArn=mine, permissionVersion=1)
    ram.delete_permission_version(permissionArn=mine, permissionVersion=2)
    ram.list_permissions()
    ram.list_permission_versions(permissionArn=mine)
    ram.get_permission(permissionArn=mine)
    ram.list_resource_share_permissions(resourceShareArn=share)
    ram.associate_resource_share_permission(resourceShareArn=share, permissionArn=mine, replace=True)
    ram.list_permission_associations(permissionArn=mine)
    ram.replace_permission_associations(fromPermissionArn=mine, toPermissionArn=VAULT_PERMISSION)
    ram.list_replace_permission_associations_work()
    ram.update_permission(permissionArn=mine, status="DEPRECATED")
    ram.delete_permission(permissionArn=mine)
    empty = sharing.share()
    ram.associate_resource_share_permission(resourceShareArn=empty, permissionArn=VAULT_PERMISSION)
    ram.disassociate_resource_share_permission(resourceShareArn=empty, permissionArn=VAULT_PERMISSION)


def of_organizations(emulator: Emulator) -> None:
    seeded = emulator.seed()["organizations"][0]
    root = seeded["root_id"]
    ours = emulator.client("organizations", MANAGEMENT)
    _tree(ours, root)
    _policies(ours, root)
    _handshakes(emulator, ours)
    _delegation(ours)
    lonely = emulator.client("organizations", "666666666666")
    lonely.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    lonely.enable_all_features()
    lonely.delete_organization()


def _tree(ours: Any, root: str) -> None:
    ours.describe_organization()
    ours.list_accounts()
    ours.list_roots()
    unit = ours.create_organizational_unit(ParentId=root, Name="new")["OrganizationalUnit"]["Id"]
    ours.update_organizational_unit(OrganizationalUnitId=unit, Name="newer")
    ours.describe_organizational_unit(OrganizationalUnitId=unit)
    ours.list_organizational_units_for_parent(ParentId=root)
    made = ours.create_account(AccountName="new", Email="new@example.com")["CreateAccountStatus"]["Id"]
    ours.list_create_account_status()
    account = ours.describe_create_account_status(CreateAccountRequestId=made)["CreateAccountStatus"]["AccountId"]
    ours.describe_account(AccountId=account)
    ours.list_parents(ChildId=account)
    ours.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit)
    ours.list_accounts_for_parent(ParentId=unit)
    ours.list_children(ParentId=unit, ChildType="ACCOUNT")
    ours.tag_resource(ResourceId=account, Tags=[{"Key": "a", "Value": "b"}])
    ours.list_tags_for_resource(ResourceId=account)
    ours.untag_resource(ResourceId=account, TagKeys=["a"])
    ours.move_account(AccountId=account, SourceParentId=unit, DestinationParentId=root)
    ours.delete_organizational_unit(OrganizationalUnitId=unit)
    ours.close_account(AccountId=account)


PLAN = {
    "regions": {"@@assign": ["eu-west-1"]},
    "rules": {"daily": {"target_backup_vault_name": {"@@assign": "local"}}},
    "selections": {
        "tags": {
            "tagged": {
                "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/airlock-backup"},
                "tag_key": {"@@assign": "kind"},
                "tag_value": {"@@assign": ["ledger"]},
            }
        }
    },
}


def _policies(ours: Any, root: str) -> None:
    ours.enable_policy_type(RootId=root, PolicyType="BACKUP_POLICY")
    content = json.dumps({"plans": {"nightly": PLAN}})
    made = ours.create_policy(Name="p", Description="d", Type="BACKUP_POLICY", Content=content)
    policy = made["Policy"]["PolicySummary"]["Id"]
    ours.update_policy(PolicyId=policy, Description="better")
    ours.describe_policy(PolicyId=policy)
    ours.list_policies(Filter="BACKUP_POLICY")
    ours.attach_policy(PolicyId=policy, TargetId=PAYMENTS)
    ours.list_policies_for_target(TargetId=PAYMENTS, Filter="BACKUP_POLICY")
    ours.list_targets_for_policy(PolicyId=policy)
    ours.describe_effective_policy(PolicyType="BACKUP_POLICY", TargetId=PAYMENTS)
    ours.list_accounts_with_invalid_effective_policy(PolicyType="BACKUP_POLICY")
    ours.list_effective_policy_validation_errors(AccountId=PAYMENTS, PolicyType="BACKUP_POLICY")
    ours.detach_policy(PolicyId=policy, TargetId=PAYMENTS)
    ours.delete_policy(PolicyId=policy)
    ours.disable_policy_type(RootId=root, PolicyType="BACKUP_POLICY")


def _handshakes(emulator: Emulator, ours: Any) -> None:
    emulator.client("sts", OUTSIDER).get_caller_identity()
    guest = emulator.client("organizations", OUTSIDER)

    def invited() -> dict[str, str]:
        sent = ours.invite_account_to_organization(Target={"Id": OUTSIDER, "Type": "ACCOUNT"})
        return {"HandshakeId": sent["Handshake"]["Id"]}

    ours.cancel_handshake(**invited())
    guest.decline_handshake(**invited())
    last = invited()
    guest.describe_handshake(**last)
    guest.list_handshakes_for_account()
    ours.list_handshakes_for_organization()
    guest.accept_handshake(**last)
    guest.leave_organization()
    guest.accept_handshake(**invited())
    ours.remove_account_from_organization(AccountId=OUTSIDER)


def _delegation(ours: Any) -> None:
    service = {"ServicePrincipal": "backup.amazonaws.com"}
    ours.enable_aws_service_access(**service)
    ours.list_aws_service_access_for_organization()
    ours.register_delegated_administrator(AccountId=PAYMENTS, **service)
    ours.list_delegated_administrators()
    ours.list_delegated_services_for_account(AccountId=PAYMENTS)
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{PAYMENTS}:root"},
        "Action": "organizations:DescribeOrganization",
        "Resource": "*",
    }
    ours.put_resource_policy(Content=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    ours.describe_resource_policy()
    ours.delete_resource_policy()
    ours.deregister_delegated_administrator(AccountId=PAYMENTS, **service)
    ours.disable_aws_service_access(**service)


# Called with what the model takes and refused with an error that it has: nothing in this emulator gets further.
def refused_by_backup(emulator: Emulator) -> None:
    world = World(emulator)
    world.vault()
    point = world.back_up(world.bucket())["RecoveryPointArn"]
    backup, named = world.backup(), {"BackupVaultName": "local", "RecoveryPointArn": point}
    for call, more in (
        (backup.disassociate_recovery_point_from_parent, {}),
        (
            backup.get_pitr_malware_scan_results,
            {"ScanEndTime": datetime.now(UTC) - timedelta(hours=1), "MalwareScanner": "GUARDDUTY"},
        ),
    ):
        _refused(call, **named, **more)


def refused_by_ram(emulator: Emulator) -> None:
    sharing = Sharing(emulator)
    _refused(sharing.ram.promote_permission_created_from_policy, permissionArn=sharing.permission(), name="x")
    _refused(sharing.ram.promote_resource_share_created_from_policy, resourceShareArn=sharing.share())


def _refused(call: Any, **parameters: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500, caught.value
