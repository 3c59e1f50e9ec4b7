"""The errors of Multi-party approval. Their HTTP codes come from botocore's model (ServiceQuotaExceeded is 402)."""

from moto.core.exceptions import ServiceException


class MpaError(ServiceException):
    """An answer other than success. Every subclass is one error shape of the service model."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


class AccessDeniedException(MpaError):
    code = "AccessDeniedException"


class ConflictException(MpaError):
    code = "ConflictException"


class InvalidParameterException(MpaError):
    code = "InvalidParameterException"


class ResourceNotFoundException(MpaError):
    code = "ResourceNotFoundException"


class ServiceQuotaExceededException(MpaError):
    code = "ServiceQuotaExceededException"


class TooManyTagsException(MpaError):
    code = "TooManyTagsException"

    def __init__(self, resource_name: str) -> None:
        super().__init__(f"{resource_name} would have more than 50 tags. Remove some first.")
        self.ResourceName = resource_name


class ValidationException(MpaError):
    code = "ValidationException"


class NotAllowedNow(MpaError):
    """The transition table has no row for this event in this state; AWS answers with a conflict."""

    code = "ConflictException"
