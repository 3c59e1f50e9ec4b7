"""Trusted access of services, delegated administrators, and the organization's resource policy."""

from __future__ import annotations

from emulator.world import clock, ids, organizations

from . import resource_policies
from .entities import Answer, DelegatedAdministrator, ResourcePolicy
from .exceptions import (
    AccountAlreadyRegisteredException,
    AccountNotRegisteredException,
    ConstraintViolationException,
    InvalidInputException,
    ResourcePolicyNotFoundException,
)
from .handshakes import Handshakes
from .inputs import page, tags_of
from .policies import NEEDS_SERVICE
from .services import DELEGATED, SINGLE, TRUSTED

_MOST = {"backup.amazonaws.com": 5}


class Delegation(Handshakes):
    """EnableAWSServiceAccess, RegisterDelegatedAdministrator, PutResourcePolicy and their kin."""

    # Trusted access

    def enable_aws_service_access(self, *, service_principal: str) -> None:
        """Enabling what is enabled changes nothing."""
        self.check_all_features()
        _check_service(service_principal, TRUSTED)
        if not self._is_trusted(service_principal):
            self.services.append({"ServicePrincipal": service_principal, "DateEnabled": clock.now()})

    def disable_aws_service_access(self, *, service_principal: str) -> None:
        _check_service(service_principal, TRUSTED)
        enabled = next((kind for kind, service in NEEDS_SERVICE.items() if service == service_principal), None)
        if enabled is not None and self.policy_type_enabled(enabled):
            raise ConstraintViolationException(
                "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", f"Disable the policy type {enabled} first."
            )
        if self._is_trusted(service_principal):
            self.services = [one for one in self.services if one["ServicePrincipal"] != service_principal]
            organizations.tell_service_disabled(self.organization.id, service_principal)

    def list_aws_service_access_for_organization(
        self, *, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        return page(self.services, "EnabledServicePrincipals", max_results, next_token)

    def _is_trusted(self, service_principal: str) -> bool:
        return any(one["ServicePrincipal"] == service_principal for one in self.services)

    # Delegated administrators

    def register_delegated_administrator(self, *, account_id: str, service_principal: str) -> None:
        self.check_all_features()
        _check_service(service_principal, DELEGATED)
        if account_id == self.account_id:
            raise ConstraintViolationException(
                "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
                "You cannot register master account/yourself as delegated administrator for your organization.",
            )
        account = self.get_account_by_id(account_id)
        if account.state != "ACTIVE":
            raise ConstraintViolationException(
                "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR", f"Account {account_id} is suspended."
            )
        if not self._is_trusted(service_principal):
            raise ConstraintViolationException(
                "SERVICE_ACCESS_NOT_ENABLED", f"You must enable service access for {service_principal} first."
            )
        admin = self._admin(account_id)
        if admin is not None and service_principal in admin.services:
            raise AccountAlreadyRegisteredException
        self._check_number(service_principal)
        if admin is None:
            admin = DelegatedAdministrator(account)
            self.admins.append(admin)
        admin.services[service_principal] = clock.now()

    def _check_number(self, service_principal: str) -> None:
        registered = sum(service_principal in admin.services for admin in self.admins)
        if service_principal in SINGLE and registered:
            raise ConstraintViolationException(
                "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE", f"{service_principal} has a delegated administrator."
            )
        most = _MOST.get(service_principal)
        if most is not None and registered >= most:
            raise ConstraintViolationException(
                "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
                f"{service_principal} has {most} delegated administrators, and cannot have more.",
            )

    def deregister_delegated_administrator(self, *, account_id: str, service_principal: str) -> None:
        _check_service(service_principal, DELEGATED)
        self.get_account_by_id(account_id)
        admin = self._admin(account_id)
        if admin is None or service_principal not in admin.services:
            raise AccountNotRegisteredException
        del admin.services[service_principal]
        if not admin.services:
            self.admins.remove(admin)

    def list_delegated_administrators(
        self,
        *,
        service_principal: str | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Answer:
        if service_principal is not None:
            _check_service(service_principal, DELEGATED)
        found = [
            admin.describe()
            for admin in self.admins
            if service_principal is None or service_principal in admin.services
        ]
        return page(found, "DelegatedAdministrators", max_results, next_token, service_principal or "")

    def list_delegated_services_for_account(
        self, *, account_id: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        self.get_account_by_id(account_id)
        admin = self._admin(account_id)
        if admin is None:
            raise AccountNotRegisteredException
        found = [{"ServicePrincipal": name, "DelegationEnabledDate": since} for name, since in admin.services.items()]
        return page(found, "DelegatedServices", max_results, next_token, account_id)

    def _admin(self, account_id: str) -> DelegatedAdministrator | None:
        return next((admin for admin in self.admins if admin.account.id == account_id), None)

    # The resource policy

    def put_resource_policy(self, *, content: str, tags: list[dict[str, str]] | None = None) -> Answer:
        """There is one; a new one takes the place of the old one and keeps its id."""
        self.check_all_features()
        resource_policies.check(content, {account.id for account in self.accounts})
        if tags and self.resource_policy is not None:
            raise InvalidInputException(
                "INVALID_LIST_MEMBER", "Tags are set when the resource policy is made; afterwards call TagResource."
            )
        identifier = f"rp-{ids.derived('resource-policy', self.organization.id, 8)}"
        self.resource_policy_tags = tags_of(tags, self.resource_policy_tags)
        arn = self.organization.arn_of("resourcepolicy", identifier)
        self.resource_policy = ResourcePolicy(identifier, arn, content)
        return self.resource_policy.describe()

    def describe_resource_policy(self) -> Answer:
        if self.resource_policy is None:
            raise ResourcePolicyNotFoundException
        return self.resource_policy.describe()

    def delete_resource_policy(self) -> None:
        if self.resource_policy is None:
            raise ResourcePolicyNotFoundException
        self.resource_policy = None
        self.resource_policy_tags = {}


def _check_service(service_principal: str, known: frozenset[str]) -> None:
    if service_principal not in known:
        raise InvalidInputException(
            "UNRECOGNIZED_SERVICE_PRINCIPAL", f"You specified an unrecognized service principal: {service_principal}."
        )
