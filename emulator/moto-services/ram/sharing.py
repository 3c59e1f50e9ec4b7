"""How a share comes about: associations, invitations and their answers, and how it ends."""

from collections.abc import Iterable
from datetime import timedelta

from emulator import agenda, clock, ids, pace

from . import principals, resources, state
from .exceptions import (
    InvalidParameterException,
    InvalidStateTransitionException,
    OperationNotPermittedException,
    UnknownResourceException,
)
from .shares import PRINCIPAL, RESOURCE, Association, Invitation, Share

INVITATION_LIFETIME = timedelta(hours=12)
SETTLING_TIME = timedelta(seconds=20)


def check(share: Share, arns: Iterable[str], names: Iterable[str]) -> None:
    """Refuse what cannot be shared, or not with these principals, before anything is changed."""
    people = [principals.parse(name) for name in names]
    kinds = [resources.type_of(arn) for arn in arns]
    for arn in arns:
        if share.find(RESOURCE, arn) is None:
            _check_resource(share, arn)
    for principal in people:
        if share.find(PRINCIPAL, principal.name) is None:
            principals.check(share.owner, principal, share.allow_external)
    kinds += [resources.type_of(one.entity) for one in share.live(RESOURCE)]
    people += [principals.parse(one.entity) for one in share.live(PRINCIPAL)]
    accounts_only = next((kind.name for kind in kinds if not kind.people), None)
    if accounts_only and any(principal.is_person for principal in people):
        raise OperationNotPermittedException(
            f"Resources of type {accounts_only} are shared with accounts, not with IAM roles or users."
        )


def _check_resource(share: Share, arn: str) -> None:
    if resources.account_in(arn) != share.owner:
        raise OperationNotPermittedException(
            f"Account {share.owner} does not own {arn}. A resource that is shared with you cannot be shared again."
        )
    if resources.region_in(arn) != share.region:
        raise InvalidParameterException(
            f"{arn} is not in {share.region}, where this resource share is. Make the share where the resource is."
        )
    if not resources.exists(arn):
        raise UnknownResourceException(f"Resource {arn} could not be found.")


def associate(share: Share, arns: Iterable[str], names: Iterable[str]) -> list[Association]:
    """Put checked resources and principals into a share; what is in it already stays as it is."""
    return [_add_resource(share, arn) for arn in arns] + [_add_principal(share, name) for name in names]


def _add_resource(share: Share, arn: str) -> Association:
    known = share.find(RESOURCE, arn)
    if known is not None:
        return known
    kind = resources.type_of(arn)
    share.permissions.setdefault(kind.name, kind.permission_arn)
    association = _new(share, arn, RESOURCE, external=False)
    _settle(share, association)
    return association


def _add_principal(share: Share, name: str) -> Association:
    """Outside of an organization with sharing on, this sends an invitation that the association waits for."""
    known = share.find(PRINCIPAL, name)
    if known is not None:
        return known
    principal = principals.parse(name)
    association = _new(share, name, PRINCIPAL, principals.is_external(share.owner, principal))
    if principals.needs_invitation(share.owner, principal) and principal.account != share.owner:
        _invite(share, principal)
    else:
        _settle(share, association)
    return association


def _new(share: Share, entity: str, kind: str, external: bool) -> Association:
    now = clock.now()
    association = Association(entity, kind, external, now, now)
    share.associations = [old for old in share.associations if (old.kind, old.entity) != (kind, entity)]
    share.associations.append(association)
    share.updated = now
    return association


def _settle(share: Share, association: Association) -> None:
    """ASSOCIATING lasts until the first look in fast pace, and some seconds otherwise."""
    if pace.fast():
        association.step("settled", clock.now())
        association.unseen = "ASSOCIATING"
    else:
        agenda.at(
            clock.now() + SETTLING_TIME, "ram.association_settles", share.arn, association.kind, association.entity
        )


