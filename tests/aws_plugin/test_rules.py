"""What the real plugin refuses at preview: each by the property that it is about. Unknown values pass.

Sources: the schemas of the types, by [tf lag] [tf vault] [tf plan] [tf sel] [tf rtp] [tf rts] [tf rassoc] [tf princ]
[tf key] [tf ebskey] [tf role] [tf rpol] [tf orgpol].
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import get_session
from pulumi.runtime.proto import provider_pb2

from tests.aws_plugin.talking import Plugin, plugin, urn
from tests.emulator.conftest import PAYMENTS
from tools.aws_plugin import rules, values
from tools.aws_plugin.values import UNKNOWN

ROLE_ARN = f"arn:aws:iam::{PAYMENTS}:role/backup"
VAULT_ARN = f"arn:aws:backup:eu-west-1:{PAYMENTS}:backup-vault:local"
SHARE_ARN = f"arn:aws:ram:eu-west-1:{PAYMENTS}:resource-share/1"
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": []})
POINTS = {"algorithm": "LATEST_WITHIN_WINDOW", "includeVaults": ["*"], "recoveryPointTypes": ["SNAPSHOT"]}
RULE = {"ruleName": "daily", "targetVaultName": "local", "copyActions": [{"destinationVaultArn": VAULT_ARN}]}
GOOD: dict[str, dict[str, Any]] = {
    "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault": {
        "name": "payments-2026",
        "minRetentionDays": 7,
        "maxRetentionDays": 90,
    },
    "aws:backup/vault:Vault": {"name": "local", "kmsKeyArn": f"arn:aws:kms:eu-west-1:{PAYMENTS}:key/1"},
    "aws:backup/plan:Plan": {"name": "payments", "rules": [RULE]},
    "aws:backup/selection:Selection": {"name": "tagged", "planId": "p", "iamRoleArn": ROLE_ARN},
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": {
        "name": "monthly",
        "scheduleExpression": "cron(0 5 * * ? *)",
        "startWindowHours": 0,
        "recoveryPointSelection": {**POINTS, "selectionWindowDays": 365},
    },
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": {
        "name": "objects",
        "restoreTestingPlanName": "monthly",
        "iamRoleArn": ROLE_ARN,
        "protectedResourceType": "S3",
        "protectedResourceArns": ["*"],
        "validationWindowHours": 168,
    },
    "aws:ram/resourceAssociation:ResourceAssociation": {"resourceArn": VAULT_ARN, "resourceShareArn": SHARE_ARN},
    "aws:ram/principalAssociation:PrincipalAssociation": {"principal": PAYMENTS, "resourceShareArn": SHARE_ARN},
    "aws:kms/key:Key": {"deletionWindowInDays": 30},
    "aws:ebs/defaultKmsKey:DefaultKmsKey": {"keyArn": f"arn:aws:kms:eu-west-1:{PAYMENTS}:key/1"},
    "aws:iam/role:Role": {"name": "r" * 64, "assumeRolePolicy": DOCUMENT, "permissionsBoundary": ROLE_ARN},
    "aws:iam/rolePolicy:RolePolicy": {"name": "p", "role": "r", "policy": DOCUMENT},
    "aws:organizations/policy:Policy": {"name": "p", "content": DOCUMENT, "type": "BACKUP_POLICY"},
}
TYPES = {token.rsplit(":", 1)[-1]: token for token in GOOD}
# (type, property, a value that is refused, what is said of it)
BAD = [
    ("LogicallyAirGappedVault", "name", "a", "from 2 to 50"),
    ("LogicallyAirGappedVault", "name", "a" * 51, "from 2 to 50"),
    ("LogicallyAirGappedVault", "name", "with space", "must consist of"),
    ("LogicallyAirGappedVault", "minRetentionDays", 6, "at least 7"),
    ("Vault", "name", "dotted.name", "must consist of"),
    ("Vault", "kmsKeyArn", "alias/local", "no ARN"),
    ("Plan", "rules[0].ruleName", "r" * 51, "from 1 to 50"),
    ("Plan", "rules[0].targetVaultName", "v", "from 2 to 50"),
    ("Plan", "rules[0].copyActions[0].destinationVaultArn", "local", "no ARN"),
    ("Selection", "name", "s" * 51, "from 1 to 50"),
    ("Selection", "iamRoleArn", "backup", "no ARN"),
    ("RestoreTestingPlan", "name", "with-hyphen", "must consist of"),
    ("RestoreTestingPlan", "startWindowHours", 169, "from 0 to 168"),
    ("RestoreTestingPlan", "recoveryPointSelection.selectionWindowDays", 0, "from 1 to 365"),
    ("RestoreTestingSelection", "name", "with-hyphen", "must consist of"),
    ("RestoreTestingSelection", "iamRoleArn", "backup", "no ARN"),
    ("RestoreTestingSelection", "validationWindowHours", 0, "from 1 to 168"),
    ("ResourceAssociation", "resourceArn", "team", "no ARN"),
    ("ResourceAssociation", "resourceShareArn", "share", "no ARN"),
    ("PrincipalAssociation", "principal", "12345", "neither an account id of twelve digits nor an ARN"),
    ("Key", "deletionWindowInDays", 6, "from 7 to 30"),
    ("Key", "deletionWindowInDays", 31, "from 7 to 30"),
    ("DefaultKmsKey", "keyArn", "1234", "no ARN"),
    ("Role", "name", "r" * 65, "from 1 to 64"),
    ("Role", "permissionsBoundary", "boundary", "no ARN"),
    ("RolePolicy", "policy", json.dumps({"Sid": "s" * 10_240}), "from 1 to 10240"),
    ("Policy", "type", "GUARD_POLICY", "must be one of"),
]


@pytest.fixture(scope="module")
def configured() -> Iterator[Plugin]:
    """No AWS behind it: nothing here may get that far."""
    with plugin() as found:
        found.configure(region="eu-west-1")
        yield found


def checked(configured: Plugin, token: str, inputs: dict[str, Any]) -> list[tuple[str, str]]:
    """(property, sentence) of what is refused."""
    answer = configured.call("Check", provider_pb2.CheckRequest(urn=urn(token, "it"), news=values.write(inputs)))
    return [(failure.property, failure.reason) for failure in answer.failures]


def replaced(inputs: Any, path: str, value: Any) -> Any:
    """The inputs with another value at a path such as `rules[0].ruleName`."""
    head, _, rest = path.replace("[0]", ".0").partition(".")
    key: Any = int(head) if isinstance(inputs, list) else head
    copy: Any = [*inputs] if isinstance(inputs, list) else {**inputs}
    copy[key] = replaced(inputs[key], rest, value) if rest else value
    return copy


@pytest.mark.parametrize("token", GOOD)
def test_what_is_within_the_rules_passes(configured: Plugin, token: str) -> None:
    assert checked(configured, token, GOOD[token]) == []


@pytest.mark.parametrize(("kind", "path", "value", "said"), BAD)
def test_what_breaks_a_rule_is_refused_by_its_property(
    configured: Plugin, kind: str, path: str, value: Any, said: str
) -> None:
    (failure,) = checked(configured, TYPES[kind], replaced(GOOD[TYPES[kind]], path, value))
    assert failure[0] == path
    assert failure[1].startswith(f"Property `{path}` of {TYPES[kind]} `it` is ")
    assert said in failure[1]


@pytest.mark.parametrize(("kind", "path"), sorted({(kind, path) for kind, path, _, _ in BAD}))
def test_a_value_that_is_not_known_yet_breaks_no_rule(configured: Plugin, kind: str, path: str) -> None:
    assert checked(configured, TYPES[kind], replaced(GOOD[TYPES[kind]], path, UNKNOWN)) == []


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"protectedResourceConditions": {"stringEquals": [{"key": "a", "value": "b"}]}}, True),
        ({"protectedResourceArns": None}, True),
        ({"protectedResourceArns": UNKNOWN}, False),
        ({"protectedResourceConditions": UNKNOWN}, False),
    ],
)
def test_a_restore_test_selects_by_arns_or_by_conditions(
    configured: Plugin, change: dict[str, Any], refused: bool
) -> None:
    """[tf rts]"""
    token = TYPES["RestoreTestingSelection"]
    found = checked(configured, token, {**GOOD[token], **change})
    assert [(path, "exactly one of the two" in reason) for path, reason in found] == [
        ("protectedResourceArns", True)
    ] * refused


def test_a_principal_may_be_an_organization_by_its_arn(configured: Plugin) -> None:
    """[tf princ]"""
    token = TYPES["PrincipalAssociation"]
    arn = "arn:aws:organizations::111111111111:ou/o-abcdefghij/ou-abcd-12345678"
    assert checked(configured, token, {**GOOD[token], "principal": arn}) == []


def test_the_types_of_policies_are_those_of_aws() -> None:
    """The schema takes the enumeration of AWS's SDK. [tf orgpol]"""
    shape: Any = get_session().get_service_model("organizations").shape_for("PolicyType")
    assert sorted(shape.enum) == list(rules.POLICY_TYPES)
