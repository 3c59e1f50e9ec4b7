"""Which requests a statement speaks about: actions, resources, their opposites, wildcards, variables, case."""

import pytest

from emulator.authorization import documents
from emulator.authorization.evaluation import Policies
from tests.emulator.authorization.tables import Row, allow, deny, doc

IDENTITY = "identity-based policy"
NO = f"implicit: {IDENTITY}"
HOME_FOLDER = "arn:aws:s3:::home/${aws:username}/*"
TAGGED = "arn:aws:s3:::team-${aws:PrincipalTag/team, 'common'}/*"


def own(*statements: dict[str, object], version: str = "2012-10-17") -> Policies:
    return Policies(identity=(doc(*statements, version=version),))


ROWS = (
    Row("an action is named whole", "allow", policies=own(allow("s3:GetObject"))),
    Row("actions are not case-sensitive", "allow", policies=own(allow("S3:getobject"))),
    Row("a star ends an action", "allow", policies=own(allow("s3:Get*"))),
    Row("a star may stand anywhere", "allow", policies=own(allow("s3:*Object"))),
    Row("a question mark is one letter", "allow", policies=own(allow("s?:GetObject"))),
    Row("a question mark is not two letters", NO, policies=own(allow("?:GetObject"))),
    Row("a longer action is another action", NO, policies=own(allow("s3:GetObjectVersion"))),
    Row("of a list of actions one is enough", "allow", policies=own(allow(["kms:*", "s3:GetObject"]))),
    Row(
        "NotAction allows all others",
        "allow",
        policies=own({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    ),
    Row(
        "NotAction does not allow what it names",
        NO,
        policies=own({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
    ),
    Row(
        "a Deny with NotAction denies all others",
        f"explicit: {IDENTITY}",
        policies=own(allow(), {"Effect": "Deny", "NotAction": "kms:*", "Resource": "*"}),
    ),
    Row("a resource is named whole", "allow", policies=own(allow(resource="arn:aws:s3:::reports/2026.csv"))),
    Row("a bucket is not its objects", NO, policies=own(allow(resource="arn:aws:s3:::reports"))),
    Row("a star reaches over slashes", "allow", policies=own(allow(resource="arn:aws:s3:::rep*"))),
    Row("resources are case-sensitive", NO, policies=own(allow(resource="arn:aws:s3:::Reports/*"))),
    Row("brackets are plain letters", NO, policies=own(allow(resource="arn:aws:s3:::[r]eports/*"))),
    Row(
        "an operation without a resource needs a star",
        NO,
        resource="*",
        policies=own(allow(resource="arn:aws:s3:::*")),
    ),
    Row("and has it", "allow", resource="*", policies=own(allow())),
    Row(
        "NotResource allows all others",
        "allow",
        policies=own({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::secret/*"}),
    ),
    Row(
        "NotResource does not allow what it names",
        NO,
        policies=own({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::reports/*"}),
    ),
    Row(
        "a variable is replaced by the request's value",
        "allow",
        resource="arn:aws:s3:::home/ada/a.txt",
        facts={"aws:username": ("ada",)},
        policies=own(allow(resource=HOME_FOLDER)),
    ),
    Row(
        "another value is another resource",
        NO,
        resource="arn:aws:s3:::home/bo/a.txt",
        facts={"aws:username": ("ada",)},
        policies=own(allow(resource=HOME_FOLDER)),
    ),
    Row(
        "a variable without a value matches nothing",
        NO,
        resource="arn:aws:s3:::home//a.txt",
        policies=own(allow(resource=HOME_FOLDER)),
    ),
    Row(
        "a star in a value is no wildcard",
        NO,
        resource="arn:aws:s3:::home/bo/a.txt",
        facts={"aws:username": ("*",)},
        policies=own(allow(resource=HOME_FOLDER)),
    ),
    Row(
        "a default stands in for a missing value",
        "allow",
        resource="arn:aws:s3:::team-common/a.txt",
        policies=own(allow(resource=TAGGED)),
    ),
    Row(
        "a value beats the default",
        "allow",
        resource="arn:aws:s3:::team-blue/a.txt",
        facts={"aws:PrincipalTag/team": ("blue",)},
        policies=own(allow(resource=TAGGED)),
    ),
    Row(
        "${*} is a star",
        NO,
        resource="arn:aws:s3:::reports/x",
        policies=own(allow(resource="arn:aws:s3:::reports/${*}")),
    ),
    Row(
        "in the older version a variable is plain text",
        NO,
        resource="arn:aws:s3:::home/ada/a.txt",
        facts={"aws:username": ("ada",)},
        policies=own(allow(resource=HOME_FOLDER), version="2008-10-17"),
    ),
    Row(
        "where only the action counts, an Allow for any resource allows",
        "allow",
        action="ec2:DescribeVolumes",
        resource=None,
        policies=own(allow("ec2:*", "arn:aws:ec2:*:*:volume/*")),
    ),
    Row(
        "where only the action counts, a Deny for some resources does not deny",
        "allow",
        action="ec2:DeleteVolume",
        resource=None,
        policies=own(allow(), deny("ec2:*", "arn:aws:ec2:*:*:volume/vol-1")),
    ),
    Row(
        "where only the action counts, a Deny for all resources denies",
        f"explicit: {IDENTITY}",
        action="ec2:DeleteVolume",
        resource=None,
        policies=own(allow(), deny("ec2:*")),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.rule)
def test_what_a_statement_speaks_about(row: Row) -> None:
    assert row.decided() == row.expected


@pytest.mark.parametrize("text", ["", "no json", "[]", '"text"', '{"Statement": ["no statement"]}', "{}"])
def test_what_is_no_policy_document_allows_nothing(text: str) -> None:
    assert Row("", "", policies=Policies(identity=(documents.read(text),))).decided() == NO


def test_a_single_statement_needs_no_list() -> None:
    single = documents.read(
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    )
    assert Row("", "", policies=Policies(identity=(single,))).decided() == "allow"
