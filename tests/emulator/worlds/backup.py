"""A small world for the tests of AWS Backup: vaults with content, a team that votes, and people who answer."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

REGION = "eu-west-1"
MANAGEMENT, AUDIT, BUNKER, PAYMENTS = "111111111111", "222222222222", "333333333333", "444444444444"
RECOVERY, LANDING = "777777777777", "888888888888"
APPROVERS = ("ada.lind", "bo.berg", "cleo.dahl")
DAY = 24 * 3600
BLOCK = 512 * 1024


# Making a client costs a third of a second, a call a few milliseconds.
_clients: dict[tuple[str, str, str, str], Any] = {}


class World:
    """Accounts of two organizations, and short ways to what a test needs."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        self.seeded = emulator.seed()

    def client(self, service: str, account: str, region: str = REGION) -> Any:
        key = (self.emulator.url, service, account, region)
        if key not in _clients:
            client = _clients[key] = self.emulator.client(service, account, region)
            client.meta.events.register("after-call.backup", _check_answer)
        return _clients[key]

    def backup(self, account: str = PAYMENTS, region: str = REGION) -> Any:
        return self.client("backup", account, region)

    # What has to be there before a backup

    def role(self, account: str = PAYMENTS, name: str = "airlock-backup") -> str:
        iam = self.client("iam", account)
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
        try:
            arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        except iam.exceptions.EntityAlreadyExistsException:
            arn = iam.get_role(RoleName=name)["Role"]["Arn"]
        return arn

    def vault(self, name: str = "local", account: str = PAYMENTS, **more: Any) -> str:
        arn: str = self.backup(account).create_backup_vault(BackupVaultName=name, **more)["BackupVaultArn"]
        return arn

    def air_gapped(self, name: str = "gapped", account: str = PAYMENTS, low: int = 7, high: int = 90) -> str:
        backup = self.backup(account)
        arn: str = backup.create_logically_air_gapped_backup_vault(
            BackupVaultName=name, MinRetentionDays=low, MaxRetentionDays=high
        )["BackupVaultArn"]
        return arn

    def bucket(
        self, name: str = "payments-data", account: str = PAYMENTS, versioned: bool = True, **objects: bytes
    ) -> str:
        s3 = self.client("s3", account)
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        if versioned:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        for key, body in (objects or {"ledger": b"in the black"}).items():
            s3.put_object(Bucket=name, Key=key, Body=body, Metadata={"book": "main"}, Tagging="kind=ledger")
        return f"arn:aws:s3:::{name}"

    def table(self, name: str = "accounts", account: str = PAYMENTS, items: int = 3) -> str:
        dynamodb = self.client("dynamodb", account)
        made = dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "day", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "day", "AttributeType": "N"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        for number in range(items):
            item = {"id": {"S": f"account-{number}"}, "day": {"N": "1"}, "sum": {"N": "42"}, "tags": {"SS": ["a", "b"]}}
            dynamodb.put_item(TableName=name, Item=item)
        arn: str = made["TableDescription"]["TableArn"]
        return arn

    def advanced_dynamodb(self, account: str = PAYMENTS) -> None:
        self.backup(account).update_region_settings(ResourceTypeManagementPreference={"DynamoDB": True})

    def volume(self, blocks: dict[int, bytes], account: str = PAYMENTS, **more: Any) -> str:
        """A volume with these blocks, each the given byte over and over."""
        ebs, ec2 = self.client("ebs", account), self.client("ec2", account)
        snapshot = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
        for index, byte in blocks.items():
            data = byte * BLOCK
            ebs.put_snapshot_block(
                SnapshotId=snapshot,
                BlockIndex=index,
                BlockData=data,
                DataLength=BLOCK,
                Checksum=base64.b64encode(hashlib.sha256(data).digest()).decode(),
                ChecksumAlgorithm="SHA256",
            )
        ebs.complete_snapshot(SnapshotId=snapshot, ChangedBlocksCount=len(blocks))
        made = ec2.create_volume(SnapshotId=snapshot, AvailabilityZone=f"{REGION}a", **more)
        return f"arn:aws:ec2:{REGION}:{account}:volume/{made['VolumeId']}"

    def blocks(self, volume_arn: str, account: str) -> dict[int, bytes]:
        """What is on a volume, read as any program would: a snapshot of it through the EBS direct APIs."""
        ebs, ec2 = self.client("ebs", account), self.client("ec2", account)
        snapshot = ec2.create_snapshot(VolumeId=volume_arn.partition("volume/")[2])["SnapshotId"]
        found = {}
        for block in ebs.list_snapshot_blocks(SnapshotId=snapshot)["Blocks"]:
            answer = ebs.get_snapshot_block(
                SnapshotId=snapshot, BlockIndex=block["BlockIndex"], BlockToken=block["BlockToken"]
            )
            found[block["BlockIndex"]] = answer["BlockData"].read()
        return found

    # Jobs

    def back_up(
        self, resource_arn: str, account: str = PAYMENTS, vault: str = "local", days: int | None = 14, **more: Any
    ) -> dict[str, Any]:
        """Run an on-demand backup job to its end."""
        backup = self.backup(account)
        if days is not None:
            more["Lifecycle"] = {"DeleteAfterDays": days}
        job = backup.start_backup_job(
            BackupVaultName=vault, ResourceArn=resource_arn, IamRoleArn=self.role(account), **more
        )
        return finished(lambda: backup.describe_backup_job(BackupJobId=job["BackupJobId"]), "State")

    def copy(
        self, point_arn: str, to: str, days: int | None = 35, account: str = PAYMENTS, vault: str = "local"
    ) -> dict[str, Any]:
        """Run a copy job to its end."""
        backup = self.backup(account)
        more = {} if days is None else {"Lifecycle": {"DeleteAfterDays": days}}
        job = backup.start_copy_job(
            RecoveryPointArn=point_arn,
            SourceBackupVaultName=vault,
            DestinationBackupVaultArn=to,
            IamRoleArn=self.role(account),
            **more,
        )
        return finished(lambda: backup.describe_copy_job(CopyJobId=job["CopyJobId"])["CopyJob"], "State")

    def restore(self, point_arn: str, metadata: dict[str, str], account: str = PAYMENTS) -> dict[str, Any]:
        """Run a restore job to its end."""
        backup = self.backup(account)
        job = backup.start_restore_job(
            RecoveryPointArn=point_arn, Metadata=metadata, IamRoleArn=self.role(account, "airlock-restore")
        )
        return finished(lambda: backup.describe_restore_job(RestoreJobId=job["RestoreJobId"]), "Status")

    def air_gapped_point(self, resource_arn: str | None = None, name: str = "gapped") -> tuple[str, str]:
        """A point in a new air-gapped vault of PAYMENTS; the ARNs of point and vault."""
        vault_arn = self.air_gapped(name)
        self.vault("local-of-" + name)
        job = self.back_up(
            resource_arn or self.bucket(),
            vault="local-of-" + name,
            days=35,
            LogicallyAirGappedBackupVaultArn=vault_arn,
        )
        return job["RecoveryPointArn"], vault_arn

    # The team

    def people(self) -> dict[str, str]:
        """User ids of the approvers by user name."""
        center = self.seeded["organizations"][1]["identity_center"]
        return {user["user_name"]: user["user_id"] for user in center["users"]}

    def team(self, name: str = "quorum", shared_with: tuple[str, ...] = (PAYMENTS, LANDING), threshold: int = 2) -> str:
        """An active team of the recovery organization, shared with the accounts, shares accepted."""
        team_arn = self.unanswered_team(name, threshold)
        for identity_id in self.people().values():
            self.emulator.control(
                "POST",
                "invitations",
                {"team_arn": team_arn, "identity_id": identity_id, "response": "ACCEPTED"},
            )
        for account in shared_with:
            self.share(team_arn, RECOVERY, account, "us-east-1")
        return team_arn

    def unanswered_team(self, name: str, threshold: int = 2) -> str:
        mpa = self.client("mpa", RECOVERY, "us-east-1")
        sources = mpa.list_identity_sources()["IdentitySources"]
        center = self.seeded["organizations"][1]["identity_center"]
        source = (
            sources[0]["IdentitySourceArn"]
            if sources
            else mpa.create_identity_source(
                IdentitySourceParameters={
                    "IamIdentityCenter": {"InstanceArn": center["instance_arn"], "Region": center["region"]}
                }
            )["IdentitySourceArn"]
        )
        for _ in range(3):
            mpa.get_identity_source(IdentitySourceArn=source)
        team_arn: str = mpa.create_approval_team(
            Name=name,
            Description="Opens vaults.",
            ApprovalStrategy={"MofN": {"MinApprovalsRequired": threshold}},
            Approvers=[
                {"PrimaryIdentityId": identity_id, "PrimaryIdentitySourceArn": source}
                for identity_id in self.people().values()
            ],
            Policies=[{"PolicyArn": "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT"}],
        )["Arn"]
        for _ in range(2):
            mpa.get_approval_team(Arn=team_arn)
        return team_arn

    def share(self, resource_arn: str, owner: str, account: str, region: str = REGION, accept: bool = True) -> str:
        ram, consumer = self.client("ram", owner, region), self.client("ram", account, region)
        share_arn: str = ram.create_resource_share(
            name=f"for-{account}", resourceArns=[resource_arn], principals=[account], allowExternalPrincipals=True
        )["resourceShare"]["resourceShareArn"]
        if accept:
            for invitation in consumer.get_resource_share_invitations()["resourceShareInvitations"]:
                if invitation["resourceShareArn"] == share_arn and invitation["status"] == "PENDING":
                    consumer.accept_resource_share_invitation(
                        resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
                    )
        return share_arn

    def switch_mpa(self, on: bool = True) -> None:
        self.backup(MANAGEMENT).update_global_settings(GlobalSettings={"isMpaEnabled": str(on).lower()})

    def guarded_point(self) -> tuple[str, str]:
        """A point in an air-gapped vault that the team guards; the ARNs of point and vault."""
        point_arn, vault_arn = self.air_gapped_point()
        self.switch_mpa()
        self.backup().associate_backup_vault_mpa_approval_team(BackupVaultName="gapped", MpaApprovalTeamArn=self.team())
        return point_arn, vault_arn

    def vote(self, session_arn: str, response: str, *voters: str) -> None:
        for name in voters:
            self.emulator.control(
                "POST",
                "votes",
                {"session_arn": session_arn, "identity_id": self.people()[name], "response": response},
            )

    def approve(self, session_arn: str) -> None:
        self.vote(session_arn, "APPROVED", "ada.lind", "bo.berg")

    def reject(self, session_arn: str) -> None:
        self.vote(session_arn, "REJECTED", "ada.lind", "bo.berg")

    def ask_for_access(self, vault_arn: str, name: str = "access-1", account: str = LANDING) -> str:
        """Request access from the recovery side; the ARN of the session."""
        backup = self.backup(account)
        backup.create_restore_access_backup_vault(
            SourceBackupVaultArn=vault_arn, BackupVaultName=name, RequesterComment="we lost everything"
        )
        session: str = backup.describe_backup_vault(BackupVaultName=name)["MpaSessionArn"]
        return session


