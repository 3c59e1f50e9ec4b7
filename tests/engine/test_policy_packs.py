"""A policy pack runs under our language host, and blocks at once."""

import time
from pathlib import Path

import pytest

from tests.engine.support import Project, make_project

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi
from pulumi import ComponentResource


class Vault(ComponentResource):
    def __init__(self, name, locked):
        super().__init__("tiny:index:Vault", name, {"locked": locked})
        self.register_outputs({})


Vault("one", pulumi.Config().require_bool("locked"))
"""
PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def locked(args, report):
    if args.resource_type == "tiny:index:Vault" and not args.props["locked"]:
        report("The vault has no lock.")


rule = ResourceValidationPolicy(name="locked", description="Vaults are locked.", validate=locked)
PolicyPack("tiny", [rule], enforcement_level=EnforcementLevel.MANDATORY)
"""
# What the engine waits for a program that does not end when its preview is blocked.
ENGINE_PATIENCE = 5.0


@pytest.fixture
def project(tmp_path: Path, engine_on_path: Path) -> Project:
    made = make_project(tmp_path / "project", PROGRAM)
    made.write("policies/PulumiPolicy.yaml", "runtime: python\nversion: 0.0.1\n")
    made.write("policies/__main__.py", PACK)
    return made


def preview(project: Project, locked: str) -> tuple[int, str, float]:
    project.succeed("config", "set", "locked", locked, "--stack", "dev")
    started = time.monotonic()
    done = project.run("preview", "--stack", "dev", "--policy-pack", "policies")
    return done.returncode, done.stdout, time.monotonic() - started


def test_a_pack_passes_what_is_good_and_blocks_what_is_not_without_a_wait(project: Project) -> None:
    code, output, passing = preview(project, "true")
    assert code == 0, output
    code, output, blocked = preview(project, "false")
    assert code != 0, "a mandatory rule must stop the preview"
    assert "The vault has no lock." in output
    assert blocked < passing + ENGINE_PATIENCE - 1, "the program lived on after its preview was blocked"
