"""The templates that `airlock bootstrap` writes.

* `deploy-roles.json` (one account): the deployment and the break-glass role. StackSets leave the management account out.
* `rollout-member.json` (one roll-out account): the same roles, and what an organization's backup policy needs to find
  there: a local vault with its own key and policy, and the backup role. Attaching a policy creates none of them.
* `members.stackset.json` (all members at once): both, where each account keeps only what concerns it.
"""

import json
from typing import Any

from airlock.bootstrap.member import conditions, member_resources, rollout_accounts
from airlock.bootstrap.roles import deploy_roles
from airlock.estate import Estate

SINGLE = "deploy-roles.json"
MEMBER = "rollout-member.json"
STACK_SET = "members.stackset.json"
FILES = (SINGLE, MEMBER, STACK_SET)


def templates(estate: Estate) -> dict[str, str]:
    """Every template by file name."""
    single = deploy_roles()
    member = member_resources(estate, conditional=False)
    chosen = member_resources(estate, conditional=True)
    return {
        SINGLE: _template("Roles that Airlock deploys and tears down through.", single),
        MEMBER: _template("Roles of Airlock, and what its backup policy needs in a roll-out account.", single | member),
        STACK_SET: _template(
            "Roles of Airlock for every member account; a roll-out account also gets its local vault and backup role.",
            single | chosen,
            conditions(estate) if chosen else {},
        ),
    }


def template_for(estate: Estate, account_key: str) -> str:
    """The template for one account."""
    account = estate.account(account_key)
    written = templates(estate)
    return written[MEMBER] if account.id in rollout_accounts(estate) else written[SINGLE]


def _template(description: str, resources: dict[str, Any], conditions: dict[str, Any] | None = None) -> str:
    body: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09", "Description": description}
    if conditions:
        body["Conditions"] = conditions
    body["Resources"] = resources
    return json.dumps(body, indent=2) + "\n"
