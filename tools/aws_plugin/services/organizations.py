"""AWS Organizations. It has no Region."""

from __future__ import annotations

from botocore.exceptions import ClientError

from tools.aws_plugin import rules
from tools.aws_plugin.account import Aws
from tools.aws_plugin.errors import PluginError, code_of
from tools.aws_plugin.fields import boolean, document, string, table, tags
from tools.aws_plugin.resource import Resource, changed, moment, present
from tools.aws_plugin.tagging import bring_up_to_date, from_pairs, pairs
from tools.aws_plugin.values import Properties
from tools.aws_plugin.waiting import retry, says

# What the bridge keeps for an object of the Plugin Framework that has no id.
NO_ID = "missing ID"
# An organization that has just been made takes no policies for a while.
IS_NEW = says("FinalizingOrganizationException")
UNTIL_FINAL = 4 * 60.0


class AwsServiceAccess(Resource):
    """Trusted access of one service. It has no id of its own; an import names the service principal.

    Creating it takes over what is on already, and deleting it switches that off.
    """

    type_name = "aws:organizations/awsServiceAccess:AwsServiceAccess"
    framework = True
    sees_for_itself = False
    inputs = table({"servicePrincipal": string(required=True, replaces=True)})
    computed = ("dateEnabled",)
    regional = False

    def create(self, aws: Aws, new: Properties) -> str:
        aws.client("organizations").enable_aws_service_access(ServicePrincipal=new["servicePrincipal"])
        return NO_ID

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        principal = known.get("servicePrincipal", id_)
        pages = aws.client("organizations").get_paginator("list_aws_service_access_for_organization").paginate()
        for page in pages:
            for found in page["EnabledServicePrincipals"]:
                if found["ServicePrincipal"] == principal:
                    return {"servicePrincipal": principal, "dateEnabled": moment(found.get("DateEnabled"))}
        return None

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        aws.client("organizations").disable_aws_service_access(ServicePrincipal=old["servicePrincipal"])

    def settled_id(self, id_: str, live: Properties) -> str:
        return NO_ID


class DelegatedAdministrator(Resource):
    """An account that administers one service. Its id is ACCOUNT/PRINCIPAL."""

    type_name = "aws:organizations/delegatedAdministrator:DelegatedAdministrator"
    inputs = table(
        {
            "accountId": string(required=True, replaces=True),
            "servicePrincipal": string(required=True, replaces=True),
        }
    )
    computed = ("arn", "delegationEnabledDate", "email", "joinedMethod", "joinedTimestamp", "name", "status")
    regional = False

    def create(self, aws: Aws, new: Properties) -> str:
        aws.client("organizations").register_delegated_administrator(
            AccountId=new["accountId"], ServicePrincipal=new["servicePrincipal"]
        )
        return f"{new['accountId']}/{new['servicePrincipal']}"

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        account, _, principal = id_.partition("/")
        pages = aws.client("organizations").get_paginator("list_delegated_administrators")
        for page in pages.paginate(ServicePrincipal=principal):
            for found in page["DelegatedAdministrators"]:
                if found["Id"] == account:
                    return {
                        "accountId": account,
                        "servicePrincipal": principal,
                        "arn": found.get("Arn"),
                        "delegationEnabledDate": moment(found.get("DelegationEnabledDate")),
                        "email": found.get("Email"),
                        "joinedMethod": found.get("JoinedMethod"),
                        "joinedTimestamp": moment(found.get("JoinedTimestamp")),
                        "name": found.get("Name"),
                        "status": found.get("Status"),
                    }
        return None

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        account, _, principal = id_.partition("/")
        aws.client("organizations").deregister_delegated_administrator(AccountId=account, ServicePrincipal=principal)


