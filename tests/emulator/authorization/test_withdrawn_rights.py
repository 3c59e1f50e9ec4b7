"""What was approved is carried out with the requester's permissions of that moment, whichever way they were lost."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.authorization.people import allow, deny, document, enforce, role, user
from tests.emulator.conftest import LANDING, PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.recovery import ADA, BO, Recovery
from tests.emulator.worlds.vault_request import HOME, access_state, ask_for_access, protected_vault, share_team

ASK = allow("backup:CreateRestoreAccessBackupVault", "backup:Describe*", "mpa:StartSession")
ACCESS = "access-inc-2041"


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


@pytest.fixture
def vault(recovery: Recovery) -> str:
    team = recovery.active()
    share_team(recovery, team)
    made = protected_vault(recovery, team)
    enforce(recovery.emulator)
    return made


def as_requester(emulator: Emulator, vault: str, **options: Any) -> str:
    """The landing account's requester role asks for access; the ARN of the session."""
    arn = role(emulator, ASK, name="requester", account=LANDING, **options)
    backup = emulator.client("backup", LANDING, HOME, **emulator.assume(arn, LANDING))
    return ask(backup, vault)


def ask(backup: Any, vault: str) -> str:
    backup.create_restore_access_backup_vault(SourceBackupVaultArn=vault, BackupVaultName=ACCESS)
    return str(backup.describe_backup_vault(BackupVaultName=ACCESS)["MpaSessionArn"])


def approve(recovery: Recovery, session: str) -> dict[str, Any]:
    recovery.vote(session, ADA)
    recovery.vote(session, BO)
    return recovery.session(session)


def delete_the_role(iam: Any, organizations: Any) -> None:
    iam.delete_role_policy(RoleName="requester", PolicyName="own")
    iam.delete_role(RoleName="requester")


def make_the_role_anew(iam: Any, organizations: Any) -> None:
    trust = iam.get_role(RoleName="requester")["Role"]["AssumeRolePolicyDocument"]
    delete_the_role(iam, organizations)
    iam.create_role(RoleName="requester", AssumeRolePolicyDocument=document(*trust["Statement"]))
    iam.put_role_policy(RoleName="requester", PolicyName="own", PolicyDocument=document(ASK))


def take_the_policy_away(iam: Any, organizations: Any) -> None:
    iam.delete_role_policy(RoleName="requester", PolicyName="own")


def deny_it_in_another_policy(iam: Any, organizations: Any) -> None:
    denial = document(deny("backup:CreateRestoreAccessBackupVault"))
    iam.put_role_policy(RoleName="requester", PolicyName="denial", PolicyDocument=denial)


def draw_a_boundary(iam: Any, organizations: Any) -> None:
    boundary = iam.create_policy(PolicyName="narrow", PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="requester", PermissionsBoundary=boundary)


def attach_a_service_control_policy(iam: Any, organizations: Any) -> None:
    root = organizations.list_roots()["Roots"][0]
    if not any(enabled["Type"] == "SERVICE_CONTROL_POLICY" for enabled in root["PolicyTypes"]):
        organizations.enable_policy_type(RootId=root["Id"], PolicyType="SERVICE_CONTROL_POLICY")
    made = organizations.create_policy(
        Name="freeze",
        Description="",
        Type="SERVICE_CONTROL_POLICY",
        Content=document(deny("backup:CreateRestoreAccessBackupVault")),
    )
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=root["Id"])


WAYS: tuple[Callable[[Any, Any], None], ...] = (
    delete_the_role,
    make_the_role_anew,
    take_the_policy_away,
    deny_it_in_another_policy,
    draw_a_boundary,
    attach_a_service_control_policy,
)


def test_a_requester_who_kept_the_rights_gets_the_access(recovery: Recovery, vault: str) -> None:
    session = as_requester(recovery.emulator, vault)
    approved = approve(recovery, session)
    assert (approved["Status"], approved["ExecutionStatus"]) == ("APPROVED", "EXECUTED")
    assert access_state(recovery.emulator.client("backup", LANDING, HOME)) == "AVAILABLE"


@pytest.mark.parametrize("withdraw", WAYS, ids=lambda way: way.__name__)
def test_an_approval_opens_nothing_for_a_requester_who_lost_the_rights(
    recovery: Recovery, vault: str, withdraw: Callable[[Any, Any], None]
) -> None:
    emulator = recovery.emulator
    session = as_requester(emulator, vault)
    withdraw(emulator.client("iam", LANDING), emulator.client("organizations", RECOVERY))
    approved = approve(recovery, session)
    assert (approved["Status"], approved["ExecutionStatus"]) == ("APPROVED", "FAILED")
    assert access_state(emulator.client("backup", LANDING, HOME)) == "FAILED"


