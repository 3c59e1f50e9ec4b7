"""The AWS-managed policies that a team can carry. One is published: AWS Backup's."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .exceptions import ResourceNotFoundException

_PUBLISHED = datetime(2025, 6, 17, tzinfo=UTC)

BACKUP_ARN = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault"

# As far as AWS Backup's guide prints it.
_BACKUP_DOCUMENT: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["mpa:StartSession", "mpa:CancelSession"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "mpa:RequestedOperation": "backup:RevokeRestoreAccessBackupVault",
                    "mpa:ProtectedResourceAccount": "${aws:PrincipalAccount}",
                },
                "Bool": {"aws:ViaAWSService": "true"},
            },
        }
    ],
}


@dataclass(frozen=True)
class ManagedPolicy:
    """A policy of AWS with its versions, the newest of which is the default."""

    arn: str
    name: str
    documents: dict[int, dict[str, Any]]

    @property
    def default_version(self) -> int:
        return max(self.documents)

    def summary(self) -> dict[str, Any]:
        return {
            "Arn": self.arn,
            "DefaultVersion": self.default_version,
            "PolicyType": "AWS_MANAGED",
            "Name": self.name,
        }

    def version(self, number: int) -> dict[str, Any]:
        return {
            "Arn": f"{self.arn}/{number}",
            "PolicyArn": self.arn,
            "VersionId": number,
            "PolicyType": "AWS_MANAGED",
            "IsDefault": number == self.default_version,
            "Name": self.name,
            "Status": "ATTACHABLE",
            "CreationTime": _PUBLISHED,
            "LastUpdatedTime": _PUBLISHED,
        }


MANAGED = {BACKUP_ARN: ManagedPolicy(BACKUP_ARN, "CreateRestoreAccessVault", {1: _BACKUP_DOCUMENT})}


def _split(qualified_arn: str) -> tuple[ManagedPolicy, int]:
    arn, _, version = qualified_arn.rpartition("/")
    policy = MANAGED.get(arn)
    number = policy.default_version if policy and version == "$DEFAULT" else int(version) if version.isdigit() else 0
    if policy is None or number not in policy.documents:
        raise ResourceNotFoundException(f"There is no policy version {qualified_arn}.")
    return policy, number


def is_known(qualified_arn: str) -> bool:
    try:
        _split(qualified_arn)
    except ResourceNotFoundException:
        return False
    return True


def versions_of(arn: str) -> list[dict[str, Any]]:
    if arn not in MANAGED:
        raise ResourceNotFoundException(f"There is no policy {arn}.")
    return [MANAGED[arn].version(number) for number in sorted(MANAGED[arn].documents, reverse=True)]


def get_version(qualified_arn: str) -> dict[str, Any]:
    policy, number = _split(qualified_arn)
    return policy.version(number) | {"Document": json.dumps(policy.documents[number])}
