"""What the attacker tries, what came of it, and on whose word the outcome rests.

Every attempt is a real AWS call. The demo does not decide what happens: it reports what the call answered, says whether
AWS documents that outcome or we infer it, and names what was expected so that a surprise fails the demo.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from airlock.domain.names import DEPLOY_ROLE, REQUESTER_ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OPEN_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
)
REFUSED = "refused"
WORKED = "worked"
NEEDS_VOTE = "waits for the vote of the team"


SCP = "service control policy"
BOUNDARY = "permissions boundary"
_DENIED_BY = re.compile(r"(?:with an explicit deny in an? |because no )(.+? (?:policy|boundary))")


@dataclass(frozen=True)
class Attempt:
    """One thing the attacker tries. `basis` is `documented` or `inferred`, of the expected outcome.

    `by` is the kind of policy that is expected to refuse it; empty where the service itself does.
    """

    actor: str
    action: str
    expected: str
    basis: str
    why: str
    act: Callable[[], object]
    by: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt. `denied_by` is the kind of policy that the refusal names, if it names one."""

    actor: str
    action: str
    outcome: str
    error: str | None
    denied_by: str | None
    basis: str
    why: str
    as_expected: bool


def carry_out(attempts: Sequence[Attempt]) -> list[Outcome]:
    """Try everything in order; a refusal is an answer, not an end."""
    return [_carry_out(attempt) for attempt in attempts]


def _carry_out(attempt: Attempt) -> Outcome:
    error = None
    try:
        seen = NEEDS_VOTE if attempt.act() == NEEDS_VOTE else WORKED
    except ClientError as refusal:
        seen = REFUSED
        error = f"{refusal.response['Error']['Code']}: {refusal.response['Error'].get('Message', '')}"
    denied_by = policy_that_denied(error)
    return Outcome(
        actor=attempt.actor,
        action=attempt.action,
        outcome=seen,
        error=error,
        denied_by=denied_by,
        basis=attempt.basis,
        why=attempt.why,
        as_expected=(seen, denied_by or "") == (attempt.expected, attempt.by),
    )


def policy_that_denied(error: str | None) -> str | None:
    """The kind of policy that an error of AWS blames; None when the service refused for a reason of its own."""
    found = _DENIED_BY.search(error or "")
    return found.group(1) if found else None


def ending(outcome: str, denied_by: str | None = None) -> str:
    """How an attempt ended, in words that end a sentence: `refused by a service control policy`."""
    if outcome == REFUSED:
        article = "an" if (denied_by or "").startswith(tuple("aeiou")) else "a"
        return f"refused by {article} {denied_by}" if denied_by else "refused by the service itself"
    return "successful" if outcome == WORKED else "held until the team votes"


@dataclass(frozen=True)
class Target:
    """What the workload account holds, as its administrator finds it."""

    account: str
    bucket: str
    table: str
    volume: str
    local_vault: str
    air_gapped_vault: str
    vault_share_arn: str
    team_share_arn: str
    break_glass: Callable[[str], Any]
    """Clients of the role that may do what nobody else may, which the account's administrator can assume."""


def on_the_account(client: Callable[[str], Any], target: Target) -> list[Attempt]:
    """The attempts of whoever is administrator of the workload account, root included."""
    return [*_on_the_data(client, target), *_on_the_backups(client, target), *_as_an_exempt_role(target)]


def _on_the_data(client: Callable[[str], Any], target: Target) -> list[Attempt]:
    why = "the live data is the attacker's"
    return [
        _worked(target, "delete every object version", why, lambda: _empty_bucket(client("s3"), target.bucket)),
        _worked(target, "delete the table", why, lambda: client("dynamodb").delete_table(TableName=target.table)),
        _worked(target, "delete the volume", why, lambda: client("ec2").delete_volume(VolumeId=target.volume)),
    ]


