"""The program of this tree takes over what earlier versions left: it replaces nothing and writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.takeover.fixture import Fixture, all_fixtures
from tests.takeover.judging import allowed, objections
from tests.takeover.taking_over import Takeover, take_over

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module", params=all_fixtures(), ids=lambda fixture: fixture.name)
def fixture(request: pytest.FixtureRequest) -> Fixture:
    found: Fixture = request.param
    return found


@pytest.fixture(scope="module")
def takeover(fixture: Fixture, engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Takeover:
    return take_over(fixture, tmp_path_factory.mktemp("takeover") / "stage")


def test_a_first_deployment_changes_no_resource_and_makes_no_call_that_is_not_listed(
    fixture: Fixture, takeover: Takeover
) -> None:
    objected = objections([*takeover.changes, *takeover.writes], allowed(fixture.name))
    assert not objected, "users of an earlier version would meet this at their next deployment:\n" + "\n".join(objected)


def test_a_second_deployment_has_nothing_to_do(fixture: Fixture, takeover: Takeover) -> None:
    assert set(takeover.previewed) == set(fixture.states), "the program has other stacks than the states"
    assert not {stack: found for stack, found in takeover.previewed.items() if found}, "the program does not converge"
    assert not takeover.previewed_writes
