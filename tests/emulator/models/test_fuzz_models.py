"""Random requests from the service models: an answer that AWS could give, or the 501, and never a change by a refusal.

An ordinary run makes ten thousand; `AIRLOCK_FUZZ=20` (`make deep`) makes twenty times as many.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.emulator.conftest import BUNKER, LANDING, MANAGEMENT, PAYMENTS, RECOVERY, Emulator
from tests.emulator.models.fuzz_inputs import BODIES, CONTENT_TYPES, Inputs
from tests.emulator.models.fuzz_wire import Composer, Line, complaint
from tests.emulator.worlds.backup import World

# Requests where `AIRLOCK_FUZZ` is 1, ten thousand in all; more for a service of more operations.
REQUESTS = {
    "mpa": 1500,
    "backup": 3000,
    "ram": 1500,
    "organizations": 1700,
    "sts": 200,
    "iam": 500,
    "kms": 400,
    "s3": 300,
    "ebs": 150,
    "ec2": 200,
    "dynamodb": 150,
    "sns": 100,
    "events": 150,
    "cloudtrail": 50,
    "sso-admin": 50,
    "identitystore": 50,
}
TIMES = float(os.environ.get("AIRLOCK_FUZZ", "1"))
pytestmark = pytest.mark.fuzz
IN_A_ROW = 10
"""In one example. hypothesis exchanges parts of each example to make further ones. Where an example is one small
request it has seen most of these before, and to look for new ones took longer than all requests."""
EVERY = 100
"""After so many requests the world is looked at."""

# Of moto's services, the operations that programs of this project use; of ours all.
USED = {
    "ec2": "DescribeVolumes CreateVolume CreateSnapshot DescribeSnapshots CreateTags DeleteVolume DescribeInstances"
    " EnableEbsEncryptionByDefault GetEbsEncryptionByDefault ModifyEbsDefaultKmsKeyId",
    "s3": "CreateBucket PutObject GetObject ListObjectsV2 DeleteObject PutBucketVersioning HeadObject PutBucketTagging"
    " PutObjectLockConfiguration ListObjectVersions ListBuckets DeleteBucket",
    "iam": "CreateRole GetRole DeleteRole PutRolePolicy GetRolePolicy AttachRolePolicy CreateUser CreatePolicy"
    " CreatePolicyVersion ListRoles TagRole CreateAccessKey UpdateAssumeRolePolicy",
    "kms": "CreateKey DescribeKey CreateAlias Encrypt Decrypt PutKeyPolicy GetKeyPolicy ListKeys EnableKeyRotation"
    " ScheduleKeyDeletion TagResource CreateGrant GenerateDataKey DisableKey",
    "dynamodb": "CreateTable DescribeTable PutItem GetItem Query Scan UpdateItem DeleteItem BatchWriteItem ListTables"
    " UpdateContinuousBackups TagResource",
    "sns": "CreateTopic Publish Subscribe ListTopics GetTopicAttributes SetTopicAttributes",
    "events": "PutRule PutTargets ListRules DescribeRule PutEvents RemoveTargets DeleteRule",
    "cloudtrail": "LookupEvents CreateTrail StartLogging DescribeTrails GetTrailStatus PutEventSelectors",
    "sso-admin": "ListInstances DescribeInstance",
    "identitystore": "CreateUser DescribeUser ListUsers GetUserId DeleteUser UpdateUser",
}
ACCOUNTS = (MANAGEMENT, RECOVERY, PAYMENTS, BUNKER, LANDING, "999999999999")
REGIONS = ("us-east-1", "eu-west-1")
READS = ("Get", "List", "Describe", "Lookup", "Head")


class Estate:
    """A world with something of everything, what is in it by the end of a member's name, and a digest of it."""

    def __init__(self, emulator: Emulator) -> None:
        self.world = World(emulator)
        world = self.world
        role, bucket, table = world.role(), world.bucket(), world.table()
        vault, team = world.vault("local"), world.team()
        job = world.back_up(bucket)
        plan = world.backup().create_backup_plan(
            BackupPlan={"BackupPlanName": "daily", "Rules": [{"RuleName": "r", "TargetBackupVaultName": "local"}]}
        )
        organization = emulator.client("organizations", MANAGEMENT)
        root = organization.list_roots()["Roots"][0]["Id"]
        unit = organization.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"][0]["Id"]
        policy = organization.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"][0]["Id"]
        key = world.client("kms", PAYMENTS).create_key()["KeyMetadata"]
        center = world.seeded["organizations"][1]["identity_center"]
        share = world.client("ram", RECOVERY, "us-east-1").get_resource_shares(resourceOwner="SELF")["resourceShares"]
        self._mpa = world.client("mpa", RECOVERY, "us-east-1")
        source = self._mpa.list_identity_sources()["IdentitySources"][0]["IdentitySourceArn"]
        session = self._mpa.start_approval_team_baseline(Arn=team)["BaselineSessionArn"]
        point, share_arn = job["RecoveryPointArn"], share[0]["resourceShareArn"]
        self.pool: dict[str, tuple[str, ...]] = {
            "vaultname": ("local", "gapped", "Default", "new-vault"),
            "vaultarn": (vault,),
            "recoverypointarn": (point,),
            "backupjobid": (job["BackupJobId"],),
            "planid": (plan["BackupPlanId"],),
            "teamarn": (team,),
            "sessionarn": (session,),
            "identitysourcearn": (source,),
            "sharearn": (share_arn,),
            "sharearns": (share_arn,),
            "rolearn": (role,),
            "rolename": ("airlock-backup", "new-role"),
            "resourcearn": (bucket, table, vault, team, share_arn),
            "resourcearns": (team, vault),
            "principals": (PAYMENTS, "999999999999", unit),
            "principal": (PAYMENTS, "backup.amazonaws.com"),
            "instancearn": (center["instance_arn"],),
            "identitystoreid": (center["identity_store_id"],),
            "userid": tuple(world.people().values()),
            "accountid": ACCOUNTS,
            "policyid": (policy,),
            "targetid": (root, unit, PAYMENTS),
            "parentid": (root, unit),
            "rootid": (root,),
            "keyid": (key["KeyId"], key["Arn"], "alias/x"),
            "bucket": ("payments-data", "new-bucket"),
            "tablename": ("accounts", "new-table"),
            "region": REGIONS,
            "name": ("one", "two"),
            "arn": (team, vault, role, share_arn, key["Arn"], table),
        }

    def digest(self) -> str:
        """What the services hold, without what only time changes."""
        try:
            return self._digest()
        except ClientError as error:
            # An account that was closed, or has left: that is what there is to see of it.
            return str(error)

    def _digest(self) -> str:
        client = self.world.client
        backup, organizations = client("backup", PAYMENTS), client("organizations", MANAGEMENT, "us-east-1")
        ram, iam = client("ram", RECOVERY, "us-east-1"), client("iam", PAYMENTS)
        found = [
            [
                [vault["BackupVaultName"], vault.get("MinRetentionDays"), vault.get("LockDate")]
                for vault in backup.list_backup_vaults()["BackupVaultList"]
            ],
            backup.list_backup_plans()["BackupPlansList"],
            [job["BackupJobId"] for job in backup.list_backup_jobs()["BackupJobs"]],
            client("backup", MANAGEMENT).describe_global_settings()["GlobalSettings"],
            backup.describe_region_settings()["ResourceTypeOptInPreference"],
            [(team["Arn"], team["ApprovalStrategy"]) for team in self._mpa.list_approval_teams()["ApprovalTeams"]],
            self._mpa.list_identity_sources()["IdentitySources"],
            [one["resourceShareArn"] for one in ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]],
            sorted(one["arn"] for one in ram.list_resources(resourceOwner="SELF")["resources"]),
            organizations.list_accounts()["Accounts"],
            organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"],
            organizations.list_roots()["Roots"],
            iam.list_roles()["Roles"],
            iam.list_users()["Users"],
            iam.list_policies(Scope="Local")["Policies"],
            client("s3", PAYMENTS).list_buckets()["Buckets"],
            client("dynamodb", PAYMENTS).list_tables()["TableNames"],
            client("kms", PAYMENTS).list_keys()["Keys"],
            client("sns", PAYMENTS).list_topics()["Topics"],
            client("events", PAYMENTS).list_rules()["Rules"],
        ]
        return json.dumps(found, default=str, sort_keys=True, indent=1)


