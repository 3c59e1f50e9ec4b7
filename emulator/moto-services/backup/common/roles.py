"""The role with which AWS Backup does a job."""

from ..exceptions import InvalidParameterValueException
from ..models import BackupBackend
from ..records import arns
from . import other_services


def check_role(backend: BackupBackend, role_arn: str) -> None:
    arn = arns.parse(role_arn)
    if arn is None or arn.service != "iam" or not arn.resource.startswith("role/"):
        raise InvalidParameterValueException(f"IamRoleArn: {role_arn} is not the ARN of a role.")
    if arn.account != backend.account or not other_services.role_exists(role_arn):
        raise InvalidParameterValueException(f"IamRoleArn: AWS Backup cannot assume {role_arn}: no such role here.")
