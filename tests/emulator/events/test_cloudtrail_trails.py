"""Trails: what CreateTrail asks of the bucket and the organization, and the files that arrive in the bucket."""

import gzip
import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import AUDIT, BUNKER, LANDING, MANAGEMENT, PAYMENTS, Emulator
from tests.emulator.worlds.events import REGION, log_bucket, trail

FIVE_MINUTES = 300


def files(emulator: Emulator, account: str, bucket: str = "trail-files") -> dict[str, list[dict[str, Any]]]:
    """The records of each file by its key."""
    s3 = emulator.client("s3", account)
    found = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    bodies = {entry["Key"]: s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read() for entry in found}
    return {key: json.loads(gzip.decompress(body))["Records"] for key, body in bodies.items()}


def names(emulator: Emulator, account: str, **where: str) -> list[tuple[str, str, str]]:
    """(account, Region, event) of all records in the bucket, in the order of the files."""
    records = [record for listed in files(emulator, account, **where).values() for record in listed]
    return [(record["recipientAccountId"], record["awsRegion"], record["eventName"]) for record in records]


def refused(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def organization(emulator: Emulator) -> str:
    emulator.seed()
    client = emulator.client("organizations", MANAGEMENT)
    client.enable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    return str(client.describe_organization()["Organization"]["Id"])


def test_what_is_logged_arrives_within_five_minutes(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    trail(emulator, BUNKER, "trail-files")
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    assert files(emulator, BUNKER) == {}
    emulator.advance(FIVE_MINUTES)
    assert (BUNKER, REGION, "CreateBackupVault") in names(emulator, BUNKER)


def test_a_file_is_named_by_account_region_and_time(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    trail(emulator, BUNKER, "trail-files", S3KeyPrefix="security")
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    emulator.advance(FIVE_MINUTES)
    [key] = [found for found in files(emulator, BUNKER) if REGION in found]
    assert re.fullmatch(
        rf"security/AWSLogs/{BUNKER}/CloudTrail/{REGION}/\d{{4}}/\d\d/\d\d/"
        rf"{BUNKER}_CloudTrail_{REGION}_\d{{8}}T\d{{4}}Z_\w{{16}}\.json\.gz",
        key,
    )


def test_no_event_is_delivered_twice_and_none_is_lost(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    trail(emulator, BUNKER, "trail-files")
    client = emulator.client("backup", BUNKER, REGION)
    for number in range(6):
        client.create_backup_vault(BackupVaultName=f"vault-{number}")
        emulator.advance(200)
    emulator.advance(FIVE_MINUTES)
    records = [one for listed in files(emulator, BUNKER).values() for one in listed]
    made = [one["requestParameters"]["backupVaultName"] for one in records if one["eventName"] == "CreateBackupVault"]
    assert sorted(made) == [f"vault-{number}" for number in range(6)]


def test_the_record_in_the_file_is_the_one_in_the_history(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    trail(emulator, BUNKER, "trail-files")
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    emulator.advance(FIVE_MINUTES)
    [record] = [one for key, listed in files(emulator, BUNKER).items() if REGION in key for one in listed]
    [event] = emulator.client("cloudtrail", BUNKER, REGION).lookup_events()["Events"]
    assert json.loads(event["CloudTrailEvent"]) == record


def test_nothing_is_written_before_logging_starts_nor_after_it_stops(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    cloudtrail = emulator.client("cloudtrail", BUNKER)
    cloudtrail.create_trail(Name="watch", S3BucketName="trail-files", IsMultiRegionTrail=True)
    backup = emulator.client("backup", BUNKER, REGION)
    backup.create_backup_vault(BackupVaultName="before")
    cloudtrail.start_logging(Name="watch")
    backup.create_backup_vault(BackupVaultName="during")
    cloudtrail.stop_logging(Name="watch")
    backup.create_backup_vault(BackupVaultName="after")
    emulator.advance(2 * FIVE_MINUTES)
    records = [one for key, listed in files(emulator, BUNKER).items() if REGION in key for one in listed]
    assert [one["requestParameters"]["backupVaultName"] for one in records] == ["during"]


def test_a_trail_of_one_region_logs_that_region(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    trail(emulator, BUNKER, "trail-files", REGION, IsMultiRegionTrail=False)
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    emulator.client("backup", BUNKER, "us-east-1").create_backup_vault(BackupVaultName="elsewhere")
    emulator.advance(FIVE_MINUTES)
    assert {region for _, region, _ in names(emulator, BUNKER)} == {REGION}


def test_an_organization_trail_holds_the_events_of_the_members(emulator: Emulator) -> None:
    organization_id = organization(emulator)
    log_bucket(emulator, MANAGEMENT)
    trail(emulator, MANAGEMENT, "trail-files", IsOrganizationTrail=True)
    for account in (BUNKER, PAYMENTS, LANDING):
        emulator.client("backup", account, REGION).create_backup_vault(BackupVaultName="isolated")
    emulator.advance(FIVE_MINUTES)
    found = names(emulator, MANAGEMENT)
    assert {(BUNKER, REGION, "CreateBackupVault"), (PAYMENTS, REGION, "CreateBackupVault")} <= set(found)
    assert LANDING not in {account for account, _, _ in found}, "that account is of another organization"
    assert all(key.startswith(f"AWSLogs/{organization_id}/") for key in files(emulator, MANAGEMENT))


def test_a_trail_of_an_account_holds_no_other_account(emulator: Emulator) -> None:
    organization(emulator)
    log_bucket(emulator, MANAGEMENT)
    trail(emulator, MANAGEMENT, "trail-files")
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    emulator.advance(FIVE_MINUTES)
    assert {account for account, _, _ in names(emulator, MANAGEMENT)} == {MANAGEMENT}


def test_the_bucket_can_be_of_another_account(emulator: Emulator) -> None:
    organization(emulator)
    log_bucket(emulator, AUDIT)
    trail(emulator, BUNKER, "trail-files")
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    emulator.advance(FIVE_MINUTES)
    assert (BUNKER, REGION, "CreateBackupVault") in names(emulator, AUDIT)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({"ReadWriteType": "WriteOnly"}, {"CreateBackupVault"}),
        ({"ReadWriteType": "ReadOnly"}, {"ListBackupVaults"}),
        ({"IncludeManagementEvents": False}, set()),
    ],
)
def test_event_selectors_choose_what_is_logged(
    emulator: Emulator, selector: dict[str, Any], expected: set[str]
) -> None:
    log_bucket(emulator, BUNKER)
    client = trail(emulator, BUNKER, "trail-files")
    client.put_event_selectors(TrailName="watch", EventSelectors=[selector])
    backup = emulator.client("backup", BUNKER, REGION)
    backup.create_backup_vault(BackupVaultName="isolated")
    backup.list_backup_vaults()
    emulator.advance(FIVE_MINUTES)
    assert {name for _, region, name in names(emulator, BUNKER) if region == REGION} == expected


def test_an_advanced_selector_can_leave_a_service_out(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    client = trail(emulator, BUNKER, "trail-files")
    fields = [
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "eventSource", "NotEquals": ["sns.amazonaws.com"]},
    ]
    client.put_event_selectors(TrailName="watch", AdvancedEventSelectors=[{"FieldSelectors": fields}])
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    emulator.client("sns", BUNKER, REGION).create_topic(Name="news")
    emulator.advance(FIVE_MINUTES)
    assert [name for _, region, name in names(emulator, BUNKER) if region == REGION] == ["CreateBackupVault"]


def test_the_status_says_when_something_was_delivered(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    client = trail(emulator, BUNKER, "trail-files")
    before = client.get_trail_status(Name="watch")
    assert before["IsLogging"] is True
    assert "LatestDeliveryTime" not in before
    emulator.advance(FIVE_MINUTES)
    after = client.get_trail_status(Name="watch")
    assert after["LatestDeliveryTime"] > after["StartLoggingTime"]
    client.stop_logging(Name="watch")
    assert client.get_trail_status(Name="watch")["IsLogging"] is False


def test_a_bucket_that_went_away_stands_in_the_status_and_hurts_no_call(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    client = trail(emulator, BUNKER, "trail-files")
    emulator.client("s3", BUNKER).delete_bucket(Bucket="trail-files")
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    emulator.advance(FIVE_MINUTES)
    assert client.get_trail_status(Name="watch")["LatestDeliveryError"] == "NoSuchBucket"
    log_bucket(emulator, BUNKER)
    emulator.advance(FIVE_MINUTES)
    assert (BUNKER, REGION, "CreateBackupVault") in names(emulator, BUNKER), "what was due is still delivered"
    assert "LatestDeliveryError" not in client.get_trail_status(Name="watch")


def test_a_bucket_without_the_policy_is_refused(emulator: Emulator) -> None:
    emulator.client("s3", BUNKER).create_bucket(Bucket="trail-files")
    client = emulator.client("cloudtrail", BUNKER)
    with pytest.raises(ClientError) as error:
        client.create_trail(Name="watch", S3BucketName="trail-files")
    assert refused(error) == "InsufficientS3BucketPolicyException"
    assert client.list_trails()["Trails"] == []


def test_a_bucket_that_is_not_there_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ClientError) as error:
        emulator.client("cloudtrail", BUNKER).create_trail(Name="watch", S3BucketName="nowhere")
    assert refused(error) == "S3BucketDoesNotExistException"


def test_an_update_to_a_bucket_that_cannot_be_used_changes_nothing(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    client = trail(emulator, BUNKER, "trail-files")
    with pytest.raises(ClientError) as error:
        client.update_trail(Name="watch", S3BucketName="nowhere")
    assert refused(error) == "S3BucketDoesNotExistException"
    assert client.get_trail(Name="watch")["Trail"]["S3BucketName"] == "trail-files"


def test_a_name_is_taken_once_and_five_trails_are_the_limit(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    client = emulator.client("cloudtrail", BUNKER)
    for number in range(5):
        client.create_trail(Name=f"watch-{number}", S3BucketName="trail-files")
    with pytest.raises(ClientError) as again:
        client.create_trail(Name="watch-0", S3BucketName="trail-files")
    with pytest.raises(ClientError) as sixth:
        client.create_trail(Name="watch-5", S3BucketName="trail-files")
    assert refused(again) == "TrailAlreadyExistsException"
    assert refused(sixth) == "MaximumNumberOfTrailsExceededException"


def test_only_the_organizations_management_makes_its_trail(emulator: Emulator) -> None:
    emulator.seed()
    log_bucket(emulator, BUNKER)
    asked = {"Name": "watch", "S3BucketName": "trail-files", "IsOrganizationTrail": True}
    with pytest.raises(ClientError) as member:
        emulator.client("cloudtrail", BUNKER).create_trail(**asked)
    with pytest.raises(ClientError) as untrusted:
        emulator.client("cloudtrail", MANAGEMENT).create_trail(**asked)
    with pytest.raises(ClientError) as alone:
        emulator.client("cloudtrail", "999999999999").create_trail(**asked)
    assert refused(member) == "NotOrganizationMasterAccountException"
    assert refused(untrusted) == "CloudTrailAccessNotEnabledException"
    assert refused(alone) == "OrganizationsNotInUseException"


def test_a_trail_that_is_deleted_delivers_no_more(emulator: Emulator) -> None:
    log_bucket(emulator, BUNKER)
    client = trail(emulator, BUNKER, "trail-files")
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    client.delete_trail(Name="watch")
    emulator.advance(FIVE_MINUTES)
    assert files(emulator, BUNKER) == {}
    with pytest.raises(ClientError) as error:
        client.delete_trail(Name="watch")
    assert refused(error) == "TrailNotFoundException"
