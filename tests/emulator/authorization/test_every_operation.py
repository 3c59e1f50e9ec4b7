"""No operation slips past the policies, whatever stands in its request; and no request makes the evaluation fail."""

from typing import Any

import pytest
from botocore.exceptions import ParamValidationError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.emulator.authorization.people import deny, enforce, user
from tests.emulator.conftest import PAYMENTS, Emulator
from tests.emulator.models.fuzz_inputs import Inputs
from tests.emulator.models.fuzz_wire import Composer, Line, complaint

SERVICES = ("backup", "mpa", "ram", "organizations", "sts", "kms", "iam", "s3")
FREE = {"GetCallerIdentity", "GetSessionToken"}
# Every key that is looked up, asked for by a statement of its own.
KEYS = (
    "aws:CalledVia",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalTag/x",
    "aws:PrincipalType",
    "aws:RequestTag/x",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:ResourceTag/x",
    "aws:SecureTransport",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:ViaAWSService",
    "aws:userid",
    "aws:username",
    "backup:MinRetentionDays",
    "iam:PermissionsBoundary",
    "kms:ResourceAliases",
    "mpa:RequestedOperation",
    "organizations:PolicyType",
    "ram:Principal",
    "s3:ExistingObjectTag/x",
    "s3:prefix",
    "sts:ExternalId",
)
NEVER = "no request has this value"


def every_key() -> list[dict[str, Any]]:
    """Statements that deny nothing, because no key has that value, but ask for each."""
    asked = [deny("*", Condition={"ForAnyValue:StringEquals": {name: NEVER}}) for name in KEYS]
    return [*asked, deny("*", resource="arn:aws:s3:::${aws:PrincipalTag/x}/${aws:username}")]


@pytest.mark.parametrize("service", SERVICES)
def test_a_user_without_an_allow_is_refused_whatever_it_asks(emulator: Emulator, service: str) -> None:
    emulator.seed()
    emulator.client("backup", PAYMENTS).create_backup_vault(BackupVaultName="local")
    key = user(emulator, *every_key())["aws_access_key_id"]
    arn = emulator.client("kms", PAYMENTS).create_key()["KeyMetadata"]["Arn"]
    enforce(emulator)
    composer = Composer(service)
    inputs = Inputs(composer.model, {"vaultname": ("local",), "arn": (arn,), "keyid": (arn, "alias/x", "x:y:z")})
    strategies = {name: inputs.parameters(name) for name in composer.operations() if name not in FREE}
    line = Line(emulator.url)
    complaints: dict[str, str] = {}
    refused: set[str] = set()

    @settings(
        max_examples=max(60, 3 * len(strategies)),
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def ask(data: Any) -> None:
        operation = data.draw(st.sampled_from(sorted(strategies)))
        try:
            wire = composer.compose(operation, data.draw(strategies[operation]), account=key, region="us-east-1")
        except (OverflowError, ParamValidationError):
            return  # Not even a wrong request can be made of it.
        reply = line.send(wire)
        wrong = complaint(wire, reply)
        if wrong or reply.status < 400 or reply.status == 501:
            complaints.setdefault(operation, wrong or f"{operation} was answered with {reply.status}")
        if "AccessDenied" in reply.code or (reply.status == 403 and wire.method == "HEAD"):
            refused.add(operation)

    try:
        ask()
    finally:
        line.close()
    assert not complaints, "\n\n".join(complaints.values())
    assert len(refused) > len(strategies) / 3, "most requests were refused for their form, so little was tried"
