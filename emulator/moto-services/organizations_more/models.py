"""AWS Organizations, in place of moto's: the backend of a management account is its organization.

Each module above the next one adds operations: `tree` (state), `policies`, `units`, `accounts`, `handshakes`,
`delegation`, `tagging`, `effective_policies`. moto's own services read `org`, `accounts`, `ou` and `policies` by moto's
names.
"""

from __future__ import annotations

from datetime import timedelta

from emulator.events import service_events
from emulator.world import choices, clock, ids, organizations

from .accounts import give_access_role
from .effective_policies import EffectivePolicies
from .entities import ALL_FEATURES, Account, Answer, Organization, Root
from .exceptions import AlreadyInOrganizationException, OrganizationNotEmptyException
from .tagging import Tagging
from .units import Units

# Seeded members look like accounts that have been there for a while, so that what is asked of new ones is behind them.
_SEEDED_AGE = timedelta(days=30)

choices.offer(
    "organizations.new-organization-scp",
    ("off", "on"),
    "CreateOrganization is said to switch service control policies on; in accounts that people describe they are off.",
)


class OrganizationsMoreBackend(Tagging, Units, EffectivePolicies):
    """The model of one organization, kept by its management account."""

    def create_organization(self, *, feature_set: str = ALL_FEATURES) -> Answer:
        if organizations.management_account_of(self.account_id) is not None:
            raise AlreadyInOrganizationException
        name, email = organizations.name_and_email(self.account_id)
        self.found(f"o-{ids.word(10, 'organization')}", f"r-{ids.word(4, 'root')}", email, name, feature_set)
        if feature_set == ALL_FEATURES and choices.taken("organizations.new-organization-scp") == "on":
            self.enable_policy_type(root_id=self.root.id, policy_type="SERVICE_CONTROL_POLICY")
        return self.describe_organization()

    def found(self, organization_id: str, root_id: str, email: str, name: str, feature_set: str = ALL_FEATURES) -> None:
        """Make the organization with its root and the management account. No policy type is switched on."""
        self.org = Organization(organization_id, root_id, feature_set, self.account_id, email)
        self.ou.append(Root(self.org, root_id, "Root", None))
        self.accounts.append(Account(self.org, self.account_id, name, email, root_id, clock.now(), "INVITED"))
        if self.org.has_all_features:
            self.add_built_in_policies()

    def seed_account(self, account_id: str, name: str, email: str) -> Account:
        """A member with an id that the seed chose, as if this organization had made it a while ago."""
        account = self.add_account(account_id, name, email, "CREATED", age=_SEEDED_AGE)
        give_access_role(account_id, self.account_id)
        return account

    def describe_organization(self) -> Answer:
        return {"Organization": self.organization.describe()}

    def delete_organization(self) -> None:
        if len(self.accounts) > 1:
            raise OrganizationNotEmptyException
        details = {"accountId": self.account_id, "departureMethod": "LEFT"}
        service_events.emit(
            service_events.ServiceEvent(
                "organizations.amazonaws.com", "AccountDepartedOrganization", self.account_id, "us-east-1", details
            )
        )
        organization = self.organization.id
        self.departed[self.account_id] = self.accounts[0]
        self.forget()
        organizations.tell_departure(self.account_id, organization)
