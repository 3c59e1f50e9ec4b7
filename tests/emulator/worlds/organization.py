"""An organization as the tests of AWS Organizations start from it, with clients that hold every answer to the model."""

import json
from typing import Any

from botocore.exceptions import ClientError

from tests.emulator.conftest import AUDIT, BUNKER, MANAGEMENT, PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.recovery import code_of, refused, strict_client

__all__ = ["AUDIT", "BUNKER", "MANAGEMENT", "PAYMENTS", "RECOVERY", "World", "code_of", "reason_of", "refused"]

BACKUP = "backup.amazonaws.com"
DAY = 86_400
OUTSIDER = "999999999999"


def reason_of(error: ClientError) -> str:
    response: dict[str, Any] = {**error.response}
    return str(response.get("Reason", ""))


def outcome(error: ClientError) -> str:
    """`Code` or `Code/REASON` of an error, as the tables of the tests write it."""
    reason = reason_of(error)
    code = code_of(error).removesuffix("Exception")
    return f"{code}/{reason}" if reason else code


class World:
    """The first organization of the seed; `organizations` is the client of its management account."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        seeded = emulator.seed()["organizations"]
        self.root, self.organization = seeded[0]["root_id"], seeded[0]["organization_id"]
        self.organizations = self.of(MANAGEMENT)

    def of(self, account: str) -> Any:
        return strict_client(self.emulator, "organizations", account)

    def choose(self, name: str, option: str) -> None:
        self.emulator.control("POST", "choices", {"name": f"organizations.{name}", "option": option})

    def unit(self, name: str, parent: str | None = None) -> str:
        made = self.organizations.create_organizational_unit(ParentId=parent or self.root, Name=name)
        return str(made["OrganizationalUnit"]["Id"])

    def parent_of(self, child: str) -> str:
        return str(self.organizations.list_parents(ChildId=child)["Parents"][0]["Id"])

    def account(self, name: str = "new", email: str = "new@example.com") -> str:
        """A created account, waited for."""
        made = self.organizations.create_account(AccountName=name, Email=email)["CreateAccountStatus"]
        return str(
            self.organizations.describe_create_account_status(CreateAccountRequestId=made["Id"])["CreateAccountStatus"][
                "AccountId"
            ]
        )

    def enable(self, policy_type: str = "BACKUP_POLICY") -> None:
        self.organizations.enable_policy_type(RootId=self.root, PolicyType=policy_type)

    def policy(self, content: Any, policy_type: str = "BACKUP_POLICY", name: str = "policy") -> str:
        text = content if isinstance(content, str) else json.dumps(content)
        made = self.organizations.create_policy(Name=name, Description="d", Type=policy_type, Content=text)
        return str(made["Policy"]["PolicySummary"]["Id"])

    def attach(self, content: Any, target: str, name: str, policy_type: str = "BACKUP_POLICY") -> str:
        policy = self.policy(content, policy_type, name)
        self.organizations.attach_policy(PolicyId=policy, TargetId=target)
        return policy

    def effective(self, account: str = PAYMENTS, policy_type: str = "BACKUP_POLICY") -> dict[str, Any]:
        found = self.organizations.describe_effective_policy(PolicyType=policy_type, TargetId=account)[
            "EffectivePolicy"
        ]
        document: dict[str, Any] = json.loads(found["PolicyContent"])
        return document

    def delegate(self, account: str = AUDIT, service: str = BACKUP) -> None:
        self.organizations.enable_aws_service_access(ServicePrincipal=service)
        self.organizations.register_delegated_administrator(AccountId=account, ServicePrincipal=service)


def assign(value: Any) -> dict[str, Any]:
    return {"@@assign": value}


def backup_policy(**changes: Any) -> dict[str, Any]:
    """A backup policy with one plan that is valid by itself; `changes` are parts of the plan."""
    plan = {
        "regions": assign(["eu-west-1"]),
        "rules": {
            "daily": {
                "schedule_expression": assign("cron(0 4 * * ? *)"),
                "target_backup_vault_name": assign("local"),
            }
        },
        "selections": {
            "tags": {
                "tagged": {
                    "iam_role_arn": assign("arn:aws:iam::$account:role/backup"),
                    "tag_key": assign("backup"),
                    "tag_value": assign(["yes"]),
                }
            }
        },
    }
    return {"plans": {"nightly": {**plan, **changes}}}


def rule(**changes: Any) -> dict[str, Any]:
    """The rule of `backup_policy`, changed."""
    daily: dict[str, Any] = backup_policy()["plans"]["nightly"]["rules"]["daily"]
    return {**daily, **changes}
