"""Effective policies: inheritance with its operators and controls, what makes them invalid, and the plans they give."""

from typing import Any

import pytest

from tests.emulator.worlds.organization import (
    BACKUP,
    BUNKER,
    MANAGEMENT,
    PAYMENTS,
    World,
    assign,
    backup_policy,
    code_of,
    outcome,
    refused,
    rule,
)

CONTROL = "@@operators_allowed_for_child_policies"


@pytest.fixture
def world(emulator: Any) -> World:
    found = World(emulator)
    found.enable()
    return found


def regions(**operators: Any) -> dict[str, Any]:
    return {"plans": {"nightly": {"regions": operators}}}


def errors_of(world: World, account: str = PAYMENTS) -> list[tuple[str, str]]:
    found = world.organizations.list_effective_policy_validation_errors(AccountId=account, PolicyType="BACKUP_POLICY")
    return [(one["ErrorCode"], one["PathToError"]) for one in found["EffectivePolicyValidationErrors"]]


class TestInheritance:
    @pytest.mark.parametrize(
        ("controls", "below", "expected"),
        [
            ({}, {"@@append": ["us-west-2"]}, ["eu-west-1", "us-west-2"]),
            ({}, {"@@append": "us-west-2"}, ["eu-west-1", "us-west-2"]),
            ({}, {"@@append": ["eu-west-1"]}, ["eu-west-1"]),
            ({}, {"@@remove": ["eu-west-1"]}, []),
            ({}, {"@@assign": ["us-west-2"]}, ["us-west-2"]),
            ({"regions": "@@append"}, {"@@append": ["us-west-2"]}, ["eu-west-1", "us-west-2"]),
            ({"regions": "@@append"}, {"@@assign": ["us-west-2"]}, ["eu-west-1"]),
            ({"regions": "@@remove"}, {"@@remove": ["eu-west-1"]}, []),
            ({"regions": "@@none"}, {"@@append": ["us-west-2"]}, ["eu-west-1"]),
            ({"nightly": "@@none"}, {"@@assign": ["us-west-2"]}, ["eu-west-1"]),
            ({"plans": "@@none"}, {"@@assign": ["us-west-2"]}, ["eu-west-1"]),
            ({"plans": "@@none", "regions": "@@append"}, {"@@append": ["us-west-2"]}, ["eu-west-1", "us-west-2"]),
            ({"plans": "@@none", "regions": "@@append"}, {"@@assign": ["us-west-2"]}, ["eu-west-1"]),
            ({"nightly": "@@all"}, {"@@assign": ["us-west-2"]}, ["us-west-2"]),
        ],
    )
    def test_a_control_says_what_the_level_below_may_do(
        self, world: World, controls: dict[str, str], below: dict[str, Any], expected: list[str]
    ) -> None:
        upper = backup_policy()
        places = {
            "plans": upper["plans"],
            "nightly": upper["plans"]["nightly"],
            "regions": upper["plans"]["nightly"]["regions"],
        }
        for place, operator in controls.items():
            places[place][CONTROL] = [operator]
        world.attach(upper, world.root, "root")
        world.attach(regions(**below), PAYMENTS, "account")
        assert world.effective()["plans"]["nightly"]["regions"] == expected

    def test_a_level_in_between_narrows_a_control_and_never_widens_it(self, world: World) -> None:
        upper = backup_policy()
        upper["plans"]["nightly"]["regions"][CONTROL] = ["@@append"]
        world.attach(upper, world.root, "root")
        world.attach(regions(**{CONTROL: ["@@all"]}), world.parent_of(PAYMENTS), "unit")
        world.attach(regions(**assign(["us-west-2"])), PAYMENTS, "account")
        assert world.effective()["plans"]["nightly"]["regions"] == ["eu-west-1"]
        narrower = world.attach(regions(**{CONTROL: ["@@none"]}), world.parent_of(PAYMENTS), "narrower")
        added = world.attach(regions(**{"@@append": ["us-west-2"]}), PAYMENTS, "added")
        assert world.effective()["plans"]["nightly"]["regions"] == ["eu-west-1"]
        world.organizations.detach_policy(PolicyId=narrower, TargetId=world.parent_of(PAYMENTS))
        assert added
        assert world.effective()["plans"]["nightly"]["regions"] == ["eu-west-1", "us-west-2"]

    def test_a_control_does_not_bind_other_policies_of_its_own_level(self, world: World) -> None:
        closed = backup_policy()
        closed["plans"][CONTROL] = ["@@none"]
        world.attach(closed, world.root, "closed")
        other = {"plans": {"weekly": backup_policy()["plans"]["nightly"]}}
        world.attach(other, world.root, "other")
        world.attach({"plans": {"mine": backup_policy()["plans"]["nightly"]}}, PAYMENTS, "below")
        assert set(world.effective()["plans"]) == {"nightly", "weekly"}

    @pytest.mark.parametrize(
        ("option", "role", "vault"),
        [
            ("in-role-arns", f"arn:aws:iam::{PAYMENTS}:role/backup", "$account"),
            ("everywhere", f"arn:aws:iam::{PAYMENTS}:role/backup", PAYMENTS),
        ],
    )
    def test_the_account_is_filled_in_and_the_region_is_not(
        self, world: World, option: str, role: str, vault: str
    ) -> None:
        world.choose("account-in-effective-policy", option)
        target = "arn:aws:backup:$region:$account:backup-vault:gapped"
        world.attach(
            backup_policy(rules={"daily": rule(target_logically_air_gapped_backup_vault_arn=assign(target))}),
            world.root,
            "root",
        )
        plan = world.effective()["plans"]["nightly"]
        assert plan["selections"]["tags"]["tagged"]["iam_role_arn"] == role
        shown = plan["rules"]["daily"]["target_logically_air_gapped_backup_vault_arn"]
        assert shown == f"arn:aws:backup:$region:{vault}:backup-vault:gapped"

    def test_effective_policies_are_shown_for_accounts_only(self, world: World) -> None:
        world.attach(backup_policy(), world.root, "root")
        for place in (world.root, world.parent_of(PAYMENTS)):
            refusal = refused(world.organizations.describe_effective_policy, PolicyType="BACKUP_POLICY", TargetId=place)
            assert outcome(refusal) == "InvalidInput/TARGET_NOT_SUPPORTED"
        refusal = refused(
            world.organizations.describe_effective_policy, PolicyType="BACKUP_POLICY", TargetId="999999999999"
        )
        assert code_of(refusal) == "TargetNotFoundException"
        refusal = refused(world.organizations.describe_effective_policy, PolicyType="SERVICE_CONTROL_POLICY")
        assert outcome(refusal) == "InvalidInput/INVALID_ENUM_POLICY_TYPE"
        own = world.organizations.describe_effective_policy(PolicyType="BACKUP_POLICY")["EffectivePolicy"]
        assert own["TargetId"] == MANAGEMENT