@pytest.fixture(scope="module")
def standing(emulator_process: Emulator) -> Iterator[Estate]:
    emulator_process.reset()
    made = Estate(emulator_process)
    emulator_process.control("POST", "snapshots/estate")
    yield made
    emulator_process.reset()


@pytest.fixture
def estate(standing: Estate) -> Estate:
    """The estate as it was built: the requests for another service may have closed accounts in it."""
    standing.world.emulator.control("POST", "snapshots/estate/restore")
    return standing


class Observer:
    """Notices a world that is not what it was although every call since was refused."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._refused: list[str] = []
        self._changed = False
        self._seen = estate.digest()

    def note(self, operation: str, refused: bool) -> None:
        if refused:
            self._refused.append(operation)
        elif not operation.startswith(READS):
            self._changed = True
        if len(self._refused) >= EVERY:
            self.look()

    def look(self) -> None:
        now = self._estate.digest()
        assert self._changed or now == self._seen, (
            f"One of {sorted(set(self._refused))} was refused and changed something: {_difference(self._seen, now)}"
        )
        self._seen, self._refused, self._changed = now, [], False


def _difference(before: str, after: str) -> list[str]:
    old, new = before.splitlines(), after.splitlines()
    return [f"-{line}" for line in old if line not in new] + [f"+{line}" for line in new if line not in old]


@pytest.mark.parametrize("service", REQUESTS)
def test_every_random_request_gets_an_answer_that_aws_could_give(estate: Estate, service: str) -> None:
    composer = Composer(service)
    inputs = Inputs(composer.model, estate.pool)
    operations = USED[service].split() if service in USED else composer.operations()
    strategies = {name: inputs.parameters(name) for name in operations}
    line, observer = Line(estate.world.emulator.url), Observer(estate)
    complaints: dict[str, str] = {}

    @settings(
        max_examples=int(REQUESTS[service] * TIMES) // IN_A_ROW,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def ask(data: Any) -> None:
        for _ in range(IN_A_ROW):
            operation = data.draw(st.sampled_from(operations))
            who = {"account": data.draw(st.sampled_from(ACCOUNTS)), "region": data.draw(st.sampled_from(REGIONS))}
            if data.draw(st.integers(0, 11)) == 0:
                wire = composer.raw(operation, data.draw(BODIES), data.draw(st.sampled_from(CONTENT_TYPES)), **who)
            else:
                wire = composer.compose(operation, data.draw(strategies[operation]), **who)
            reply = line.send(wire)
            wrong = complaint(wire, reply)
            if wrong:
                complaints.setdefault(f"{operation} {reply.status}", wrong)
            observer.note(operation, refused=400 <= reply.status < 500)

    try:
        ask()
        observer.look()
    finally:
        line.close()
    assert not complaints, "\n\n".join(complaints.values())