def _on_the_backups(client: Callable[[str], Any], target: Target) -> list[Attempt]:
    """What the guardrail of the organization denies in a member account to everybody but two roles."""
    backup, vault = client("backup"), target.air_gapped_vault
    point = _newest_point(backup, vault)
    tries: dict[str, Callable[[], object]] = {
        "delete the recovery points of the local vault": lambda: _empty_vault(backup, target.local_vault),
        "delete a recovery point of the air-gapped vault": lambda: backup.delete_recovery_point(
            BackupVaultName=vault, RecoveryPointArn=point
        ),
        "delete the air-gapped vault": lambda: backup.delete_backup_vault(BackupVaultName=vault),
        "remove the approval team from the vault": lambda: backup.disassociate_backup_vault_mpa_approval_team(
            BackupVaultName=vault
        ),
        "end the share of the vault with the forensic account": lambda: client("ram").delete_resource_share(
            resourceShareArn=target.vault_share_arn
        ),
        "schedule the deletion of the local vault's key": lambda: _schedule_key_deletion(client("kms")),
        "let everybody take on the deployment role": lambda: client("iam").update_assume_role_policy(
            RoleName=DEPLOY_ROLE, PolicyDocument=OPEN_TRUST
        ),
    }
    why = "the organization's guardrail binds everybody in a member account, its root user too"
    return [
        Attempt(_administrator(target), action, REFUSED, "documented", why, act, by=SCP)
        for action, act in tries.items()
    ]


def _as_an_exempt_role(target: Target) -> list[Attempt]:
    """The same as one of the two roles that the guardrail spares, which whoever administers the account can become."""
    who = f"The break-glass role of account {target.account}"
    return [Attempt(who, *tried) for tried in (*_refused_by_the_vault(target), *_open_to_exempt_roles(target))]


Tried = tuple[str, str, str, str, "Callable[[], object]"]
"""Of an attempt: action, expected outcome, basis, why, and what is done."""


def _refused_by_the_vault(target: Target) -> list[Tried]:
    backup, vault = target.break_glass("backup"), target.air_gapped_vault
    point = {"BackupVaultName": vault, "RecoveryPointArn": _newest_point(backup, vault)}
    return [
        (
            "delete a recovery point of the air-gapped vault",
            REFUSED,
            "documented",
            "no one deletes a point of a logically air-gapped vault before its retention ends",
            lambda: backup.delete_recovery_point(**point),
        ),
        (
            "shorten the retention of that point",
            REFUSED,
            "documented",
            "nobody changes the lifecycle of a point in a locked vault",
            lambda: backup.update_recovery_point_lifecycle(**point, Lifecycle={"DeleteAfterDays": 1}),
        ),
        (
            "remove the lock of the air-gapped vault",
            REFUSED,
            "inferred",
            "the lock of a logically air-gapped vault is in compliance mode from its first second",
            lambda: backup.delete_backup_vault_lock_configuration(BackupVaultName=vault),
        ),
        (
            "delete the air-gapped vault",
            REFUSED,
            "documented",
            "a vault is deleted only when it is empty",
            lambda: backup.delete_backup_vault(BackupVaultName=vault),
        ),
    ]


def _open_to_exempt_roles(target: Target) -> list[Tried]:
    backup, vault = target.break_glass("backup"), target.air_gapped_vault
    return [
        (
            "delete the recovery points of the local vault",
            WORKED,
            "inferred",
            "whoever administers the account can become any role in it: local copies are lost with their account",
            lambda: _empty_vault(backup, target.local_vault),
        ),
        (
            "remove the approval team from the vault",
            NEEDS_VOTE,
            "documented",
            "the current team votes on its own removal",
            lambda: put_to_the_vote(
                backup, vault, lambda: backup.disassociate_backup_vault_mpa_approval_team(BackupVaultName=vault)
            ),
        ),
        (
            "end the share of the vault with the forensic account",
            WORKED,
            "documented",
            "an owner can end a share at any time: this is why the second key exists",
            lambda: target.break_glass("ram").delete_resource_share(resourceShareArn=target.vault_share_arn),
        ),
        (
            "schedule the deletion of the local vault's key",
            WORKED,
            "documented",
            "the air-gapped vault is encrypted with a key that AWS owns",
            lambda: _schedule_key_deletion(target.break_glass("kms")),
        ),
    ]


def _administrator(target: Target) -> str:
    return f"The administrator of account {target.account}"


def _worked(target: Target, action: str, why: str, act: Callable[[], object]) -> Attempt:
    return Attempt(_administrator(target), action, WORKED, "documented", why, act)


def on_the_requester(landing: Callable[[str], Any], requester: Callable[[str], Any]) -> list[Attempt]:
    """Whoever steals a session of the requester role, and finds somebody who gives the role more rights."""
    return [
        Attempt(
            "A thief of a session of the requester role",
            "use every right, which an administrator was talked into giving the role",
            REFUSED,
            "documented",
            "what the role is given beyond its permissions boundary has no effect",
            lambda: _beyond_the_boundary(landing("iam"), requester("iam")),
            by=BOUNDARY,
        )
    ]


