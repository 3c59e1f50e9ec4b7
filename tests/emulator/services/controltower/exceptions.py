"""One class per error."""

from moto.core.exceptions import ServiceException


class ValidationException(ServiceException):
    code = "ValidationException"

    def __init__(self, message: str) -> None:
        super().__init__(message)


class ConflictException(ServiceException):
    code = "ConflictException"

    def __init__(self, message: str) -> None:
        super().__init__(message)
