"""The errors of AWS Backup. Each carries Code, Message, Type and Context, as all of the service's errors do."""

from moto.core.exceptions import ServiceException


class BackupError(ServiceException):
    """The common shape: `code` is the shape's name in botocore's model, the HTTP status is 400."""

    def __init__(self, message: str, *, context: str = "") -> None:
        super().__init__(message)
        self.type = "Sender"
        self.context = context


class AlreadyExistsException(BackupError):
    code = "AlreadyExistsException"

    def __init__(self, message: str, *, arn: str = "", creator_request_id: str = "") -> None:
        super().__init__(message)
        self.arn = arn
        self.creator_request_id = creator_request_id


class ConflictException(BackupError):
    code = "ConflictException"


class InvalidParameterValueException(BackupError):
    code = "InvalidParameterValueException"


class InvalidRequestException(BackupError):
    code = "InvalidRequestException"


class InvalidResourceStateException(BackupError):
    code = "InvalidResourceStateException"


class LimitExceededException(BackupError):
    code = "LimitExceededException"


class MissingParameterValueException(BackupError):
    code = "MissingParameterValueException"


class ResourceNotFoundException(BackupError):
    code = "ResourceNotFoundException"


class AccessDeniedException(BackupError):
    """Not in the service's model, but what a caller without rights gets."""

    code = "AccessDeniedException"

    def __init__(self, message: str = "Insufficient privileges to perform this action.") -> None:
        super().__init__(message)


class NotModelled(Exception):
    """Something that AWS Backup does and this emulator does not: the answer is HTTP 501, and names it."""


def no_such_vault(name: str) -> BackupError:
    """Of a vault that is missing from the account that was asked."""
    return ResourceNotFoundException(f"Backup vault {name} does not exist in this account and Region.")
