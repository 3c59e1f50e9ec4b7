"""Two Pulumi programs that register the same resources: one with our components, one with the bare package."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = textwrap.dedent(
    """\
    name: bench
    runtime: python
    config:
      bench:vaults: {type: integer}
      pulumi:disable-default-providers:
        value: ["aws"]
    """
)

HEAD = textwrap.dedent(
    """\
    import pulumi
    import pulumi_aws as aws

    count = pulumi.Config("bench").require_int("vaults")
    prefix = pulumi.get_stack()
    account = aws.Provider("payments", profile="payments", region="eu-west-1", allowed_account_ids=["444444444444"])
    """
)

OURS = HEAD + textwrap.dedent(
    """\
    from components.isolated_vault import IsolatedVault, IsolatedVaultArgs, VaultSpec
    from components.vault_sharing import VaultShare, VaultSharing, VaultSharingArgs

    opts = pulumi.ResourceOptions(providers=[account])
    spec = VaultSpec(data_class="bench", region="eu-west-1", min_retention_days=7, max_retention_days=90)
    names = [f"{prefix}-{number}" for number in range(count)]
    isolated = IsolatedVault("vaults", IsolatedVaultArgs(vaults=dict.fromkeys(names, spec)), opts)
    shares = {
        name: VaultShare(share_name=name, vault_arn=vault.arn, region="eu-west-1", account_ids=("666666666666",))
        for name, vault in isolated.vaults.items()
    }
    VaultSharing("forensic", VaultSharingArgs(vaults=shares), opts)
    """
)

BARE = HEAD + textwrap.dedent(
    """\
    from pulumi_aws.backup import LogicallyAirGappedVault
    from pulumi_aws.ram import PrincipalAssociation, ResourceAssociation, ResourceShare

    for number in range(count):
        name = f"{prefix}-{number}"
        child = pulumi.ResourceOptions(provider=account)
        vault = LogicallyAirGappedVault(
            f"{name}-vault", name=name, region="eu-west-1", min_retention_days=7, max_retention_days=90,
            tags={"airlock": "bench"},
            opts=pulumi.ResourceOptions(provider=account, protect=True),
        )
        share = ResourceShare(
            f"{name}-share", name=name, region="eu-west-1", allow_external_principals=False, tags={"airlock": name},
            opts=child,
        )
        ResourceAssociation(
            f"{name}-resource", resource_arn=vault.arn, resource_share_arn=share.arn, region="eu-west-1", opts=child
        )
        PrincipalAssociation(
            f"{name}-principal", principal="666666666666", resource_share_arn=share.arn, region="eu-west-1", opts=child
        )
    """
)

PROGRAMS = {"components": OURS, "bare pulumi_aws": BARE}


def write_program(folder: Path, name: str) -> Path:
    """Write one of the programs into a folder of its own and return the folder."""
    target = folder / name.replace(" ", "-")
    target.mkdir(parents=True)
    (target / "Pulumi.yaml").write_text(SETTINGS, encoding="utf-8")
    (target / "__main__.py").write_text(PROGRAMS[name], encoding="utf-8")
    return target
