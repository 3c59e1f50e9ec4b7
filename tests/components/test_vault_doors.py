"""Promises about who gets into a vault from outside: intake and sharing."""

from dataclasses import replace

import pytest

from airlock.domain.errors import UsageError
from components.vault_intake import OpenVault, VaultIntake, VaultIntakeArgs
from components.vault_sharing import VaultShare, VaultSharing, VaultSharingArgs
from tests.components.recording import Recording, record

INTAKE = OpenVault(vault_name="orders-2026", region="eu-west-1", source_account_ids=("555555555555",))
SHARE = VaultShare(
    share_name="airlock-orders-2026",
    vault_arn="arn:aws:backup:eu-west-1:333333333333:backup-vault:orders-2026",
    region="eu-west-1",
    account_ids=("666666666666",),
)


def taken_in(vault: OpenVault) -> Recording:
    args = VaultIntakeArgs(vaults={"orders-2026": vault})
    return record(lambda: VaultIntake("intake", args))


def shared(**shares: VaultShare) -> Recording:
    args = VaultSharingArgs(vaults={name.replace("_", "-"): share for name, share in shares.items()})
    return record(lambda: VaultSharing("forensic", args))


def test_sources_may_copy_into_the_vault_and_do_nothing_else() -> None:
    policy = taken_in(INTAKE).one("VaultPolicy")
    (statement,) = policy.document("policy")["Statement"]
    assert statement["Action"] == "backup:CopyIntoBackupVault"
    assert statement["Principal"] == {"AWS": ["arn:aws:iam::555555555555:root"]}


def test_an_intake_for_an_organization_is_refused() -> None:
    with pytest.raises(UsageError, match="`o-1234567890`, which is not an account id"):
        taken_in(replace(INTAKE, source_account_ids=("o-1234567890",)))


def test_a_vault_is_shared_with_single_accounts_inside_the_organization() -> None:
    recording = shared(orders_2026=SHARE)
    assert recording.one("ResourceShare").inputs["allowExternalPrincipals"] is False
    assert [one.inputs["principal"] for one in recording.of("PrincipalAssociation")] == ["666666666666"]
    assert recording.one("ResourceAssociation").inputs["resourceArn"] == SHARE.vault_arn


def test_a_share_names_no_permission_because_aws_publishes_none() -> None:
    assert "permissionArns" not in shared(orders_2026=SHARE).one("ResourceShare").inputs


@pytest.mark.parametrize("principal", ["arn:aws:organizations::1:ou/o-1/ou-1", "o-1", "66666666666"])
def test_sharing_with_anything_but_an_account_is_refused(principal: str) -> None:
    with pytest.raises(UsageError, match="share with single accounts only"):
        shared(orders_2026=replace(SHARE, account_ids=(principal,)))


def test_everything_about_a_share_is_in_the_region_of_the_vault() -> None:
    recording = shared(orders_2026=replace(SHARE, region="eu-central-1"))
    regions = {one.inputs.get("region") for one in recording if one.type.startswith("aws:")}
    assert regions == {"eu-central-1"}, "a share in another Region is never found by its consumer"


def test_one_component_stands_for_all_shares() -> None:
    recording = shared(orders_2026=SHARE, orders_2027=replace(SHARE, share_name="airlock-orders-2027"))
    assert len(recording.of("VaultSharing")) == 1, "each further registration costs time in every run"
    assert len(recording.of("ResourceShare")) == 2
    assert len({one.inputs["resourceShareArn"] for one in recording.of("PrincipalAssociation")}) == 2
