"""AWS's managed policies, as far as programs around backups attach them, and ids that say what they are of.

moto can load all 1,582 of them into every account, which takes 7 MB and 0.16 seconds each time. Here a selection is
read from moto's table once, and each account gets its own objects of it (an object counts its attachments).
"""

import json
from datetime import datetime
from functools import cache
from typing import Any

from emulator.moto import cloudformation

_PREFIXES = (
    "AWSBackup",
    "AWSServiceRolePolicyForBackup",
    "MultiPartyApproval",
    "AWSResourceAccessManager",
    "AWSOrganizations",
)
_NAMES = frozenset(
    {
        "AdministratorAccess",
        "AmazonDynamoDBFullAccess",
        "AmazonDynamoDBReadOnlyAccess",
        "AmazonEC2FullAccess",
        "AmazonEC2ReadOnlyAccess",
        "AmazonS3FullAccess",
        "AmazonS3ReadOnlyAccess",
        "AWS_ConfigRole",
        "AWSLambdaBasicExecutionRole",
        "IAMFullAccess",
        "IAMReadOnlyAccess",
        "PowerUserAccess",
        "ReadOnlyAccess",
        "SecurityAudit",
        "ViewOnlyAccess",
    }
)

# AWS names what an id belongs to in its first four letters; moto does so for roles and access keys.
_ID_PREFIXES = {"User": "AIDA", "Group": "AGPA", "Policy": "ANPA", "InstanceProfile": "AIPA"}
_ID_LENGTH = 21


@cache
def _selection() -> dict[str, Any]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    every: dict[str, Any] = json.loads(aws_managed_policies_data)
    return {name: policy for name, policy in every.items() if name in _NAMES or name.startswith(_PREFIXES)}


@cache
def _document(name: str) -> str:
    """One text for all accounts: a thousand copies of each would take 300 MB."""
    return json.dumps(_selection()[name].get("Document"))


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after moto's `iam.models` was imported."""

    def selected(backend: Any) -> list[Any]:
        return [
            module.AWSManagedPolicy(
                name,
                account_id=backend.account_id,
                region=backend.region_name,
                default_version_id=policy.get("DefaultVersionId"),
                path=policy.get("Path"),
                document=_document(name),
                create_date=datetime.fromisoformat(policy["CreateDate"]),
                update_date=datetime.fromisoformat(policy["UpdateDate"]),
            )
            for name, policy in _selection().items()
        ]

    module.IAMBackend._init_aws_policies = selected  # noqa: SLF001 - moto has no other place for it
    cloudformation.complete_roles(module)
    for noun, prefix in _ID_PREFIXES.items():
        _name_ids(getattr(module, noun), prefix)


def _name_ids(noun: Any, prefix: str) -> None:
    make = noun.__init__

    def make_with_prefix(self: Any, *arguments: Any, **named: Any) -> None:
        make(self, *arguments, **named)
        self.id = (prefix + self.id.upper())[:_ID_LENGTH].ljust(_ID_LENGTH, "0")

    noun.__init__ = make_with_prefix
