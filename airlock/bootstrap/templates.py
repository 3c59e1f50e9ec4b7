"""The templates that `airlock bootstrap` writes.

* `deploy-roles.json` (one account): the deployment and the break-glass role. StackSets skip the management account.
* `rollout-member.json` (one roll-out account): the same roles, and what an organization's backup policy needs to find
  there: a local vault with its own key and policy, and the backup role. Attaching a policy creates none of them.
* `members.stackset.json` (all members at once): both, where each account keeps only what concerns it.
"""

import json
from pathlib import Path
from typing import Any

from airlock.bootstrap.member import conditions, member_resources, rollout_accounts
from airlock.bootstrap.roles import deploy_roles
from airlock.domain.errors import UsageError
from airlock.estate import Estate

SINGLE = "deploy-roles.json"
MEMBER = "rollout-member.json"
STACK_SET = "members.stackset.json"
FILES = (SINGLE, MEMBER, STACK_SET)


def templates(estate: Estate) -> dict[str, str]:
    """Every template by file name."""
    single = deploy_roles()
    member = member_resources(estate, conditional=False)
    by_account = member_resources(estate, conditional=True)
    return {
        SINGLE: _template("Roles that Airlock deploys and tears down through.", single),
        MEMBER: _template("Roles of Airlock, and what its backup policy needs in a roll-out account.", single | member),
        STACK_SET: _template(
            "Roles of Airlock for every member account; a roll-out account also gets its local vault and backup role.",
            single | by_account,
            conditions(estate) if by_account else {},
        ),
    }


def file_for(estate: Estate, account_key: str) -> str:
    """The name of the template for one account."""
    return MEMBER if estate.account(account_key).id in rollout_accounts(estate) else SINGLE


def template_for(estate: Estate, account_key: str) -> str:
    """The template for one account."""
    return templates(estate)[file_for(estate, account_key)]


def write_templates(estate: Estate, folder: Path) -> dict[str, str]:
    """Writes every template; returns which file is meant for which account, by account key."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in templates(estate).items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"The templates cannot be written to {folder}: {problem}. Name another folder.") from problem
    return {key: file_for(estate, key) for key in estate.accounts}


def _template(description: str, resources: dict[str, Any], conditions: dict[str, Any] | None = None) -> str:
    body: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09", "Description": description}
    if conditions:
        body["Conditions"] = conditions
    body["Resources"] = resources
    return json.dumps(body, indent=2) + "\n"