def _beyond_the_boundary(administrator: Any, requester: Any) -> None:
    """The role is left as it was: the recovery has to work with what it has."""
    everything = {"RoleName": REQUESTER_ROLE, "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    administrator.attach_role_policy(**everything)
    try:
        requester.create_user(UserName="mallory")
    finally:
        administrator.detach_role_policy(**everything)


@dataclass(frozen=True)
class LostOrganization:
    """What the management account of the lost organization can reach."""

    management: str
    root_id: str
    team_share_arn: str
    workload: Target
    foreign_team: Callable[[], str]


def on_the_organization(
    management: Callable[[str], Any], workload: Callable[..., Any], lost: LostOrganization
) -> list[Attempt]:
    """What is open to whoever holds the management account as well."""
    who = f"The root user of management account {lost.management}"

    def attempt(action: str, expected: str, basis: str, why: str, act: Callable[[], object], by: str = "") -> Attempt:
        return Attempt(who, action, expected, basis, why, act, by)

    def another_team() -> object:
        return workload("backup").associate_backup_vault_mpa_approval_team(
            BackupVaultName=lost.workload.air_gapped_vault, MpaApprovalTeamArn=lost.foreign_team()
        )

    off = {"isMpaEnabled": "false", "isCrossAccountBackupEnabled": "false"}
    return [
        attempt(
            "put a team of the attacker's own on the vault, as its account's root user",
            REFUSED,
            "documented",
            "the guardrail lets nobody associate another team than ours, while it is attached",
            another_team,
            SCP,
        ),
        attempt(
            "detach the service control policy",
            WORKED,
            "documented",
            "service control policies never bind the management account",
            lambda: _detach_scp(management("organizations"), lost),
        ),
        attempt(
            "put a team of the attacker's own on the vault",
            NEEDS_VOTE,
            "documented",
            "a change of team is voted by the current team",
            lambda: put_to_the_vote(
                workload("backup"),
                lost.workload.air_gapped_vault,
                another_team,
            ),
        ),
        attempt(
            "switch off the opt-in for Multi-party approval",
            WORKED,
            "inferred",
            "existing associations keep working (assumed: AWS documents nothing)",
            lambda: management("backup").update_global_settings(GlobalSettings=off),
        ),
        attempt(
            "leave the share of the team in the vault's account",
            REFUSED,
            "documented",
            "only its owner takes an account out of a team's share; and the landing account has a share of its own",
            lambda: workload("ram", "us-east-1").disassociate_resource_share(
                resourceShareArn=lost.team_share_arn, principals=[lost.workload.account]
            ),
        ),
    ]


def put_to_the_vote(backup: Any, vault: str, ask: Callable[[], object]) -> str:
    """Ask for a change of a vault's team; NEEDS_VOTE when the vault says that the old team stays and a vote is open."""
    before = backup.describe_backup_vault(BackupVaultName=vault).get("MpaApprovalTeamArn")
    ask()
    after = backup.describe_backup_vault(BackupVaultName=vault)
    is_open = after.get("LatestMpaApprovalTeamUpdate", {}).get("Status") == "PENDING"
    return NEEDS_VOTE if is_open and after.get("MpaApprovalTeamArn") == before else WORKED


def _newest_point(backup: Any, vault: str) -> str:
    points = backup.list_recovery_points_by_backup_vault(BackupVaultName=vault)["RecoveryPoints"]
    return str(max(points, key=lambda point: point["CreationDate"])["RecoveryPointArn"])


def _empty_bucket(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=bucket, Key=item["Key"], VersionId=item["VersionId"])


def _empty_vault(backup: Any, vault: str) -> None:
    backup.delete_backup_vault_access_policy(BackupVaultName=vault)
    for point in backup.list_recovery_points_by_backup_vault(BackupVaultName=vault)["RecoveryPoints"]:
        backup.delete_recovery_point(BackupVaultName=vault, RecoveryPointArn=point["RecoveryPointArn"])


def _schedule_key_deletion(kms: Any) -> None:
    aliases = kms.list_aliases()["Aliases"]
    keys = {
        row["TargetKeyId"] for row in aliases if not row["AliasName"].startswith("alias/aws/") and "TargetKeyId" in row
    }
    for key in keys:
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)


def _detach_scp(organizations: Any, lost: LostOrganization) -> None:
    attached = organizations.list_policies_for_target(TargetId=lost.root_id, Filter="SERVICE_CONTROL_POLICY")[
        "Policies"
    ]
    for policy in attached:
        if policy["Name"] != "FullAWSAccess":
            organizations.detach_policy(PolicyId=policy["Id"], TargetId=lost.root_id)
