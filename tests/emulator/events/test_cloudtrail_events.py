"""CloudTrail's event history: who did what, in which account and Region, and how LookupEvents finds it."""

import json
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import BUNKER, MANAGEMENT, PAYMENTS, Emulator

REGION = "eu-west-1"


def history(emulator: Emulator, account: str, region: str = REGION, **asked: Any) -> list[dict[str, Any]]:
    """The records of an account and Region, newest first, through every page."""
    client = emulator.client("cloudtrail", account, region)
    pages = client.get_paginator("lookup_events").paginate(**asked)
    return [json.loads(event["CloudTrailEvent"]) for page in pages for event in page["Events"]]


def by(key: str, value: str) -> dict[str, Any]:
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def one(emulator: Emulator, account: str, name: str, region: str = REGION) -> dict[str, Any]:
    found = history(emulator, account, region, **by("EventName", name))
    assert len(found) == 1, f"{name} must be recorded once, and was {len(found)} times"
    return found[0]


def refused(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def a_role(emulator: Emulator, account: str, trusted: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = emulator.client("iam", account).create_role(RoleName="responder", AssumeRolePolicyDocument=trust)
    return str(made["Role"]["Arn"])


def test_a_call_is_a_record_with_who_what_where_and_the_answer(emulator: Emulator) -> None:
    client = emulator.client("backup", BUNKER, REGION)
    made = client.create_backup_vault(BackupVaultName="isolated")
    record = one(emulator, BUNKER, "CreateBackupVault")
    assert record["userIdentity"] == {
        "type": "Root",
        "principalId": BUNKER,
        "arn": f"arn:aws:iam::{BUNKER}:root",
        "accountId": BUNKER,
        "accessKeyId": BUNKER,
    }
    assert record["eventSource"] == "backup.amazonaws.com"
    assert record["awsRegion"] == REGION
    assert record["requestParameters"]["backupVaultName"] == "isolated"
    assert record["responseElements"]["backupVaultArn"] == made["BackupVaultArn"]
    assert record["requestID"] == made["ResponseMetadata"]["RequestId"]
    assert (record["readOnly"], record["managementEvent"], record["eventType"]) == (False, True, "AwsApiCall")
    assert record["recipientAccountId"] == BUNKER
    assert record["sourceIPAddress"] == "127.0.0.1"
    assert "Boto3" in record["userAgent"]


def test_a_call_that_only_reads_has_no_response_elements(emulator: Emulator) -> None:
    emulator.client("backup", BUNKER, REGION).list_backup_vaults()
    record = one(emulator, BUNKER, "ListBackupVaults")
    assert record["readOnly"] is True
    assert record["responseElements"] is None


def test_a_refused_call_is_recorded_with_its_error(emulator: Emulator) -> None:
    client = emulator.client("backup", BUNKER, REGION)
    with pytest.raises(ClientError) as error:
        client.delete_backup_vault(BackupVaultName="nowhere")
    record = one(emulator, BUNKER, "DeleteBackupVault")
    assert record["errorCode"] == refused(error)
    assert record["errorMessage"] == error.value.response["Error"]["Message"]
    assert record["responseElements"] is None


def test_a_call_of_somebody_unknown_is_in_nobodys_history(emulator: Emulator) -> None:
    unknown = {"aws_access_key_id": "AKIAUNKNOWN", "aws_secret_access_key": "x"}
    with pytest.raises(ClientError):
        emulator.client("backup", BUNKER, REGION, **unknown).list_backup_vaults()
    assert history(emulator, BUNKER, **by("EventName", "ListBackupVaults")) == []


def test_a_role_session_names_its_role_and_its_session(emulator: Emulator) -> None:
    role = a_role(emulator, BUNKER, BUNKER)
    session = emulator.assume(role, BUNKER, "ada")
    emulator.client("backup", region=REGION, **session).create_backup_vault(BackupVaultName="isolated")
    record = one(emulator, BUNKER, "CreateBackupVault")
    identity = record["userIdentity"]
    assert identity["type"] == "AssumedRole"
    assert identity["arn"] == f"arn:aws:sts::{BUNKER}:assumed-role/responder/ada"
    assert identity["accessKeyId"] == session["aws_access_key_id"]
    issuer = identity["sessionContext"]["sessionIssuer"]
    assert (issuer["arn"], issuer["userName"], issuer["accountId"]) == (role, "responder", BUNKER)
    began = identity["sessionContext"]["attributes"]
    assert began["mfaAuthenticated"] == "false"
    assert began["creationDate"] <= record["eventTime"]


def test_an_iam_user_is_named(emulator: Emulator) -> None:
    iam = emulator.client("iam", BUNKER)
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    emulator.client("backup", region=REGION, **keys).create_backup_vault(BackupVaultName="isolated")
    found = history(emulator, BUNKER, **by("Username", "ada"))
    assert [record["eventName"] for record in found] == ["CreateBackupVault"]
    assert found[0]["userIdentity"]["userName"] == "ada"


def test_assuming_a_role_of_another_account_shows_in_both(emulator: Emulator) -> None:
    role = a_role(emulator, BUNKER, PAYMENTS)
    emulator.assume(role, PAYMENTS, "ada")
    own = one(emulator, PAYMENTS, "AssumeRole", "us-east-1")
    theirs = one(emulator, BUNKER, "AssumeRole", "us-east-1")
    assert own["userIdentity"]["type"] == "Root"
    assert theirs["userIdentity"] == {"type": "AWSAccount", "principalId": PAYMENTS, "accountId": PAYMENTS}
    assert (own["recipientAccountId"], theirs["recipientAccountId"]) == (PAYMENTS, BUNKER)
    assert own["sharedEventID"] == theirs["sharedEventID"]
    assert own["eventID"] != theirs["eventID"]
    assert own["resources"] == [{"accountId": BUNKER, "type": "AWS::IAM::Role", "ARN": role}]


def test_a_role_of_ones_own_account_shows_once(emulator: Emulator) -> None:
    role = a_role(emulator, BUNKER, BUNKER)
    emulator.assume(role, BUNKER, "ada")
    assert "sharedEventID" not in one(emulator, BUNKER, "AssumeRole", "us-east-1")


def test_the_use_of_a_key_of_another_account_shows_in_both(emulator: Emulator) -> None:
    theirs = emulator.client("kms", BUNKER, REGION)
    statements = [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"}
        for account in (BUNKER, PAYMENTS)
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    key = theirs.create_key(Policy=policy)["KeyMetadata"]["Arn"]
    emulator.control("POST", "enforcement", {"on": True})  # Else nobody has keys of other accounts.
    emulator.client("kms", PAYMENTS, REGION).describe_key(KeyId=key)
    found = [one(emulator, account, "DescribeKey") for account in (PAYMENTS, BUNKER)]
    assert [record["userIdentity"]["type"] for record in found] == ["Root", "AWSAccount"]
    assert all(record["resources"][0]["ARN"] == key for record in found)
    assert found[0]["sharedEventID"] == found[1]["sharedEventID"]


def test_a_trail_never_shows_a_secret(emulator: Emulator) -> None:
    role = a_role(emulator, BUNKER, BUNKER)
    session = emulator.assume(role, BUNKER)
    iam = emulator.client("iam", BUNKER)
    iam.create_user(UserName="ada")
    secret = iam.create_access_key(UserName="ada")["AccessKey"]["SecretAccessKey"]
    iam.create_login_profile(UserName="ada", Password="Vq9-lantern-harbour")
    everything = json.dumps(history(emulator, BUNKER, "us-east-1"))
    for hidden in (session["aws_secret_access_key"], secret, "Vq9-lantern-harbour"):
        assert hidden not in everything
    assert "HIDDEN_DUE_TO_SECURITY_REASONS" in everything


def test_calls_for_data_are_not_recorded(emulator: Emulator) -> None:
    s3 = emulator.client("s3", BUNKER)
    s3.create_bucket(Bucket="evidence")
    s3.put_object(Bucket="evidence", Key="a", Body=b"1")
    s3.get_object(Bucket="evidence", Key="a")
    found = {record["eventName"] for record in history(emulator, BUNKER, "us-east-1")}
    assert "CreateBucket" in found
    assert not found & {"PutObject", "GetObject"}


def test_calls_to_iam_are_in_us_east_1_whichever_region_signed(emulator: Emulator) -> None:
    emulator.client("iam", BUNKER, "us-east-1").create_user(UserName="ada")
    assert one(emulator, BUNKER, "CreateUser", "us-east-1")["awsRegion"] == "us-east-1"
    assert history(emulator, BUNKER, REGION, **by("EventName", "CreateUser")) == []


def test_approval_calls_carry_the_long_name_of_their_service(emulator: Emulator) -> None:
    emulator.client("mpa", BUNKER).list_approval_teams()
    record = one(emulator, BUNKER, "ListApprovalTeams", "us-east-1")
    assert record["eventSource"] == "multi-party-approval.amazonaws.com"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("EventName", "CreateBackupVault", 2),
        ("EventSource", "backup.amazonaws.com", 3),
        ("ReadOnly", "true", 1),
        ("Username", "root", 4),
        ("AccessKeyId", BUNKER, 4),
        ("ResourceName", "isolated", 1),
        ("ResourceType", "AWS::Backup::BackupVault", 2),
        ("EventName", "Createbackupvault", 0),
    ],
)
def test_events_are_found_by_one_attribute(emulator: Emulator, key: str, value: str, expected: int) -> None:
    client = emulator.client("backup", BUNKER, REGION)
    client.create_backup_vault(BackupVaultName="isolated")
    client.create_backup_vault(BackupVaultName="other")
    client.list_backup_vaults()
    emulator.client("sns", BUNKER, REGION).create_topic(Name="news")
    assert len(history(emulator, BUNKER, **by(key, value))) == expected


def test_an_event_is_found_by_its_id(emulator: Emulator) -> None:
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    record = one(emulator, BUNKER, "CreateBackupVault")
    assert history(emulator, BUNKER, **by("EventId", record["eventID"])) == [record]


def test_pages_are_newest_first_and_lose_nothing(emulator: Emulator) -> None:
    backup = emulator.client("backup", BUNKER, REGION)
    for number in range(7):
        backup.create_backup_vault(BackupVaultName=f"vault-{number}")
    client = emulator.client("cloudtrail", BUNKER, REGION)
    asked, names, sizes = {"MaxResults": 3, **by("EventName", "CreateBackupVault")}, [], []
    while True:
        page = client.lookup_events(**asked)
        names += [
            json.loads(event["CloudTrailEvent"])["requestParameters"]["backupVaultName"] for event in page["Events"]
        ]
        sizes.append(len(page["Events"]))
        if "NextToken" not in page:
            break
        asked["NextToken"] = page["NextToken"]
    assert names == [f"vault-{number}" for number in reversed(range(7))]
    assert sizes == [3, 3, 1]


def test_a_time_range_narrows_the_history(emulator: Emulator) -> None:
    backup = emulator.client("backup", BUNKER, REGION)
    backup.create_backup_vault(BackupVaultName="early")
    now = datetime.fromisoformat(emulator.advance(3600))
    backup.create_backup_vault(BackupVaultName="late")
    between: dict[str, Any] = {"StartTime": now - timedelta(seconds=1), "EndTime": now + timedelta(hours=1)}
    found = history(emulator, BUNKER, **between, **by("EventName", "CreateBackupVault"))
    assert [record["requestParameters"]["backupVaultName"] for record in found] == ["late"]


def test_events_are_shown_for_90_days(emulator: Emulator) -> None:
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    emulator.advance(89 * 86400)
    assert history(emulator, BUNKER, **by("EventName", "CreateBackupVault"))
    emulator.advance(2 * 86400)
    assert history(emulator, BUNKER, **by("EventName", "CreateBackupVault")) == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"MaxResults": 0}, "InvalidMaxResultsException"),
        ({"NextToken": "invented"}, "InvalidNextTokenException"),
        ({"EventCategory": "management"}, "InvalidEventCategoryException"),
        ({"StartTime": 2_000_000_000, "EndTime": 1_900_000_000}, "InvalidTimeRangeException"),
        (
            {"LookupAttributes": [*by("EventName", "A")["LookupAttributes"], *by("Username", "b")["LookupAttributes"]]},
            "InvalidLookupAttributesException",
        ),
        (by("Colour", "red"), "InvalidLookupAttributesException"),
        (by("EventName", ""), "InvalidLookupAttributesException"),
    ],
)
def test_a_lookup_that_makes_no_sense_is_refused(emulator: Emulator, asked: dict[str, Any], code: str) -> None:
    from botocore.config import Config

    client = emulator.client("cloudtrail", BUNKER, REGION, config=Config(parameter_validation=False))
    with pytest.raises(ClientError) as error:
        client.lookup_events(**asked)
    assert refused(error) == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"MaxResults": "many"}', "SerializationException"),
        ('{"LookupAttributes": 5}', "SerializationException"),
        ('{"LookupAttributes": [5]}', "SerializationException"),
        ('{"LookupAttributes": {"AttributeKey": "EventName"}}', "SerializationException"),
        ('{"StartTime": {"a": 1}}', "SerializationException"),
        ('{"StartTime": "yesterday"}', "SerializationException"),
        ('{"NextToken": {"a": 1}}', "InvalidNextTokenException"),
        ('{"EventCategory": ["insight"]}', "InvalidEventCategoryException"),
    ],
)
def test_a_lookup_of_the_wrong_types_is_refused(emulator: Emulator, body: str, code: str) -> None:
    scope = f"{BUNKER}/20260101/{REGION}/cloudtrail/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none",
        "X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents",
        "Content-Type": "application/x-amz-json-1.1",
    }
    request = urllib.request.Request(emulator.url, body.encode(), headers)  # noqa: S310 - loopback
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=30)  # noqa: S310 - loopback
    with error.value:
        assert (error.value.code, json.loads(error.value.read())["__type"]) == (400, code)


def test_another_account_sees_nothing_of_it(emulator: Emulator) -> None:
    emulator.seed()
    emulator.client("backup", BUNKER, REGION).create_backup_vault(BackupVaultName="isolated")
    assert history(emulator, MANAGEMENT, **by("EventName", "CreateBackupVault")) == []
