"""AWS Backup acts with the role that a job names: it must be trusted by the role, and the role must have the right."""

from typing import Any

import pytest

from tests.emulator.authorization.people import allow, deny, document, enforce, role, service_control
from tests.emulator.conftest import MANAGEMENT, PAYMENTS, Emulator

HOME = "eu-west-1"
TRUST = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
COPY = allow("backup:CopyFromBackupVault", "backup:CopyIntoBackupVault")


@pytest.fixture
def world(emulator: Emulator) -> Emulator:
    emulator.seed()
    backup = emulator.client("backup", PAYMENTS, HOME)
    for name in ("daily", "weekly"):
        backup.create_backup_vault(BackupVaultName=name)
    s3 = emulator.client("s3", PAYMENTS, HOME)
    s3.create_bucket(Bucket="reports", CreateBucketConfiguration={"LocationConstraint": HOME})
    s3.put_bucket_versioning(Bucket="reports", VersioningConfiguration={"Status": "Enabled"})
    backup.update_region_settings(ResourceTypeOptInPreference={"S3": True})
    return emulator


def backup_role(emulator: Emulator, *statements: dict[str, Any], trust: dict[str, Any] = TRUST) -> str:
    return role(emulator, *statements, name="backups", AssumeRolePolicyDocument=document(trust))


def back_up(emulator: Emulator, arn: str) -> dict[str, Any]:
    backup = emulator.client("backup", PAYMENTS, HOME)
    started = backup.start_backup_job(BackupVaultName="daily", ResourceArn="arn:aws:s3:::reports", IamRoleArn=arn)
    return ended(lambda: backup.describe_backup_job(BackupJobId=started["BackupJobId"]))


def copied(emulator: Emulator, arn: str) -> dict[str, Any]:
    backup = emulator.client("backup", PAYMENTS, HOME)
    (point,) = backup.list_recovery_points_by_backup_vault(BackupVaultName="daily")["RecoveryPoints"]
    started = backup.start_copy_job(
        RecoveryPointArn=point["RecoveryPointArn"],
        SourceBackupVaultName="daily",
        DestinationBackupVaultArn=f"arn:aws:backup:{HOME}:{PAYMENTS}:backup-vault:weekly",
        IamRoleArn=arn,
    )
    return ended(lambda: backup.describe_copy_job(CopyJobId=started["CopyJobId"])["CopyJob"])


def ended(look: Any) -> dict[str, Any]:
    for _ in range(5):
        job: dict[str, Any] = look()
        if job["State"] in ("COMPLETED", "FAILED"):
            return job
    raise AssertionError(f"The job did not end: {job}")


def test_a_role_that_trusts_the_service_makes_a_backup(world: Emulator) -> None:
    arn = backup_role(world)
    enforce(world)
    assert back_up(world, arn)["State"] == "COMPLETED"


@pytest.mark.parametrize(
    "trust",
    [
        {**TRUST, "Principal": {"Service": "ec2.amazonaws.com"}},
        {**TRUST, "Principal": {"AWS": f"arn:aws:iam::{PAYMENTS}:root"}},
        {**TRUST, "Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}},
    ],
    ids=["another service", "an account", "another account's jobs"],
)
def test_a_role_that_does_not_trust_the_service_makes_none(world: Emulator, trust: dict[str, Any]) -> None:
    arn = backup_role(world, trust=trust)
    enforce(world)
    job = back_up(world, arn)
    assert job["State"] == "FAILED"
    assert "does not let backup.amazonaws.com assume it" in job["StatusMessage"]


def test_without_enforcement_the_trust_of_a_job_s_role_is_not_asked_for(world: Emulator) -> None:
    arn = backup_role(world, trust={**TRUST, "Principal": {"Service": "ec2.amazonaws.com"}})
    assert back_up(world, arn)["State"] == "COMPLETED"


def test_a_copy_needs_the_role_s_right_to_copy(world: Emulator) -> None:
    arn = backup_role(world)
    enforce(world)
    back_up(world, arn)
    job = copied(world, arn)
    assert job["State"] == "FAILED"
    assert "backup:CopyFromBackupVault" in job["StatusMessage"]
    world.client("iam", PAYMENTS).put_role_policy(RoleName="backups", PolicyName="c", PolicyDocument=document(COPY))
    assert copied(world, arn)["State"] == "COMPLETED"


def test_where_copies_may_go_can_be_bound_by_the_organization(world: Emulator) -> None:
    arn = backup_role(world, COPY)
    organization = world.client("organizations", MANAGEMENT).describe_organization()["Organization"]["Id"]
    elsewhere = {"ForAllValues:ArnNotLike": {"backup:CopyTargets": f"arn:aws:backup:*:{PAYMENTS}:backup-vault:air-*"}}
    outside = {"ForAllValues:StringNotLike": {"backup:CopyTargetOrgPaths": f"{organization}/*"}}
    enforce(world)
    back_up(world, arn)
    service_control(world, deny("backup:CopyFromBackupVault", Condition=outside))
    assert copied(world, arn)["State"] == "COMPLETED", "the destination is inside the organization"
    service_control(world, deny("backup:CopyFromBackupVault", Condition=elsewhere))
    job = copied(world, arn)
    assert job["State"] == "FAILED"
    assert "service control policy" in job["StatusMessage"]


def test_a_service_linked_role_is_bound_by_no_policy_of_the_organization(world: Emulator) -> None:
    iam = world.client("iam", PAYMENTS)
    linked = iam.create_service_linked_role(AWSServiceName="backup.amazonaws.com")["Role"]
    # AWS gives such a role its policy itself; here it has none.
    iam.put_role_policy(RoleName=linked["RoleName"], PolicyName="copies", PolicyDocument=document(COPY))
    arn = backup_role(world, COPY)
    enforce(world)
    back_up(world, arn)
    service_control(world, deny("backup:CopyFromBackupVault"))
    assert copied(world, arn)["State"] == "FAILED"
    assert copied(world, linked["Arn"])["State"] == "COMPLETED"
