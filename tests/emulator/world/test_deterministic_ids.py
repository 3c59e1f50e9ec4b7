"""The same calls get the same answers in every run, request ids and keys of sessions included; only dates differ."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.emulator.conftest import LANDING, MANAGEMENT, PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.recovery import ADA, BO, Recovery
from tests.emulator.worlds.vault_request import HOME, ask_for_access, protected_vault, share_team

ROOT = Path(__file__).parents[3]
TRUST = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'
DATES = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?|datetime\.datetime\([^)]*(\([^)]*\))?\)"
    r"|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT|\b1[789]\d{8}(\.\d+)?\b"
    r"|(?<![\w-])\d{8}(T\d{6}Z)?(?![\w-])|'(content-length|x-amz-crc32)': '\d+'"
)


def story(emulator: Emulator) -> list[Any]:
    """Every service that this project uses, at least once; what each answered."""
    said: list[Any] = []

    def listening(service: str, account: str = PAYMENTS, region: str = HOME, **options: Any) -> Any:
        client = emulator.client(service, account, region, **options)

        def hear(parsed: Any, model: Any, http_response: Any, **_: Any) -> None:
            said.append((model.name, parsed, http_response.content))

        client.meta.events.register("after-call", hear)
        return client

    recovery = Recovery.prepare(emulator)
    team = recovery.active()
    share_team(recovery, team)
    _, session = ask_for_access(emulator, protected_vault(recovery, team))
    for person in (ADA, BO):
        recovery.vote(session, person)
    listening("mpa", RECOVERY, "us-east-1").list_sessions(ApprovalTeamArn=team)
    listening("backup", LANDING).list_backup_vaults(ByVaultType="BACKUP_VAULT")
    s3 = listening("s3")
    s3.create_bucket(Bucket="orders-of-payments", CreateBucketConfiguration={"LocationConstraint": HOME})
    s3.put_bucket_versioning(Bucket="orders-of-payments", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="orders-of-payments", Key="book", Body=b"1")
    s3.create_multipart_upload(Bucket="orders-of-payments", Key="large")
    iam = listening("iam")
    iam.create_role(RoleName="backup", AssumeRolePolicyDocument=TRUST)
    iam.create_user(UserName="ada")
    iam.create_access_key(UserName="ada")
    assumed = listening("sts").assume_role(RoleArn=f"arn:aws:iam::{PAYMENTS}:role/backup", RoleSessionName="session")
    said.append(assumed["Credentials"]["SessionToken"])
    kms = listening("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    ec2 = listening("ec2")
    volume = ec2.create_volume(AvailabilityZone=f"{HOME}a", Size=1, ClientToken="volume")["VolumeId"]
    ec2.create_snapshot(VolumeId=volume)
    listening("ebs").start_snapshot(VolumeSize=1, ClientToken="snapshot")
    listening("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    topic = listening("sns").create_topic(Name="alarms")["TopicArn"]
    events = listening("events")
    events.put_rule(Name="jobs", EventPattern='{"source":["aws.backup"]}')
    events.put_targets(Rule="jobs", Targets=[{"Id": "1", "Arn": topic}])
    backup = listening("backup")
    backup.create_backup_vault(BackupVaultName="orders", CreatorRequestId="vault")
    rule = {"RuleName": "daily", "TargetBackupVaultName": "orders", "Lifecycle": {"DeleteAfterDays": 30}}
    backup.create_backup_plan(BackupPlan={"BackupPlanName": "daily", "Rules": [rule]}, CreatorRequestId="plan")
    backup.start_backup_job(
        BackupVaultName="orders",
        ResourceArn=f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/t",
        IamRoleArn=f"arn:aws:iam::{PAYMENTS}:role/backup",
        IdempotencyToken="job",
    )
    listening("ram").create_resource_share(name="s", clientToken="share")
    organizations = listening("organizations", MANAGEMENT)
    organizations.list_accounts()
    organizations.create_account(Email="new@example.com", AccountName="new")
    listening("cloudformation").create_stack(
        StackName="s", TemplateBody='{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}', ClientRequestToken="stack"
    )
    listening("sso-admin", RECOVERY, "us-east-1").list_instances()
    # Not all events: clients put tokens of their own choice into some calls.
    named = [{"AttributeKey": "EventName", "AttributeValue": "CreateKey"}]
    listening("cloudtrail").lookup_events(LookupAttributes=named)
    said.append(emulator.calls())
    return said


def told(*arguments: str) -> list[str]:
    """The story in a process of its own, without its dates."""
    with subprocess.Popen(
        [sys.executable, "-m", "emulator", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        emulator = Emulator(process.stdout.readline().split()[-1])
        try:
            said = story(emulator)
        finally:
            process.terminate()
    port = emulator.url.rpartition(":")[2]
    return [DATES.sub("DATE", repr(each)).replace(port, "PORT") for each in said]


def test_two_runs_with_one_seed_answer_alike_to_the_byte_and_another_seed_otherwise() -> None:
    first, second, other = told("--id-seed", "7"), told("--id-seed", "7"), told("--id-seed", "8")
    assert first == second
    assert all(one != another for one, another in zip(first[:3], other[:3], strict=True)), "the seed changes nothing"
