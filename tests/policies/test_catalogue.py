"""The pack as a whole: every rule is listed, named in the house form, and blocks."""

from __future__ import annotations

import importlib
import pkgutil
import re

from pulumi_policy import EnforcementLevel, Policy

import vault_rules
from airlock.domain import quorum, regions, retention
from tests.policies.bags import TEAM, team, told
from vault_rules import approvers, catalogue, vaults

RULES = catalogue.rules()


def test_every_factory_of_the_topic_files_is_in_the_catalogue() -> None:
    listed = {rule.name for rule in RULES}
    made = set()
    for module in pkgutil.iter_modules(vault_rules.__path__):
        if module.name in ("catalogue", "reading"):
            continue
        topic = importlib.import_module(f"vault_rules.{module.name}")
        for name, factory in vars(topic).items():
            returns = getattr(factory, "__annotations__", {}).get("return")
            own = getattr(factory, "__module__", "") == topic.__name__ and not name.startswith("_")
            if own and isinstance(returns, type) and issubclass(returns, Policy):
                made.add(factory().name)
    assert made == listed, "a rule that is not listed is never run"


def test_names_are_distinct_and_tell_product_noun_and_promise() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"airlock-(vault|team|plan|settings|key)-[a-z-]+", name) for name in names)


def test_every_rule_is_a_sentence_with_a_way_out_and_blocks() -> None:
    for rule in RULES:
        assert re.fullmatch(r"[A-Z].{30,}\.", rule.description), rule.name
        assert rule.remediation_steps, rule.name
        assert rule.severity is not None, rule.name
        assert rule.enforcement_level is EnforcementLevel.MANDATORY, rule.name


def test_pack_and_domain_refuse_the_same_teams() -> None:
    rule = approvers.can_lose_one()
    for size in range(23):
        people = [f"user{number}" for number in range(size)]
        for threshold in range(23):
            refused = bool(told(rule, TEAM, team(approvers=people, threshold=float(threshold))))
            assert refused == bool(quorum.problems(threshold, size)), f"{threshold} of {size}"


def test_the_pack_repeats_the_limits_of_the_domain() -> None:
    """On purpose: two keys, one lock. The pack also judges programs that know nothing of the topology."""
    assert approvers.FEWEST_APPROVERS == quorum.MIN_APPROVERS
    assert approvers.MOST_APPROVERS == quorum.MAX_APPROVERS
    assert approvers.LOWEST_THRESHOLD == quorum.MIN_THRESHOLD
    assert vaults.SHORTEST_RETENTION_DAYS == retention.MIN_RETENTION_FLOOR
    assert not vaults.REGIONS_WITHOUT & regions.LAG_REGIONS
