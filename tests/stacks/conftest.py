"""Both example topologies."""

from pathlib import Path

import pytest

from tests.stacks.running import CONTRACTS, ESTATES, Project, project


@pytest.fixture(params=ESTATES)
def example(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """Each pattern in turn, with everything that a stack may read."""
    found = project(tmp_path, request.param)
    if found.estate.pattern == "cross-organization":
        found.hand_over({"recovery": CONTRACTS["recovery"]})
    return found


@pytest.fixture
def cross_organization(tmp_path: Path) -> Project:
    """Two organizations, two backends."""
    found = project(tmp_path, ESTATES[0])
    found.hand_over({"recovery": CONTRACTS["recovery"]})
    return found


@pytest.fixture
def cross_account(tmp_path: Path) -> Project:
    """One organization, one backend."""
    return project(tmp_path, ESTATES[1])
