"""The sample project in front of the real engine."""

from pathlib import Path

import pytest

from tests.deploy.support import Project, make_project


@pytest.fixture
def project(tmp_path: Path, engine_on_path: Path) -> Project:
    return make_project(tmp_path / "project")


@pytest.fixture
def one_organization(tmp_path: Path, engine_on_path: Path) -> Project:
    return make_project(tmp_path / "project", "estates/cross-account.yaml")
