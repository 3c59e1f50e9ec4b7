"""How a share comes about: associations, invitations and their answers, and how it ends."""

import re
from collections.abc import Iterable
from datetime import timedelta

from emulator.world import agenda, choices, clock, ids, organizations, pace

from . import permissions, principals, resources, state
from .exceptions import (
    InvalidParameterException,
    InvalidStateTransitionException,
    MalformedArnException,
    OperationNotPermittedException,
    ResourceShareLimitExceededException,
    UnknownResourceException,
)
from .managed import OF_AWS
from .shares import PRINCIPAL, RESOURCE, SOURCE, Association, Invitation, Share

INVITATION_LIFETIME = timedelta(hours=12)
SETTLING_TIME = timedelta(seconds=20)
SLOW_SETTLING_TIME = timedelta(minutes=4)
MOST_IN_ONE_CALL = 100
# What a source may be: an account, the ARN of a resource, an organization, or a path in one.
_SOURCES = {
    "ACCOUNT": re.compile(r"\d{12}"),
    "ARN": re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:.+"),
    "ORGANIZATION": re.compile(r"o-[a-z0-9]{10,32}"),
    "ORGANIZATION_PATH": re.compile(r"o-[a-z0-9]{10,32}/.+"),
}
SOURCE_TYPES = tuple(_SOURCES)

choices.offer(
    "ram.associating",
    ("moments", "minutes"),
    "AWS names no time for which an association that needs no invitation is ASSOCIATING; the plugins of Terraform and "
    "Pulumi wait for up to five minutes.",
)
choices.offer(
    "ram.disassociating-what-is-associating",
    ("done", "refused"),
    "DisassociateResourceShare has InvalidStateTransitionException; AWS does not say from which states it leads away.",
)


def check(share: Share, arns: Iterable[str], names: Iterable[str], sources: Iterable[str] = ()) -> None:
    """Refuse what cannot be shared, or not with these principals, before anything is changed."""
    if max(len(list(arns)), len(list(names)), len(list(sources))) > MOST_IN_ONE_CALL:
        raise ResourceShareLimitExceededException(f"One call takes at most {MOST_IN_ONE_CALL} of each kind.")
    for source in sources:
        source_type(source)
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
    if kinds and any(principal.is_service for principal in people):
        raise OperationNotPermittedException(
            f"Resources of type {kinds[0].name} are not shared with service principals."
        )
    accounts_only = next((kind.name for kind in kinds if not kind.people), None)
    if accounts_only and any(principal.is_person for principal in people):
        raise OperationNotPermittedException(
            f"Resources of type {accounts_only} are shared with accounts, not with IAM roles or users."
        )


def source_type(source: str) -> str:
    """The kind of a source; MalformedArnException or InvalidParameterException for what is none."""
    found = next((kind for kind, form in _SOURCES.items() if form.fullmatch(source)), None)
    if found is not None:
        return found
    if source.startswith("arn:"):
        raise MalformedArnException(f"{source} is not a valid ARN.")
    raise InvalidParameterException(f"{source} is no account, ARN, organization or path of one.")


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


def associate(
    share: Share, arns: Iterable[str], names: Iterable[str], sources: Iterable[str] = ()
) -> list[Association]:
    """Put checked resources, principals and sources into a share; what is in it already stays as it is."""
    added = [_add_resource(share, arn) for arn in arns] + [_add_principal(share, name) for name in names]
    return added + [_add_source(share, source) for source in sources]


def _add_source(share: Share, source: str) -> Association:
    known = share.find(SOURCE, source)
    if known is not None:
        return known
    association = _new(share, source, SOURCE, external=False)
    _settle(share, association)
    return association


