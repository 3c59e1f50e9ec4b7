"""Management account of the primary organization: what holds for every account of it."""

from airlock.domain.arns import team_arn_pattern
from components.organization_foundation import OrganizationFoundation, OrganizationFoundationArgs
from components.service_opt_in import ServiceOptIn, ServiceOptInArgs
from components.vault_guardrail import VaultGuardrail, VaultGuardrailArgs
from stacks.accounts import account_options
from stacks.contracts import ManagementContract
from stacks.settings import Settings


def compose(settings: Settings) -> ManagementContract:
    """Trusted access, delegation, the opt-in to approval teams, and the guardrail around it all."""
    estate = settings.estate
    opts = account_options(settings)
    foundation = OrganizationFoundation(
        "organization",
        OrganizationFoundationArgs(
            connection=settings.connection(),
            backup_admin_account_id=estate.account(estate.roles.backup_admin).id,
        ),
        opts,
    )
    types = {kind for data_class in estate.data_classes.values() for kind in data_class.resource_types}
    # Plans of the organization follow the opt-in of this account, not that of the members.
    args = ServiceOptInArgs(connection=settings.connection(), resource_types=tuple(sorted(types)))
    ServiceOptIn("services", args, opts)
    teams = tuple(team_arn_pattern(estate.recovery_account.id, name) for name in sorted(estate.teams))
    VaultGuardrail(
        "guardrail",
        VaultGuardrailArgs(policy_name="airlock-vault-guardrail", target_id=foundation.root_id, team_patterns=teams),
        opts,
    )
    return ManagementContract(organization_id=foundation.organization_id, root_id=foundation.root_id)
