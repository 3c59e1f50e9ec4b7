"""The plugin serves exactly what the stacks use: nothing is missing, and nothing is there for nobody."""

from __future__ import annotations

import pytest

from airlock.domain.roles import ROLES
from tests.aws_plugin.talking import plugin
from tests.components.recording import Registration
from tests.stacks.running import CONTRACTS, ESTATES, project, run
from tests.takeover.fixture import all_fixtures
from tools.aws_plugin.account import unknown_settings
from tools.aws_plugin.catalogue import RESOURCES

PROVIDER = "pulumi:providers:aws"


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> list[Registration]:
    """Every resource of every stack of both example topologies."""
    found: list[Registration] = []
    for estate in ESTATES:
        example = project(tmp_path_factory.mktemp("example"), estate)
        if example.estate.pattern == "cross-organization":
            example.hand_over({"recovery": CONTRACTS["recovery"]})
        for role in ROLES:
            found += run(example, role)[0]
    return found


def test_every_resource_of_every_stack_passes_the_check(registered: list[Registration]) -> None:
    problems: list[str] = []
    with plugin() as found:
        found.configure(region="eu-west-1")
        for resource in registered:
            if resource.type.startswith("aws:"):
                problems += found.check(resource.type, resource.inputs, resource.name)[1]
    assert not problems, "the stack could not be deployed to the emulator"


def test_every_type_of_the_plugin_is_used_by_some_stack_or_was_by_an_earlier_one(
    registered: list[Registration],
) -> None:
    used = {resource.type for resource in registered}
    left = {
        resource["type"]
        for fixture in all_fixtures()
        for state in fixture.states.values()
        for resource in state["deployment"]["resources"]
    }
    assert set(RESOURCES) <= used | left, "nobody can tell whether an unused stand-in is right"


def test_every_provider_setting_of_the_stacks_is_known(registered: list[Registration]) -> None:
    providers = [resource for resource in registered if resource.type == PROVIDER]
    assert providers
    assert [unknown for resource in providers for unknown in unknown_settings(resource.inputs)] == []
