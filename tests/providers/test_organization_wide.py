"""What belongs to a whole organization: identity source, policy types, delegation policy. Others write there too."""

import json
from typing import Any

import pytest

from airlock.domain.errors import Conflict, NotFound, OneWayDoor, RefusedByAws
from airlock.providers.delegation_policy import DelegationPolicyProvider
from airlock.providers.identity_source import IdentitySourceProvider
from airlock.providers.policy_type import EnabledPolicyTypeProvider
from tests.providers.conftest import MANAGEMENT, RECOVERY, Program, World

AUDIT = "222222222222"


def statement(sid: str, action: str = "organizations:ListPolicies") -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": AUDIT}, "Action": action, "Resource": "*"}


class TestTheIdentitySource:
    @pytest.fixture
    def source(self, world: World) -> Program:
        inputs = {
            "connection": world.connection(RECOVERY),
            "identity_center_region": "us-east-1",
            "owner": "airlock/recovery/source",
        }
        return Program(IdentitySourceProvider(), world, inputs)

    def test_comes_to_rest_with_the_address_of_the_portal(self, source: Program) -> None:
        assert source.settle() == ["CreateIdentitySource"]
        assert source.status == "ACTIVE"
        assert source.state["portal_url"].startswith("http")
        assert source.id == source.state["arn"]

    def test_that_was_made_before_the_run_was_killed_is_found_by_the_next_create(self, source: Program) -> None:
        source.up()
        first, source.id, source.state = source.id, "", {}
        assert source.up() == []
        assert source.id == first

    def test_of_somebody_else_is_taken_over_only_when_the_program_says_so(self, source: Program) -> None:
        source.settle()
        source.id, source.state = "", {}
        with pytest.raises(Conflict, match="already has its one identity source"):
            source.up(owner="airlock/other/source")
        assert source.up(adopt=True) == ["TagResource"]

    def test_without_identity_center_says_how_to_get_one(self, world: World) -> None:
        inputs = {"connection": world.connection(MANAGEMENT), "identity_center_region": "us-east-1", "owner": "o"}
        with pytest.raises(NotFound, match="organization instance in the console"):
            Program(IdentitySourceProvider(), world, inputs).up()

    def test_that_vanished_stops_the_next_run_and_is_made_anew_only_on_request(self, source: Program) -> None:
        source.settle()
        source.world.emulator.client("mpa", RECOVERY).delete_identity_source(IdentitySourceArn=source.id)
        for _ in range(3):
            source.refresh()
        assert source.status == "GONE"
        assert "no approver can vote" in source.preview()[0]
        with pytest.raises(OneWayDoor, match="no approver can vote"):
            source.provider.update(source.id, dict(source.state), dict(source.inputs))
        assert source.up(recreate=True) == ["REPLACE"]
        found = source.provider.diff(source.id, dict(source.state), dict(source.inputs))
        assert found.delete_before_replace, (
            "The new source has the id of the old one: deleting later would hit the new one."
        )
        source.provider.delete(source.id, dict(source.state))
        source.id, source.state = "", {}
        assert source.up() == ["CreateIdentitySource"]

    def test_is_never_deleted_by_the_engine(self, source: Program) -> None:
        source.settle()
        with pytest.raises(Conflict, match="keep: true"):
            source.provider.delete(source.id, dict(source.state))


class TestAPolicyType:
    @pytest.fixture
    def backup_policies(self, world: World) -> Program:
        inputs = {"connection": world.connection(MANAGEMENT), "policy_type": "BACKUP_POLICY", "owner": "o"}
        return Program(EnabledPolicyTypeProvider(), world, inputs)

    def test_is_switched_on_once_and_others_stay_as_they_are(self, backup_policies: Program) -> None:
        organizations = backup_policies.world.emulator.client("organizations", MANAGEMENT)
        root = organizations.list_roots()["Roots"][0]["Id"]
        organizations.enable_policy_type(RootId=root, PolicyType="TAG_POLICY")
        assert backup_policies.settle() == ["EnablePolicyType"]
        assert (backup_policies.id, backup_policies.status) == (f"{root}/BACKUP_POLICY", "ENABLED")
        types = {one["Type"] for one in organizations.list_roots()["Roots"][0]["PolicyTypes"]}
        assert {"TAG_POLICY", "BACKUP_POLICY"} <= types

    def test_that_is_on_already_is_left_alone_also_after_a_killed_run(self, backup_policies: Program) -> None:
        backup_policies.up()
        backup_policies.id, backup_policies.state = "", {}
        assert backup_policies.up() == []

    def test_that_somebody_switched_off_is_switched_on_again(self, backup_policies: Program) -> None:
        backup_policies.settle()
        organizations = backup_policies.world.emulator.client("organizations", MANAGEMENT)
        organizations.disable_policy_type(RootId=backup_policies.id.split("/")[0], PolicyType="BACKUP_POLICY")
        backup_policies.refresh()
        assert backup_policies.status == "DISABLED"
        assert backup_policies.settle() == ["EnablePolicyType"]

    def test_stays_on_when_the_resource_is_deleted(self, backup_policies: Program) -> None:
        backup_policies.settle()
        since = backup_policies.world.seq()
        backup_policies.provider.delete(backup_policies.id, dict(backup_policies.state))
        assert backup_policies.world.writes_since(since) == []


