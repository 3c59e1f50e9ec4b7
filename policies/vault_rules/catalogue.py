"""Every rule of the pack, in the order in which a reader would ask."""

from pulumi_policy import Policy

from vault_rules import approvers, keys, plans, settings, vaults


def rules() -> list[Policy]:
    return [
        vaults.retention_is_sane(),
        vaults.is_protected(),
        vaults.region_has_air_gapped_vaults(),
        vaults.has_an_approval_team(),
        approvers.can_lose_one(),
        approvers.are_distinct(),
        plans.copy_has_a_lifecycle(),
        plans.copy_fits_its_vault(),
        settings.keep_approvals_on(),
        keys.deletion_takes_a_month(),
    ]
