"""Effective policies as operations: what applies to an account, and where it is invalid."""

from __future__ import annotations

import json
from typing import Any

from emulator.world import caller, choices, clock

from . import effective
from .backup_schema import beyond_keys
from .documents import SCHEMAS
from .effective import Effective
from .entities import Account, Answer
from .exceptions import EffectivePolicyNotFoundException, InvalidInputException
from .inputs import page
from .policies import Policies
from .schemas import Problem, in_effective
from .tree import Place

choices.offer(
    "organizations.same-level-conflict",
    ("invalid", "oldest-first"),
    "AWS does not say what becomes of a value that two policies attached to the same place assign differently.",
)
choices.offer(
    "organizations.account-in-effective-policy",
    ("in-role-arns", "everywhere"),
    "The guide's effective policy shows $account filled in for role ARNs and as it was written for vault ARNs.",
)
choices.offer(
    "organizations.invalid-backup-policy",
    ("valid-plans-apply", "nothing-applies"),
    "An invalid effective policy is said to be not fully enforced; what of it still is, is not said.",
)


class EffectivePolicies(Policies):
    """DescribeEffectivePolicy and the listings of what is invalid."""

    def effective(self, policy_type: str, target: Place) -> Effective:
        """The merged policies from the root down to a place."""
        levels = [
            [
                (policy.id, json.loads(policy.content))
                for policy in sorted(place.attached_policies, key=lambda one: one.created)
                if policy.type == policy_type
            ]
            for place in self.path_to(target)
        ]
        return effective.merge(levels if self.policy_type_enabled(policy_type) else [])

    def effective_problems(self, policy_type: str, merged: Effective) -> list[Problem]:
        """Everything that makes an effective policy invalid."""
        found: list[Problem] = []
        if choices.taken("organizations.same-level-conflict") == "invalid":
            found += merged.problems
        node = SCHEMAS.get(policy_type)
        if node is not None:
            in_keys = list(in_effective(node, merged.document))
            found += in_keys
            if policy_type == "BACKUP_POLICY" and not in_keys:
                found += beyond_keys(merged.document)
        return found

    def effective_backup_plans(self, account_id: str) -> dict[str, Any]:
        """The plans of an account's effective BACKUP_POLICY by name, as far as they are valid."""
        merged = self.effective("BACKUP_POLICY", self.get_account_by_id(account_id))
        problems = self.effective_problems("BACKUP_POLICY", merged)
        plans: dict[str, Any] = merged.document.get("plans") or {}
        if problems and choices.taken("organizations.invalid-backup-policy") == "nothing-applies":
            return {}
        paths = [f"{problem.path}/" for problem in problems]
        return {
            name: plan for name, plan in plans.items() if not any(path.startswith(f"plans/{name}/") for path in paths)
        }

    def describe_effective_policy(self, *, policy_type: str, target_id: str | None = None) -> Answer:
        account = self._asked_account(target_id or caller.current().account)
        merged = self.effective(policy_type, account)
        if not merged.document:
            raise EffectivePolicyNotFoundException
        content = json.dumps(_with_account(merged.document, account.id))
        return {
            "EffectivePolicy": {
                "PolicyContent": content,
                "LastUpdatedTimestamp": clock.now(),
                "TargetId": account.id,
                "PolicyType": policy_type,
            }
        }

    def list_accounts_with_invalid_effective_policy(
        self, *, policy_type: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        if not self.policy_type_enabled(policy_type):
            raise EffectivePolicyNotFoundException
        invalid = [
            account
            for account in self.accounts
            if self.effective_problems(policy_type, self.effective(policy_type, account))
        ]
        answer = page(invalid, "Accounts", max_results, next_token, policy_type)
        shown = [self.shown_account(account) for account in answer["Accounts"]]
        return answer | {"Accounts": shown, "PolicyType": policy_type}

    def list_effective_policy_validation_errors(
        self, *, account_id: str, policy_type: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        account = self.get_account_by_id(account_id)
        merged = self.effective(policy_type, account)
        if not merged.document:
            raise EffectivePolicyNotFoundException
        errors = [
            {
                "ErrorCode": problem.code,
                "ErrorMessage": problem.message,
                "PathToError": problem.path,
                "ContributingPolicies": merged.contributors(problem.path),
            }
            for problem in self.effective_problems(policy_type, merged)
        ]
        about = f"{account_id}/{policy_type}"
        answer = page(errors, "EffectivePolicyValidationErrors", max_results, next_token, about)
        return answer | {
            "AccountId": account_id,
            "PolicyType": policy_type,
            "Path": self.written_path(account),
            "EvaluationTimestamp": clock.now(),
        }

    def _asked_account(self, target_id: str) -> Account:
        target = self.find_target(target_id)
        if not isinstance(target, Account):
            raise InvalidInputException(
                "TARGET_NOT_SUPPORTED", f"{target_id} is no account. Effective policies are shown for accounts only."
            )
        return target


def _with_account(document: dict[str, Any], account_id: str) -> Any:
    """The document with `$account` filled in where AWS shows it filled in; `$region` stays, it has many values."""
    if choices.taken("organizations.account-in-effective-policy") == "everywhere":
        return json.loads(json.dumps(document).replace("$account", account_id))
    return _roles_filled(document, account_id)


def _roles_filled(part: Any, account_id: str) -> Any:
    if not isinstance(part, dict):
        return part
    return {
        name: value.replace("$account", account_id)
        if name.endswith("role_arn") and isinstance(value, str)
        else _roles_filled(value, account_id)
        for name, value in part.items()
    }
