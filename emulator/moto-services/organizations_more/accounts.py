"""Accounts of an organization: how they come, are closed, and go."""

from __future__ import annotations

import json
from datetime import timedelta

from moto.iam.models import iam_backends

from emulator.events import service_events
from emulator.world import agenda, caller, choices, clock, ids, organizations, pace

from . import limits
from .entities import Account, Answer, CreateAccountRequest
from .exceptions import (
    AccountAlreadyClosedException,
    ConflictException,
    ConstraintViolationException,
    CreateAccountStatusNotFoundException,
    InvalidInputException,
    MasterCannotLeaveOrganizationException,
)
from .inputs import page, tags_of
from .policies import Policies

ACCESS_ROLE = "OrganizationAccountAccessRole"


class Accounts(Policies):
    """CreateAccount, CloseAccount, RemoveAccountFromOrganization and their kin."""

    # Coming

    def create_account(
        self,
        *,
        account_name: str,
        email: str,
        role_name: str = ACCESS_ROLE,
        iam_user_access_to_billing: str = "ALLOW",
        tags: list[dict[str, str]] | None = None,
    ) -> Answer:
        """`iam_user_access_to_billing` has no effect: there are no bills here."""
        del iam_user_access_to_billing
        if role_name.startswith("AWSServiceRoleFor"):
            raise InvalidInputException("INVALID_ROLE_NAME", f"{role_name} has a prefix that is AWS's own.")
        self.check_room_for_one_more()
        if sum(one.completed is None for one in self.requests.values()) >= limits.ACCOUNTS_IN_CREATION:
            raise ConstraintViolationException(
                "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
                f"{limits.ACCOUNTS_IN_CREATION} accounts are being created. Wait until one is ready.",
            )
        step = pace.step(limits.CREATION_TIME)
        request = CreateAccountRequest(f"car-{ids.hex(32, 'car')}", account_name, clock.now(), step)
        self.requests[request.id] = request
        wanted = json.dumps({"email": email, "role": role_name, "tags": tags_of(tags)})
        if pace.fast():
            self.complete(request, wanted)
        else:
            agenda.at(step.due, "organizations.account_is_made", self.account_id, request.id, wanted)
        return {"CreateAccountStatus": request.look(clock.now())}

    def complete(self, request: CreateAccountRequest, wanted: str) -> None:
        """The account is there, or is known to fail."""
        details = json.loads(wanted)
        request.completed = clock.now()
        if organizations.account_with_email(details["email"]) is not None:
            request.failure = "EMAIL_ALREADY_EXISTS"
        else:
            made = _new_account_id()
            request.account_id = made
            self.add_account(made, request.name, details["email"], "CREATED", tags=details["tags"])
            give_access_role(made, self.account_id, details["role"])
        self._tell("CreateAccountResult", {"createAccountStatus": _told(request)})

    def add_account(
        self,
        account_id: str,
        name: str,
        email: str,
        joined_method: str,
        *,
        tags: dict[str, str] | None = None,
        age: timedelta = timedelta(0),
    ) -> Account:
        """Make an account a member, below the root."""
        from moto.organizations.models import organizations_backends

        account = Account(
            self.organization,
            account_id,
            name,
            email,
            self.root.id,
            clock.now() - age,
            joined_method,
            dict(tags or {}),
        )
        self.accounts.append(account)
        if account_id != self.account_id:
            organizations_backends.master_accounts[account_id] = (self.account_id, "aws")
        self.departed.pop(account_id, None)
        self.attach_defaults(account)
        told = "Created" if joined_method == "CREATED" else joined_method
        self._tell("AccountJoinedOrganization", {"accountId": account_id, "joinedMethod": told})
        return account

    def check_room_for_one_more(self) -> None:
        """Open invitations count against the quota of accounts."""
        invited = sum(one.is_open_invitation for one in self.handshakes.values())
        if len(self.accounts) + invited >= limits.accounts():
            raise ConstraintViolationException(
                "ACCOUNT_NUMBER_LIMIT_EXCEEDED", f"An organization has at most {limits.accounts()} accounts."
            )

    def describe_create_account_status(self, *, create_account_request_id: str) -> Answer:
        request = self.requests.get(create_account_request_id)
        if request is None:
            raise CreateAccountStatusNotFoundException
        return {"CreateAccountStatus": request.look(clock.now())}

    def list_create_account_status(
        self, *, states: list[str] | None = None, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        shown = [request.look(clock.now()) for request in self.requests.values()]
        found = [one for one in shown if not states or one["State"] in states]
        return page(found, "CreateAccountStatuses", max_results, next_token)

    # Being there

    def describe_account(self, *, account_id: str) -> Answer:
        return {"Account": self.shown_account(self.get_account_by_id(account_id))}

    def list_accounts(self, *, max_results: int | None = None, next_token: str | None = None) -> Answer:
        answer = page(self.accounts, "Accounts", max_results, next_token)
        return answer | {"Accounts": [self.shown_account(account) for account in answer["Accounts"]]}

    # Being closed

    def close_account(self, *, account_id: str) -> None:
        self.check_all_features()
        if account_id == self.account_id:
            raise ConstraintViolationException(
                "CANNOT_CLOSE_MANAGEMENT_ACCOUNT", "The management account is closed by its root user, as the last one."
            )
        account = self.get_account_by_id(account_id)
        if account.state == "PENDING_CLOSURE":
            raise ConflictException
        if account.state == "CLOSED":
            raise AccountAlreadyClosedException
        self._check_closures()
        now = clock.now()
        self.closed[account_id] = now
        self.closures.append(now)
        account.state = "PENDING_CLOSURE"
        agenda.at(now + organizations.POST_CLOSURE, "organizations.account_is_gone", self.account_id, account_id)
        if pace.fast():
            self.finish_closure(account)
            account.unseen = "PENDING_CLOSURE"
        else:
            agenda.at(now + limits.CLOSURE_TIME, "organizations.account_is_closed", self.account_id, account_id)

    def finish_closure(self, account: Account) -> None:
        account.state = "CLOSED"
        self._tell("CloseAccountResult", {"closeAccountStatus": {"accountId": account.id, "state": "SUCCEEDED"}})

    def _check_closures(self) -> None:
        since = clock.now() - limits.CLOSURES_COUNT_FOR
        self.closures = [when for when in self.closures if when > since]
        most = limits.closures(len(self.accounts) - 1)
        if len(self.closures) >= most:
            raise ConstraintViolationException(
                "CLOSE_ACCOUNT_QUOTA_EXCEEDED", f"{most} accounts were closed in the past 30 days; that is the most."
            )
        if sum(account.state == "PENDING_CLOSURE" for account in self.accounts) >= limits.ACCOUNTS_IN_CLOSURE:
            raise ConstraintViolationException(
                "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
                f"{limits.ACCOUNTS_IN_CLOSURE} accounts are being closed. Wait until one is closed.",
            )

    # Going

    def remove_account_from_organization(self, *, account_id: str) -> None:
        self.depart(account_id, "REMOVED")

    def leave_organization(self) -> None:
        self.depart(caller.current().account, "LEFT")

    def depart(self, account_id: str, method: str) -> None:
        """End a membership. RAM and others hear of it by `world.tell_departure`."""
        self.check_may_go(account_id)
        account = self.get_account_by_id(account_id)
        self._forget_member(account)
        self.departed[account_id] = account
        organizations.add_account(account_id)
        self._tell("AccountDepartedOrganization", {"accountId": account_id, "departureMethod": method})
        organizations.tell_departure(account_id, self.organization.id)

    def check_may_go(self, account_id: str) -> None:
        if account_id == self.account_id:
            raise MasterCannotLeaveOrganizationException
        account = self.get_account_by_id(account_id)
        if any(admin.account is account for admin in self.admins):
            raise ConstraintViolationException(
                "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
                f"Account {account_id} is a delegated administrator. Deregister it first.",
            )
        if account.joined_method != "CREATED":
            return
        if clock.now() - account.joined < limits.age_before_leaving():
            raise ConstraintViolationException(
                "WAIT_PERIOD_ACTIVE",
                f"A created account stays for {limits.age_before_leaving().days} days at least.",
            )
        if choices.taken("organizations.created-account-leaves") == "without-payment":
            raise ConstraintViolationException(
                "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED",
                f"Account {account_id} was created by its organization and has no means of payment of its own.",
            )

    def _forget_member(self, account: Account) -> None:
        from moto.organizations.models import organizations_backends

        for policy in account.attached_policies:
            policy.attachments.remove(account)
        account.attached_policies = []
        account.tags = {}
        self.accounts.remove(account)
        organizations_backends.master_accounts.pop(account.id, None)

    def let_vanish(self, account_id: str) -> None:
        """The post-closure period of an account is over; `closed` remembers that it was there."""
        account = next((one for one in self.accounts if one.id == account_id), None)
        if account is not None and account.state == "CLOSED":
            self.admins = [admin for admin in self.admins if admin.account is not account]
            self._forget_member(account)

    def check_all_features(self) -> None:
        if not self.organization.has_all_features:
            raise ConstraintViolationException(
                "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", "This needs an organization with all features enabled."
            )

    def _tell(self, name: str, details: Answer) -> None:
        service_events.emit(
            service_events.ServiceEvent("organizations.amazonaws.com", name, self.account_id, "us-east-1", details)
        )


def _told(request: CreateAccountRequest) -> Answer:
    told = {"id": request.id, "accountName": "****", "state": "FAILED" if request.failure else "SUCCEEDED"}
    return told | ({"failureReason": request.failure} if request.failure else {"accountId": request.account_id})


def _new_account_id() -> str:
    while True:
        made = f"{ids.stream('account').randrange(10**11, 10**12)}"
        if not organizations.account_exists(made):
            return made


def give_access_role(account_id: str, management: str, name: str = ACCESS_ROLE) -> None:
    """The role through which the management account reaches an account that it created."""
    iam = iam_backends[account_id]["aws"]
    if any(role.name == name for role in iam.roles.values()):
        return
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{management}:root"}, "Action": "sts:AssumeRole"}
    iam.create_role(
        role_name=name,
        assume_role_policy_document=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )


@agenda.handler("organizations.account_is_made")
def _is_made(management: str, request_id: str, wanted: str) -> None:
    backend = organizations.organization_backend(management)
    request = None if backend is None else backend.requests.get(request_id)
    if backend is not None and request is not None and request.completed is None:
        backend.complete(request, wanted)


@agenda.handler("organizations.account_is_closed")
def _is_closed(management: str, account_id: str) -> None:
    backend = organizations.organization_backend(management)
    if backend is None:
        return
    for account in backend.accounts:
        if account.id == account_id and account.state == "PENDING_CLOSURE":
            backend.finish_closure(account)


@agenda.handler("organizations.account_is_gone")
def _is_gone(management: str, account_id: str) -> None:
    backend = organizations.organization_backend(management)
    if backend is not None:
        backend.let_vanish(account_id)
