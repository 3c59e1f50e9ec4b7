"""What a policy document of each type may say, and that the refusal names what is wrong."""

import json
from typing import Any

import pytest

from tests.emulator.worlds.organization import World, assign, backup_policy, outcome, refused, rule

DENY = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
RCP = {**DENY, "Principal": "*"}
SCP_TYPE, RCP_TYPE, EC2 = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "DECLARATIVE_POLICY_EC2"
CONTROL = "@@operators_allowed_for_child_policies"


def attributes(**parts: Any) -> dict[str, Any]:
    return {"ec2_attributes": parts}


def in_rule(**changes: Any) -> dict[str, Any]:
    return backup_policy(rules={"daily": rule(**changes)})


# A document of this type, and a word that the refusal must have.
REFUSED: list[tuple[str, Any, str]] = [
    ("BACKUP_POLICY", "{", "not valid JSON"),
    ("BACKUP_POLICY", '{"plans": {}, "plans": {}}', "twice"),
    ("BACKUP_POLICY", "[]", "not a JSON object"),
    ("BACKUP_POLICY", {"rules": {}}, "plans"),
    ("BACKUP_POLICY", {"plans": {}, "other": {}}, "other"),
    ("BACKUP_POLICY", {"plans": assign({})}, "plans/@@assign"),
    ("BACKUP_POLICY", {"plans": {"nightly": "x"}}, "plans/nightly"),
    ("BACKUP_POLICY", backup_policy(rulez={}), "plans/nightly/rulez"),
    ("BACKUP_POLICY", backup_policy(regions=["eu-west-1"]), "plans/nightly/regions"),
    ("BACKUP_POLICY", backup_policy(regions={}), "plans/nightly/regions"),
    ("BACKUP_POLICY", backup_policy(regions={"@@set": ["eu-west-1"]}), "regions/@@set"),
    ("BACKUP_POLICY", backup_policy(regions={CONTROL: ["@@some"]}), CONTROL),
    ("BACKUP_POLICY", in_rule(schedule_expression=assign("daily")), "rules/daily/schedule_expression"),
    ("BACKUP_POLICY", in_rule(schedule_expression={"@@append": "cron(0 4 * * ? *)"}), "schedule_expression"),
    ("BACKUP_POLICY", in_rule(schedule_expression_timezone=assign("Etc/UTC")), "schedule_expression_timezone"),
    ("BACKUP_POLICY", in_rule(start_backup_window_minutes=assign("59")), "at least 60"),
    ("BACKUP_POLICY", in_rule(start_backup_window_minutes=assign(60)), "must be a text"),
    ("BACKUP_POLICY", in_rule(lifecycle={"delete_after": assign("9")}), "lifecycle/delete_after"),
    ("BACKUP_POLICY", in_rule(lifecycle={"delete_after_days": assign("soon")}), "lifecycle/delete_after_days"),
    ("BACKUP_POLICY", in_rule(enable_continuous_backup=assign("yes")), "enable_continuous_backup"),
    ("BACKUP_POLICY", in_rule(target_backup_vault_name=assign(["a", "b"])), "not a list"),
    ("BACKUP_POLICY", in_rule(copy_actions={"x": {"target": assign("arn:x")}}), "copy_actions/x/target"),
    ("BACKUP_POLICY", in_rule(index_actions={"resource_types": assign(["EFS"])}), "index_actions/resource_types"),
    ("BACKUP_POLICY", backup_policy(advanced_backup_settings={"ec2": {"windows_vss": assign("on")}}), "windows_vss"),
    (EC2, {"ec2": {}}, "ec2"),
    (EC2, attributes(serial_console={}), "ec2_attributes/serial_console"),
    (EC2, attributes(serial_console_access={"status": assign("off")}), "serial_console_access/status"),
    (EC2, attributes(snapshot_block_public_access={"state": assign("block")}), "snapshot_block_public_access/state"),
    (EC2, attributes(instance_metadata_defaults={"http_put_response_hop_limit": assign("65")}), "hop_limit"),
    (EC2, attributes(allowed_images_settings={"image_criteria": {"c": {"owners": assign(["amazon"])}}}), "c/owners"),
    (SCP_TYPE, {"Statement": []}, "Statement"),
    (SCP_TYPE, {"Version": "2020-01-01", "Statement": [DENY]}, "2020-01-01"),
    (SCP_TYPE, {"Statement": [DENY], "Rules": []}, "Rules"),
    (SCP_TYPE, {"Statement": [{**DENY, "Principal": "*"}]}, "Principal"),
    (SCP_TYPE, {"Statement": [{**DENY, "Effect": "deny"}]}, "Effect"),
    (SCP_TYPE, {"Statement": [{**DENY, "NotAction": "iam:*"}]}, "either Action or NotAction"),
    (SCP_TYPE, {"Statement": [{"Effect": "Deny", "Action": "s3:*"}]}, "either Resource or NotResource"),
    (SCP_TYPE, {"Statement": [{**DENY, "Action": "s3"}]}, "'s3'"),
    (SCP_TYPE, {"Statement": [{**DENY, "Sid": "a-b"}]}, "Sid"),
    (SCP_TYPE, {"Statement": [{**DENY, "Condition": {"Bool": "x"}}]}, "Condition"),
    (RCP_TYPE, {"Statement": [{**RCP, "Effect": "Allow"}]}, "Effect must be Deny"),
    (RCP_TYPE, {"Statement": [{**RCP, "Principal": {"AWS": "111111111111"}}]}, "Principal must be"),
    (RCP_TYPE, {"Statement": [DENY]}, "Principal must be"),
    (RCP_TYPE, {"Statement": [{**RCP, "Action": "*"}]}, 'Action cannot be "*"'),
    (
        RCP_TYPE,
        {"Statement": [{"Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}]},
        "NotAction",
    ),
    ("TAG_POLICY", {"plans": {}}, "tags"),
    ("TAG_POLICY", {"tags": {"cost": {"tag_key": "Cost"}}}, "tags/cost/tag_key"),
    ("TAG_POLICY", {"tags": {"cost": {"tag_key": {"@@put": "Cost"}}}}, "@@put"),
    ("AISERVICES_OPT_OUT_POLICY", {"service": {}}, "services"),
    ("CHATBOT_POLICY", {"services": {}}, "chatbot"),
    ("SECURITYHUB_POLICY", {"services": {}}, "securityhub"),
    ("INSPECTOR_POLICY", {"inspector": "on"}, "inspector"),
]

ACCEPTED: list[tuple[str, Any]] = [
    ("BACKUP_POLICY", {"plans": {}}),
    (
        "BACKUP_POLICY",
        {"plans": {CONTROL: "@@none", "nightly": {"regions": {"@@append": "eu-west-1", CONTROL: ["@@all"]}}}},
    ),
    (
        "BACKUP_POLICY",
        backup_policy(
            rules={
                "daily": rule(
                    start_backup_window_minutes=assign("60"),
                    complete_backup_window_minutes=assign("600"),
                    enable_continuous_backup=assign("false"),
                    target_logically_air_gapped_backup_vault_arn=assign(
                        "arn:aws:backup:$region:$account:backup-vault:a"
                    ),
                    lifecycle={"move_to_cold_storage_after_days": assign("10"), "delete_after_days": assign("100")},
                    copy_actions={"arn:aws:x": {"target_backup_vault_arn": assign("arn:aws:x"), "lifecycle": {}}},
                    recovery_point_tags={"t": {"tag_key": assign("k"), "tag_value": assign("v")}},
                    index_actions={"resource_types": assign(["EBS", "S3"])},
                    scan_actions={"GUARDDUTY": {"scan_mode": assign("FULL_SCAN")}},
                )
            },
            advanced_backup_settings={
                "s3": {"backup_acls": assign("disabled")},
                "ec2": {"windows_vss": assign("enabled")},
            },
            backup_plan_tags={"t": {"tag_key": assign("k"), "tag_value": assign("v")}},
            scan_settings={
                "GUARDDUTY": {
                    "resource_types": assign(["ALL"]),
                    "scanner_role_arn": assign("arn:aws:iam::$account:role/s"),
                }
            },
            selections={
                "resources": {
                    "all": {
                        "iam_role_arn": assign("arn:aws:iam::$account:role/b"),
                        "resource_types": assign(["arn:aws:s3:::*"]),
                        "not_resource_types": assign(["arn:aws:ec2:*:*:volume/*"]),
                        "conditions": {
                            "string_equals": {"c": {"condition_key": assign("k"), "condition_value": assign("v")}}
                        },
                    }
                }
            },
        ),
    ),
    (
        EC2,
        attributes(
            exception_message=assign("Ask us."),
            vpc_block_public_access={
                "internet_gateway_block": {"mode": assign("off"), "exclusions_allowed": assign("enabled")}
            },
            serial_console_access={"status": assign("enabled")},
            image_block_public_access={"state": assign("block_new_sharing")},
            allowed_images_settings={
                "state": assign("enabled"),
                "image_criteria": {
                    "criteria_1": {"allowed_image_providers": {"@@append": ["amazon", "aws-backup-vault"]}}
                },
            },
            instance_metadata_defaults={"http_tokens": assign("required"), "http_put_response_hop_limit": assign("2")},
            snapshot_block_public_access={"state": assign("block_all_sharing")},
        ),
    ),
    (SCP_TYPE, {"Statement": DENY}),
    (
        SCP_TYPE,
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "NotAction": ["iam:*"],
                    "NotResource": "arn:aws:s3:::b",
                    "Condition": {"Bool": {"a": "b"}},
                }
            ]
        },
    ),
    (RCP_TYPE, {"Version": "2012-10-17", "Statement": [{**RCP, "Sid": "Outside", "Action": ["s3:*", "kms:Decrypt"]}]}),
    ("TAG_POLICY", {"tags": {"cost": {"tag_key": assign("Cost"), "tag_value": assign(["1"])}}}),
    ("S3_POLICY", {"anything": {"goes": assign("here")}}),
]


