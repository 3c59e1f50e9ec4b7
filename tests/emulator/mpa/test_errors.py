"""Every error that the model of `mpa` names: how it is provoked, its HTTP code, and that nothing changed.

`PROVOKED` is the table. What no caller can provoke is ordered as a fault; what the model's limits forestall is named.
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

from tests.emulator.conftest import PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.recovery import ADA, POLICY, Recovery

UNQUALIFIED = POLICY.removesuffix("/$DEFAULT")
TAGS = {f"key-{number}": "value" for number in range(50)}
STATUS = {
    "AccessDeniedException": 403,
    "ConflictException": 409,
    "InternalServerException": 500,
    "InvalidParameterException": 400,
    "ResourceNotFoundException": 404,
    "ServiceQuotaExceededException": 402,
    "ThrottlingException": 429,
    "TooManyTagsException": 400,
    "ValidationException": 400,
}
ORDERED = {"ThrottlingException": "throttle", "InternalServerException": "error", "AccessDeniedException": "deny"}
# The model lets no more than 20 approvers through, so the quota of 20 is never what an update meets.
FORESTALLED = {("UpdateApprovalTeam", "ServiceQuotaExceededException")}


class Scene:
    """A recovery organization in which an error can be provoked, and the call that does it."""

    def __init__(self, recovery: Recovery) -> None:
        self.recovery = recovery
        self.account = RECOVERY
        self.arn = recovery.active()

    @property
    def missing(self) -> str:
        return f"{self.arn}0"

    @property
    def session(self) -> str:
        return str(self.recovery.mpa.start_approval_team_baseline(Arn=self.arn)["BaselineSessionArn"])

    @property
    def version(self) -> str:
        return str(self.recovery.team(self.arn)["VersionId"])

    def foreign(self, **inputs: Any) -> dict[str, Any]:
        """The same call from an account that the team is not shared with."""
        self.account = PAYMENTS
        return inputs

    def new_team(self, **changes: Any) -> dict[str, Any]:
        return {**self.recovery.request("another"), **changes}

    def pending(self) -> str:
        """The team while an update of it is voted on."""
        self.recovery.mpa.update_approval_team(Arn=self.arn, Description="New words.")
        return self.arn

    def decided(self) -> str:
        """An update session that is over."""
        session = str(self.recovery.team(self.pending())["UpdateSessionArn"])
        self.recovery.mpa.cancel_session(SessionArn=session)
        return session

    def full(self) -> dict[str, Any]:
        for number in range(9):
            self.recovery.create(f"team-{number}")
        return self.new_team()

    def source(self, **changes: Any) -> dict[str, Any]:
        center = {"InstanceArn": "arn:aws:sso:::instance/ssoins-0123456789abcdef", "Region": "us-east-1", **changes}
        return {"IdentitySourceParameters": {"IamIdentityCenter": center}}


Provoke = dict[str, Any] | Callable[[Scene], dict[str, Any]]  # The inputs, or how they come about.

PROVOKED: dict[str, dict[str, Provoke]] = {
    "CreateIdentitySource": {
        "AccessDeniedException": lambda scene: scene.foreign(**scene.source()),
        "ValidationException": lambda scene: scene.source(InstanceArn="ssoins-1"),
        "ServiceQuotaExceededException": lambda scene: scene.source(),
    },
    "GetIdentitySource": {
        "AccessDeniedException": lambda scene: scene.foreign(IdentitySourceArn=scene.recovery.source_arn),
        "ValidationException": {"IdentitySourceArn": "IamIdentityCenter"},
        "ResourceNotFoundException": lambda scene: {"IdentitySourceArn": f"{scene.recovery.source_arn}2"},
    },
    "ListIdentitySources": {"ValidationException": {"MaxResults": 21}},
    "DeleteIdentitySource": {
        "AccessDeniedException": lambda scene: scene.foreign(IdentitySourceArn=scene.recovery.source_arn),
        "ValidationException": lambda scene: {"IdentitySourceArn": scene.arn},
        "ConflictException": lambda scene: {"IdentitySourceArn": scene.recovery.source_arn},
    },
    "CreateApprovalTeam": {
        "ValidationException": lambda scene: scene.new_team(Tags={**TAGS, "one": "more"}),
        "ServiceQuotaExceededException": lambda scene: scene.full(),
        "ConflictException": lambda scene: scene.new_team(Name="quorum"),
    },
    "GetApprovalTeam": {
        "AccessDeniedException": lambda scene: scene.foreign(Arn=scene.arn),
        "ValidationException": {"Arn": "arn:aws:mpa:us-east-1:7:team/x"},
        "ResourceNotFoundException": lambda scene: {"Arn": scene.missing},
    },
    "ListApprovalTeams": {"ValidationException": {"NextToken": "nonsense"}},
    "UpdateApprovalTeam": {
        "AccessDeniedException": lambda scene: scene.foreign(Arn=scene.arn, Description="Mine."),
        "ValidationException": lambda scene: {"Arn": scene.arn, "Approvers": scene.recovery.approvers(ADA, ADA)},
        "ResourceNotFoundException": lambda scene: {"Arn": scene.missing, "Description": "x"},
        "ConflictException": lambda scene: {"Arn": scene.pending(), "Description": "Others."},
    },
    "StartActiveApprovalTeamDeletion": {
        "AccessDeniedException": lambda scene: scene.foreign(Arn=scene.arn),
        "ValidationException": lambda scene: {"Arn": scene.arn, "PendingWindowDays": -1},
        "ResourceNotFoundException": lambda scene: {"Arn": scene.missing},
        "ConflictException": lambda scene: {"Arn": scene.pending()},
    },
    "DeleteInactiveApprovalTeamVersion": {
        "AccessDeniedException": lambda scene: scene.foreign(Arn=scene.arn, VersionId=scene.version),
        "ValidationException": lambda scene: {"Arn": scene.arn, "VersionId": "1" * 1001},
        "ResourceNotFoundException": lambda scene: {"Arn": scene.arn, "VersionId": "1"},
        "ConflictException": lambda scene: {"Arn": scene.arn, "VersionId": scene.version},
    },
    "StartApprovalTeamBaseline": {
        "AccessDeniedException": lambda scene: scene.foreign(Arn=scene.arn),
        "ValidationException": lambda scene: {"Arn": scene.recovery.create("waiting")},
        "ResourceNotFoundException": lambda scene: {"Arn": scene.missing},
    },
    "GetSession": {
        "AccessDeniedException": lambda scene: scene.foreign(SessionArn=scene.session),
        "ValidationException": lambda scene: {"SessionArn": scene.arn},
        "ResourceNotFoundException": lambda scene: {"SessionArn": f"{scene.session}0"},
    },
    "ListSessions": {
        "AccessDeniedException": lambda scene: scene.foreign(ApprovalTeamArn=scene.arn),
        "ValidationException": lambda scene: {
            "ApprovalTeamArn": scene.arn,
            "Filters": [{"FieldName": "SessionStatus", "Operator": "EQ", "Value": "PENDING"}] * 11,
        },
        "ResourceNotFoundException": lambda scene: {"ApprovalTeamArn": scene.missing},
    },
    "CancelSession": {
        "AccessDeniedException": lambda scene: {"SessionArn": scene.session},
        "ValidationException": lambda scene: {"SessionArn": scene.arn},
        "ResourceNotFoundException": lambda scene: {"SessionArn": f"{scene.session}0"},
        "ConflictException": lambda scene: {"SessionArn": scene.decided()},
    },
    "ListPolicies": {"ValidationException": {"MaxResults": 0}},
    "ListPolicyVersions": {
        "ValidationException": lambda scene: {"PolicyArn": scene.arn},
        "ResourceNotFoundException": {"PolicyArn": f"{UNQUALIFIED}s"},
    },
    "GetPolicyVersion": {
        "ValidationException": {"PolicyVersionArn": UNQUALIFIED},
        "ResourceNotFoundException": {"PolicyVersionArn": f"{UNQUALIFIED}/7"},
    },
    "ListResourcePolicies": {
        "AccessDeniedException": lambda scene: scene.foreign(ResourceArn=scene.arn),
        "ValidationException": lambda scene: {"ResourceArn": scene.recovery.source_arn},
        "ResourceNotFoundException": lambda scene: {"ResourceArn": scene.missing},
    },
    "GetResourcePolicy": {
        "AccessDeniedException": lambda scene: scene.foreign(
            ResourceArn=scene.arn, PolicyName="CreateRestoreAccessVault", PolicyType="AWS_MANAGED"
        ),
        "ValidationException": lambda scene: {"ResourceArn": scene.arn, "PolicyName": "x", "PolicyType": "MINE"},
        "InvalidParameterException": lambda scene: {
            "ResourceArn": scene.recovery.source_arn,
            "PolicyName": "x",
            "PolicyType": "AWS_RAM",
        },
        "ResourceNotFoundException": lambda scene: {
            "ResourceArn": scene.arn,
            "PolicyName": "CreateRestoreAccessVault",
            "PolicyType": "AWS_RAM",
        },
    },
    "ListTagsForResource": {
        "AccessDeniedException": lambda scene: scene.foreign(ResourceArn=scene.arn),
        "ValidationException": {"ResourceArn": "arn:aws:s3:::a-bucket"},
        "ResourceNotFoundException": lambda scene: {"ResourceArn": scene.missing},
    },
    "TagResource": {
        "AccessDeniedException": lambda scene: scene.foreign(ResourceArn=scene.arn, Tags={"a": "b"}),
        "ValidationException": lambda scene: {"ResourceArn": scene.arn, "Tags": {"AWS:owner": "me"}},
        "ResourceNotFoundException": lambda scene: {"ResourceArn": scene.missing, "Tags": {"a": "b"}},
        "TooManyTagsException": lambda scene: {"ResourceArn": scene.arn, "Tags": {**TAGS, "one": "more"}},
    },
    "UntagResource": {
        "AccessDeniedException": lambda scene: scene.foreign(ResourceArn=scene.arn, TagKeys=["a"]),
        "ValidationException": lambda scene: {"ResourceArn": scene.arn, "TagKeys": ["aws:owner"]},
        "ResourceNotFoundException": lambda scene: {"ResourceArn": scene.missing, "TagKeys": ["a"]},
    },
}
ROWS = [(operation, error) for operation, errors in PROVOKED.items() for error in errors]


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


def unchecked(recovery: Recovery, account: str = RECOVERY) -> Any:
    """A client that sends what its model forbids, so that the service has to refuse it."""
    return recovery.emulator.client("mpa", account, config=Config(parameter_validation=False))


def error_of(client: Any, operation: str, inputs: dict[str, Any]) -> ClientError:
    method = client.meta.method_to_api_mapping
    name = next(python for python, api in method.items() if api == operation)
    with pytest.raises(ClientError) as refusal:
        getattr(client, name)(**inputs)
    return refusal.value


def world_of(recovery: Recovery) -> list[Any]:
    """Everything that a call could have changed."""
    teams = recovery.mpa.list_approval_teams()["ApprovalTeams"]
    details = [recovery.team(team["Arn"]) for team in teams]
    sessions = [recovery.mpa.list_sessions(ApprovalTeamArn=team["Arn"])["Sessions"] for team in teams]
    sources = recovery.mpa.list_identity_sources()["IdentitySources"]
    tags = [recovery.mpa.list_tags_for_resource(ResourceArn=team["Arn"])["Tags"] for team in teams]
    for answer in details:
        answer.pop("ResponseMetadata")
    return [details, sessions, sources, tags]


def test_the_table_names_every_error_of_every_operation() -> None:
    model = Session().get_service_model("mpa")
    for operation in model.operation_names:
        declared = {shape.name for shape in model.operation_model(operation).error_shapes}
        forestalled = {error for name, error in FORESTALLED if name == operation}
        assert declared == set(PROVOKED[operation]) | (set(ORDERED) & declared) | forestalled
        codes = {s.name: s.metadata["error"]["httpStatusCode"] for s in model.operation_model(operation).error_shapes}
        assert all(STATUS[name] == code for name, code in codes.items())


@pytest.mark.parametrize(("operation", "error"), ROWS, ids=lambda value: str(value).removesuffix("Exception"))
def test_an_error_has_its_code_says_why_and_changes_nothing(recovery: Recovery, operation: str, error: str) -> None:
    scene, provoke = Scene(recovery), PROVOKED[operation][error]
    inputs = provoke(scene) if callable(provoke) else provoke
    world_of(recovery)  # The first look may show intermediate states.
    before = world_of(recovery)
    found = error_of(unchecked(recovery, scene.account), operation, inputs)
    assert found.response["Error"]["Code"] == error
    assert found.response["ResponseMetadata"]["HTTPStatusCode"] == STATUS[error]
    assert len(found.response["Error"]["Message"]) > 20, "The reader learns what is wrong."
    if error == "TooManyTagsException":
        members: dict[str, Any] = {**found.response}
        assert members["ResourceName"] == scene.arn
    assert world_of(recovery) == before


@pytest.mark.parametrize("operation", PROVOKED)
def test_what_no_caller_can_provoke_can_be_ordered(recovery: Recovery, operation: str) -> None:
    client = unchecked(recovery)
    declared = {shape.name for shape in client.meta.service_model.operation_model(operation).error_shapes}
    for error, effect in ORDERED.items():
        recovery.emulator.control("POST", "faults", {"service": "mpa", "operation": operation, "effect": effect})
        found = error_of(client, operation, in_the_address(client, operation))
        assert found.response["ResponseMetadata"]["HTTPStatusCode"] == STATUS[error]
        assert found.response["Error"]["Code"] == error or error not in declared
        assert found.response["Error"]["Message"]


@pytest.mark.parametrize("operation", PROVOKED)
def test_no_operation_exists_outside_us_east_1(recovery: Recovery, operation: str) -> None:
    elsewhere = recovery.emulator.client("mpa", RECOVERY, "eu-west-1", config=Config(parameter_validation=False))
    found = error_of(elsewhere, operation, in_the_address(elsewhere, operation))
    assert (found.response["Error"]["Code"], found.response["ResponseMetadata"]["HTTPStatusCode"]) == (
        "ValidationException",
        400,
    )
    assert "us-east-1" in found.response["Error"]["Message"]
    assert "eu-west-1" in found.response["Error"]["Message"]


def in_the_address(client: Any, operation: str) -> dict[str, Any]:
    """Something for every place in the address of a request; neither a fault nor the Region asks for more."""
    shape = client.meta.service_model.operation_model(operation).input_shape
    places = [name for name, member in shape.members.items() if member.serialization.get("location") == "uri"]
    return {name: f"arn:aws:mpa:us-east-1:{RECOVERY}:approval-team/quorum-1" for name in places}
