"""What an event touched: the `resources` of a record, and the names by which LookupEvents finds it."""

from collections.abc import Iterator, Mapping
from typing import Any

from emulator.events.cloudtrail.history import Row

# By service: member of the input or output, and the type of what it names.
_TYPES: dict[str, dict[str, str]] = {
    "backup": {
        "BackupVaultName": "AWS::Backup::BackupVault",
        "BackupVaultArn": "AWS::Backup::BackupVault",
        "SourceBackupVaultArn": "AWS::Backup::BackupVault",
        "SourceBackupVaultName": "AWS::Backup::BackupVault",
        "DestinationBackupVaultArn": "AWS::Backup::BackupVault",
        "RestoreAccessBackupVaultArn": "AWS::Backup::BackupVault",
        "LogicallyAirGappedBackupVaultArn": "AWS::Backup::BackupVault",
        "BackupPlanId": "AWS::Backup::BackupPlan",
        "BackupPlanArn": "AWS::Backup::BackupPlan",
        "RecoveryPointArn": "AWS::Backup::RecoveryPoint",
        "MpaApprovalTeamArn": "AWS::MPA::Team",
        "FrameworkName": "AWS::Backup::Framework",
        "RestoreTestingPlanName": "AWS::Backup::RestoreTestingPlan",
        "ResourceArn": "AWS::Backup::Resource",
    },
    "cloudtrail": {"Name": "AWS::CloudTrail::Trail", "TrailARN": "AWS::CloudTrail::Trail"},
    "dynamodb": {"TableName": "AWS::DynamoDB::Table"},
    "ec2": {
        "VolumeId": "AWS::EC2::Volume",
        "SnapshotId": "AWS::EC2::Snapshot",
        "InstanceId": "AWS::EC2::Instance",
        "ImageId": "AWS::EC2::Ami",
    },
    "events": {"Rule": "AWS::Events::Rule", "RuleArn": "AWS::Events::Rule"},
    "iam": {
        "RoleName": "AWS::IAM::Role",
        "UserName": "AWS::IAM::User",
        "GroupName": "AWS::IAM::Group",
        "PolicyArn": "AWS::IAM::Policy",
        "AccessKeyId": "AWS::IAM::AccessKey",
    },
    "kms": {"KeyId": "AWS::KMS::Key", "AliasName": "AWS::KMS::Alias"},
    "mpa": {
        "ApprovalTeamArn": "AWS::MPA::Team",
        "SessionArn": "AWS::MPA::Session",
        "BaselineSessionArn": "AWS::MPA::Session",
        "IdentitySourceArn": "AWS::MPA::IdentitySource",
        "Arn": "AWS::MPA::Team",
    },
    "organizations": {
        "AccountId": "AWS::Organizations::Account",
        "PolicyId": "AWS::Organizations::Policy",
        "OrganizationalUnitId": "AWS::Organizations::OrganizationalUnit",
    },
    "ram": {"resourceShareArn": "AWS::RAM::ResourceShare"},
    "s3": {"Bucket": "AWS::S3::Bucket"},
    "sns": {"TopicArn": "AWS::SNS::Topic"},
    "sqs": {"QueueUrl": "AWS::SQS::Queue"},
    "sts": {"RoleArn": "AWS::IAM::Role"},
}

# Services whose API records carry `resources`; the others' are only found through LookupEvents.
_IN_RECORDS = frozenset({"kms", "mpa", "s3", "sts", "dynamodb"})


def declare(service: str, types: Mapping[str, str]) -> None:
    """What another service's inputs and outputs name, given by the service's own folder."""
    _TYPES[service] = dict(types)


def found(row: Row, given: Mapping[str, Any], answered: Mapping[str, Any]) -> list[dict[str, str]]:
    """What LookupEvents shows as Resources: [{"ResourceType", "ResourceName"}]."""
    if row.details is not None:
        return [
            {"ResourceType": resource.get("type", ""), "ResourceName": resource.get("ARN", "")}
            for resource in row.details.resources
        ]
    named = dict.fromkeys(_named(row.service, given, answered))
    return [{"ResourceType": kind, "ResourceName": name} for kind, name in named]


def in_record(row: Row, given: Mapping[str, Any], answered: Mapping[str, Any]) -> list[dict[str, str]]:
    """The `resources` of an API record: [{"accountId", "type", "ARN"}]."""
    if row.service not in _IN_RECORDS:
        return []
    touched = {}
    for kind, name in _named(row.service, given, answered):
        arn = _arn(row, kind, name)
        if arn:
            touched[arn] = kind
    return [_resource(row, kind, arn) for arn, kind in touched.items()]


def _resource(row: Row, kind: str, arn: str) -> dict[str, str]:
    return {"accountId": arn.split(":")[4] or row.account, "type": kind, "ARN": arn}


def _arn(row: Row, kind: str, name: str) -> str:
    if name.startswith("arn:"):
        return name
    forms = {
        "AWS::S3::Bucket": f"arn:aws:s3:::{name}",
        "AWS::KMS::Key": f"arn:aws:kms:{row.region}:{row.account}:key/{name}",
        "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{row.region}:{row.account}:table/{name}",
    }
    return forms.get(kind, "")


def _named(service: str, *documents: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    types = _TYPES.get(service, {})
    for document in documents:
        for member, value in document.items():
            if isinstance(value, str) and value and member in types:
                yield types[member], value
            elif isinstance(value, dict):
                yield from _named(service, value)