class Policy(Resource):
    """A policy document of any type. It does nothing until it is attached."""

    type_name = "aws:organizations/policy:Policy"
    inputs = table(
        {
            "content": document(required=True, exact=True),
            "description": string(),
            "name": string(required=True),
            "skipDestroy": boolean(local=True),
            "tags": tags(),
            "type": string(default="SERVICE_CONTROL_POLICY", replaces=True, rule=rules.one_of(*rules.POLICY_TYPES)),
        }
    )
    computed = ("arn",)
    regional = False

    def create(self, aws: Aws, new: Properties) -> str:
        client = aws.client("organizations")
        arguments = {
            "Content": new["content"],
            "Description": new.get("description") or "",
            "Name": new["name"],
            "Type": new["type"],
            "Tags": pairs(new.get("tags")),
        }
        made = retry(lambda: client.create_policy(**arguments), on=IS_NEW, seconds=UNTIL_FINAL)
        return str(made["Policy"]["PolicySummary"]["Id"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        client = aws.client("organizations")
        try:
            found = client.describe_policy(PolicyId=id_)["Policy"]
        except ClientError as error:
            if code_of(error) == "PolicyNotFoundException":
                return None
            raise
        summary = found["PolicySummary"]
        if not known and summary.get("AwsManaged"):
            raise PluginError(
                f"Policy {id_} is managed by AWS and belongs to no program. Use its id where it is attached."
            )
        return {
            "content": found["Content"],
            "description": summary.get("Description") or None,
            "name": summary["Name"],
            "type": summary["Type"],
            "arn": summary["Arn"],
            "tags": from_pairs(client.list_tags_for_resource(ResourceId=id_)["Tags"]),
        }

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        client = aws.client("organizations")
        moved = {
            argument: new.get(name) or ""
            for name, argument in (("content", "Content"), ("description", "Description"), ("name", "Name"))
            if changed(old, new, name)
        }
        if moved:
            client.update_policy(PolicyId=id_, **moved)
        bring_up_to_date(
            old,
            new,
            lambda put: client.tag_resource(ResourceId=id_, Tags=pairs(put)),
            lambda keys: client.untag_resource(ResourceId=id_, TagKeys=keys),
        )

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        if not old.get("skipDestroy"):
            aws.client("organizations").delete_policy(PolicyId=id_)


class PolicyAttachment(Resource):
    """A policy on a root, a unit or an account. Its id is TARGET:POLICY."""

    type_name = "aws:organizations/policyAttachment:PolicyAttachment"
    inputs = table(
        {
            "policyId": string(required=True, replaces=True),
            "targetId": string(required=True, replaces=True),
            "skipDestroy": boolean(local=True),
        }
    )
    regional = False

    def create(self, aws: Aws, new: Properties) -> str:
        client, policy, target = aws.client("organizations"), new["policyId"], new["targetId"]
        retry(lambda: client.attach_policy(PolicyId=policy, TargetId=target), on=IS_NEW, seconds=UNTIL_FINAL)
        return f"{new['targetId']}:{new['policyId']}"

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        target, _, policy = id_.partition(":")
        pages = aws.client("organizations").get_paginator("list_targets_for_policy")
        try:
            targets = [found["TargetId"] for page in pages.paginate(PolicyId=policy) for found in page["Targets"]]
        except ClientError as error:
            if code_of(error) == "PolicyNotFoundException":
                return None
            raise
        return {"policyId": policy, "targetId": target} if target in targets else None

    def delete(self, aws: Aws, id_: str, old: Properties) -> None:
        target, _, policy = id_.partition(":")
        if not old.get("skipDestroy"):
            aws.client("organizations").detach_policy(PolicyId=policy, TargetId=target)


def get_organization(aws: Aws, arguments: Properties) -> Properties:
    """The organization of the account. Only the management account, or one it delegated to, sees what is inside."""
    client = aws.client("organizations")
    found = client.describe_organization()["Organization"]
    answer = {
        "id": found["Id"],
        "arn": found["Arn"],
        "featureSet": found["FeatureSet"],
        "masterAccountArn": found["MasterAccountArn"],
        "masterAccountEmail": found["MasterAccountEmail"],
        "masterAccountId": found["MasterAccountId"],
        "masterAccountName": "",
        "accounts": [],
        "nonMasterAccounts": [],
        "roots": [],
        "awsServiceAccessPrincipals": [],
        "enabledPolicyTypes": [],
        **present(returnOrganizationOnly=arguments.get("returnOrganizationOnly")),
    }
    if arguments.get("returnOrganizationOnly"):
        return answer
    try:
        answer.update(_inside(client, found["MasterAccountId"]))
    except ClientError as error:
        if code_of(error) != "AccessDeniedException":
            raise
    return answer


def _inside(client: object, management: str) -> Properties:
    def every(operation: str, key: str) -> list[Properties]:
        pages = client.get_paginator(operation).paginate()  # type: ignore[attr-defined] # boto3 makes it at run time
        return [found for page in pages for found in page[key]]

    accounts = [
        {
            "arn": found["Arn"],
            "email": found["Email"],
            "id": found["Id"],
            "joinedMethod": found.get("JoinedMethod", ""),
            "joinedTimestamp": moment(found.get("JoinedTimestamp")) or "",
            "name": found["Name"],
            "state": found.get("State", found.get("Status", "")),
            "status": found.get("Status", ""),
        }
        for found in every("list_accounts", "Accounts")
    ]
    roots = [
        {
            "arn": found["Arn"],
            "id": found["Id"],
            "name": found["Name"],
            "policyTypes": [{"status": kind["Status"], "type": kind["Type"]} for kind in found.get("PolicyTypes", [])],
        }
        for found in every("list_roots", "Roots")
    ]
    principals = every("list_aws_service_access_for_organization", "EnabledServicePrincipals")
    return {
        "accounts": accounts,
        "nonMasterAccounts": [account for account in accounts if account["id"] != management],
        "masterAccountName": next((account["name"] for account in accounts if account["id"] == management), ""),
        "roots": roots,
        "awsServiceAccessPrincipals": [found["ServicePrincipal"] for found in principals],
        "enabledPolicyTypes": [
            kind["type"] for root in roots for kind in root["policyTypes"] if kind["status"] == "ENABLED"
        ],
    }
