"""Promises about what a stack is told."""

from pathlib import Path

import pulumi
import pytest

from airlock.domain.roles import ROLES, UPSTREAMS, order
from airlock.estate.stack_files import load_stack_files
from stacks.registry import MODULES
from stacks.settings import PROJECT_DIR, load
from tests.components.recording import record
from tests.stacks.running import ESTATES, Project, run


def test_all_seven_roles_are_registered_and_exist() -> None:
    assert tuple(MODULES) == ROLES
    for module in MODULES.values():
        assert (PROJECT_DIR / (module.replace(".", "/") + ".py")).is_file()


def test_a_stack_reads_only_stacks_that_are_deployed_earlier() -> None:
    late = [(role, read) for role, reads in UPSTREAMS.items() for read in reads if order(read) >= order(role)]
    assert not late, "neither of two stacks that read each other can be deployed first"


def test_every_stack_file_loads_against_the_topology_that_it_names(example: Project) -> None:
    assert {file.role for file in example.files} == set(ROLES)
    for file in example.files:
        keys = {f"airlock:{key}": value for key, value in vars(file).items() if key != "name" and value}
        record(lambda: load(example.folder) and None, stack=file.name, config=keys)


def test_no_stack_file_is_left_over() -> None:
    named = {file.name for estate in ESTATES for file in load_stack_files(PROJECT_DIR, estate)}
    assert named == {path.name.split(".")[1] for path in (PROJECT_DIR / "stacks" / "config").iterdir()}


def test_a_bad_topology_ends_in_one_report_and_no_resource(example: Project) -> None:
    path = example.folder / example.estate_file
    path.write_text(path.read_text().replace("threshold: 2", "threshold: 9").replace("rto_minutes: 240", "rto: 240"))
    with pytest.raises(pulumi.RunError) as caught:
        run(example, "management", stacks={})
    assert "rto" in str(caught.value)
    assert "threshold" in str(caught.value), "every problem is reported at once"
    assert "Nothing was touched" in str(caught.value)


def test_a_stack_that_does_not_say_its_role_is_told_which_key_is_missing(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match=r"`airlock:role` and `airlock:account` is not set"):
        record(lambda: load(tmp_path))


def test_an_account_that_does_not_play_the_role_is_refused(example: Project) -> None:
    with pytest.raises(pulumi.RunError, match=r"does not give the role `landing` to the account `bunker`"):
        run(example, "landing", account="bunker")


def test_a_role_that_does_not_exist_is_refused(example: Project) -> None:
    with pytest.raises(pulumi.RunError, match="the role `vaults` does not exist"):
        run(example, "vault", role="vaults")
