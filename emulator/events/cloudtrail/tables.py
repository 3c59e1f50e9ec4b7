"""What CloudTrail's documentation says of operations and services, as tables."""

from functools import cache

# Data events: no trail records them unless it is told to, and LookupEvents never shows them.
DATA_EVENTS: dict[str, frozenset[str]] = {
    "dynamodb": frozenset(
        [
            "BatchExecuteStatement",
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "ExecuteStatement",
            "ExecuteTransaction",
            "GetItem",
            "PutItem",
            "Query",
            "Scan",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
            "GetRecords",
            "GetShardIterator",
        ]
    ),
    "ebs": frozenset(["GetSnapshotBlock", "ListChangedBlocks", "ListSnapshotBlocks", "PutSnapshotBlock"]),
    "events": frozenset({"PutEvents"}),
    "kinesis": frozenset(["GetRecords", "GetShardIterator", "PutRecord", "PutRecords", "SubscribeToShard"]),
    "lambda": frozenset({"Invoke"}),
    "logs": frozenset(["FilterLogEvents", "GetLogEvents", "PutLogEvents"]),
    "monitoring": frozenset(
        ["GetMetricData", "GetMetricStatistics", "GetMetricWidgetImage", "ListMetrics", "PutMetricData"]
    ),
    "s3": frozenset(
        [
            "AbortMultipartUpload",
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateMultipartUpload",
            "DeleteObject",
            "DeleteObjectTagging",
            "DeleteObjects",
            "GetObject",
            "GetObjectAcl",
            "GetObjectAttributes",
            "GetObjectLegalHold",
            "GetObjectRetention",
            "GetObjectTagging",
            "GetObjectTorrent",
            "HeadBucket",
            "HeadObject",
            "ListMultipartUploads",
            "ListObjectVersions",
            "ListObjects",
            "ListObjectsV2",
            "ListParts",
            "PutObject",
            "PutObjectAcl",
            "PutObjectLegalHold",
            "PutObjectRetention",
            "PutObjectTagging",
            "RestoreObject",
            "SelectObjectContent",
            "UploadPart",
            "UploadPartCopy",
        ]
    ),
    "sns": frozenset({"Publish", "PublishBatch"}),
    "sqs": frozenset(
        [
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "DeleteMessage",
            "DeleteMessageBatch",
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
        ]
    ),
}

# Services with one place for the world: their events are in us-east-1 wherever the request was signed for.
GLOBAL_SERVICES = frozenset({"iam", "organizations", "cloudfront", "route53", "account"})

# `eventSource` where it is not the endpoint prefix of the service.
EVENT_SOURCES = {"mpa": "multi-party-approval.amazonaws.com", "s3control": "s3.amazonaws.com"}

# What names something of another account, which then has the event too.
SHARED_BY = {"sts": "RoleArn", "kms": "KeyId"}

# Read-only calls whose answer is in the event all the same.
KEEPS_RESPONSE = frozenset({"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "GetSessionToken"})

_READS = tuple(
    [
        "Get",
        "List",
        "Describe",
        "Head",
        "Lookup",
        "Search",
        "BatchGet",
        "BatchDescribe",
        "Select",
        "Simulate",
        "Preview",
        "Check",
        "Validate",
        "Test",
        "View",
    ]
)
_READ_ONLY_TOO = {
    "sts": frozenset(["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "DecodeAuthorizationMessage"]),
    "kms": frozenset(
        [
            "Decrypt",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext",
            "GenerateMac",
            "GenerateDataKeyWithoutPlaintext",
            "GenerateRandom",
            "ReEncrypt",
            "Sign",
            "Verify",
            "VerifyMac",
        ]
    ),
}


@cache
def is_read_only(service: str, operation: str) -> bool:
    """The event's `readOnly`: whether the operation changes nothing."""
    return operation.startswith(_READS) or operation in _READ_ONLY_TOO.get(service, ())
