"""Our objects as the answers of the API."""

from typing import Any

from .resources import account_in, type_of
from .shares import Association, Invitation, Share

Answer = dict[str, Any]


def look(thing: Share | Association) -> str:
    """The state to show now; an intermediate one is shown once (see `emulator.world.pace`)."""
    shown, thing.unseen = thing.unseen or thing.status, None
    return shown


def share(one: Share) -> Answer:
    return {
        "resourceShareArn": one.arn,
        "name": one.name,
        "owningAccountId": one.owner,
        "allowExternalPrincipals": one.allow_external,
        "status": look(one),
        "tags": [{"key": key, "value": value} for key, value in one.tags.items()],
        "creationTime": one.created,
        "lastUpdatedTime": one.updated,
        "featureSet": "STANDARD",
        "resourceShareConfiguration": {"retainSharingOnAccountLeaveOrganization": one.retain_sharing},
    }


def association(share: Share, one: Association, status: str | None = None) -> Answer:
    answer: Answer = {
        "resourceShareArn": share.arn,
        "resourceShareName": share.name,
        "associatedEntity": one.entity,
        "associationType": one.kind,
        "status": status or look(one),
        "creationTime": one.created,
        "lastUpdatedTime": one.updated,
        "external": one.external,
    }
    return answer | {"statusMessage": one.message} if one.message else answer


def invitation(one: Invitation) -> Answer:
    answer: Answer = {
        "resourceShareInvitationArn": one.arn,
        "resourceShareName": one.share_name,
        "resourceShareArn": one.share_arn,
        "senderAccountId": one.sender,
        "receiverAccountId": one.receiver,
        "invitationTimestamp": one.sent,
        "status": one.status,
    }
    return answer | {"receiverArn": one.principal} if one.principal.startswith("arn:") else answer


def resource(share: Share, one: Association) -> Answer:
    return {
        "arn": one.entity,
        "type": type_of(one.entity).name,
        "resourceShareArn": share.arn,
        "status": "AVAILABLE" if one.status == "ASSOCIATED" else "PENDING",
        "creationTime": one.created,
        "lastUpdatedTime": one.updated,
        "resourceRegionScope": "REGIONAL",
    }


def principal(share: Share, one: Association) -> Answer:
    return {
        "id": one.entity,
        "resourceShareArn": share.arn,
        "creationTime": one.created,
        "lastUpdatedTime": one.updated,
        "external": one.external,
    }


def owner(share: Share, one: Association) -> Answer:
    """The principal that a consumer sees: the account that shares with it."""
    return principal(share, one) | {"id": account_in(share.arn)}


def source(share: Share, one: Association, kind: str) -> Answer:
    answer: Answer = {
        "resourceShareArn": share.arn,
        "sourceId": one.entity,
        "sourceType": kind,
        "status": look(one),
        "creationTime": one.created,
        "lastUpdatedTime": one.updated,
    }
    return answer | {"statusMessage": one.message} if one.message else answer
