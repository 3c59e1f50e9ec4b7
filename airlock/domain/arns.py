"""Amazon resource names: read them, write those that can be known before the thing exists."""

from dataclasses import dataclass

from airlock.domain.errors import UsageError
from airlock.domain.names import TEAM_REGION

_PARTS = 6


@dataclass(frozen=True, kw_only=True)
class Arn:
    """The five parts behind `arn:`."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @property
    def name(self) -> str:
        """What stands behind the type: `payments-2026` of `backup-vault:payments-2026`, `x` of `role/x`."""
        return self.resource.replace("/", ":", 1).split(":", 1)[-1]

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


def parse(arn: str) -> Arn:
    """Takes an ARN apart; anything else is refused."""
    parts = arn.split(":", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != "arn" or not parts[5]:
        message = f"`{arn}` is not an ARN. It should look like arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE."
        raise UsageError(message)
    return Arn(partition=parts[1], service=parts[2], region=parts[3], account=parts[4], resource=parts[5])


def vault_arn(region: str, account: str, name: str) -> str:
    """A backup vault of any kind: standard, logically air-gapped and restore-access share one form."""
    return f"arn:aws:backup:{region}:{account}:backup-vault:{name}"


def role_arn(account: str, name: str) -> str:
    """An IAM role without a path."""
    return f"arn:aws:iam::{account}:role/{name}"


def root_arn(account: str) -> str:
    """The account as a principal."""
    return f"arn:aws:iam::{account}:root"


def backup_service_role_arn(account: str) -> str:
    """The service-linked role that AWS Backup makes for itself in an account on first use."""
    return f"arn:aws:iam::{account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"


def team_arn_pattern(account: str, name: str) -> str:
    """What the ARN of an approval team will match; AWS appends an id that nobody knows before."""
    return f"arn:aws:mpa:{TEAM_REGION}:{account}:approval-team/{name}-*"
