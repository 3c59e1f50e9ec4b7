"""Another service is one new folder: found, recorded, announced, authorized and emptied without a line elsewhere."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import BUNKER, ROOT, Emulator
from tests.emulator.worlds.events import REGION, Queue, rule

SERVICES = ROOT / "tests" / "emulator" / "services"
START = (
    "import sys; from pathlib import Path; from emulator import server; from emulator.moto import install; "
    "install.install(Path(sys.argv[1])); server.run(server.Options())"
)
ZONE = {"version": "3.3", "manifest": {"governedRegions": [REGION]}}


@pytest.fixture(scope="module")
def process() -> Iterator[Emulator]:
    started = subprocess.Popen(
        [sys.executable, "-c", START, str(SERVICES)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    line = started.stdout.readline()
    assert line.startswith("emulator ready on"), f"The emulator did not start; it said {line!r}."
    yield Emulator(line.split()[-1])
    started.terminate()
    started.stdout.close()
    started.wait(timeout=10)


@pytest.fixture
def extended(process: Emulator) -> Emulator:
    process.reset()
    return process


def test_its_operations_are_answered_and_a_reset_empties_it(extended: Emulator) -> None:
    client = extended.client("controltower", BUNKER, REGION)
    arn = client.create_landing_zone(**ZONE)["arn"]
    assert client.list_landing_zones()["landingZones"] == [{"arn": arn}]
    extended.reset()
    assert client.list_landing_zones()["landingZones"] == []


def test_its_errors_and_its_models_limits_are_aws_shaped(extended: Emulator) -> None:
    client = extended.client("controltower", BUNKER, REGION)
    client.create_landing_zone(**ZONE)
    with pytest.raises(client.exceptions.ConflictException):
        client.create_landing_zone(**ZONE)
    with pytest.raises(client.exceptions.ValidationException):
        client.create_landing_zone(**{**ZONE, "version": "a version much longer than the model lets it be"})


def test_what_it_has_not_is_said_to_be_missing(extended: Emulator) -> None:
    with pytest.raises(ClientError, match="controltower:DeleteLandingZone is not modelled") as error:
        extended.client("controltower", BUNKER, REGION).delete_landing_zone(landingZoneIdentifier="x")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_its_calls_are_in_the_event_history_with_what_they_made(extended: Emulator) -> None:
    arn = extended.client("controltower", BUNKER, REGION).create_landing_zone(**ZONE)["arn"]
    by_name = {"AttributeKey": "ResourceName", "AttributeValue": arn}
    client = extended.client("cloudtrail", BUNKER, REGION)
    [event] = client.lookup_events(LookupAttributes=[by_name])["Events"]
    assert (event["EventName"], event["EventSource"]) == ("CreateLandingZone", "controltower.amazonaws.com")
    assert json.loads(event["CloudTrailEvent"])["requestParameters"]["version"] == "3.3"


def test_what_it_announces_reaches_a_rule(extended: Emulator) -> None:
    queue = Queue(extended)
    rule(extended, {"source": ["aws.controltower"]}, {"Arn": queue.arn})
    arn = extended.client("controltower", BUNKER, REGION).create_landing_zone(**ZONE)["arn"]
    [event] = queue.bodies()
    assert (event["detail"]["landingZone"], event["resources"]) == (arn, [arn])


def test_its_actions_need_a_permission_where_policies_are_enforced(extended: Emulator) -> None:
    iam = extended.client("iam", BUNKER)
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    client = extended.client("controltower", BUNKER, REGION, **keys)
    extended.control("POST", "enforcement", {"on": True})
    with pytest.raises(ClientError, match="controltower:CreateLandingZone"):
        client.create_landing_zone(**ZONE)
    allowed = {"Effect": "Allow", "Action": "controltower:CreateLandingZone", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName="ada", PolicyName="zones", PolicyDocument=document)
    assert client.create_landing_zone(**ZONE)["arn"]


def test_a_service_of_moto_is_extended_by_a_folder_too(extended: Emulator) -> None:
    client = extended.client("config", BUNKER, REGION)
    assert client.describe_remediation_exceptions(ConfigRuleName="any")["RemediationExceptions"] == []
