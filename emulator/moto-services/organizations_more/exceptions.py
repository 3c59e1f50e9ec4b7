"""Errors of AWS Organizations. Names and reasons are those of the service model; each class is one error shape."""

from typing import ClassVar

from moto.core.exceptions import ServiceException
from moto.organizations.exceptions import OrganizationsClientError


class OrganizationsError(ServiceException):
    """An answer other than success. moto finds the service model of an error by its module: ours is `organizations`."""

    text: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        cls.__module__ = OrganizationsClientError.__module__
        cls.code = cls.__name__

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.text)


class ReasonedError(OrganizationsError):
    """An error whose `Reason` says which of many rules was broken."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.Reason = reason


class ConstraintViolationException(ReasonedError):
    pass


class HandshakeConstraintViolationException(ReasonedError):
    pass


class InvalidInputException(ReasonedError):
    pass


class AccessDeniedException(OrganizationsError):
    text = "You don't have permissions to access this resource."


class AWSOrganizationsNotInUseException(OrganizationsError):
    text = "Your account is not a member of an organization."


class AccountAlreadyClosedException(OrganizationsError):
    text = "The account is closed already."


class AccountAlreadyRegisteredException(OrganizationsError):
    text = "The provided account is already a delegated administrator for your organization."


class AccountNotFoundException(OrganizationsError):
    text = "You specified an account that doesn't exist."


class AccountNotRegisteredException(OrganizationsError):
    text = "The provided account is not a registered delegated administrator for your organization."


class AlreadyInOrganizationException(OrganizationsError):
    text = "The provided account is already a member of an organization."


class ChildNotFoundException(OrganizationsError):
    text = "You specified a child that doesn't exist."


class ConcurrentModificationException(OrganizationsError):
    text = (
        "AWS Organizations can't complete your request because another request is already in progress. Try again later."
    )


class ConflictException(OrganizationsError):
    text = "The request conflicts with the current state of the account."


class CreateAccountStatusNotFoundException(OrganizationsError):
    text = "You specified a create account request that doesn't exist."


class DestinationParentNotFoundException(OrganizationsError):
    text = "You specified a destination that doesn't exist."


class DuplicateAccountException(OrganizationsError):
    text = "The account is in that destination already."


class DuplicateHandshakeException(OrganizationsError):
    text = "An invitation to that account is open already."


class DuplicateOrganizationalUnitException(OrganizationsError):
    text = "An OU with the same name already exists."


class DuplicatePolicyException(OrganizationsError):
    text = "A policy with the same name already exists."


class DuplicatePolicyAttachmentException(OrganizationsError):
    text = "The policy is attached to that target already."


class EffectivePolicyNotFoundException(OrganizationsError):
    text = (
        "There is no effective policy: in the management account, this policy type is not enabled; in a member "
        "account, no policy of this type applies."
    )


class HandshakeAlreadyInStateException(OrganizationsError):
    text = "The handshake is in that state already."


class HandshakeNotFoundException(OrganizationsError):
    text = "You specified a handshake that doesn't exist."


class InvalidHandshakeTransitionException(OrganizationsError):
    text = "The handshake cannot go to that state any more."


class MalformedPolicyDocumentException(OrganizationsError):
    text = "The provided policy document does not meet the requirements of the specified policy type."


class MasterCannotLeaveOrganizationException(OrganizationsError):
    text = "The management account cannot leave its organization: remove all members, then delete the organization."


class OrganizationNotEmptyException(OrganizationsError):
    text = "To delete an organization you must first remove all member accounts (except the management account)."


class OrganizationalUnitNotEmptyException(OrganizationsError):
    text = "The organizational unit still has accounts or other units in it."


class OrganizationalUnitNotFoundException(OrganizationsError):
    text = "You specified an organizational unit that doesn't exist."


class ParentNotFoundException(OrganizationsError):
    text = "You specified a parent that doesn't exist."


class PolicyInUseException(OrganizationsError):
    text = "The policy is attached to one or more entities. Detach it from all roots, OUs and accounts first."


class PolicyNotAttachedException(OrganizationsError):
    text = "The policy isn't attached to the specified target."


class PolicyNotFoundException(OrganizationsError):
    text = "You specified a policy that doesn't exist."


class PolicyTypeAlreadyEnabledException(OrganizationsError):
    text = "The specified policy type is already enabled."


class PolicyTypeNotAvailableForOrganizationException(OrganizationsError):
    text = "This policy type needs an organization in which all features are enabled."


class PolicyTypeNotEnabledException(OrganizationsError):
    text = "This operation can be performed only for enabled policy types."


class ResourcePolicyNotFoundException(OrganizationsError):
    text = "Your organization has no resource policy."


class RootNotFoundException(OrganizationsError):
    text = "You specified a root that doesn't exist."


class SourceParentNotFoundException(OrganizationsError):
    text = "You specified a source in which the account is not."


class TargetNotFoundException(OrganizationsError):
    text = "We can't find a root, OU, account or policy with the id that you specified."