MANY_RULES = {f"rule-{number}": rule() for number in range(11)}
COPIES = {f"arn:aws:{n}": {"target_backup_vault_arn": assign(f"arn:aws:{n}")} for n in range(6)}
TAGGED = backup_policy()["plans"]["nightly"]["selections"]["tags"]["tagged"]
EVERYTHING = {"iam_role_arn": assign("arn:aws:iam::$account:role/b"), "resource_types": assign(["arn:aws:s3:::*"])}
CONDITIONS = {
    "string_equals": {f"c{n}": {"condition_key": assign("k"), "condition_value": assign("v")} for n in range(31)}
}
PLAN = "plans/nightly"

INVALID: list[tuple[str, dict[str, Any], str, str]] = [
    ("rules", {"rules": MANY_RULES}, "ELEMENTS_TOO_MANY", f"{PLAN}/rules"),
    (
        "copies",
        {"rules": {"daily": rule(copy_actions=COPIES)}},
        "ELEMENTS_TOO_MANY",
        f"{PLAN}/rules/daily/copy_actions",
    ),
    (
        "selections",
        {"selections": {"tags": {f"t{n}": TAGGED for n in range(11)}}},
        "ELEMENTS_TOO_MANY",
        f"{PLAN}/selections/tags",
    ),
    (
        "conditions",
        {"selections": {"resources": {"all": {**EVERYTHING, "conditions": CONDITIONS}}}},
        "ELEMENTS_TOO_MANY",
        f"{PLAN}/selections/resources/all/conditions",
    ),
    (
        "tags and resources",
        {"selections": {"tags": {"t": TAGGED}, "resources": {"all": EVERYTHING}}},
        "MUTUALLY_EXCLUSIVE_KEYS",
        f"{PLAN}/selections",
    ),
    (
        "no role",
        {"selections": {"tags": {"t": {"tag_key": assign("k"), "tag_value": assign("v")}}}},
        "REQUIRED_KEY_MISSING",
        f"{PLAN}/selections/tags/t",
    ),
    (
        "no vault",
        {"rules": {"daily": {"schedule_expression": assign("cron(0 4 * * ? *)")}}},
        "REQUIRED_KEY_MISSING",
        f"{PLAN}/rules/daily",
    ),
    (
        "cold",
        {
            "rules": {
                "daily": rule(
                    lifecycle={"move_to_cold_storage_after_days": assign("10"), "delete_after_days": assign("99")}
                )
            }
        },
        "INVALID_VALUE",
        f"{PLAN}/rules/daily/lifecycle",
    ),
    (
        "copy under another name",
        {"rules": {"daily": rule(copy_actions={"arn:aws:a": {"target_backup_vault_arn": assign("arn:aws:b")}})}},
        "INVALID_VALUE",
        f"{PLAN}/rules/daily/copy_actions/arn:aws:a",
    ),
    (
        "scan without settings",
        {"rules": {"daily": rule(scan_actions={"GUARDDUTY": {"scan_mode": assign("FULL_SCAN")}})}},
        "REQUIRED_KEY_MISSING",
        f"{PLAN}/rules/daily",
    ),
]


