"""What AWS's model of an operation forbids is refused by the service, with the service's own error."""

from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.emulator.conftest import MANAGEMENT, RECOVERY, Emulator

BARE = Config(parameter_validation=False)
LONG = "x" * 5000
CASES: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("mpa", "create_approval_team", {"Name": "n"}, "ValidationException", "ApprovalStrategy"),
    ("mpa", "get_session", {"SessionArn": LONG}, "ValidationException", "SessionArn"),
    ("mpa", "list_sessions", {"ApprovalTeamArn": "arn:x", "MaxResults": 0}, "ValidationException", "MaxResults"),
    ("backup", "create_backup_vault", {"BackupVaultName": "!"}, "InvalidParameterValueException", "BackupVaultName"),
    ("backup", "start_backup_job", {"BackupVaultName": "local"}, "MissingParameterValueException", "ResourceArn"),
    ("backup", "list_backup_jobs", {"ByState": "ODD"}, "InvalidParameterValueException", "State"),
    ("backup", "list_backup_jobs", {"MaxResults": 0}, "InvalidParameterValueException", "MaxResults"),
    ("organizations", "create_policy", {"Name": "n"}, "InvalidInputException", "Content"),
    ("organizations", "describe_account", {"AccountId": "12"}, "InvalidInputException", "AccountId"),
    ("organizations", "list_policies", {"Filter": "ODD"}, "InvalidInputException", "Filter"),
    ("organizations", "list_accounts", {"MaxResults": 21}, "InvalidInputException", "MaxResults"),
    ("sts", "assume_role", {"RoleArn": "arn:aws:iam::111111111111:role/x"}, "ValidationError", "RoleSessionName"),
    ("sts", "assume_role", {"RoleArn": "x", "RoleSessionName": "a b"}, "ValidationError", "RoleArn"),
    ("iam", "create_role", {"RoleName": "r"}, "ValidationError", "AssumeRolePolicyDocument"),
    ("iam", "create_user", {"UserName": LONG}, "ValidationError", "UserName"),
    ("kms", "create_key", {"KeyUsage": "ODD"}, "ValidationException", "KeyUsage"),
    ("kms", "schedule_key_deletion", {"KeyId": "k", "PendingWindowInDays": 0}, "ValidationException", "Pending"),
    ("events", "put_rule", {"Name": "a b"}, "ValidationException", "Name"),
    ("identitystore", "describe_user", {"IdentityStoreId": "d-1"}, "ValidationException", "UserId"),
    ("sso-admin", "describe_instance", {}, "ValidationException", "InstanceArn"),
    ("dynamodb", "create_table", {"TableName": LONG}, "ValidationException", "TableName"),
    ("ebs", "start_snapshot", {}, "ValidationException", "VolumeSize"),
    ("kms", "create_key", {"Description": 5}, "SerializationException", "Description"),
]


def account_of(service: str) -> str:
    return RECOVERY if service == "mpa" else MANAGEMENT


@pytest.mark.parametrize(
    ("service", "method", "parameters", "code", "member"), CASES, ids=[f"{c[0]}-{c[1]}-{c[4]}" for c in CASES]
)
def test_what_the_model_forbids_is_refused_in_the_words_of_the_service(
    emulator: Emulator, service: str, method: str, parameters: dict[str, Any], code: str, member: str
) -> None:
    emulator.seed()
    client = emulator.client(service, account_of(service), config=BARE)
    with pytest.raises(ClientError) as caught:
        getattr(client, method)(**parameters)
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert member in error["Message"], "the message has to name the member that is wrong"


def test_a_refused_request_changes_nothing(emulator: Emulator) -> None:
    emulator.seed()
    iam = emulator.client("iam", MANAGEMENT, config=BARE)
    before = iam.list_users()["Users"]
    with pytest.raises(ClientError):
        iam.create_user(UserName="ada", Path="no-slashes")
    assert iam.list_users()["Users"] == before


def test_characters_that_pythons_patterns_lack_are_taken(emulator: Emulator) -> None:
    """Names of people are letters of any alphabet, which the model says in Java's way."""
    emulator.seed()
    iam = emulator.client("iam", MANAGEMENT)
    iam.create_user(UserName="ada", Tags=[{"Key": "Größe", "Value": "名前 = 1"}])
    assert iam.list_user_tags(UserName="ada")["Tags"] == [{"Key": "Größe", "Value": "名前 = 1"}]
