"""AWS Resource Access Manager: shares and what hangs on them."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import PluginError, code_of
from tools.aws_plugin.fields import boolean, string, strings, table, tags
from tools.aws_plugin.resource import Resource, changed, present
from tools.aws_plugin.tagging import bring_up_to_date, from_pairs, pairs
from tools.aws_plugin.values import Properties

PRINCIPAL = "ram.amazonaws.com"
GONE = ("DELETING", "DELETED")
LET_GO = ("DISASSOCIATING", "DISASSOCIATED")


class SharingWithOrganization(Resource):
    """Sharing inside the organization without invitations. Its id is the management account's."""

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
        return {} if PRINCIPAL in principals else None

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        """RAM has no call for this: trusted access is what sharing rests on."""
        aws.client("organizations").disable_aws_service_access(ServicePrincipal=PRINCIPAL)


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
        aws.wait(lambda: (_share(aws, id_) or {}).get("status", "DELETED"), "ACTIVE", f"Resource share {id_}")

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


class ResourceAssociation(Resource):
    """A resource in a share. Its id is SHARE,RESOURCE."""

    type_name = "aws:ram/resourceAssociation:ResourceAssociation"
    inputs = table(
        {
            "resourceArn": string(required=True, replaces=True),
            "resourceShareArn": string(required=True, replaces=True),
        }
    )

    def create(self, aws: Aws, new: Properties) -> str:
        share, resource = new["resourceShareArn"], new["resourceArn"]
        aws.client("ram").associate_resource_share(resourceShareArn=share, resourceArns=[resource])
        return f"{share},{resource}"

    def finish(self, aws: Aws, id_: str, new: Properties) -> None:
        share, _, resource = id_.partition(",")

        def state() -> str:
            return str(
                (_association(aws, "RESOURCE", share, resourceArn=resource) or {}).get("status", "DISASSOCIATED")
            )

        aws.wait(state, "ASSOCIATED", f"The association of {resource} with resource share {share}")

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        share, _, resource = id_.partition(",")
        found = _association(aws, "RESOURCE", share, resourceArn=resource)
        return {"resourceArn": resource, "resourceShareArn": share} if found else None

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        share, _, resource = id_.partition(",")
        aws.client("ram").disassociate_resource_share(resourceShareArn=share, resourceArns=[resource])


class PrincipalAssociation(Resource):
    """An account that a share reaches. Its id is SHARE,PRINCIPAL.

    No wait: for an account outside the organization the association stays ASSOCIATING until its invitation is accepted,
    and people are not waited for.
    """

    type_name = "aws:ram/principalAssociation:PrincipalAssociation"
    inputs = table(
        {
            "principal": string(required=True, replaces=True),
            "resourceShareArn": string(required=True, replaces=True),
        }
    )

    def create(self, aws: Aws, new: Properties) -> str:
        share, principal = new["resourceShareArn"], new["principal"]
        aws.client("ram").associate_resource_share(resourceShareArn=share, principals=[principal])
        return f"{share},{principal}"

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        share, _, principal = id_.partition(",")
        found = _association(aws, "PRINCIPAL", share, principal=principal)
        return {"principal": principal, "resourceShareArn": share} if found else None

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        share, _, principal = id_.partition(",")
        aws.client("ram").disassociate_resource_share(resourceShareArn=share, principals=[principal])


def _share(aws: Aws, arn: str) -> dict[str, Any] | None:
    try:
        found = aws.client("ram").get_resource_shares(resourceOwner="SELF", resourceShareArns=[arn])["resourceShares"]
    except ClientError as error:
        if code_of(error) == "UnknownResourceException":
            return None
        raise
    return dict(found[0]) if found else None


def _association(aws: Aws, kind: str, share: str, **of: str) -> dict[str, Any] | None:
    """The live association, if there is one: RAM keeps showing those that ended."""
    pages = aws.client("ram").get_paginator("get_resource_share_associations")
    try:
        found = [
            item
            for page in pages.paginate(associationType=kind, resourceShareArns=[share], **of)
            for item in page["resourceShareAssociations"]
        ]
    except ClientError as error:
        if code_of(error) == "UnknownResourceException":
            return None
        raise
    live = [item for item in found if item["status"] not in LET_GO]
    return dict(live[0]) if live else None