class TestTheDelegationPolicy:
    @pytest.fixture
    def delegation(self, world: World) -> Program:
        statements = [statement("AirlockRead"), statement("AirlockWrite", "organizations:CreatePolicy")]
        inputs = {"connection": world.connection(MANAGEMENT), "statements": statements, "owner": "o"}
        return Program(DelegationPolicyProvider(), world, inputs)

    def write(self, world: World, *statements: dict[str, Any]) -> None:
        content = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        world.emulator.client("organizations", MANAGEMENT).put_resource_policy(Content=content)

    def sids(self, world: World) -> list[str]:
        organizations = world.emulator.client("organizations", MANAGEMENT)
        content = organizations.describe_resource_policy()["ResourcePolicy"]["Content"]
        return [one["Sid"] for one in json.loads(content)["Statement"]]

    def test_is_written_once_and_its_id_is_the_organization(self, delegation: Program) -> None:
        assert delegation.settle() == ["PutResourcePolicy"]
        assert delegation.id.startswith("o-")
        assert delegation.status == "APPLIED"

    def test_that_was_written_before_the_run_was_killed_is_not_written_again(self, delegation: Program) -> None:
        delegation.up()
        delegation.id, delegation.state = "", {}
        assert delegation.up() == []

    def test_keeps_what_others_wrote(self, delegation: Program) -> None:
        self.write(delegation.world, statement("Security"))
        delegation.settle()
        assert self.sids(delegation.world) == ["Security", "AirlockRead", "AirlockWrite"]
        delegation.up(statements=[statement("AirlockRead")])
        assert self.sids(delegation.world) == ["Security", "AirlockRead"]
        delegation.provider.delete(delegation.id, dict(delegation.state))
        assert self.sids(delegation.world) == ["Security"]

    def test_is_removed_with_its_last_statement(self, delegation: Program) -> None:
        delegation.settle()
        since = delegation.world.seq()
        delegation.provider.delete(delegation.id, dict(delegation.state))
        assert delegation.world.writes_since(since) == ["DeleteResourcePolicy"]

    def test_refuses_a_sid_that_somebody_else_uses_for_something_else(self, delegation: Program) -> None:
        self.write(delegation.world, statement("AirlockRead", "organizations:DisablePolicyType"))
        with pytest.raises(Conflict, match="`AirlockRead` with another content"):
            delegation.up()
        assert delegation.up(adopt=True) == ["PutResourcePolicy"]

    def test_repairs_what_somebody_altered_in_a_statement_of_ours(self, delegation: Program) -> None:
        delegation.settle()
        self.write(delegation.world, statement("AirlockRead", "organizations:DisablePolicyType"))
        delegation.refresh()
        assert (delegation.status, delegation.state["drifted"]) == ("DRIFTED", ["AirlockRead", "AirlockWrite"])
        assert delegation.settle() == ["PutResourcePolicy"]
        assert delegation.status == "APPLIED"

    def test_reads_aws_own_way_of_writing_the_same_statement_as_the_same(self, delegation: Program) -> None:
        delegation.settle()
        root = {"AWS": [f"arn:aws:iam::{AUDIT}:root"]}
        self.write(
            delegation.world,
            {**statement("AirlockRead"), "Principal": root},
            {**statement("AirlockWrite"), "Action": ["organizations:CreatePolicy"]},
        )
        assert delegation.up() == []

    def test_that_would_grow_beyond_the_limit_of_aws_is_not_written(self, delegation: Program) -> None:
        long = [{**statement(f"Long{n}"), "Resource": f"arn:aws:organizations::{'x' * 990}"} for n in range(33)]
        self.write(delegation.world, *long)
        grown = [{**statement(f"Airlock{n}"), "Resource": f"arn:aws:organizations::{'y' * 990}"} for n in range(6)]
        with pytest.raises(RefusedByAws, match="AWS takes 40000"):
            delegation.up(statements=grown)
        assert len(self.sids(delegation.world)) == 33

    @pytest.mark.parametrize("wrong", [[], [{"Effect": "Allow"}], [statement("Same"), statement("Same")]])
    def test_statements_that_cannot_be_told_apart_are_refused_in_the_preview(
        self, delegation: Program, wrong: list[dict[str, Any]]
    ) -> None:
        checked = delegation.provider.check({}, {**delegation.inputs, "statements": wrong})
        assert {one.property for one in checked.failures} == {"statements"}
