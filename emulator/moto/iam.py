"""AWS's managed policies, as far as programs around backups attach them, and ids that say what they are of.

moto can load all 1,582 of them into every account, which takes 7 MB and 0.16 seconds each time. Here a selection is
read from moto's table and made once, and each account gets copies of it (a copy counts its attachments).
"""

import base64
import hashlib
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


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after moto's `iam.models` was imported."""

    @cache
    def made(region: str) -> list[Any]:
        """One of each. moto draws ids for them; those that are drawn next must not depend on when this was."""
        from moto.moto_api._internal import mock_random

        drawn = mock_random.getstate()
        policies = [
            module.AWSManagedPolicy(
                name,
                account_id="aws",
                region=region,
                default_version_id=policy.get("DefaultVersionId"),
                path=policy.get("Path"),
                document=json.dumps(policy.get("Document")),
                create_date=datetime.fromisoformat(policy["CreateDate"]),
                update_date=datetime.fromisoformat(policy["UpdateDate"]),
            )
            for name, policy in _selection().items()
        ]
        mock_random.setstate(drawn)
        for policy in policies:
            policy.id = _id_of(policy.name)
        return policies

    def selected(backend: Any) -> list[Any]:
        """For one account. The versions are shared: nobody can change a policy of AWS."""
        return [_copy(policy, backend.account_id) for policy in made(backend.region_name)]

    module.IAMBackend._init_aws_policies = selected  # noqa: SLF001 - moto has no other place for it
    cloudformation.complete_roles(module)
    for noun, prefix in _ID_PREFIXES.items():
        _name_ids(getattr(module, noun), prefix)


def _id_of(name: str) -> str:
    """The same in every account, as AWS has it."""
    letters = base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()
    return (_ID_PREFIXES["Policy"] + letters)[:_ID_LENGTH]


def _copy(policy: Any, account: str) -> Any:
    copied: Any = object.__new__(type(policy))
    vars(copied).update(vars(policy), account_id=account, tags={}, versions=list(policy.versions))
    return copied


def _name_ids(noun: Any, prefix: str) -> None:
    make = noun.__init__

    def make_with_prefix(self: Any, *arguments: Any, **named: Any) -> None:
        make(self, *arguments, **named)
        self.id = (prefix + self.id.upper())[:_ID_LENGTH].ljust(_ID_LENGTH, "0")

    noun.__init__ = make_with_prefix
