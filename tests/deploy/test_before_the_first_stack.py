"""What is missing is said before anything is made."""

from dataclasses import replace
from pathlib import Path

import pytest

from airlock.deploy import EngineMissing, deploy
from airlock.deploy.errors import EngineTooOld
from airlock.domain.errors import UsageError
from tests.deploy.support import Project, make_project


@pytest.fixture
def plain_project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


def test_a_missing_engine_is_named_with_both_ways_to_get_one(plain_project: Project, tmp_path: Path) -> None:
    plain_project.environment = {"PATH": str(tmp_path)}
    with pytest.raises(EngineMissing, match="There is no `pulumi` on PATH") as found:
        deploy(plain_project.request)
    assert "https://www.pulumi.com/docs/install/" in str(found.value)
    assert '`make setup` once, then `export PATH="$(.venv/bin/python -m tools.engine):$PATH"`' in str(found.value)


def test_an_engine_that_is_too_old_is_named_with_its_version(plain_project: Project, tmp_path: Path) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("#!/bin/sh\necho v3.100.0\n")
    pulumi.chmod(0o755)
    with pytest.raises(EngineTooOld, match=r"is v3\.100\.0; 3\.259\.0 or later is needed"):
        deploy(replace(plain_project.request, pulumi_bin=tmp_path))


def test_a_missing_passphrase_is_named_with_the_stack(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    with pytest.raises(UsageError, match=r"`management`.*PULUMI_CONFIG_PASSPHRASE"):
        deploy(project.request)


def test_nothing_is_deployed_without_the_policy_pack(project: Project) -> None:
    (project.folder / "policies/PulumiPolicy.yaml").unlink()
    with pytest.raises(UsageError, match="no policy pack"):
        deploy(project.request)
