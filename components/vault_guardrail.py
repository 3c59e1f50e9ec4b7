"""The organization's guardrail around vaults and their approval teams."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.organizations import Policy, PolicyAttachment

from airlock.domain.names import BACKUP_ROLE
from components.checks import at_least_one, refuse
from components.documents import document
from components.guardrail_statements import statements

# AWS refuses a longer service control policy.
MAX_CHARACTERS = 10_240


@dataclass(frozen=True, kw_only=True)
class VaultGuardrailArgs:
    """Where it is attached, and the ARN patterns of the only teams that may hold a key to a vault."""

    policy_name: str
    target_id: pulumi.Input[str]
    team_patterns: tuple[str, ...]
    protected_roles: tuple[str, ...] = (BACKUP_ROLE,)

    def __post_init__(self) -> None:
        thing = f"Guardrail `{self.policy_name}`"
        at_least_one(thing, "approval team", self.team_patterns)
        size = len(guardrail_document(self))
        if size > MAX_CHARACTERS:
            refuse(thing, f"has {size} characters; AWS takes {MAX_CHARACTERS}")


class VaultGuardrail(pulumi.ComponentResource):
    """A service control policy that keeps member accounts from undoing their own protection.

    The deployment and break-glass roles are exempt by name, and nobody else may change those roles. It does not bind
    the management account: no service control policy does.
    Refuses: a policy without a team, a document that is too long for AWS.
    If deleted: each account's administrator can delete local points, shares and plans; locked vaults stay locked.
    """

    policy: Policy
    attachment: PolicyAttachment

    def __init__(self, name: str, args: VaultGuardrailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airlock:components:VaultGuardrail", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.policy = Policy(
            f"{name}-policy",
            name=args.policy_name,
            type="SERVICE_CONTROL_POLICY",
            description="Keeps vaults, recovery points, their approval teams and their keys as Airlock deployed them.",
            content=guardrail_document(args),
            opts=child,
        )
        self.attachment = PolicyAttachment(
            f"{name}-root", policy_id=self.policy.id, target_id=args.target_id, opts=child
        )
        self.register_outputs({"policy_id": self.policy.id})


def guardrail_document(args: VaultGuardrailArgs) -> str:
    """The document, known before anything is deployed: teams are named by pattern, from the topology."""
    return document(statements(args.team_patterns, args.protected_roles))
