"""AWS Resource Access Manager: shares and what hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from tools.aws_plugin import rules
from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import PluginError, code_of
from tools.aws_plugin.fields import boolean, string, strings, table, tags
from tools.aws_plugin.resource import Resource, changed, present
from tools.aws_plugin.tagging import bring_up_to_date, from_pairs, pairs
from tools.aws_plugin.values import Properties
from tools.aws_plugin.waiting import NOTHING, wait

PRINCIPAL = "ram.amazonaws.com"
LINKED_ROLE = "AWSServiceRoleForResourceAccessManager"
GONE = ("DELETING", "DELETED")
UNTIL_SETTLED = 5 * 60.0
UNTIL_A_PRINCIPAL_MOVED = 3 * 60.0


class SharingWithOrganization(Resource):
    """Sharing inside the organization without invitations. Its id is the management account's.

    It rests on trusted access and on a service-linked role. Without either it is gone; deleting it deletes both.
    """

    type_name = "aws:ram/sharingWithOrganization:SharingWithOrganization"
    inputs = table({})
    regional = False

    def create(self, aws: Aws, new: Properties) -> str:
        if not aws.client("ram").enable_sharing_with_aws_organization()["returnValue"]:
            raise PluginError("AWS answered that sharing with the organization was not switched on.")
        return aws.account_id

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        pages = aws.client("organizations").get_paginator("list_aws_service_access_for_organization").paginate()
        principals = [found["ServicePrincipal"] for page in pages for found in page["EnabledServicePrincipals"]]
        return {} if PRINCIPAL in principals and _has_linked_role(aws) else None

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        """RAM has no call for this. Whoever else relies on the role or on the access loses them too."""
        aws.client("organizations").disable_aws_service_access(ServicePrincipal=PRINCIPAL)
        client = aws.client("iam")
        try:
            task = client.delete_service_linked_role(RoleName=LINKED_ROLE)["DeletionTaskId"]
        except ClientError as error:
            if code_of(error) == "NoSuchEntity":
                return
            raise
        wait(
            lambda: str(client.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"]),
            "SUCCEEDED",
            f"The deletion of the role {LINKED_ROLE}",
            through=("NOT_STARTED", "IN_PROGRESS"),
            seconds=UNTIL_SETTLED,
        )


def _has_linked_role(aws: Aws) -> bool:
    try:
        aws.client("iam").get_role(RoleName=LINKED_ROLE)
    except ClientError as error:
        if code_of(error) == "NoSuchEntity":
            return False
        raise
    return True


class ResourceShare(Resource):
    """A share. Its id is its ARN."""

    type_name = "aws:ram/resourceShare:ResourceShare"
    inputs = table(
        {
            "allowExternalPrincipals": boolean(default=False),
            "name": string(required=True),
            "permissionArns": strings(replaces=True, from_aws=True),
            "tags": tags(),
        }
    )
    computed = ("arn",)

    def create(self, aws: Aws, new: Properties) -> str:
        made = aws.client("ram").create_resource_share(
            name=new["name"],
            allowExternalPrincipals=new["allowExternalPrincipals"],
            tags=pairs(new.get("tags"), "key", "value"),
            **present(permissionArns=new.get("permissionArns")),
        )
        return str(made["resourceShare"]["resourceShareArn"])

    def finish(self, aws: Aws, id_: str, new: Properties) -> None:
        wait(_state_of(aws, id_), "ACTIVE", f"Resource share {id_}", through=("PENDING",), seconds=UNTIL_SETTLED)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        share = _share(aws, id_)
        if share is None or share["status"] in GONE:
            return None
        permissions = aws.client("ram").list_resource_share_permissions(resourceShareArn=id_)["permissions"]
        return {
            "allowExternalPrincipals": share["allowExternalPrincipals"],
            "name": share["name"],
            "permissionArns": [permission["arn"] for permission in permissions],
            "tags": from_pairs(share.get("tags", []), "key", "value"),
            "arn": id_,
        }

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        client = aws.client("ram")
        if changed(old, new, "name", "allowExternalPrincipals"):
            client.update_resource_share(
                resourceShareArn=id_, name=new["name"], allowExternalPrincipals=new["allowExternalPrincipals"]
            )
        bring_up_to_date(
            old,
            new,
            lambda put: client.tag_resource(resourceShareArn=id_, tags=pairs(put, "key", "value")),
            lambda keys: client.untag_resource(resourceShareArn=id_, tagKeys=keys),
        )

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("ram").delete_resource_share(resourceShareArn=id_)
        what = f"Resource share {id_}"
        wait(_state_of(aws, id_), NOTHING, what, through=("ACTIVE", "DELETING"), seconds=UNTIL_SETTLED)


class ResourceAssociation(Resource):
    """A resource in a share. Its id is SHARE,RESOURCE, and stands in the state only once it is ASSOCIATED."""

    type_name = "aws:ram/resourceAssociation:ResourceAssociation"
    inputs = table(
        {
            "resourceArn": string(required=True, replaces=True, rule=rules.arn),
            "resourceShareArn": string(required=True, replaces=True, rule=rules.arn),
        }
    )

    def create(self, aws: Aws, new: Properties) -> str:
        share, resource = new["resourceShareArn"], new["resourceArn"]
        id_ = f"{share},{resource}"
        if _association(aws, "RESOURCE", id_):
            raise PluginError(f"RAM Resource Association ({id_}) already exists.{_REMEDY}")
        aws.client("ram").associate_resource_share(resourceShareArn=share, resourceArns=[resource])
        what = f"RAM Resource Association ({id_})"
        status = _status_of(aws, "RESOURCE", id_)
        wait(status, "ASSOCIATED", what, through=("ASSOCIATING",), seconds=UNTIL_SETTLED)
        return id_

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        share, _, resource = id_.partition(",")
        return {"resourceArn": resource, "resourceShareArn": share} if _association(aws, "RESOURCE", id_) else None

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        share, _, resource = id_.partition(",")
        aws.client("ram").disassociate_resource_share(resourceShareArn=share, resourceArns=[resource])
        _wait_until_out(aws, "RESOURCE", id_, UNTIL_SETTLED)


class PrincipalAssociation(Resource):
    """An account that a share reaches, or more of an organization. Its id is SHARE,PRINCIPAL.

    No wait for accounts: for one outside the organization the association stays ASSOCIATING until its invitation is
    accepted, and people are not waited for. AWS refuses to end it while it does, and that is not waited for either.
    """

    type_name = "aws:ram/principalAssociation:PrincipalAssociation"
    inputs = table(
        {
            "principal": string(required=True, replaces=True, rule=rules.account_or_arn),
            "resourceShareArn": string(required=True, replaces=True, rule=rules.arn),
        }
    )

    def create(self, aws: Aws, new: Properties) -> str:
        share, principal = new["resourceShareArn"], new["principal"]
        id_ = f"{share},{principal}"
        if _association(aws, "PRINCIPAL", id_):
            raise PluginError(f"RAM Principal Association ({id_}) already exists.{_REMEDY}")
        aws.client("ram").associate_resource_share(resourceShareArn=share, principals=[principal])
        return id_

    def finish(self, aws: Aws, id_: str, new: Properties) -> None:
        if not rules.is_account(new["principal"]):
            what, status = f"RAM Principal Association ({id_})", _status_of(aws, "PRINCIPAL", id_)
            wait(status, "ASSOCIATED", what, through=("ASSOCIATING",), seconds=UNTIL_A_PRINCIPAL_MOVED)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        share, _, principal = id_.partition(",")
        return {"principal": principal, "resourceShareArn": share} if _association(aws, "PRINCIPAL", id_) else None

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        share, _, principal = id_.partition(",")
        aws.client("ram").disassociate_resource_share(resourceShareArn=share, principals=[principal])
        _wait_until_out(aws, "PRINCIPAL", id_, UNTIL_A_PRINCIPAL_MOVED)


_REMEDY = " Nothing was changed. Import it by that id, or end it in AWS, then run again."


def _share(aws: Aws, arn: str) -> dict[str, Any] | None:
    try:
        found = aws.client("ram").get_resource_shares(resourceOwner="SELF", resourceShareArns=[arn])["resourceShares"]
    except ClientError as error:
        if code_of(error) == "UnknownResourceException":
            return None
        raise
    return dict(found[0]) if found else None


def _state_of(aws: Aws, arn: str) -> Callable[[], str]:
    """For a wait. RAM goes on showing shares that are deleted."""

    def look() -> str:
        found = str((_share(aws, arn) or {}).get("status") or NOTHING)
        return NOTHING if found == "DELETED" else found

    return look


def _association(aws: Aws, kind: str, id_: str) -> dict[str, Any] | None:
    """The association, unless it is DISASSOCIATED: RAM keeps showing those that ended. One of two entries is none."""
    share, _, entity = id_.partition(",")
    of = {"resourceArn": entity} if kind == "RESOURCE" else {"principal": entity}
    pages = aws.client("ram").get_paginator("get_resource_share_associations")
    try:
        found = [
            item
            for page in pages.paginate(associationType=kind, resourceShareArns=[share], **of)
            for item in page["resourceShareAssociations"]
        ]
    except ClientError as error:
        if code_of(error) in ("UnknownResourceException", "ResourceArnNotFoundException"):
            return None
        raise
    if len(found) != 1 or found[0]["status"] == "DISASSOCIATED":
        return None
    return dict(found[0])


def _status_of(aws: Aws, kind: str, id_: str) -> Callable[[], str]:
    """For a wait."""
    return lambda: str((_association(aws, kind, id_) or {}).get("status") or NOTHING)


def _wait_until_out(aws: Aws, kind: str, id_: str, seconds: float) -> None:
    """ASSOCIATING is none of the states on the way out: who sees it gives up."""
    what = f"RAM {kind.capitalize()} Association ({id_})"
    wait(_status_of(aws, kind, id_), NOTHING, what, through=("ASSOCIATED", "DISASSOCIATING"), seconds=seconds)