def _add_resource(share: Share, arn: str) -> Association:
    known = share.find(RESOURCE, arn)
    if known is not None:
        return known
    kind = resources.type_of(arn)
    if kind.name not in share.permissions:
        permissions.put_into(share, OF_AWS[kind.permission_arn], [])
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
        association.by_organization = not principal.is_service and principal.account != share.owner
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
    """ASSOCIATING lasts until the first look in fast pace, some seconds otherwise, and by choice minutes in both."""
    slow = choices.taken("ram.associating") == "minutes"
    if pace.fast() and not slow:
        association.step("settled", clock.now())
        association.unseen = "ASSOCIATING"
        return
    settled = clock.now() + (SLOW_SETTLING_TIME if slow else SETTLING_TIME)
    of = (share.arn, association.kind, association.entity, association.created.isoformat())
    agenda.at(settled, "ram.association_settles", *of)


@agenda.handler("ram.association_settles")
def _settles(share_arn: str, kind: str, entity: str, created: str) -> None:
    """Unless it was taken away meanwhile; one that was made anew has its own time, or waits for an invitation."""
    association = state.find_share(share_arn).find(kind, entity)
    if association is None or association.created.isoformat() != created:
        return
    if association.status == "ASSOCIATING":
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


def remove_all(share: Share, named: list[tuple[str, str]]) -> list[Association]:
    """Take these kinds and entities out of a share; where one of them cannot go, all stay."""
    for kind, entity in named:
        _removable(share, kind, entity)
    return [remove(share, kind, entity) for kind, entity in named]


def _removable(share: Share, kind: str, entity: str) -> Association:
    association = share.find(kind, entity)
    if association is None:
        raise UnknownResourceException(f"{entity} is not associated with resource share {share.arn}.")
    refused = choices.taken("ram.disassociating-what-is-associating") == "refused"
    if refused and association.status == "ASSOCIATING":
        raise InvalidStateTransitionException(f"The association of {entity} is {association.status}.")
    return association


def remove(share: Share, kind: str, entity: str) -> Association:
    """Take a resource or a principal out of a share. A pending invitation to it is withdrawn."""
    association = _removable(share, kind, entity)
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


# What becomes of shares when accounts leave an organization, or RAM loses its access to it.


def _end(share: Share, association: Association, reason: str) -> None:
    association.step("disassociated", clock.now(), reason)
    share.updated = clock.now()
    _withdraw_invitations(share, association.entity)


def _left(account: str, organization_id: str) -> None:
    """An account that left loses what it had by the organization, unless the share was made to retain it."""
    for share in state.shares():
        if share.status != "ACTIVE":
            continue
        if share.owner == account:
            _owner_left(share, organization_id)
            continue
        by_unit = any(
            principals.covered(principals.parse(one.entity), account, organization_id) for one in share.live(PRINCIPAL)
        )
        own = next((one for one in share.live(PRINCIPAL) if one.entity == account and one.by_organization), None)
        if share.retain_sharing and (own is not None or (by_unit and _owner_is_in(share, organization_id))):
            share.retained.append(account)
        elif own is not None:
            _end(share, own, "The account left the organization.")


def _owner_is_in(share: Share, organization_id: str) -> bool:
    organization = organizations.organization_of(share.owner)
    return organization is not None and organization.id == organization_id


def _owner_left(share: Share, organization_id: str) -> None:
    organization = organizations.organization_by_id(organization_id)
    members = () if organization is None else organization.accounts
    for one in share.live(PRINCIPAL):
        principal = principals.parse(one.entity)
        if one.by_organization or principal.organization_id == organization_id:
            if share.retain_sharing:
                share.retained += [member for member in members if principal.reaches_member(member)]
            _end(share, one, "The owner of the share left the organization.")


def _switched_off(organization_id: str, service: str) -> None:
    """Without trusted access, RAM takes back what needed no invitation."""
    if service != "ram.amazonaws.com":
        return
    for share in state.shares():
        if share.status == "ACTIVE" and _owner_is_in(share, organization_id):
            for one in [one for one in share.live(PRINCIPAL) if one.by_organization]:
                _end(share, one, "Sharing with AWS Organizations was turned off.")


organizations.after_departure(_left)
organizations.after_service_disabled(_switched_off)
