"""What programs meet that nobody had in mind: posture scanners and tools that look around in every service."""

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import PAYMENTS, Emulator


class TestServicesWithSeveralProtocols:
    """Their models prefer CBOR, and boto3 speaks JSON to them, older SDKs the query protocol."""

    def test_alarms_of_cloudwatch_are_listed(self, emulator: Emulator) -> None:
        cloudwatch = emulator.client("cloudwatch", PAYMENTS)
        cloudwatch.put_metric_alarm(
            AlarmName="copies-failed",
            Namespace="AWS/Backup",
            MetricName="NumberOfCopyJobsFailed",
            ComparisonOperator="GreaterThanThreshold",
            EvaluationPeriods=1,
            Period=300,
            Statistic="Sum",
            Threshold=0,
        )
        alarms = cloudwatch.describe_alarms()["MetricAlarms"]
        assert [alarm["AlarmName"] for alarm in alarms] == ["copies-failed"]

    def test_tagged_resources_are_found(self, emulator: Emulator) -> None:
        emulator.client("s3", PAYMENTS).create_bucket(Bucket="ledgers")
        tags = {"TagSet": [{"Key": "backup", "Value": "daily"}]}
        emulator.client("s3", PAYMENTS).put_bucket_tagging(Bucket="ledgers", Tagging=tags)
        found = emulator.client("resourcegroupstaggingapi", PAYMENTS).get_resources()["ResourceTagMappingList"]
        assert [resource["ResourceARN"] for resource in found] == ["arn:aws:s3:::ledgers"]

    @pytest.mark.parametrize(("service", "call"), [("backup-gateway", "list_gateways"), ("health", "describe_events")])
    def test_a_service_without_code_is_not_modelled_rather_than_unknown(
        self, emulator: Emulator, service: str, call: str
    ) -> None:
        with pytest.raises(ClientError) as refused:
            getattr(emulator.client(service, PAYMENTS), call)()
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


class TestServicesSignedUnderAnotherName:
    def test_the_default_quotas_are_listed(self, emulator: Emulator) -> None:
        quotas: Any = emulator.client("service-quotas", PAYMENTS)
        assert quotas.list_aws_default_service_quotas(ServiceCode="vpc")["Quotas"]


class TestIdsOfIdentities:
    """The first four letters of an id say what it belongs to."""

    def test_users_groups_policies_and_instance_profiles_are_told_apart(self, emulator: Emulator) -> None:
        iam = emulator.client("iam", PAYMENTS)
        allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        ids = {
            "AIDA": iam.create_user(UserName="ada")["User"]["UserId"],
            "AGPA": iam.create_group(GroupName="staff")["Group"]["GroupId"],
            "ANPA": iam.create_policy(PolicyName="s3", PolicyDocument=json.dumps(allow))["Policy"]["PolicyId"],
            "AIPA": iam.create_instance_profile(InstanceProfileName="web")["InstanceProfile"]["InstanceProfileId"],
        }
        assert all(re.fullmatch(f"{prefix}[A-Z0-9]{{17}}", given) for prefix, given in ids.items()), ids

    def test_two_users_have_two_ids(self, emulator: Emulator) -> None:
        iam = emulator.client("iam", PAYMENTS)
        given = {iam.create_user(UserName=name)["User"]["UserId"] for name in ("ada", "bo")}
        assert len(given) == 2


class TestBuckets:
    def test_a_new_bucket_is_encrypted_with_the_keys_of_s3(self, emulator: Emulator) -> None:
        s3 = emulator.client("s3", PAYMENTS)
        s3.create_bucket(Bucket="ledgers")
        assert _algorithm(s3) == "AES256"

    def test_a_bucket_falls_back_to_the_keys_of_s3(self, emulator: Emulator) -> None:
        s3 = emulator.client("s3", PAYMENTS)
        s3.create_bucket(Bucket="ledgers")
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
        s3.put_bucket_encryption(Bucket="ledgers", ServerSideEncryptionConfiguration={"Rules": [rule]})
        assert _algorithm(s3) == "aws:kms"
        s3.delete_bucket_encryption(Bucket="ledgers")
        assert _algorithm(s3) == "AES256"


def _algorithm(s3: Any) -> str:
    (rule,) = s3.get_bucket_encryption(Bucket="ledgers")["ServerSideEncryptionConfiguration"]["Rules"]
    return str(rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"])
