"""Promises about reading an earlier stack."""

import json

import pulumi
import pytest

from airlock.domain.handover import FILE_NAME
from airlock.domain.roles import UPSTREAMS
from stacks.contracts import ManagementContract
from stacks.settings import load
from stacks.upstream import Upstreams
from tests.components.recording import record
from tests.stacks.running import CONTRACTS, TEAM, Project, run

READERS = [role for role, reads in UPSTREAMS.items() if reads]


@pytest.mark.parametrize("role", READERS)
def test_each_stack_reads_only_the_roles_that_are_declared_for_it(cross_account: Project, role: str) -> None:
    recording, _ = run(cross_account, role)
    roles = {f"organization/airlock/{file.name}": file.role for file in cross_account.files}
    assert {roles[name] for name in recording.world.asked} == set(UPSTREAMS[role])


@pytest.mark.parametrize("role", READERS)
def test_a_stack_run_out_of_order_is_told_what_to_deploy_first(cross_account: Project, role: str) -> None:
    first = cross_account.file(UPSTREAMS[role][0]).name
    own = cross_account.file(role).name
    with pytest.raises(pulumi.RunError) as caught:
        run(cross_account, role, stacks={})
    message = str(caught.value)
    assert f"Stack `{own}` reads stack `{first}`" in message
    assert f"pulumi up --stack {first}" in message
    assert "management, recovery, backup_admin" in message, "the order of deployment is part of the answer"


@pytest.mark.parametrize("role", READERS)
def test_a_stack_that_was_never_finished_stops_the_next_one_before_any_resource(
    cross_account: Project, role: str
) -> None:
    first = cross_account.file(UPSTREAMS[role][0]).name
    made: list[str] = []
    with pytest.raises(pulumi.RunError, match=rf"Stack `{first}` exports no `\w+`.*pulumi up --stack {first}"):
        run(cross_account, role, stacks={name: {} for name in cross_account.stacks()}, made=made)
    assert not made, "half a stack would stand there, waiting for the other"


@pytest.mark.parametrize(
    ("role", "stack", "name", "changes"),
    [
        ("vault", "one-recovery", "council", {"  quorum:": "  council:", "team: quorum": "team: council"}),
        ("landing", "one-recovery", "council", {"  quorum:": "  council:", "team: quorum": "team: council"}),
        ("forensic", "one-vault-orders", "orders-2027", {"orders-2026": "orders-2027"}),
        ("forensic", "one-workload-payments", "payments-2027", {"payments-2026": "payments-2027"}),
    ],
)
def test_what_the_topology_names_and_an_earlier_stack_lacks_is_said_before_any_resource(
    cross_account: Project, role: str, stack: str, name: str, changes: dict[str, str]
) -> None:
    path = cross_account.folder / cross_account.estate_file
    for old, new in changes.items():
        path.write_text(path.read_text().replace(old, new))
    made: list[str] = []
    with pytest.raises(pulumi.RunError, match=f"Stack `{stack}` does not hold `{name}` yet"):
        run(cross_account, role, made=made)
    assert not made, "half a stack would stand there, waiting for the other"


@pytest.mark.parametrize("role", ["vault", "workload"])
def test_across_organizations_the_teams_come_from_the_handover_file(cross_organization: Project, role: str) -> None:
    recording, _ = run(cross_organization, role, stacks={})
    assert not recording.world.asked, "a stack reference does not reach the other organization's backend"
    assert recording.one("VaultApproval").inputs["team_arn"] == TEAM


def test_inside_the_recovery_organization_there_is_no_handover(cross_organization: Project) -> None:
    (cross_organization.folder / FILE_NAME).unlink()
    recording, _ = run(cross_organization, "landing")
    assert recording.world.asked == ["organization/airlock/recovery"]


def test_without_a_handover_file_the_command_that_writes_it_is_named(cross_organization: Project) -> None:
    (cross_organization.folder / FILE_NAME).unlink()
    with pytest.raises(pulumi.RunError, match=r"role `recovery`.*`airlock handover export`"):
        run(cross_organization, "vault")


def test_a_tampered_handover_file_is_refused(cross_organization: Project) -> None:
    path = cross_organization.folder / FILE_NAME
    path.write_text(path.read_text().replace("quorum-1", "quorum-2"))
    with pytest.raises(pulumi.RunError, match=r"was changed after it was written.*`airlock handover export`"):
        run(cross_organization, "workload")


def test_a_handover_file_of_another_estate_is_refused(cross_organization: Project) -> None:
    cross_organization.hand_over({"recovery": CONTRACTS["recovery"]}, estate="southbank")
    with pytest.raises(pulumi.RunError, match="belongs to the estate `southbank`"):
        run(cross_organization, "vault")


def test_a_handover_file_from_before_a_team_is_refused(cross_organization: Project) -> None:
    cross_organization.hand_over({"recovery": {**CONTRACTS["recovery"], "teams": {}}})
    with pytest.raises(pulumi.RunError, match=r"does not hold `quorum` yet.*`airlock handover export`"):
        run(cross_organization, "vault")


def test_a_handover_file_of_an_older_format_is_refused(cross_organization: Project) -> None:
    path = cross_organization.folder / FILE_NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": "airlock-handover/0"}))
    with pytest.raises(pulumi.RunError, match="airlock-handover/0"):
        run(cross_organization, "vault")


def test_reading_a_later_stack_is_refused(cross_account: Project) -> None:
    config = {"airlock:role": "recovery", "airlock:account": "management", "airlock:estate": cross_account.estate_file}
    with pytest.raises(pulumi.RunError, match="`recovery` may not read one of the role `management`"):
        record(
            lambda: Upstreams(load(cross_account.folder)).one("management", ManagementContract) and None,
            stack="one-recovery",
            config=config,
        )


def test_a_role_that_no_stack_file_plays_is_named(cross_account: Project) -> None:
    (cross_account.folder / "stacks/config/Pulumi.one-vault-orders.yaml").unlink()
    with pytest.raises(pulumi.RunError, match="no stack file of the estate `nordbank-one` plays it"):
        run(cross_account, "forensic")
