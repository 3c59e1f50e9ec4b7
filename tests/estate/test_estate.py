"""The two committed topologies, and what the rest of the program asks them."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from airlock.domain.errors import UsageError
from airlock.estate import Estate, load
from airlock.estate.schema import schema_text
from airlock.estate.stack_files import StackFile, load_stack_files, problems

ROOT = Path(__file__).parents[2]
FILES = ("estate.yaml", "estates/cross-account.yaml")


@pytest.fixture
def two() -> Estate:
    return load(ROOT / "estate.yaml")


@pytest.fixture
def one() -> Estate:
    return load(ROOT / "estates/cross-account.yaml")


def test_the_teams_live_where_the_pattern_says(two: Estate, one: Estate) -> None:
    assert two.recovery_account.id == "777777777777"
    assert two.recovery_side == "recovery"
    assert one.recovery_account.id == "111111111111", "with one organization the management account holds the teams"
    assert one.recovery_side == "primary"


def test_recovery_and_landing_keep_their_state_with_the_recovery_organization(two: Estate, one: Estate) -> None:
    sides = {role: two.side_of_role(role) for role in ("management", "recovery", "vault", "workload", "landing")}
    assert sides == {
        "management": "primary",
        "recovery": "recovery",
        "vault": "primary",
        "workload": "primary",
        "landing": "recovery",
    }
    assert one.side_of_role("landing") == "primary"
    assert two.state("recovery").backend != two.state("primary").backend


def test_an_account_is_reached_through_its_deploy_role(two: Estate) -> None:
    connection = two.connection("payments")
    assert connection.role_arn == "arn:aws:iam::444444444444:role/airlock-deploy"
    assert (connection.profile, connection.region, connection.account_id) == ("payments", "eu-west-1", "444444444444")
    assert two.connection("payments", "us-east-1", None).to_dict() == {
        "account_id": "444444444444",
        "region": "us-east-1",
        "profile": "payments",
    }


def test_a_data_class_is_held_by_its_vault_account(two: Estate) -> None:
    assert list(two.classes_held_by("bunker")) == ["orders"]
    assert list(two.classes_held_by("payments")) == ["payments"]
    assert two.team_of("orders").threshold == 2
    assert two.data_classes["orders"].newest_vault.name == "orders-2026"
    assert [vault.name for vault in two.vaults("orders", "eu-west-1")] == ["orders-2026"]
    assert two.vaults("orders", "eu-central-1") == []


def test_accounts_are_listed_by_organization(two: Estate, one: Estate) -> None:
    assert [account.key for account in two.organization_accounts("recovery")] == ["recovery", "landing"]
    assert len(one.organization_accounts("primary")) == 7


def test_asking_for_what_is_not_there_is_a_sentence(two: Estate, one: Estate) -> None:
    with pytest.raises(UsageError, match="has no account `nobody`"):
        two.account("nobody")
    with pytest.raises(UsageError, match="no organization `recovery`"):
        one.organization("recovery")
    with pytest.raises(UsageError, match="role `king` does not exist"):
        two.side_of_role("king")


def test_the_committed_schema_is_the_one_of_the_models() -> None:
    committed = (ROOT / "estate.schema.json").read_text()
    assert committed == schema_text(), "write it anew: airlock estate schema > estate.schema.json"


@pytest.mark.parametrize("name", FILES)
def test_editors_accept_the_committed_topologies(name: str) -> None:
    schema = json.loads((ROOT / "estate.schema.json").read_text())
    raw = yaml.safe_load((ROOT / name).read_text())
    jsonschema.validate(raw, schema)
    raw["accounts"]["audit"]["id"] = "short"
    with pytest.raises(jsonschema.ValidationError, match="short"):
        jsonschema.validate(raw, schema)


@pytest.mark.parametrize(("name", "prefix"), [(FILES[0], ""), (FILES[1], "one-")])
def test_the_stack_files_of_each_example_fit_and_stand_in_order(name: str, prefix: str) -> None:
    stacks = load_stack_files(ROOT, name)
    assert [stack.name.removeprefix(prefix) for stack in stacks] == [
        "management", "recovery", "backup-admin", "vault-orders", "workload-payments", "forensic", "landing",
    ]  # fmt: skip
    assert problems(load(ROOT / name), stacks) == []


def test_a_stack_that_nobody_wrote_is_missed(two: Estate) -> None:
    stacks = [stack for stack in load_stack_files(ROOT, "estate.yaml") if stack.role != "vault"]
    (problem,) = problems(two, stacks)
    assert "no stack file plays the role `vault` in the account `bunker` for `orders` in eu-west-1" in problem.problem


@pytest.mark.parametrize(
    ("stack", "words"),
    [
        (StackFile(name="x", role="king", account="audit"), "role `king` does not exist"),
        (StackFile(name="x", role="landing", account="nobody"), "no account `nobody`"),
        (StackFile(name="x", role="landing", account="audit"), "does not give the role `landing`"),
        (StackFile(name="x", role="vault", account="bunker", data_class="payments"), "holds no vaults of `payments`"),
        (StackFile(name="x", role="landing", account="landing", data_class="orders"), "only the role `vault`"),
        (StackFile(name="x", role="landing", account="landing"), "deploys the same as the stack `landing`"),
    ],
)
def test_a_stack_file_that_contradicts_the_topology_is_named(two: Estate, stack: StackFile, words: str) -> None:
    (problem,) = problems(two, [*load_stack_files(ROOT, "estate.yaml"), stack])
    assert problem.key == "Pulumi.x.yaml"
    assert words in problem.problem