@agenda.handler("ram.association_settles")
def _settles(share_arn: str, kind: str, entity: str) -> None:
    association = state.find_share(share_arn).find(kind, entity)
    if association is not None and association.status == "ASSOCIATING":
        association.step("settled", clock.now())


def _invite(share: Share, principal: principals.Principal) -> None:
    invitation = Invitation(
        arn=f"arn:aws:ram:{share.region}:{share.owner}:resource-share-invitation/{ids.uuid('ram-invitation')}",
        share_arn=share.arn,
        share_name=share.name,
        sender=share.owner,
        receiver=principal.account,
        principal=principal.name,
        sent=clock.now(),
    )
    state.of(share.owner, share.region).invitations[invitation.arn] = invitation
    agenda.at(invitation.sent + INVITATION_LIFETIME, "ram.invitation_expires", invitation.arn)


@agenda.handler("ram.invitation_expires")
def _expires(invitation_arn: str) -> None:
    invitation = state.find_invitation(invitation_arn)
    if invitation is not None and invitation.status == "PENDING":
        answer(invitation, "expired")


def answer(invitation: Invitation, event: str) -> None:
    """Accept, reject or let lapse: the principal's association goes the same way."""
    invitation.step(event)
    association = state.find_share(invitation.share_arn).find(PRINCIPAL, invitation.principal)
    if association is not None and association.status == "ASSOCIATING":
        reason = "" if event == "accepted" else f"The invitation was {event}."
        association.step(event, clock.now(), reason)


def remove(share: Share, kind: str, entity: str) -> Association:
    """Take a resource or a principal out of a share. A pending invitation to it is withdrawn."""
    association = share.find(kind, entity)
    if association is None:
        raise UnknownResourceException(f"{entity} is not associated with resource share {share.arn}.")
    association.step("disassociated", clock.now())
    association.unseen = "DISASSOCIATING" if pace.fast() else None
    share.updated = clock.now()
    if kind == PRINCIPAL:
        _withdraw_invitations(share, entity)
    return association


def _withdraw_invitations(share: Share, principal: str | None = None) -> None:
    register = state.of(share.owner, share.region)
    for invitation in list(register.invitations.values()):
        ours = invitation.share_arn == share.arn and principal in (None, invitation.principal)
        if ours and invitation.status == "PENDING":
            del register.invitations[invitation.arn]


def leave(share: Share, account: str, name: str) -> Association:
    """A consumer gives up a share that it was invited to, once it is empty.

    What came by way of the organization cannot be left, and neither can a share that holds a team or a vault: AWS has a
    list of the resource types that allow it, and both are missing there.
    """
    principal = principals.parse(name)
    if principal.account != account:
        raise OperationNotPermittedException(
            f"Account {account} does not own {share.arn}: it can leave the share, and nothing else."
        )
    if share.find(PRINCIPAL, name) is not None and not principals.needs_invitation(share.owner, principal):
        raise OperationNotPermittedException(
            f"Account {account} was added by an account of its own organization, with sharing turned on. Only the "
            "owner can take it out of the share."
        )
    held = next((resources.type_of(one.entity).name for one in share.live(RESOURCE)), None)
    if held is not None:
        raise OperationNotPermittedException(
            f"Resource share {share.arn} holds a resource of type {held}, which does not support leaving. Ask its "
            f"owner, account {share.owner}, to take account {account} out of the share."
        )
    return remove(share, PRINCIPAL, name)


def close(share: Share) -> None:
    """Delete a share: at once nobody has access by it any more."""
    if share.status != "ACTIVE":
        raise InvalidStateTransitionException(f"Resource share {share.arn} is {share.status}.")
    for association in share.associations:
        if association.is_live:
            association.step("disassociated", clock.now())
    _withdraw_invitations(share)
    share.status, share.updated = "DELETED", clock.now()
    share.unseen = "DELETING" if pace.fast() else None
