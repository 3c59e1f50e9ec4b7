"""The operations on policies and tags."""

from . import ownership, policies, resource_policies, tagging
from .account import Answer, MpaAccount
from .exceptions import InvalidParameterException, ValidationException


class Catalogue(MpaAccount):
    """AWS's policies, the policies on a team, and tags."""

    def list_policies(self, *, max_results: int | None = None, next_token: str | None = None) -> Answer:
        return self.page(
            "Policies", [policy.summary() for policy in policies.MANAGED.values()], max_results, next_token
        )

    def list_policy_versions(
        self, *, policy_arn: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        return self.page("PolicyVersions", policies.versions_of(policy_arn), max_results, next_token, policy_arn)

    def get_policy_version(self, *, policy_version_arn: str) -> Answer:
        return {"PolicyVersion": policies.get_version(policy_version_arn)}

    def list_resource_policies(
        self, *, resource_arn: str, max_results: int | None = None, next_token: str | None = None
    ) -> Answer:
        if not ownership.is_arn(resource_arn, "approval-team"):
            raise ValidationException(f"{resource_arn} is not the ARN of an approval team.")
        attached = resource_policies.of_team(self.own_team(resource_arn))
        return self.page("ResourcePolicies", attached, max_results, next_token, resource_arn)

    def get_resource_policy(self, *, resource_arn: str, policy_name: str, policy_type: str) -> Answer:
        if not ownership.is_arn(resource_arn, "approval-team"):
            raise InvalidParameterException(f"{resource_arn} is not the ARN of an approval team.")
        return resource_policies.document(self.own_team(resource_arn), policy_name, policy_type)

    def list_tags_for_resource(self, *, resource_arn: str) -> Answer:
        return {"Tags": tagging.read(self.account_id, resource_arn)}

    def tag_resource(self, *, resource_arn: str, tags: dict[str, str]) -> None:
        tagging.add(self.account_id, resource_arn, tags)

    def untag_resource(self, *, resource_arn: str, tag_keys: list[str]) -> None:
        tagging.remove(self.account_id, resource_arn, tag_keys)
