"""What is missing is said before anything is made."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from airlock.deploy import EngineMissing, deploy
from airlock.deploy.engine import Engine, check_backend
from airlock.deploy.errors import EngineTooOld
from airlock.domain.errors import UsageError
from tests.deploy.support import Project, make_project, planned_stack


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


STACK = planned_stack("workload", backend="s3://states?region=eu-west-1", profile="payments")
KEYS = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}


class TestKeysOfTheEnvironment:
    """The aws plugin prefers them to a profile [pu config], and acts as somebody else."""

    def test_do_not_reach_the_plugin_where_the_topology_names_a_profile(
        self, plain_project: Project, tmp_path: Path
    ) -> None:
        pulumi = tmp_path / "pulumi"
        pulumi.write_text('#!/bin/sh\n[ "$1" = version ] && echo v3.259.0 || env\n')
        pulumi.chmod(0o755)
        engine = Engine(replace(plain_project.request, pulumi_bin=tmp_path, environment=KEYS))
        assert not [name for name in KEYS if f"{name}=" in engine.run(STACK, ["up"]).stdout]
        ambient = engine.run(replace(STACK, profile=None), ["up"]).stdout
        assert [name for name in KEYS if f"{name}=" in ambient] == list(KEYS), (
            "without a profile they are what is meant"
        )

    @pytest.mark.parametrize(
        ("setting", "change"),
        [
            ("state.backend", {}),
            ("state.secrets_provider", {"backend": "b", "secrets_provider": "awskms://alias/state?region=eu-west-1"}),
        ],
    )
    def test_that_the_state_needs_as_well_are_refused_with_both_ways_out(
        self, setting: str, change: dict[str, Any]
    ) -> None:
        with pytest.raises(UsageError) as caught:
            check_backend(replace(STACK, **change), KEYS)
        assert f"`{setting}`" in str(caught.value)
        assert "profile `payments`" in str(caught.value)
        assert "Unset the keys" in str(caught.value)
        assert "add `profile=NAME`" in str(caught.value)

    @pytest.mark.parametrize(
        "change",
        [{"backend": f"{STACK.backend}&profile=states"}, {"backend": "https://api.pulumi.com"}, {"profile": None}],
        ids=["the bucket has a profile", "no bucket", "no profile is named"],
    )
    def test_are_nobodys_trouble_otherwise(self, change: dict[str, Any]) -> None:
        check_backend(replace(STACK, **change), KEYS)


def test_nothing_is_deployed_without_the_policy_pack(project: Project) -> None:
    (project.folder / "policies/PulumiPolicy.yaml").unlink()
    with pytest.raises(UsageError, match="no policy pack"):
        deploy(project.request)
