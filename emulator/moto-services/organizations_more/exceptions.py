"""Errors of AWS Organizations that moto does not have. Names and reasons are those of the service model."""

from moto.organizations.exceptions import OrganizationsClientError


class OrganizationsError(OrganizationsClientError):
    """moto finds the service model of an error by the module it comes from; ours belong to `organizations`."""

    def __init_subclass__(cls) -> None:
        cls.__module__ = OrganizationsClientError.__module__


class ReasonedError(OrganizationsError):
    """An error whose `Reason` says which of many rules was broken."""

    def __init__(self, code: str, reason: str, message: str) -> None:
        super().__init__(code, message)
        self.Reason = reason


class ConstraintViolation(ReasonedError):
    def __init__(self, reason: str, message: str) -> None:
        super().__init__("ConstraintViolationException", reason, message)


class HandshakeConstraintViolation(ReasonedError):
    def __init__(self, reason: str, message: str) -> None:
        super().__init__("HandshakeConstraintViolationException", reason, message)


class InvalidInput(ReasonedError):
    def __init__(self, reason: str, message: str) -> None:
        super().__init__("InvalidInputException", reason, message)


class AccessDenied(OrganizationsError):
    def __init__(self, message: str = "You don't have permissions to access this resource.") -> None:
        super().__init__("AccessDeniedException", message)


class MalformedPolicyDocument(OrganizationsError):
    def __init__(self, message: str) -> None:
        super().__init__("MalformedPolicyDocumentException", message)


class DuplicatePolicyAttachment(OrganizationsError):
    def __init__(self) -> None:
        super().__init__("DuplicatePolicyAttachmentException", "A policy with the same name is already attached.")


class PolicyNotAttached(OrganizationsError):
    def __init__(self) -> None:
        super().__init__("PolicyNotAttachedException", "The policy isn't attached to the specified target.")


class ResourcePolicyNotFound(OrganizationsError):
    def __init__(self) -> None:
        super().__init__("ResourcePolicyNotFoundException", "We can't find a resource policy request.")


class EffectivePolicyNotFound(OrganizationsError):
    def __init__(self) -> None:
        super().__init__(
            "EffectivePolicyNotFoundException",
            "If you ran this action on the management account, this policy type is not enabled. If you ran the action "
            "on a member account, the account doesn't have an effective policy of this type.",
        )


class TargetNotFound(OrganizationsError):
    def __init__(self) -> None:
        super().__init__(
            "TargetNotFoundException",
            "We can't find a root, OU, account, or policy with the TargetId that you specified.",
        )
