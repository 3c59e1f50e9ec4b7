"""The role with which AWS Backup does a job."""

from datetime import timedelta

from emulator.world import choices, clock

from ..exceptions import InvalidParameterValueException
from ..models import BackupBackend
from ..records import arns
from . import other_services, undocumented

_UNTIL_KNOWN = timedelta(seconds=15)


def check_role(backend: BackupBackend, role_arn: str) -> None:
    arn = arns.parse(role_arn)
    if arn is None or arn.service != "iam" or not arn.resource.startswith("role/"):
        raise InvalidParameterValueException(f"IamRoleArn: {role_arn} is not the ARN of a role.")
    if arn.account != backend.account or not other_services.role_exists(role_arn):
        raise InvalidParameterValueException(f"IamRoleArn: AWS Backup cannot assume {role_arn}: no such role here.")
    check_known(role_arn)


def check_known(role_arn: str) -> None:
    """Refuse a role that IAM made only just now: by choice, AWS Backup does not know it yet."""
    if choices.taken(undocumented.NEW_ROLE) == "known":
        return
    created = other_services.role_created(role_arn)
    if created is not None and clock.now() - created < _UNTIL_KNOWN:
        raise InvalidParameterValueException(f"IAM Role {role_arn} cannot be assumed by AWS Backup.")
