"""The errors of RAM; their HTTP codes come from botocore's model."""

from moto.core.exceptions import ServiceException


class RamError(ServiceException):
    """An answer other than success. Every subclass is one error shape of the service model."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


class IdempotentParameterMismatchException(RamError):
    code = "IdempotentParameterMismatchException"


class InvalidClientTokenException(RamError):
    code = "InvalidClientTokenException"


class InvalidMaxResultsException(RamError):
    code = "InvalidMaxResultsException"


class InvalidPolicyException(RamError):
    code = "InvalidPolicyException"


class InvalidResourceTypeException(RamError):
    code = "InvalidResourceTypeException"


class MalformedPolicyTemplateException(RamError):
    code = "MalformedPolicyTemplateException"


class PermissionAlreadyExistsException(RamError):
    code = "PermissionAlreadyExistsException"


class PermissionLimitExceededException(RamError):
    code = "PermissionLimitExceededException"


class PermissionVersionsLimitExceededException(RamError):
    code = "PermissionVersionsLimitExceededException"


class ResourceArnNotFoundException(RamError):
    code = "ResourceArnNotFoundException"


class ResourceShareLimitExceededException(RamError):
    code = "ResourceShareLimitExceededException"


class TagPolicyViolationException(RamError):
    code = "TagPolicyViolationException"


class InvalidNextTokenException(RamError):
    code = "InvalidNextTokenException"


class InvalidParameterException(RamError):
    code = "InvalidParameterException"


class InvalidStateTransitionException(RamError):
    code = "InvalidStateTransitionException"


class MalformedArnException(RamError):
    code = "MalformedArnException"


class MissingRequiredParameterException(RamError):
    code = "MissingRequiredParameterException"


class OperationNotPermittedException(RamError):
    code = "OperationNotPermittedException"


class ResourceShareInvitationArnNotFoundException(RamError):
    code = "ResourceShareInvitationArnNotFoundException"


class ResourceShareInvitationAlreadyAcceptedException(RamError):
    code = "ResourceShareInvitationAlreadyAcceptedException"


class ResourceShareInvitationAlreadyRejectedException(RamError):
    code = "ResourceShareInvitationAlreadyRejectedException"


class ResourceShareInvitationExpiredException(RamError):
    code = "ResourceShareInvitationExpiredException"


class TagLimitExceededException(RamError):
    code = "TagLimitExceededException"


class UnknownResourceException(RamError):
    code = "UnknownResourceException"
