"""The errors of RAM; their HTTP codes come from botocore's model."""

from moto.core.exceptions import ServiceException


class RamError(ServiceException):
    """An answer other than success. Every subclass is one error shape of the service model."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


class IdempotentParameterMismatchException(RamError):
    code = "IdempotentParameterMismatchException"


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
