"""Sixteen threads at once, on a server that changes threads all the time: nothing is lost and nothing is doubled."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.emulator.conftest import MANAGEMENT, PAYMENTS, RECOVERY, ROOT, ControlRefused, Emulator
from tests.emulator.worlds.recovery import Recovery

THREADS = 16
ROUNDS = 3
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": PAYMENTS}, "Action": "sts:AssumeRole"}],
    }
)
# Python changes threads every 5 ms by default, which hides most races; here after every few instructions.
NERVOUS = "import sys; sys.setswitchinterval(1e-6); from emulator.__main__ import main; main(['--check-answers'])"
POLICY = json.dumps({"plans": {}})


@pytest.fixture(scope="module")
def nervous() -> Iterator[Emulator]:
    process = subprocess.Popen([sys.executable, "-c", NERVOUS], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield Emulator(process.stdout.readline().split()[-1])
    process.terminate()
    process.stdout.close()
    process.wait(timeout=60)


@pytest.fixture
def emulator(nervous: Emulator) -> Emulator:
    nervous.reset()
    return nervous


@cache
def pooled(emulator: Emulator, service: str, account: str = PAYMENTS) -> Any:
    return emulator.client(service, account, config=Config(max_pool_connections=THREADS))


def at_once(call: Callable[[int], Any], times: int = THREADS) -> list[Any]:
    """Call with every number below `times`; the threads wait for one another before they begin."""
    start = Barrier(THREADS)

    def work(thread: int) -> list[Any]:
        start.wait(timeout=60)
        return [call(number) for number in range(thread, times, THREADS)]

    with ThreadPoolExecutor(THREADS) as pool:
        return [result for results in pool.map(work, range(THREADS)) for result in results]


def outcome(call: Callable[..., Any], **parameters: Any) -> str:
    try:
        call(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "made"


def table(emulator: Emulator, name: str) -> dict[str, Any]:
    return {
        "TableName": name,
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }


def test_no_count_is_lost(emulator: Emulator) -> None:
    dynamodb = pooled(emulator, "dynamodb")
    dynamodb.create_table(**table(emulator, "counters"))

    def count(_: int) -> None:
        dynamodb.update_item(
            TableName="counters",
            Key={"id": {"S": "one"}},
            UpdateExpression="ADD hits :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    for _ in range(ROUNDS):
        at_once(count, 4 * THREADS)
    found = dynamodb.get_item(TableName="counters", Key={"id": {"S": "one"}})["Item"]["hits"]["N"]
    assert int(found) == ROUNDS * 4 * THREADS


@pytest.mark.parametrize(
    ("service", "account", "method", "parameters", "taken"),
    [
        ("backup", PAYMENTS, "create_backup_vault", {"BackupVaultName": "NAME"}, "AlreadyExistsException"),
        (
            "backup",
            PAYMENTS,
            "create_logically_air_gapped_backup_vault",
            {"BackupVaultName": "NAME", "MinRetentionDays": 7, "MaxRetentionDays": 30},
            "AlreadyExistsException",
        ),
        (
            "iam",
            PAYMENTS,
            "create_role",
            {"RoleName": "NAME", "AssumeRolePolicyDocument": TRUST},
            "EntityAlreadyExists",
        ),
        ("dynamodb", PAYMENTS, "create_table", {"TableName": "NAME"}, "ResourceInUseException"),
        (
            "organizations",
            MANAGEMENT,
            "create_policy",
            {"Name": "NAME", "Description": "d", "Type": "BACKUP_POLICY", "Content": POLICY},
            "DuplicatePolicyException",
        ),
    ],
    ids=["vault", "air-gapped vault", "role", "table", "policy"],
)
def test_of_many_creations_of_one_name_one_succeeds(
    emulator: Emulator, service: str, account: str, method: str, parameters: dict[str, Any], taken: str
) -> None:
    emulator.seed()
    create = getattr(pooled(emulator, service, account), method)
    for number in range(ROUNDS):
        name = f"only-{number}"
        given = {key: name if value == "NAME" else value for key, value in parameters.items()}
        if service == "dynamodb":
            given = table(emulator, name)
        results = Counter(at_once(lambda _, given=given: outcome(create, **given)))  # type: ignore[misc]
        assert results == {"made": 1, taken: THREADS - 1}


def test_one_team_of_a_name_is_made(emulator: Emulator) -> None:
    recovery = Recovery.prepare(emulator)
    mpa = pooled(emulator, "mpa", RECOVERY)
    for number in range(ROUNDS):
        request = recovery.request(f"team-{number}")
        results = Counter(at_once(lambda _, given=request: outcome(mpa.create_approval_team, **given)))  # type: ignore[misc]
        assert results == {"made": 1, "ConflictException": THREADS - 1}
    assert len(mpa.list_approval_teams()["ApprovalTeams"]) == ROUNDS


def test_one_share_of_a_client_token_is_made(emulator: Emulator) -> None:
    emulator.seed()
    ram = pooled(emulator, "ram", RECOVERY)
    arns = at_once(
        lambda _: ram.create_resource_share(name="share", clientToken="one")["resourceShare"]["resourceShareArn"]
    )
    assert len(set(arns)) == 1
    assert len(ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]) == 1


def test_sixteen_votes_at_a_threshold_of_eight_execute_once(emulator: Emulator) -> None:
    voters = [f"voter-{number:02d}" for number in range(THREADS)]
    recovery = Recovery.prepare(emulator, voters)
    team = recovery.active("quorum", 8, voters)
    for number in range(ROUNDS):
        before = recovery.team(team)["VersionId"]
        asked = recovery.mpa.update_approval_team(Arn=team, Description=f"text {number}")
        session = recovery.mpa.get_approval_team(Arn=team)["UpdateSessionArn"]
        assert session
        counted = at_once(lambda voter, session=session: vote(recovery, session, voters[voter]))  # type: ignore[misc]
        shown = recovery.session(session)
        assert (shown["Status"], shown["ExecutionStatus"]) == ("APPROVED", "EXECUTED")
        answers = [one["Response"] for one in shown["ApproverResponses"] if "Response" in one]
        assert answers.count("APPROVED") == counted.count("counted") == 8
        after = recovery.team(team)
        assert (after["VersionId"], after["Description"]) == (asked["VersionId"], f"text {number}")
        assert after["VersionId"] != before


def vote(recovery: Recovery, session: str, person: str) -> str:
    try:
        recovery.vote(session, person)
    except ControlRefused:
        return "too late"
    return "counted"


def test_every_assumed_role_is_a_session_of_its_own(emulator: Emulator) -> None:
    emulator.seed()
    pooled(emulator, "iam").create_role(RoleName="reader", AssumeRolePolicyDocument=TRUST)
    sts = pooled(emulator, "sts")
    arn = f"arn:aws:iam::{PAYMENTS}:role/reader"

    def assume(number: int) -> tuple[str, str]:
        given = sts.assume_role(RoleArn=arn, RoleSessionName=f"session-{number}")
        return given["Credentials"]["AccessKeyId"], given["AssumedRoleUser"]["Arn"]

    results = at_once(assume, 4 * THREADS)
    assert len({key for key, _ in results}) == 4 * THREADS
    wanted = {f"arn:aws:sts::{PAYMENTS}:assumed-role/reader/session-{number}" for number in range(4 * THREADS)}
    assert {user for _, user in results} == wanted


def test_every_object_and_every_version_is_kept(emulator: Emulator) -> None:
    s3 = pooled(emulator, "s3")
    s3.create_bucket(Bucket="race")
    s3.put_bucket_versioning(Bucket="race", VersioningConfiguration={"Status": "Enabled"})
    count = 4 * THREADS
    at_once(lambda number: s3.put_object(Bucket="race", Key=f"own-{number}", Body=str(number).encode()), count)
    at_once(lambda number: s3.put_object(Bucket="race", Key="shared", Body=str(number).encode()), count)
    bodies = {s3.get_object(Bucket="race", Key=f"own-{number}")["Body"].read() for number in range(count)}
    assert bodies == {str(number).encode() for number in range(count)}
    versions = s3.list_object_versions(Bucket="race", Prefix="shared")["Versions"]
    kept = {s3.get_object(Bucket="race", Key="shared", VersionId=one["VersionId"])["Body"].read() for one in versions}
    assert kept == bodies
