"""Two clients that this project did not write, with nothing set but AWS's own configuration file: boto3 and `aws`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore import xform_name

from tests.emulator.conftest import LANDING, MANAGEMENT, PAYMENTS, RECOVERY, Emulator
from tools.engine.forks import SERVER, forked

HOME, TEAMS = "eu-west-1", "us-east-1"
POLICY = "arn:aws:mpa:::aws:policy/backup.amazonaws.com/CreateRestoreAccessVault/$DEFAULT"
ACCOUNTS = {"management": MANAGEMENT, "payments": PAYMENTS, "recovery": RECOVERY, "landing": LANDING}
LEDGER = b"in the black"


def environment(folder: Path) -> dict[str, str]:
    """What both clients are started with: the file that the emulator wrote, and nothing of this machine's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    own = {
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "HOME": str(folder),
    }
    return {**kept, **own}


class Client(Protocol):
    """One way of calling AWS: by profile, service and operation."""

    def call(
        self, profile: str, service: str, operation: str, parameters: dict[str, Any], region: str = HOME
    ) -> dict[str, Any]: ...

    def put(self, profile: str, bucket: str, key: str, body: bytes) -> None: ...

    def get(self, profile: str, bucket: str, key: str) -> bytes: ...


class Boto3:
    """boto3 as a program that knows nothing of the emulator uses it. `AWS_CONFIG_FILE` has to be set already."""

    def __init__(self) -> None:
        self._sessions: dict[str, Any] = {}

    def client(self, profile: str, service: str, region: str = HOME) -> Any:
        if profile not in self._sessions:
            self._sessions[profile] = boto3.Session(profile_name=profile)
        return self._sessions[profile].client(service, region_name=region)

    def call(
        self, profile: str, service: str, operation: str, parameters: dict[str, Any], region: str = HOME
    ) -> dict[str, Any]:
        found: dict[str, Any] = getattr(self.client(profile, service, region), xform_name(operation))(**parameters)
        return found

    def put(self, profile: str, bucket: str, key: str, body: bytes) -> None:
        self.client(profile, "s3").put_object(Bucket=bucket, Key=key, Body=body)

    def get(self, profile: str, bucket: str, key: str) -> bytes:
        body: bytes = self.client(profile, "s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return body


class CommandLine:
    """The `aws` command, one process a call, forked where there is a fork server: starting took most of its time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._program = str(Path(sys.executable).with_name("aws"))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            forked(self._program, *arguments),
            env={**environment(self._folder), SERVER: os.environ.get(SERVER, "")},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def text(self, *arguments: str) -> str:
        """What a command prints; it has to succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, f"aws {' '.join(arguments)} ended with {done.returncode}: {done.stderr}"
        return done.stdout

    def call(
        self, profile: str, service: str, operation: str, parameters: dict[str, Any], region: str = HOME
    ) -> dict[str, Any]:
        command = xform_name(operation, "-")
        given = ["--cli-input-json", json.dumps(parameters)] if parameters else []
        common = ["--profile", profile, "--region", region, "--output", "json"]
        # `aws s3` has commands of its own; the operations are those of `aws s3api`.
        printed = self.text("s3api" if service == "s3" else service, command, *given, *common)
        found: dict[str, Any] = json.loads(printed) if printed.strip() else {}
        return found

    def put(self, profile: str, bucket: str, key: str, body: bytes) -> None:
        source = self._folder / "upload"
        source.write_bytes(body)
        self.text("s3", "cp", str(source), f"s3://{bucket}/{key}", "--profile", profile)

    def get(self, profile: str, bucket: str, key: str) -> bytes:
        target = self._folder / "download"
        self.text("s3", "cp", f"s3://{bucket}/{key}", str(target), "--profile", profile)
        return target.read_bytes()


class Story:
    """Set-up, request, vote and restore across two organizations, told through one client."""

    def __init__(self, client: Client, emulator: Emulator, seeded: dict[str, Any]) -> None:
        self._client = client
        self._emulator = emulator
        self._center = seeded["organizations"][1]["identity_center"]
        self._people = [user["user_id"] for user in self._center["users"]]

    def tell(self) -> bytes:
        """The content that comes back in the recovery account, after the owner has changed his."""
        team = self._team()
        vault = self._vault(team)
        return self._recovered(vault)

    def _team(self) -> str:
        call = self._client.call
        instance = {"IamIdentityCenter": {"InstanceArn": self._center["instance_arn"], "Region": TEAMS}}
        source = call("recovery", "mpa", "CreateIdentitySource", {"IdentitySourceParameters": instance}, TEAMS)
        arn = source["IdentitySourceArn"]
        call("recovery", "mpa", "GetIdentitySource", {"IdentitySourceArn": arn}, TEAMS)
        request = {
            "Name": "quorum",
            "Description": "Opens vaults.",
            "ApprovalStrategy": {"MofN": {"MinApprovalsRequired": 2}},
            "Approvers": [{"PrimaryIdentityId": one, "PrimaryIdentitySourceArn": arn} for one in self._people],
            "Policies": [{"PolicyArn": POLICY}],
        }
        team: str = call("recovery", "mpa", "CreateApprovalTeam", request, TEAMS)["Arn"]
        for person in self._people:
            answer = {"team_arn": team, "identity_id": person, "response": "ACCEPTED"}
            self._emulator.control("POST", "invitations", answer)
        share = {
            "name": "quorum",
            "resourceArns": [team],
            "principals": [PAYMENTS, LANDING],
            "allowExternalPrincipals": True,
        }
        call("recovery", "ram", "CreateResourceShare", share, TEAMS)
        for profile in ("payments", "landing"):
            got = call(profile, "ram", "GetResourceShareInvitations", {}, TEAMS)["resourceShareInvitations"]
            for invitation in got:
                accepted = {"resourceShareInvitationArn": invitation["resourceShareInvitationArn"]}
                call(profile, "ram", "AcceptResourceShareInvitation", accepted, TEAMS)
        return team

    def _vault(self, team: str) -> str:
        """A backup of a bucket in an air-gapped vault that the team guards."""
        call = self._client.call
        call("management", "backup", "UpdateGlobalSettings", {"GlobalSettings": {"isMpaEnabled": "true"}})
        self._bucket("payments", "ledgers")
        self._client.put("payments", "ledgers", "2026", LEDGER)
        call("payments", "backup", "CreateBackupVault", {"BackupVaultName": "local"})
        gapped = {"BackupVaultName": "gapped", "MinRetentionDays": 7, "MaxRetentionDays": 90}
        vault: str = call("payments", "backup", "CreateLogicallyAirGappedBackupVault", gapped)["BackupVaultArn"]
        wanted = {
            "BackupVaultName": "local",
            "LogicallyAirGappedBackupVaultArn": vault,
            "ResourceArn": "arn:aws:s3:::ledgers",
            "IamRoleArn": self._role("payments"),
            "Lifecycle": {"DeleteAfterDays": 35},
        }
        job = {"BackupJobId": call("payments", "backup", "StartBackupJob", wanted)["BackupJobId"]}
        assert self._ended("payments", "DescribeBackupJob", job, "State") == "COMPLETED"
        guard = {"BackupVaultName": "gapped", "MpaApprovalTeamArn": team}
        call("payments", "backup", "AssociateBackupVaultMpaApprovalTeam", guard)
        self._client.put("payments", "ledgers", "2026", b"encrypted by somebody else")
        return vault

    def _recovered(self, vault: str) -> bytes:
        call = self._client.call
        asked = {"SourceBackupVaultArn": vault, "BackupVaultName": "access", "RequesterComment": "we lost everything"}
        call("landing", "backup", "CreateRestoreAccessBackupVault", asked)
        shown = call("landing", "backup", "DescribeBackupVault", {"BackupVaultName": "access"})
        assert shown["VaultState"] == "CREATING", "nobody has voted yet"
        for person in self._people[:2]:
            vote = {"session_arn": shown["MpaSessionArn"], "identity_id": person, "response": "APPROVED"}
            self._emulator.control("POST", "votes", vote)
        points = call("landing", "backup", "ListRecoveryPointsByBackupVault", {"BackupVaultName": "access"})
        self._bucket("landing", "landed")
        wanted = {
            "RecoveryPointArn": points["RecoveryPoints"][0]["RecoveryPointArn"],
            "IamRoleArn": self._role("landing"),
            "Metadata": {"DestinationBucketName": "landed", "NewBucket": "false", "Encrypted": "false"},
        }
        job = {"RestoreJobId": call("landing", "backup", "StartRestoreJob", wanted)["RestoreJobId"]}
        assert self._ended("landing", "DescribeRestoreJob", job, "Status") == "COMPLETED"
        return self._client.get("landing", "landed", "2026")

    def _ended(self, profile: str, operation: str, job: dict[str, Any], member: str) -> str:
        state = ""
        for _ in range(4):
            state = self._client.call(profile, "backup", operation, job)[member]
            if state in ("COMPLETED", "FAILED", "ABORTED"):
                break
        return state

    def _bucket(self, profile: str, name: str) -> None:
        made = {"Bucket": name, "CreateBucketConfiguration": {"LocationConstraint": HOME}}
        self._client.call(profile, "s3", "CreateBucket", made)
        versioned = {"Bucket": name, "VersioningConfiguration": {"Status": "Enabled"}}
        self._client.call(profile, "s3", "PutBucketVersioning", versioned)

    def _role(self, profile: str) -> str:
        trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made = {"RoleName": "backup", "AssumeRolePolicyDocument": document}
        arn: str = self._client.call(profile, "iam", "CreateRole", made)["Role"]["Arn"]
        return arn