def test_a_user_who_was_deleted_gets_nothing_either(recovery: Recovery, vault: str) -> None:
    emulator = recovery.emulator
    keys = user(emulator, ASK, account=LANDING)
    session = ask(emulator.client("backup", LANDING, HOME, **keys), vault)
    iam = emulator.client("iam", LANDING)
    iam.delete_access_key(UserName="ada", AccessKeyId=keys["aws_access_key_id"])
    iam.delete_user_policy(UserName="ada", PolicyName="own")
    iam.delete_user(UserName="ada")
    assert approve(recovery, session)["ExecutionStatus"] == "FAILED"
    assert access_state(emulator.client("backup", LANDING, HOME)) == "FAILED"


def test_a_session_policy_of_the_request_binds_its_execution_too(recovery: Recovery, vault: str) -> None:
    """The role itself may still do it; only the session that asked was limited, and not to this."""
    emulator = recovery.emulator
    arn = role(emulator, ASK, name="requester", account=LANDING)
    given = emulator.client("sts", LANDING).assume_role(RoleArn=arn, RoleSessionName="narrow", Policy=document(ASK))[
        "Credentials"
    ]
    keys = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    session = ask(emulator.client("backup", LANDING, HOME, **keys), vault)
    assert approve(recovery, session)["ExecutionStatus"] == "EXECUTED"


def test_rights_that_came_back_before_the_last_vote_count(recovery: Recovery, vault: str) -> None:
    emulator = recovery.emulator
    session = as_requester(emulator, vault)
    iam = emulator.client("iam", LANDING)
    take_the_policy_away(iam, None)
    recovery.vote(session, ADA)
    iam.put_role_policy(RoleName="requester", PolicyName="own", PolicyDocument=document(ASK))
    recovery.vote(session, BO)
    assert recovery.session(session)["ExecutionStatus"] == "EXECUTED"


def test_without_enforcement_nobody_asks_again(recovery: Recovery, vault: str) -> None:
    emulator = recovery.emulator
    session = as_requester(emulator, vault)
    take_the_policy_away(emulator.client("iam", LANDING), None)
    emulator.control("POST", "enforcement", {"on": False})
    assert approve(recovery, session)["ExecutionStatus"] == "EXECUTED"


def test_a_request_made_before_enforcement_is_evaluated_when_it_is_carried_out(recovery: Recovery, vault: str) -> None:
    emulator = recovery.emulator
    emulator.control("POST", "enforcement", {"on": False})
    session = as_requester(emulator, vault)
    take_the_policy_away(emulator.client("iam", LANDING), None)
    enforce(emulator)
    assert approve(recovery, session)["ExecutionStatus"] == "FAILED"


def test_access_stays_when_its_revocation_was_approved_for_somebody_without_rights(
    recovery: Recovery, vault: str
) -> None:
    emulator = recovery.emulator
    landing, session = ask_for_access(emulator, vault)
    approve(recovery, session)
    access = landing.describe_backup_vault(BackupVaultName=ACCESS)["BackupVaultArn"]
    keys = user(emulator, allow("backup:RevokeRestoreAccessBackupVault", "mpa:StartSession"), account=PAYMENTS)
    name = vault.rpartition(":")[2]
    emulator.client("backup", PAYMENTS, HOME, **keys).revoke_restore_access_backup_vault(
        BackupVaultName=name, RestoreAccessBackupVaultArn=access
    )
    owner = emulator.client("backup", PAYMENTS, HOME)
    row = owner.list_restore_access_backup_vaults(BackupVaultName=name)["RestoreAccessBackupVaults"][0]
    emulator.client("iam", PAYMENTS).delete_user_policy(UserName="ada", PolicyName="own")
    assert approve(recovery, row["LatestRevokeRequest"]["MpaSessionArn"])["ExecutionStatus"] == "FAILED"
    row = owner.list_restore_access_backup_vaults(BackupVaultName=name)["RestoreAccessBackupVaults"][0]
    assert row["LatestRevokeRequest"]["Status"] == "FAILED"
    assert access_state(landing) == "AVAILABLE"