class TestInvalid:
    @pytest.mark.parametrize(("changes", "code", "path"), [row[1:] for row in INVALID], ids=[row[0] for row in INVALID])
    def test_what_only_the_whole_shows_makes_it_invalid(
        self, world: World, changes: dict[str, Any], code: str, path: str
    ) -> None:
        policy = world.attach(backup_policy(**changes), PAYMENTS, "wrong")
        assert errors_of(world) == [(code, path)]
        listed = world.organizations.list_accounts_with_invalid_effective_policy(PolicyType="BACKUP_POLICY")
        assert [one["Id"] for one in listed["Accounts"]] == [PAYMENTS]
        errors = world.organizations.list_effective_policy_validation_errors(
            AccountId=PAYMENTS, PolicyType="BACKUP_POLICY"
        )
        assert errors["EffectivePolicyValidationErrors"][0]["ContributingPolicies"] == [policy]
        assert errors["Path"].endswith(f"/{PAYMENTS}/")

    @pytest.mark.parametrize("missing", ["rules", "regions", "selections"])
    def test_a_plan_needs_rules_regions_and_selections(self, world: World, missing: str) -> None:
        policy = backup_policy()
        del policy["plans"]["nightly"][missing]
        world.attach(policy, world.root, "part")
        assert errors_of(world) == [("REQUIRED_KEY_MISSING", "plans/nightly")]
        part = backup_policy()["plans"]["nightly"][missing]
        world.attach({"plans": {"nightly": {missing: part}}}, PAYMENTS, "other part")
        assert errors_of(world) == [], "The two parts together are a whole plan."
        assert errors_of(world, BUNKER) != []

    @pytest.mark.parametrize("option", ["invalid", "oldest-first"])
    def test_two_policies_at_one_place_that_contradict(self, world: World, option: str) -> None:
        world.choose("same-level-conflict", option)
        older = world.policy(backup_policy(), name="older")
        newer = world.policy(backup_policy(regions=assign(["us-west-2"])), name="newer")
        for policy in (newer, older):
            world.organizations.attach_policy(PolicyId=policy, TargetId=PAYMENTS)
        assert world.effective()["plans"]["nightly"]["regions"] == ["us-west-2"]
        expected = [("CONFLICTING_VALUES", "plans/nightly/regions")] if option == "invalid" else []
        assert errors_of(world) == expected

    def test_two_policies_at_one_place_that_agree_are_no_conflict(self, world: World) -> None:
        world.attach(backup_policy(), PAYMENTS, "one")
        world.attach(backup_policy(), PAYMENTS, "two")
        assert errors_of(world) == []

    def test_there_is_nothing_to_list_without_a_policy(self, world: World) -> None:
        call = {"AccountId": PAYMENTS, "PolicyType": "BACKUP_POLICY"}
        refusal = refused(world.organizations.list_effective_policy_validation_errors, **call)
        assert code_of(refusal) == "EffectivePolicyNotFoundException"
        refusal = refused(
            world.organizations.list_effective_policy_validation_errors, **{**call, "AccountId": "999999999999"}
        )
        assert code_of(refusal) == "AccountNotFoundException"
        refusal = refused(world.organizations.list_accounts_with_invalid_effective_policy, PolicyType="TAG_POLICY")
        assert code_of(refusal) == "EffectivePolicyNotFoundException"
        assert (
            world.organizations.list_accounts_with_invalid_effective_policy(PolicyType="BACKUP_POLICY")["Accounts"]
            == []
        )


class TestPlansOfAnAccount:
    def plans(self, world: World) -> list[str]:
        backup = world.emulator.client("backup", PAYMENTS, "eu-west-1")
        return [plan["BackupPlanName"] for plan in backup.list_backup_plans()["BackupPlansList"]]

    @pytest.mark.parametrize(("option", "expected"), [("valid-plans-apply", ["nightly"]), ("nothing-applies", [])])
    def test_an_invalid_plan_does_not_reach_the_account(self, world: World, option: str, expected: list[str]) -> None:
        world.choose("invalid-backup-policy", option)
        world.organizations.enable_aws_service_access(ServicePrincipal=BACKUP)
        broken = {"plans": {"broken": backup_policy(rules=MANY_RULES)["plans"]["nightly"]}}
        world.attach(backup_policy(), PAYMENTS, "good")
        world.attach(broken, PAYMENTS, "broken")
        assert self.plans(world) == expected
