"""A required part of the query or of the headers that is missing is named in an error of the service, with HTTP 400."""

from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.emulator.conftest import PAYMENTS, Emulator

POINT = f"arn:aws:backup:eu-west-1:{PAYMENTS}:recovery-point:1"
SHARE = f"arn:aws:ram:us-east-1:{PAYMENTS}:resource-share/1"
LACKING: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("backup", "cancel_legal_hold", {"LegalHoldId": "1"}, "MissingParameterValueException", "CancelDescription"),
    (
        "backup",
        "get_restore_testing_inferred_metadata",
        {"RecoveryPointArn": POINT},
        "MissingParameterValueException",
        "BackupVaultName",
    ),
    ("ram", "delete_resource_share", {"clientToken": "1"}, "InvalidParameterException", "resourceShareArn"),
    ("ram", "delete_permission_version", {"permissionVersion": 1}, "InvalidParameterException", "permissionArn"),
    ("ebs", "get_snapshot_block", {"SnapshotId": "snap-1", "BlockIndex": 0}, "ValidationException", "BlockToken"),
    ("ebs", "complete_snapshot", {"SnapshotId": "snap-1"}, "ValidationException", "ChangedBlocksCount"),
]


@pytest.mark.parametrize(("service", "operation", "given", "code", "names"), LACKING, ids=lambda one: str(one)[:40])
def test_what_is_missing_is_named(
    emulator: Emulator, service: str, operation: str, given: dict[str, Any], code: str, names: str
) -> None:
    careless = emulator.client(service, PAYMENTS, config=Config(parameter_validation=False))
    with pytest.raises(ClientError) as caught:
        getattr(careless, operation)(**given)
    error, meta = caught.value.response["Error"], caught.value.response["ResponseMetadata"]
    assert (error["Code"], meta["HTTPStatusCode"]) == (code, 400)
    assert names in error["Message"]


def test_where_the_query_tells_operations_apart_nothing_is_guessed(emulator: Emulator) -> None:
    """`PUT /KEY?partNumber=1` without an upload is an object, not a part of something."""
    s3 = emulator.client("s3", PAYMENTS, config=Config(parameter_validation=False))
    s3.create_bucket(Bucket="orders-2026")
    s3.put_object(Bucket="orders-2026", Key="a", Body=b"x")
    assert s3.get_object(Bucket="orders-2026", Key="a")["Body"].read() == b"x"