def test_the_team_of_a_vault_stays_when_its_removal_was_approved_for_somebody_without_rights(
    recovery: Recovery, vault: str
) -> None:
    emulator = recovery.emulator
    keys = user(emulator, allow("backup:*", "mpa:StartSession"), account=PAYMENTS)
    name = vault.rpartition(":")[2]
    mine = emulator.client("backup", PAYMENTS, HOME, **keys)
    mine.disassociate_backup_vault_mpa_approval_team(BackupVaultName=name)
    before = mine.describe_backup_vault(BackupVaultName=name)
    emulator.client("iam", PAYMENTS).delete_user_policy(UserName="ada", PolicyName="own")
    approve(recovery, before["LatestMpaApprovalTeamUpdate"]["MpaSessionArn"])
    after = emulator.client("backup", PAYMENTS, HOME).describe_backup_vault(BackupVaultName=name)
    assert after["MpaApprovalTeamArn"] == before["MpaApprovalTeamArn"]
    assert after["LatestMpaApprovalTeamUpdate"]["Status"] == "FAILED"


def test_a_team_stays_as_it_is_when_its_update_was_approved_for_somebody_without_rights(recovery: Recovery) -> None:
    emulator, team = recovery.emulator, recovery.active()
    enforce(emulator)
    keys = user(emulator, allow("mpa:*"), account=RECOVERY)
    mpa = emulator.client("mpa", RECOVERY, **keys)
    mpa.update_approval_team(Arn=team, ApprovalStrategy={"MofN": {"MinApprovalsRequired": 3}})
    session = mpa.get_approval_team(Arn=team)["UpdateSessionArn"]
    emulator.client("iam", RECOVERY).delete_user_policy(UserName="ada", PolicyName="own")
    assert approve(recovery, session)["ExecutionStatus"] == "FAILED"
    shown = recovery.mpa.get_approval_team(Arn=team)
    assert shown["ApprovalStrategy"]["MofN"]["MinApprovalsRequired"] == 2
    assert shown["StatusCode"] == "UPDATE_FAILED_APPROVAL"


def test_without_the_right_to_start_a_session_the_request_itself_succeeds_and_fails_later(
    recovery: Recovery, vault: str
) -> None:
    emulator = recovery.emulator
    arn = role(emulator, allow("backup:*"), name="requester", account=LANDING)
    backup = emulator.client("backup", LANDING, HOME, **emulator.assume(arn, LANDING))
    backup.create_restore_access_backup_vault(SourceBackupVaultArn=vault, BackupVaultName=ACCESS)
    shown = backup.describe_backup_vault(BackupVaultName=ACCESS)
    assert shown["VaultState"] == "FAILED"
    assert "MpaSessionArn" not in shown, "nobody was asked, so there is no session"
    trail = emulator.client("cloudtrail", LANDING, HOME)
    wanted = [{"AttributeKey": "EventName", "AttributeValue": "CreateRestoreAccessBackupVaultFailed"}]
    (told,) = trail.lookup_events(LookupAttributes=wanted)["Events"]
    assert "mpa:StartSession" in told["CloudTrailEvent"]


def test_the_right_to_start_a_session_can_be_limited_to_operations_and_accounts(recovery: Recovery, vault: str) -> None:
    emulator = recovery.emulator
    asked_for = {
        "mpa:RequestedOperation": "backup:CreateRestoreAccessBackupVault",
        "mpa:ProtectedResourceAccount": PAYMENTS,
    }
    limits = {"StringEquals": asked_for, "Bool": {"aws:ViaAWSService": "true"}}
    may = allow("mpa:StartSession", resource="arn:aws:mpa:us-east-1:*:approval-team/*", Condition=limits)
    arn = role(emulator, allow("backup:*"), may, name="requester", account=LANDING)
    backup = emulator.client("backup", LANDING, HOME, **emulator.assume(arn, LANDING))
    assert approve(recovery, ask(backup, vault))["ExecutionStatus"] == "EXECUTED"
    asked_for["mpa:RequestedOperation"] = "backup:RevokeRestoreAccessBackupVault"
    policy = document(allow("backup:*"), may)
    emulator.client("iam", LANDING).put_role_policy(RoleName="requester", PolicyName="own", PolicyDocument=policy)
    backup.create_restore_access_backup_vault(SourceBackupVaultArn=vault, BackupVaultName="second")
    assert backup.describe_backup_vault(BackupVaultName="second")["VaultState"] == "FAILED"


def test_a_change_of_team_without_that_right_is_shown_as_failed(recovery: Recovery, vault: str) -> None:
    emulator = recovery.emulator
    keys = user(emulator, allow("backup:*"), account=PAYMENTS)
    name = vault.rpartition(":")[2]
    backup = emulator.client("backup", PAYMENTS, HOME, **keys)
    backup.disassociate_backup_vault_mpa_approval_team(BackupVaultName=name)
    update = backup.describe_backup_vault(BackupVaultName=name)["LatestMpaApprovalTeamUpdate"]
    assert update["Status"] == "FAILED"
    assert "mpa:StartSession" in update["StatusMessage"]