def _check_answer(model: Any, parsed: dict[str, Any], **_: Any) -> None:
    """Every answer that any test gets is held against botocore's model of its operation."""
    if parsed["ResponseMetadata"]["HTTPStatusCode"] < 300 and model.output_shape is not None:
        answer = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        report = ParamValidator().validate(answer, model.output_shape)
        assert not report.has_errors(), f"{model.name} answered against its model: {report.generate_report()}"
        _check_enums(model.output_shape, answer, model.name)


def _check_enums(shape: Any, value: Any, where: str) -> None:
    """What botocore's own validator leaves out."""
    if shape.type_name == "structure":
        for name, part in value.items():
            _check_enums(shape.members[name], part, f"{where}.{name}")
    elif shape.type_name == "list":
        for part in value:
            _check_enums(shape.member, part, where)
    elif shape.type_name == "string" and shape.enum:
        assert value in shape.enum, f"{where} is {value!r}, which its model does not have"


def finished(look: Callable[[], dict[str, Any]], member: str) -> dict[str, Any]:
    """Look until the job is over; a job that needs more than three looks in the fast pace is broken."""
    for _ in range(4):
        job = look()
        if job[member] in ("COMPLETED", "FAILED", "ABORTED"):
            return job
    pytest.fail(f"The job did not end by being looked at: {job}")


def refused(code: str, call: Callable[..., Any], **parameters: Any) -> str:
    """Make a call that has to be refused with that code; the message."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    assert error["Code"] == code, f"expected {code}, got {error['Code']}: {error['Message']}"
    status = caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
    assert status == 400, f"AWS Backup's errors are HTTP 400, this was {status}"
    return str(error["Message"])
