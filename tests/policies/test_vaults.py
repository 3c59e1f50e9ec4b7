"""Vaults: bounds, protection, Region, and somebody who can open them."""

from __future__ import annotations

import pytest
from pulumi_policy import PolicyProviderResource
from pulumi_policy.proxy import UnknownValueError

from tests.policies.bags import (
    AIR_GAPPED,
    APPROVAL,
    OTHER,
    UNKNOWN_NUMBER,
    Report,
    approval,
    stack,
    told,
    told_of_stack,
    vault,
)
from vault_rules import vaults


class TestRetentionIsSane:
    rule = vaults.retention_is_sane()

    def test_good_bounds_pass(self) -> None:
        assert told(self.rule, AIR_GAPPED, vault()) == []

    def test_equal_bounds_pass(self) -> None:
        assert told(self.rule, AIR_GAPPED, vault(maxRetentionDays=7.0)) == []

    def test_six_days_are_refused(self) -> None:
        (message,) = told(self.rule, AIR_GAPPED, vault(minRetentionDays=6.0))
        assert "AWS refuses fewer than 7" in message

    def test_a_longest_below_the_shortest_is_refused(self) -> None:
        (message,) = told(self.rule, AIR_GAPPED, vault(minRetentionDays=91.0))
        assert "at least 91 and at most 90 days" in message

    def test_missing_bounds_are_refused(self) -> None:
        bag = {name: item for name, item in vault().items() if name != "maxRetentionDays"}
        (message,) = told(self.rule, AIR_GAPPED, bag)
        assert "Nobody can add that later" in message

    def test_other_types_are_ignored(self) -> None:
        assert told(self.rule, OTHER, vault(minRetentionDays=1.0)) == []

    def test_a_bound_that_is_not_known_yet_is_not_called_good(self) -> None:
        with pytest.raises(UnknownValueError):
            told(self.rule, AIR_GAPPED, vault(minRetentionDays=UNKNOWN_NUMBER))


class TestIsProtected:
    rule = vaults.is_protected()

    def test_a_protected_vault_passes(self) -> None:
        assert told(self.rule, AIR_GAPPED, vault()) == []

    def test_an_unprotected_vault_is_refused(self) -> None:
        (message,) = told(self.rule, AIR_GAPPED, vault(), protect=False)
        assert "Vault `it` is not protected" in message

    def test_other_types_are_ignored(self) -> None:
        assert told(self.rule, OTHER, vault(), protect=False) == []


class TestRegionHasAirGappedVaults:
    rule = vaults.region_has_air_gapped_vaults()

    def test_a_region_with_them_passes(self) -> None:
        assert told(self.rule, AIR_GAPPED, vault()) == []

    def test_a_region_without_them_is_refused(self) -> None:
        (message,) = told(self.rule, AIR_GAPPED, vault(region="mx-central-1"))
        assert "meant for mx-central-1" in message

    def test_the_region_of_the_provider_counts_where_the_vault_names_none(self) -> None:
        provider = PolicyProviderResource("pulumi:providers:aws", {"region": "ca-west-1"}, "urn:p", "p")
        bag = {name: item for name, item in vault().items() if name != "region"}
        (message,) = told(self.rule, AIR_GAPPED, bag, provider=provider)
        assert "meant for ca-west-1" in message

    def test_other_types_are_ignored(self) -> None:
        assert told(self.rule, OTHER, vault(region="mx-central-1")) == []


class TestHasAnApprovalTeam:
    rule = vaults.has_an_approval_team()

    def test_a_vault_with_one_passes(self) -> None:
        assert told_of_stack(self.rule, (AIR_GAPPED, vault()), (APPROVAL, approval())) == []

    def test_a_vault_without_one_is_refused(self) -> None:
        other = approval(vault_name="payments-2025")
        (message,) = told_of_stack(self.rule, (AIR_GAPPED, vault()), (APPROVAL, other))
        assert "Vault `payments-2026` has no approval team" in message

    def test_one_in_another_region_does_not_count(self) -> None:
        other = approval(connection={"region": "eu-north-1"})
        assert len(told_of_stack(self.rule, (AIR_GAPPED, vault()), (APPROVAL, other))) == 1

    def test_one_that_is_on_its_way_out_does_not_count(self) -> None:
        leaving = approval(desired="absent")
        assert len(told_of_stack(self.rule, (AIR_GAPPED, vault()), (APPROVAL, leaving))) == 1

    def test_other_types_are_ignored(self) -> None:
        assert told_of_stack(self.rule, (OTHER, vault())) == []

    def test_a_vault_that_is_not_known_yet_does_not_hide_one_without_a_team(self) -> None:
        found = Report()
        resources = stack((AIR_GAPPED, vault(name=UNKNOWN_NUMBER)), (AIR_GAPPED, vault()))
        with pytest.raises(UnknownValueError):
            self.rule.validate(resources, found)
        assert ["`payments-2026` has no approval team" in message for message in found] == [True]