@pytest.fixture
def world(emulator: Any) -> World:
    return World(emulator)


def test_a_document_with_a_mistake_is_refused_and_the_message_names_it(world: World) -> None:
    for number, (policy_type, content, word) in enumerate(REFUSED):
        text = content if isinstance(content, str) else json.dumps(content)
        call = {"Name": f"p{number}", "Description": "d", "Type": policy_type, "Content": text}
        refusal = refused(world.organizations.create_policy, **call)
        assert outcome(refusal) == "MalformedPolicyDocument", (policy_type, content)
        assert word in str(refusal), f"The message does not name {word}: {refusal}"
    assert world.organizations.list_policies(Filter="BACKUP_POLICY")["Policies"] == []


def test_a_good_document_is_taken(world: World) -> None:
    for number, (policy_type, content) in enumerate(ACCEPTED):
        made = world.policy(content, policy_type, f"p{number}")
        assert json.loads(world.organizations.describe_policy(PolicyId=made)["Policy"]["Content"]) == content


def test_a_change_is_held_to_the_same_rules(world: World) -> None:
    made = world.policy(backup_policy())
    refusal = refused(world.organizations.update_policy, PolicyId=made, Content='{"plans": {"a": {"rulez": {}}}}')
    assert outcome(refusal) == "MalformedPolicyDocument"
    assert "plans/a/rulez" in str(refusal)
    assert json.loads(world.organizations.describe_policy(PolicyId=made)["Policy"]["Content"]) == backup_policy()


