"""The pack lets every stack of both example topologies through."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi_policy import ResourceValidationPolicy, StackValidationPolicy

from airlock.domain.roles import ROLES
from tests.policies.bags import AIR_GAPPED, APPROVAL, KEY, PLAN, SETTINGS_SWITCHED_ON, TEAM, Report, stack, told
from tests.stacks.running import CONTRACTS, ESTATES, project, run
from vault_rules.catalogue import rules


@pytest.mark.parametrize("estate", ESTATES)
def test_the_pack_has_nothing_to_say_about_our_own_stacks(estate: str, tmp_path: Path) -> None:
    example = project(tmp_path, estate)
    if example.estate.pattern == "cross-organization":
        example.hand_over({"recovery": CONTRACTS["recovery"]})
    said, judged = Report(), set()
    for role in ROLES:
        recording, _ = run(example, role)
        judged |= {resource.type for resource in recording}
        bags = [(resource.type, resource.inputs) for resource in recording]
        for rule in rules():
            if isinstance(rule, ResourceValidationPolicy):
                for resource in recording:
                    said += told(rule, resource.type, resource.inputs, protect=resource.protect)
            elif isinstance(rule, StackValidationPolicy):
                rule.validate(stack(*bags), said)
    assert {AIR_GAPPED, APPROVAL, KEY, PLAN, SETTINGS_SWITCHED_ON, TEAM} <= judged
    assert said == [], "airlock deploy would stop at its own gate"
