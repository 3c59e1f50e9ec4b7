"""The identity source of an account, and the people that it knows."""

from datetime import timedelta

from emulator.world import agenda, clock, identity_store, organizations, pace
from emulator.world.identity_store import User

from . import ownership, state
from .arns import account_in
from .exceptions import (
    AccessDeniedException,
    ConflictException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ValidationException,
)
from .identity_source import IdentitySource
from .teams import Approver
from .transitions import SOURCE, SOURCE_ACTIVE, SOURCE_CREATING, SOURCE_DELETING, follow

SETTLING_TIME = timedelta(seconds=30)


def arn_of(account: str) -> str:
    return f"arn:aws:mpa:us-east-1:{account}:identity-source/IamIdentityCenter"


def create(account: str, instance_arn: str, region: str, tags: dict[str, str]) -> IdentitySource:
    """Start to connect the Identity Center instance; whether it exists shows afterwards, in the status."""
    register = state.of(account)
    if organizations.management_account_of(account) != account:
        raise AccessDeniedException(
            f"Account {account} is not the management account of an organization. An identity source can be created "
            "there only, because it needs an organization instance of IAM Identity Center."
        )
    if register.identity_source is not None:
        raise ServiceQuotaExceededException(
            f"Account {account} has an identity source already, and the quota is one. Delete it first."
        )
    source = IdentitySource(arn_of(account), account, instance_arn, region, clock.now(), tags=dict(tags))
    register.identity_source = source
    register.departing.pop(source.arn, None)
    if pace.fast():
        source.unseen = SOURCE_CREATING
        _connect(source)
    else:
        agenda.at(clock.now() + SETTLING_TIME, "mpa.identity_source_connects", account)
    return source


def _connect(source: IdentitySource) -> None:
    center = identity_store.identity_center_of(source.owner)
    if center is None or center.instance_arn != source.instance_arn:
        event, source.message = "instance_not_found", f"Instance {source.instance_arn} does not exist in this account."
    elif center.region != source.region:
        event, source.message = "instance_not_valid", f"The instance is not in Region {source.region}."
    else:
        event = "validated"
    source.state = follow(SOURCE, source.state, event, source.arn)


@agenda.handler("mpa.identity_source_connects")
def _connects(account: str) -> None:
    source = state.of(account).identity_source
    if source is not None and source.state == SOURCE_CREATING:
        _connect(source)


def get(account: str, arn: str) -> IdentitySource:
    _check_arn(account, arn)
    register = state.of(account)
    if register.identity_source is not None and register.identity_source.arn == arn:
        return register.identity_source
    leaving = register.departing.pop(arn, None)
    if isinstance(leaving, IdentitySource):
        return leaving
    raise ResourceNotFoundException(f"Account {account} has no identity source {arn}.")


def _check_arn(account: str, arn: str) -> None:
    if not ownership.is_arn(arn, "identity-source"):
        raise ValidationException(f"{arn} is not the ARN of an identity source.")
    if account_in(arn) != account:
        raise ownership.foreign(account, arn)


def delete(account: str, arn: str) -> None:
    """Remove the source, unless teams still take approvers from a living instance. A missing one is no error."""
    if ownership.is_arn(arn, "identity-source") and account_in(arn) != account:
        raise AccessDeniedException(f"Account {account} does not own {arn}.")
    _check_arn(account, arn)
    register = state.of(account)
    source = register.identity_source
    if source is None or source.arn != arn:
        return
    users = [team.name for team in register.teams.values() if arn in team.identity_source_arns]
    if users and identity_store.identity_center_of(account) is not None:
        raise ConflictException(
            f"Approvers of {', '.join(sorted(users))} come from this identity source. Delete these teams first."
        )
    register.forget_tokens(arn)
    source.state, source.unseen = SOURCE_DELETING, None
    if pace.fast():
        register.identity_source = None
        register.departing[arn] = source
    else:
        agenda.at(clock.now() + SETTLING_TIME, "mpa.identity_source_leaves", account)


@agenda.handler("mpa.identity_source_leaves")
def _leaves(account: str) -> None:
    register = state.of(account)
    if register.identity_source is not None and register.identity_source.state == SOURCE_DELETING:
        register.identity_source = None


def person(source_arn: str, identity_id: str) -> User | None:
    """The user behind an approver, as the identity store knows it now."""
    account = source_arn.split(":")[4]
    source = state.of(account).identity_source
    center = identity_store.identity_center_of(account)
    if source is None or center is None or source.state != SOURCE_ACTIVE:
        return None
    return identity_store.identity_user(center.identity_store_id, identity_id)


def in_sync(approver: Approver) -> bool:
    """Whether one-time codes still go to the address that the identity store has for this person."""
    user = person(approver.identity_source_arn, approver.identity_id)
    return user is not None and user.email == approver.code_address


def synchronize(approver: Approver) -> None:
    """Have one-time codes go to the address that the identity store has now."""
    user = person(approver.identity_source_arn, approver.identity_id)
    if user is not None:
        approver.code_address = user.email


def why_not(user: User | None) -> str | None:
    """Why this person cannot be an approver, or None for one who can."""
    if user is None:
        return "does not exist in the identity store"
    if not user.enabled:
        return "is disabled"
    if not user.email:
        return "has no e-mail address"
    return None
