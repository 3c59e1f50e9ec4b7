"""Roles, sessions and users: who becomes whom."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

MANAGEMENT, PAYMENTS, LANDING = "111111111111", "444444444444", "888888888888"
DEPLOY = f"arn:aws:iam::{PAYMENTS}:role/airlock-deploy"


def make_role(emulator: Any, principal: Any, condition: dict[str, Any] | None = None, **more: Any) -> str:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    document = {"Version": "2012-10-17", "Statement": [statement]}
    role = emulator.client("iam", PAYMENTS).create_role(
        RoleName="airlock-deploy", AssumeRolePolicyDocument=json.dumps(document), **more
    )
    return str(role["Role"]["Arn"])


def root(account: str) -> dict[str, str]:
    return {"AWS": f"arn:aws:iam::{account}:root"}


def refusal(emulator: Any, account: str, role: str = DEPLOY, **more: Any) -> str:
    sts = emulator.client("sts", account)
    with pytest.raises(ClientError) as error:
        sts.assume_role(RoleArn=role, RoleSessionName="test", **more)
    return str(error.value.response["Error"]["Code"])


class TestAssumeRole:
    def test_the_session_is_the_role(self, emulator: Any) -> None:
        role = make_role(emulator, root(PAYMENTS))
        session = emulator.assume(role, PAYMENTS, "airlock")
        identity = emulator.client("sts", **session).get_caller_identity()
        assert identity["Account"] == PAYMENTS
        assert identity["Arn"] == f"arn:aws:sts::{PAYMENTS}:assumed-role/airlock-deploy/airlock"
        assert identity["UserId"].endswith(":airlock")
        emulator.client("iam", **session).create_user(UserName="made-by-role")
        assert emulator.calls()[-1]["principal"] == identity["Arn"]
        assert emulator.client("iam", PAYMENTS).get_user(UserName="made-by-role")

    def test_it_expires_by_the_emulators_clock(self, emulator: Any) -> None:
        role = make_role(emulator, root(PAYMENTS))
        emulator.advance(30 * 86_400)
        given = emulator.client("sts", PAYMENTS).assume_role(RoleArn=role, RoleSessionName="test", DurationSeconds=1800)
        ahead = given["Credentials"]["Expiration"] - datetime.now(UTC) - timedelta(days=30)
        assert timedelta(minutes=25) < ahead < timedelta(minutes=35)

    def test_a_role_that_does_not_exist_cannot_be_assumed(self, emulator: Any) -> None:
        assert refusal(emulator, PAYMENTS) == "AccessDenied"
        assert refusal(emulator, PAYMENTS, f"arn:aws:iam::{LANDING}:role/none") == "AccessDenied"

    def test_a_deleted_role_cannot_be_assumed(self, emulator: Any) -> None:
        make_role(emulator, root(PAYMENTS))
        emulator.client("iam", PAYMENTS).delete_role(RoleName="airlock-deploy")
        assert refusal(emulator, PAYMENTS) == "AccessDenied"

    def test_only_whom_the_trust_policy_names_gets_in(self, emulator: Any) -> None:
        make_role(emulator, root(MANAGEMENT))
        assert refusal(emulator, PAYMENTS) == "AccessDenied"
        assert refusal(emulator, LANDING) == "AccessDenied"
        assert emulator.assume(DEPLOY, MANAGEMENT)

    def test_a_service_role_is_for_the_service(self, emulator: Any) -> None:
        make_role(emulator, {"Service": "backup.amazonaws.com"})
        assert refusal(emulator, PAYMENTS) == "AccessDenied"

    def test_a_role_named_in_the_trust_policy_gets_in_by_chaining(self, emulator: Any) -> None:
        first = make_role(emulator, root(PAYMENTS))
        document = {"Statement": {"Effect": "Allow", "Principal": {"AWS": first}, "Action": "sts:AssumeRole"}}
        emulator.client("iam", LANDING).create_role(RoleName="next", AssumeRolePolicyDocument=json.dumps(document))
        target = f"arn:aws:iam::{LANDING}:role/next"
        assert refusal(emulator, PAYMENTS, target) == "AccessDenied"
        chained = emulator.assume(target, PAYMENTS, **emulator.assume(first, PAYMENTS))
        assert emulator.client("sts", **chained).get_caller_identity()["Account"] == LANDING

    def test_a_condition_on_the_external_id_counts(self, emulator: Any) -> None:
        make_role(emulator, root(PAYMENTS), {"StringEquals": {"sts:ExternalId": "right"}})
        assert refusal(emulator, PAYMENTS) == "AccessDenied"
        assert refusal(emulator, PAYMENTS, ExternalId="wrong") == "AccessDenied"
        sts = emulator.client("sts", PAYMENTS)
        assert sts.assume_role(RoleArn=DEPLOY, RoleSessionName="test", ExternalId="right")["Credentials"]

    def test_a_condition_on_the_organization_counts(self, emulator: Any) -> None:
        organization = emulator.seed()["organizations"][0]["organization_id"]
        make_role(emulator, {"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": organization}})
        assert emulator.assume(DEPLOY, MANAGEMENT)
        assert refusal(emulator, LANDING) == "AccessDenied"

    def test_an_explicit_deny_wins(self, emulator: Any) -> None:
        statements = [
            {"Effect": effect, "Principal": root(PAYMENTS), "Action": "sts:*"} for effect in ("Allow", "Deny")
        ]
        emulator.client("iam", PAYMENTS).create_role(
            RoleName="airlock-deploy", AssumeRolePolicyDocument=json.dumps({"Statement": statements})
        )
        assert refusal(emulator, PAYMENTS) == "AccessDenied"

    def test_a_session_is_no_longer_than_the_role_allows(self, emulator: Any) -> None:
        make_role(emulator, root(PAYMENTS), MaxSessionDuration=7200)
        assert refusal(emulator, PAYMENTS, DurationSeconds=7201) == "ValidationError"
        chained = emulator.client("sts", **emulator.assume(DEPLOY, PAYMENTS))
        with pytest.raises(ClientError, match="role chaining"):
            chained.assume_role(RoleArn=DEPLOY, RoleSessionName="test", DurationSeconds=7200)


class TestSessionTokens:
    @pytest.mark.parametrize("token", ["", "wrong"])
    def test_the_token_of_a_session_is_checked(self, emulator: Any, token: str) -> None:
        session = emulator.assume(make_role(emulator, root(PAYMENTS)), PAYMENTS)
        forged = {**session, "aws_session_token": token or None}
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            emulator.client("sts", **forged).get_caller_identity()

    def test_motos_invented_credentials_are_not_handed_out(self, emulator: Any) -> None:
        with pytest.raises(ClientError, match="GetFederationToken is not modelled"):
            emulator.client("sts", PAYMENTS).get_federation_token(Name="ada")


class TestUsers:
    def test_the_key_of_an_iam_user_is_that_user(self, emulator: Any) -> None:
        iam = emulator.client("iam", PAYMENTS)
        iam.create_user(UserName="ingrid")
        key = iam.create_access_key(UserName="ingrid")["AccessKey"]
        session = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
        identity = emulator.client("sts", **session).get_caller_identity()
        assert identity["Arn"] == f"arn:aws:iam::{PAYMENTS}:user/ingrid"
        assert emulator.client("iam", **session).list_users()["Users"][0]["UserName"] == "ingrid"

    def test_a_key_that_was_switched_off_or_deleted_opens_nothing(self, emulator: Any) -> None:
        iam = emulator.client("iam", PAYMENTS)
        iam.create_user(UserName="ingrid")
        key = iam.create_access_key(UserName="ingrid")["AccessKey"]
        sts = emulator.client("sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
        sts.get_caller_identity()
        named = {"UserName": "ingrid", "AccessKeyId": key["AccessKeyId"]}
        iam.update_access_key(Status="Inactive", **named)
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            sts.get_caller_identity()
        iam.delete_access_key(**named)
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            sts.get_caller_identity()


class TestManagedPolicies:
    @pytest.mark.parametrize(
        "policy",
        [
            "service-role/AWSBackupServiceRolePolicyForBackup",
            "service-role/AWSBackupServiceRolePolicyForRestores",
            "AWSBackupServiceRolePolicyForS3Backup",
            "AWSBackupServiceRolePolicyForS3Restore",
            "ReadOnlyAccess",
        ],
    )
    def test_a_role_can_carry_the_policies_of_aws(self, emulator: Any, policy: str) -> None:
        make_role(emulator, {"Service": "backup.amazonaws.com"})
        iam, arn = emulator.client("iam", PAYMENTS), f"arn:aws:iam::aws:policy/{policy}"
        iam.attach_role_policy(RoleName="airlock-deploy", PolicyArn=arn)
        attached = iam.list_attached_role_policies(RoleName="airlock-deploy")["AttachedPolicies"]
        assert [found["PolicyArn"] for found in attached] == [arn]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        assert document["Statement"], "A policy without statements would grant nothing."

    def test_one_account_does_not_count_the_attachments_of_another(self, emulator: Any) -> None:
        make_role(emulator, {"Service": "backup.amazonaws.com"})
        arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
        emulator.client("iam", PAYMENTS).attach_role_policy(RoleName="airlock-deploy", PolicyArn=arn)
        assert emulator.client("iam", LANDING).get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 0

    def test_a_policy_that_aws_does_not_have_is_refused(self, emulator: Any) -> None:
        make_role(emulator, {"Service": "backup.amazonaws.com"})
        with pytest.raises(ClientError, match="NoSuchEntity"):
            emulator.client("iam", PAYMENTS).attach_role_policy(
                RoleName="airlock-deploy", PolicyArn="arn:aws:iam::aws:policy/NoSuchPolicy"
            )

    def test_a_role_keeps_its_permissions_boundary(self, emulator: Any) -> None:
        iam = emulator.client("iam", PAYMENTS)
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
        make_role(emulator, root(PAYMENTS), PermissionsBoundary=boundary)
        kept = iam.get_role(RoleName="airlock-deploy")["Role"]["PermissionsBoundary"]
        assert kept["PermissionsBoundaryArn"] == boundary
