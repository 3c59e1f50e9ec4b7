"""Restore testing plans and selections: kept as given, refused where AWS refuses."""

from typing import Any

import pytest

from tests.emulator.worlds.backup import World, refused


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


def plan_of(**change: Any) -> dict[str, Any]:
    plan = {
        "RestoreTestingPlanName": "weekly",
        "ScheduleExpression": "cron(0 5 ? * MON *)",
        "RecoveryPointSelection": {
            "Algorithm": "LATEST_WITHIN_WINDOW",
            "IncludeVaults": ["*"],
            "RecoveryPointTypes": ["SNAPSHOT"],
        },
    }
    return {**plan, **change}


def selection_of(world: World, **change: Any) -> dict[str, Any]:
    selection = {
        "RestoreTestingSelectionName": "buckets",
        "ProtectedResourceType": "S3",
        "IamRoleArn": world.role(),
        "ProtectedResourceArns": ["*"],
        "ValidationWindowHours": 2,
    }
    return {**selection, **change}


class TestPlans:
    def test_a_plan_is_created_read_changed_listed_and_deleted(self, world: World) -> None:
        backup = world.backup()
        arn = backup.create_restore_testing_plan(RestoreTestingPlan=plan_of(), Tags={"a": "b"})["RestoreTestingPlanArn"]
        found = backup.get_restore_testing_plan(RestoreTestingPlanName="weekly")["RestoreTestingPlan"]
        assert (found["StartWindowHours"], found["RecoveryPointSelection"]["SelectionWindowDays"]) == (24, 30)
        assert backup.list_tags(ResourceArn=arn)["Tags"] == {"a": "b"}
        backup.update_restore_testing_plan(
            RestoreTestingPlanName="weekly",
            RestoreTestingPlan={"StartWindowHours": 2, "RecoveryPointSelection": {"SelectionWindowDays": 7}},
        )
        found = backup.get_restore_testing_plan(RestoreTestingPlanName="weekly")["RestoreTestingPlan"]
        assert (found["StartWindowHours"], found["RecoveryPointSelection"]["SelectionWindowDays"]) == (2, 7)
        assert found["RecoveryPointSelection"]["Algorithm"] == "LATEST_WITHIN_WINDOW", "what was not named stays"
        listed = backup.list_restore_testing_plans()["RestoreTestingPlans"]
        assert [plan["RestoreTestingPlanArn"] for plan in listed] == [arn]
        backup.delete_restore_testing_plan(RestoreTestingPlanName="weekly")
        get = backup.get_restore_testing_plan
        refused("ResourceNotFoundException", get, RestoreTestingPlanName="weekly")

    def test_a_name_is_taken_once(self, world: World) -> None:
        create = world.backup().create_restore_testing_plan
        create(RestoreTestingPlan=plan_of(), CreatorRequestId="one")
        create(RestoreTestingPlan=plan_of(), CreatorRequestId="one")
        refused("AlreadyExistsException", create, RestoreTestingPlan=plan_of(), CreatorRequestId="two")

    @pytest.mark.parametrize(
        "change",
        [
            {"RestoreTestingPlanName": "with-hyphen"},
            {"ScheduleExpression": "weekly"},
            {"StartWindowHours": 169},
            {"RecoveryPointSelection": {**plan_of()["RecoveryPointSelection"], "SelectionWindowDays": 366}},
            {"RecoveryPointSelection": {**plan_of()["RecoveryPointSelection"], "Algorithm": "OLDEST"}},
        ],
    )
    def test_a_plan_that_aws_would_not_take_is_refused(self, world: World, change: dict[str, Any]) -> None:
        create = world.backup().create_restore_testing_plan
        refused("InvalidParameterValueException", create, RestoreTestingPlan=plan_of(**change))

    def test_the_algorithm_has_to_be_named(self, world: World) -> None:
        create = world.backup().create_restore_testing_plan
        without = {"IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
        refused("MissingParameterValueException", create, RestoreTestingPlan=plan_of(RecoveryPointSelection=without))


class TestSelections:
    def test_a_selection_is_created_read_changed_listed_and_deleted(self, world: World) -> None:
        backup = world.backup()
        backup.create_restore_testing_plan(RestoreTestingPlan=plan_of())
        named = {"RestoreTestingPlanName": "weekly", "RestoreTestingSelectionName": "buckets"}
        made = backup.create_restore_testing_selection(
            RestoreTestingPlanName="weekly", RestoreTestingSelection=selection_of(world)
        )
        assert "restore-testing-plan:weekly" in made["RestoreTestingPlanArn"]
        backup.update_restore_testing_selection(**named, RestoreTestingSelection={"ValidationWindowHours": 5})
        found = backup.get_restore_testing_selection(**named)["RestoreTestingSelection"]
        assert (found["ValidationWindowHours"], found["ProtectedResourceArns"]) == (5, ["*"])
        listed = backup.list_restore_testing_selections(RestoreTestingPlanName="weekly")["RestoreTestingSelections"]
        assert [one["RestoreTestingSelectionName"] for one in listed] == ["buckets"]
        delete_plan = backup.delete_restore_testing_plan
        refused("InvalidRequestException", delete_plan, RestoreTestingPlanName="weekly")
        backup.delete_restore_testing_selection(**named)
        refused("ResourceNotFoundException", backup.get_restore_testing_selection, **named)
        delete_plan(RestoreTestingPlanName="weekly")

    @pytest.mark.parametrize(
        "change",
        [
            {"ProtectedResourceType": "Floppy"},
            {"IamRoleArn": "arn:aws:iam::444444444444:role/nobody"},
            {"ValidationWindowHours": 169},
            {"ProtectedResourceArns": []},
        ],
    )
    def test_a_selection_that_aws_would_not_take_is_refused(self, world: World, change: dict[str, Any]) -> None:
        backup = world.backup()
        backup.create_restore_testing_plan(RestoreTestingPlan=plan_of())
        refused(
            "InvalidParameterValueException",
            backup.create_restore_testing_selection,
            RestoreTestingPlanName="weekly",
            RestoreTestingSelection=selection_of(world, **change),
        )

    def test_a_selection_needs_its_plan(self, world: World) -> None:
        refused(
            "ResourceNotFoundException",
            world.backup().create_restore_testing_selection,
            RestoreTestingPlanName="weekly",
            RestoreTestingSelection=selection_of(world),
        )