def test_a_document_that_never_ends_going_deeper_is_refused(world: World) -> None:
    deep = '{"a":' * 1600 + "{}" + "}" * 1600
    call = {"Name": "deep", "Description": "d", "Type": "S3_POLICY", "Content": deep}
    assert outcome(refused(world.organizations.create_policy, **call)) == "MalformedPolicyDocument"


@pytest.mark.parametrize(
    ("policy_type", "most"),
    [(SCP_TYPE, 10_240), (RCP_TYPE, 5_120), ("AISERVICES_OPT_OUT_POLICY", 2_500), ("BACKUP_POLICY", 10_000)],
)
def test_every_type_has_its_longest_document(world: World, policy_type: str, most: int) -> None:
    shortest = {SCP_TYPE: {"Statement": [DENY]}, RCP_TYPE: {"Statement": [RCP]}, "BACKUP_POLICY": {"plans": {}}}
    text = json.dumps(shortest.get(policy_type, {"services": {}}))
    world.policy(text + " " * (most - len(text)), policy_type)
    call = {"Name": "long", "Description": "d", "Type": policy_type, "Content": text + " " * (most - len(text) + 1)}
    assert (
        outcome(refused(world.organizations.create_policy, **call))
        == "ConstraintViolation/POLICY_CONTENT_LIMIT_EXCEEDED"
    )


@pytest.mark.parametrize("option", ["stored", "refused"])
def test_a_resource_control_policy_for_a_service_without_them(world: World, option: str) -> None:
    world.choose("rcp-unsupported-service", option)
    call = {"Name": "x", "Description": "d", "Type": RCP_TYPE}
    content = json.dumps({"Statement": [{**RCP, "Action": "backup:*"}]})
    if option == "stored":
        assert world.organizations.create_policy(**call, Content=content)
    else:
        assert outcome(refused(world.organizations.create_policy, **call, Content=content)) == "MalformedPolicyDocument"
