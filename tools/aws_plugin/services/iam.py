"""AWS Identity and Access Management. It has no Region."""

from __future__ import annotations

import json
import uuid
from typing import Any

from botocore.exceptions import ClientError

from tools.aws_plugin import rules
from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import code_of
from tools.aws_plugin.fields import boolean, document, integer, string, table, tags
from tools.aws_plugin.resource import Resource, changed, moment, present
from tools.aws_plugin.tagging import bring_up_to_date, from_pairs, pairs
from tools.aws_plugin.values import Properties
from tools.aws_plugin.waiting import retry, says

VERSIONS_OF_A_POLICY = 5
PRINCIPAL_IS_NEW = says("MalformedPolicyDocument", "Invalid principal in policy")


class Role(Resource):
    """A role. Its id is its name."""

    type_name = "aws:iam/role:Role"
    inputs = table(
        {
            "assumeRolePolicy": document(required=True),
            "description": string(),
            "forceDetachPolicies": boolean(local=True, default=False),
            "maxSessionDuration": integer(default=3600),
            "name": string(required=True, replaces=True, rule=rules.text(1, 64)),
            "path": string(default="/", replaces=True),
            "permissionsBoundary": string(rule=rules.arn),
            "tags": tags(),
        }
    )
    computed = ("arn", "createDate", "uniqueId")
    regional = False

    def create(self, aws: Aws, new: Properties) -> str:
        client = aws.client("iam")
        arguments = {
            "RoleName": new["name"],
            "AssumeRolePolicyDocument": new["assumeRolePolicy"],
            "Path": new["path"],
            "MaxSessionDuration": new["maxSessionDuration"],
            "Tags": pairs(new.get("tags")),
            **present(Description=new.get("description"), PermissionsBoundary=new.get("permissionsBoundary")),
        }
        retry(lambda: client.create_role(**arguments), on=PRINCIPAL_IS_NEW)
        return str(new["name"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        found = _or_gone(lambda: aws.client("iam").get_role(RoleName=id_)["Role"])
        if found is None:
            return None
        return {
            "arn": found["Arn"],
            "assumeRolePolicy": _text(found["AssumeRolePolicyDocument"]),
            "createDate": moment(found["CreateDate"]),
            "description": found.get("Description") or None,
            "maxSessionDuration": found.get("MaxSessionDuration", 3600),
            "name": found["RoleName"],
            "path": found["Path"],
            "permissionsBoundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "tags": from_pairs(found.get("Tags", [])),
            "uniqueId": found["RoleId"],
        }

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        client = aws.client("iam")
        if changed(old, new, "assumeRolePolicy"):
            client.update_assume_role_policy(RoleName=id_, PolicyDocument=new["assumeRolePolicy"])
        if changed(old, new, "description", "maxSessionDuration"):
            client.update_role(
                RoleName=id_, Description=new.get("description") or "", MaxSessionDuration=new["maxSessionDuration"]
            )
        if changed(old, new, "permissionsBoundary"):
            if new.get("permissionsBoundary"):
                client.put_role_permissions_boundary(RoleName=id_, PermissionsBoundary=new["permissionsBoundary"])
            else:
                client.delete_role_permissions_boundary(RoleName=id_)
        bring_up_to_date(
            old,
            new,
            lambda put: client.tag_role(RoleName=id_, Tags=pairs(put)),
            lambda keys: client.untag_role(RoleName=id_, TagKeys=keys),
        )

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        client = aws.client("iam")
        if old.get("forceDetachPolicies"):
            for attached in client.list_attached_role_policies(RoleName=id_)["AttachedPolicies"]:
                client.detach_role_policy(RoleName=id_, PolicyArn=attached["PolicyArn"])
            for name in client.list_role_policies(RoleName=id_)["PolicyNames"]:
                client.delete_role_policy(RoleName=id_, PolicyName=name)
        client.delete_role(RoleName=id_)


class RolePolicy(Resource):
    """A policy inside a role. Its id is ROLE:POLICY."""

    type_name = "aws:iam/rolePolicy:RolePolicy"
    inputs = table(
        {
            "name": string(required=True, replaces=True),
            "policy": document(required=True, rule=rules.text(1, 10_240)),
            "role": string(required=True, replaces=True),
        }
    )
    regional = False

    def create(self, aws: Aws, new: Properties) -> str:
        self._put(aws, new)
        return f"{new['role']}:{new['name']}"

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        role, _, name = id_.partition(":")
        found = _or_gone(lambda: aws.client("iam").get_role_policy(RoleName=role, PolicyName=name))
        return found and {"name": name, "policy": _text(found["PolicyDocument"]), "role": role}

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        self._put(aws, new)

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        role, _, name = id_.partition(":")
        aws.client("iam").delete_role_policy(RoleName=role, PolicyName=name)

    def _put(self, aws: Aws, new: Properties) -> None:
        aws.client("iam").put_role_policy(RoleName=new["role"], PolicyName=new["name"], PolicyDocument=new["policy"])


class RolePolicyAttachment(Resource):
    """A managed policy on a role. Its id is ROLE and something made up; an import names ROLE/POLICY ARN.

    Newer versions may keep ROLE/POLICY ARN: no text of one was found, and an id that tells nothing hides nothing.
    """

    type_name = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    inputs = table({"policyArn": string(required=True, replaces=True), "role": string(required=True, replaces=True)})
    regional = False
    deleted_first = True

    def create(self, aws: Aws, new: Properties) -> str:
        aws.client("iam").attach_role_policy(RoleName=new["role"], PolicyArn=new["policyArn"])
        return f"{new['role']}-{uuid.uuid4().hex}"

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        role, _, arn = id_.partition("/")
        role, arn = known.get("role", role), known.get("policyArn", arn)
        pages = aws.client("iam").get_paginator("list_attached_role_policies").paginate(RoleName=role)
        attached = _or_gone(lambda: [found["PolicyArn"] for page in pages for found in page["AttachedPolicies"]])
        return {"policyArn": arn, "role": role} if attached and arn in attached else None

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("iam").detach_role_policy(RoleName=old["role"], PolicyArn=old["policyArn"])

    def settled_id(self, id_: str, live: Properties) -> str:
        role, slash, arn = id_.partition("/")
        return f"{role}-{arn}" if slash else id_


class Policy(Resource):
    """A managed policy of the account. Its id is its ARN."""

    type_name = "aws:iam/policy:Policy"
    inputs = table(
        {
            "description": string(default="", replaces=True),
            "name": string(required=True, replaces=True),
            "path": string(default="/", replaces=True),
            "policy": document(required=True),
            "tags": tags(),
        }
    )
    computed = ("arn", "attachmentCount", "policyId")
    regional = False

    def create(self, aws: Aws, new: Properties) -> str:
        made = aws.client("iam").create_policy(
            PolicyName=new["name"],
            Path=new["path"],
            PolicyDocument=new["policy"],
            Description=new["description"],
            Tags=pairs(new.get("tags")),
        )
        return str(made["Policy"]["Arn"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        client = aws.client("iam")
        found = _or_gone(lambda: client.get_policy(PolicyArn=id_)["Policy"])
        if found is None:
            return None
        version = client.get_policy_version(PolicyArn=id_, VersionId=found["DefaultVersionId"])["PolicyVersion"]
        return {
            "arn": found["Arn"],
            "attachmentCount": found.get("AttachmentCount", 0),
            "description": found.get("Description", ""),
            "name": found["PolicyName"],
            "path": found["Path"],
            "policy": _text(version["Document"]),
            "policyId": found["PolicyId"],
            "tags": from_pairs(found.get("Tags", [])),
        }

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        client = aws.client("iam")
        if changed(old, new, "policy"):
            spare = _spare_versions(client, id_)
            if len(spare) == VERSIONS_OF_A_POLICY - 1:
                client.delete_policy_version(PolicyArn=id_, VersionId=spare[0])
            client.create_policy_version(PolicyArn=id_, PolicyDocument=new["policy"], SetAsDefault=True)
        bring_up_to_date(
            old,
            new,
            lambda put: client.tag_policy(PolicyArn=id_, Tags=pairs(put)),
            lambda keys: client.untag_policy(PolicyArn=id_, TagKeys=keys),
        )

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        client = aws.client("iam")
        for version in _spare_versions(client, id_):
            client.delete_policy_version(PolicyArn=id_, VersionId=version)
        client.delete_policy(PolicyArn=id_)


def _spare_versions(client: Any, arn: str) -> list[str]:
    """The versions that are not in force, oldest first."""
    found = client.list_policy_versions(PolicyArn=arn)["Versions"]
    spare = [version for version in found if not version["IsDefaultVersion"]]
    return [str(version["VersionId"]) for version in sorted(spare, key=lambda version: version["CreateDate"])]


def _or_gone(call: Any) -> Any:
    try:
        return call()
    except ClientError as error:
        if code_of(error) == "NoSuchEntity":
            return None
        raise


def _text(found: Any) -> str:
    """boto3 hands out the documents of IAM parsed."""
    return found if isinstance(found, str) else json.dumps(found)
