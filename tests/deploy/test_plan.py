"""Which stacks there are, in which backend, after which others."""

from pathlib import Path

import pytest

from airlock.deploy import plan_stacks
from airlock.domain.errors import EstateError
from tests.deploy.support import STACKS, Project, make_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


def test_the_stacks_come_in_the_order_of_their_roles(project: Project) -> None:
    assert [stack.name for stack in plan_stacks(project.request)] == STACKS


def test_a_stack_waits_for_every_stack_of_the_roles_that_it_reads(project: Project) -> None:
    upstreams = {stack.name: stack.upstreams for stack in plan_stacks(project.request)}
    assert upstreams["recovery"] == ()
    assert upstreams["backup-admin"] == ("management",)
    assert upstreams["forensic"] == ("vault-orders", "workload-payments")


def test_recovery_and_landing_lie_in_the_recovery_organizations_backend(project: Project) -> None:
    recovery = {stack.name for stack in plan_stacks(project.request) if stack.backend.endswith("state-recovery")}
    assert recovery == {"recovery", "landing"}, "who can write the primary's state must not reach these two"


def test_one_organization_has_one_backend(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", "estates/cross-account.yaml")
    assert len({stack.backend for stack in plan_stacks(project.request)}) == 1


def test_a_missing_stack_file_is_reported_before_anything_is_touched(project: Project) -> None:
    (project.folder / "stacks/config/Pulumi.landing.yaml").unlink()
    with pytest.raises(EstateError, match="no stack file plays the role `landing`"):
        plan_stacks(project.request)
    assert not list(project.folder.parent.glob("state-*")), "a backend was made for a plan that cannot be carried out"
