"""Plans: copies say how long they stay, and the vault takes them."""

from __future__ import annotations

import pytest
from pulumi_policy.proxy import UnknownValueError

from tests.policies.bags import AIR_GAPPED, OTHER, PLAN, UNKNOWN, Report, plan, stack, told, told_of_stack, vault
from vault_rules import plans


class TestCopyHasALifecycle:
    rule = plans.copy_has_a_lifecycle()

    def test_a_copy_with_one_passes(self) -> None:
        assert told(self.rule, PLAN, plan()) == []

    def test_a_plan_without_copies_passes(self) -> None:
        assert told(self.rule, PLAN, {"rules": [{"ruleName": "daily", "targetVaultName": "local"}]}) == []

    def test_a_copy_without_one_is_refused(self) -> None:
        bag = plan()
        del bag["rules"][0]["copyActions"][0]["lifecycle"]
        (message,) = told(self.rule, PLAN, bag)
        assert "Rule `daily` of plan `it` copies without saying for how long" in message

    def test_a_lifecycle_of_the_rule_itself_does_not_count(self) -> None:
        bag = plan()
        bag["rules"][0]["lifecycle"] = bag["rules"][0]["copyActions"][0].pop("lifecycle")
        assert len(told(self.rule, PLAN, bag)) == 1

    def test_other_types_are_ignored(self) -> None:
        assert told(self.rule, OTHER, plan(days=0.0)) == []


class TestCopyFitsItsVault:
    rule = plans.copy_fits_its_vault()

    def test_a_copy_within_the_bounds_passes(self) -> None:
        assert told_of_stack(self.rule, (AIR_GAPPED, vault()), (PLAN, plan())) == []

    @pytest.mark.parametrize("days", [6.0, 91.0])
    def test_a_copy_outside_the_bounds_is_refused(self, days: float) -> None:
        (message,) = told_of_stack(self.rule, (PLAN, plan(days)), (AIR_GAPPED, vault()))
        assert f"keeps its copy for {days:g} days, and vault `payments-2026` takes 7 to 90" in message

    def test_a_vault_of_another_stack_is_not_judged(self) -> None:
        assert told_of_stack(self.rule, (PLAN, plan(400.0))) == []

    def test_other_types_are_ignored(self) -> None:
        assert told_of_stack(self.rule, (AIR_GAPPED, vault()), (OTHER, plan(400.0))) == []

    def test_a_vault_that_is_not_known_yet_does_not_hide_a_copy_that_fails(self) -> None:
        found = Report()
        resources = stack((AIR_GAPPED, vault(arn=UNKNOWN)), (AIR_GAPPED, vault()), (PLAN, plan(6.0)))
        with pytest.raises(UnknownValueError):
            self.rule.validate(resources, found)
        assert len(found) == 1
