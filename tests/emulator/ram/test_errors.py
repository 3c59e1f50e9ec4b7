"""Every error that the service model of RAM declares, provoked as a client would; and what AWS says of each."""

import importlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.config import Config

from emulator.moto import install
from emulator.world import choices
from tests.emulator.worlds.ram import (
    BUNKER,
    HOUR,
    LANDING,
    PAYMENTS,
    RECOVERY,
    VAULT_PERMISSION,
    VAULT_TYPE,
    Sharing,
    code_of,
    refused,
    template,
)
from tests.emulator.worlds.recovery import status_of

UNKNOWN_SHARE = f"arn:aws:ram:eu-west-1:{PAYMENTS}:resource-share/0"
UNKNOWN_INVITATION = f"arn:aws:ram:eu-west-1:{PAYMENTS}:resource-share-invitation/0"
UNKNOWN_PERMISSION = f"arn:aws:ram:eu-west-1:{PAYMENTS}:permission/none"
VAULT = f"arn:aws:backup:eu-west-1:{PAYMENTS}:backup-vault:none"
MANY_TAGS = [{"key": f"k{number}", "value": ""} for number in range(51)]
FULL = {"name": "x", "resourceType": VAULT_TYPE, "policyTemplate": template()}

# operation, input, error: calls that need nothing to be there.
ALONE: list[tuple[str, dict[str, Any], str]] = [
    ("accept_resource_share_invitation", {"resourceShareInvitationArn": "x"}, "MalformedArn"),
    (
        "accept_resource_share_invitation",
        {"resourceShareInvitationArn": UNKNOWN_INVITATION},
        "ResourceShareInvitationArnNotFound",
    ),
    (
        "accept_resource_share_invitation",
        {"resourceShareInvitationArn": UNKNOWN_INVITATION, "clientToken": " "},
        "InvalidClientToken",
    ),
    ("associate_resource_share", {"resourceShareArn": "x"}, "MalformedArn"),
    ("associate_resource_share", {"resourceShareArn": UNKNOWN_SHARE, "principals": [LANDING]}, "UnknownResource"),
    (
        "associate_resource_share_permission",
        {"resourceShareArn": UNKNOWN_SHARE, "permissionArn": VAULT_PERMISSION},
        "UnknownResource",
    ),
    ("create_permission", {**FULL, "resourceType": "ec2:Subnet"}, "InvalidParameter"),
    ("create_permission", {**FULL, "name": "a b"}, "InvalidParameter"),
    ("create_permission", {**FULL, "policyTemplate": "{"}, "MalformedPolicyTemplate"),
    ("create_permission", {**FULL, "policyTemplate": template("s3:GetObject")}, "InvalidPolicy"),
    ("create_permission", {**FULL, "clientToken": "a b"}, "InvalidClientToken"),
    ("create_permission_version", {"permissionArn": "x", "policyTemplate": template()}, "MalformedArn"),
    (
        "create_permission_version",
        {"permissionArn": UNKNOWN_PERMISSION, "policyTemplate": template()},
        "UnknownResource",
    ),
    ("create_resource_share", {"name": "x", "clientToken": "x" * 65}, "InvalidClientToken"),
    ("create_resource_share", {"name": "x", "resourceArns": ["arn:aws:s3:::b"]}, "MalformedArn"),
    ("create_resource_share", {"name": "x", "resourceArns": [VAULT]}, "UnknownResource"),
    ("create_resource_share", {"name": "x", "principals": ["nobody"]}, "InvalidParameter"),
    ("create_resource_share", {"name": "x", "principals": ["999999999999"]}, "UnknownResource"),
    (
        "create_resource_share",
        {"name": "x", "principals": [RECOVERY], "allowExternalPrincipals": False},
        "OperationNotPermitted",
    ),
    ("create_resource_share", {"name": "x", "permissionArns": ["x"]}, "MalformedArn"),
    ("create_resource_share", {"name": "x", "tags": MANY_TAGS}, "TagLimitExceeded"),
    ("create_resource_share", {"name": "x", "tags": [{"key": "aws:x", "value": ""}]}, "TagPolicyViolation"),
    ("create_resource_share", {"name": "x", "principals": [LANDING] * 101}, "ResourceShareLimitExceeded"),
    ("create_resource_share", {"name": "x", "sources": ["arn:x"]}, "MalformedArn"),
    ("create_resource_share", {"name": "x", "sources": ["x"]}, "InvalidParameter"),
    ("delete_permission", {"permissionArn": "x"}, "MalformedArn"),
    ("delete_permission", {"permissionArn": UNKNOWN_PERMISSION}, "UnknownResource"),
    ("delete_permission_version", {"permissionArn": UNKNOWN_PERMISSION, "permissionVersion": 1}, "UnknownResource"),
    ("delete_resource_share", {"resourceShareArn": "arn:aws:ram:eu-west-1:1:resource-share/0"}, "UnknownResource"),
    ("delete_resource_share", {"resourceShareArn": "x"}, "MalformedArn"),
    ("disassociate_resource_share", {"resourceShareArn": UNKNOWN_SHARE, "principals": [LANDING]}, "UnknownResource"),
    (
        "disassociate_resource_share_permission",
        {"resourceShareArn": "x", "permissionArn": VAULT_PERMISSION},
        "MalformedArn",
    ),
    ("enable_sharing_with_aws_organization", {}, "OperationNotPermitted"),
    ("get_permission", {"permissionArn": VAULT_PERMISSION, "permissionVersion": 2}, "InvalidParameter"),
    ("get_permission", {"permissionArn": "x"}, "MalformedArn"),
    ("get_resource_policies", {"resourceArns": ["x"]}, "MalformedArn"),
    ("get_resource_policies", {"resourceArns": [VAULT]}, "ResourceArnNotFound"),
    ("get_resource_share_associations", {"associationType": "PRINCIPAL", "resourceArn": VAULT}, "InvalidParameter"),
    ("get_resource_share_associations", {"associationType": "RESOURCE", "principal": LANDING}, "InvalidParameter"),
    ("get_resource_share_associations", {"associationType": "RESOURCE", "resourceArn": "x"}, "MalformedArn"),
    ("get_resource_share_associations", {"associationType": "NONE"}, "InvalidParameter"),
    ("get_resource_share_associations", {"associationType": "RESOURCE", "nextToken": "x"}, "InvalidNextToken"),
    ("get_resource_share_invitations", {"maxResults": 501}, "InvalidMaxResults"),
    (
        "get_resource_share_invitations",
        {"resourceShareInvitationArns": [UNKNOWN_INVITATION]},
        "ResourceShareInvitationArnNotFound",
    ),
    ("get_resource_share_invitations", {"resourceShareArns": [UNKNOWN_SHARE]}, "UnknownResource"),
    ("get_resource_shares", {"resourceOwner": "SELF", "resourceShareArns": ["x"]}, "MalformedArn"),
    ("get_resource_shares", {"resourceOwner": "SELF", "maxResults": 501}, "InvalidParameter"),
    ("get_resource_shares", {"resourceOwner": "SELF", "permissionVersion": 1}, "InvalidParameter"),
    (
        "list_pending_invitation_resources",
        {"resourceShareInvitationArn": UNKNOWN_INVITATION},
        "ResourceShareInvitationArnNotFound",
    ),
    ("list_permission_associations", {"permissionArn": "x"}, "MalformedArn"),
    ("list_permission_associations", {"nextToken": "x"}, "InvalidNextToken"),
    ("list_permission_versions", {"permissionArn": UNKNOWN_PERMISSION}, "UnknownResource"),
    ("list_permissions", {"resourceType": "ec2:Subnet"}, "InvalidParameter"),
    ("list_permissions", {"nextToken": "x"}, "InvalidNextToken"),
    ("list_principals", {"resourceOwner": "SELF", "resourceArn": "x"}, "MalformedArn"),
    ("list_principals", {"resourceOwner": "SELF", "resourceShareArns": [UNKNOWN_SHARE]}, "UnknownResource"),
    ("list_replace_permission_associations_work", {"workIds": ["x"]}, "InvalidParameter"),
    ("list_replace_permission_associations_work", {"nextToken": "x"}, "InvalidNextToken"),
    ("list_resource_share_permissions", {"resourceShareArn": UNKNOWN_SHARE}, "UnknownResource"),
    ("list_resource_types", {"nextToken": "x"}, "InvalidNextToken"),
    ("list_resource_types", {"resourceRegionScope": "MOON"}, "InvalidParameter"),
    ("list_resources", {"resourceOwner": "SELF", "resourceType": "ec2:Subnet"}, "InvalidResourceType"),
    ("list_resources", {"resourceOwner": "SELF", "resourceArns": ["x"]}, "MalformedArn"),
    ("list_source_associations", {"sourceType": "PLANET"}, "InvalidParameter"),
    ("list_source_associations", {"resourceShareArns": [UNKNOWN_SHARE]}, "UnknownResource"),
    ("promote_permission_created_from_policy", {"permissionArn": "x", "name": "y"}, "MalformedArn"),
    ("promote_resource_share_created_from_policy", {"resourceShareArn": UNKNOWN_SHARE}, "UnknownResource"),
    (
        "reject_resource_share_invitation",
        {"resourceShareInvitationArn": UNKNOWN_INVITATION},
        "ResourceShareInvitationArnNotFound",
    ),
    (
        "replace_permission_associations",
        {"fromPermissionArn": VAULT_PERMISSION, "toPermissionArn": "x"},
        "MalformedArn",
    ),
    (
        "replace_permission_associations",
        {"fromPermissionArn": VAULT_PERMISSION, "toPermissionArn": VAULT_PERMISSION, "fromPermissionVersion": 7},
        "InvalidParameter",
    ),
    (
        "set_default_permission_version",
        {"permissionArn": UNKNOWN_PERMISSION, "permissionVersion": 1},
        "UnknownResource",
    ),
    ("tag_resource", {"tags": []}, "InvalidParameter"),
    ("tag_resource", {"resourceArn": "x", "tags": []}, "MalformedArn"),
    ("tag_resource", {"resourceArn": UNKNOWN_PERMISSION, "tags": []}, "ResourceArnNotFound"),
    ("tag_resource", {"resourceShareArn": UNKNOWN_SHARE, "tags": []}, "UnknownResource"),
    ("untag_resource", {"resourceArn": UNKNOWN_PERMISSION, "tagKeys": ["a"]}, "UnknownResource"),
    (
        "promote_permission_created_from_policy",
        {"permissionArn": VAULT_PERMISSION, "name": "y", "clientToken": " "},
        "InvalidParameter",
    ),
    (
        "create_resource_share",
        {"name": "x", "permissionTemplateParameters": [{"permissionTemplateParameters": []}]},
        "InvalidParameter",
    ),
    ("untag_resource", {"resourceShareArn": UNKNOWN_SHARE, "tagKeys": ["a"]}, "UnknownResource"),
    ("update_permission", {"permissionArn": UNKNOWN_PERMISSION, "status": "DEPRECATED"}, "UnknownResource"),
    ("update_permission", {"permissionArn": UNKNOWN_PERMISSION, "status": "DELETED"}, "InvalidParameter"),
    ("update_resource_share", {"resourceShareArn": UNKNOWN_SHARE}, "UnknownResource"),
]


@pytest.fixture
def sharing(emulator: Any) -> Sharing:
    return Sharing(emulator)


def test_a_call_about_nothing_or_with_nonsense_is_refused(sharing: Sharing) -> None:
    for operation, given, error in ALONE:
        answer = refused(getattr(sharing.ram, operation), **given)
        assert code_of(answer) == f"{error}Exception", f"{operation} with {given}: {answer}"
    assert sharing.ram.get_resource_shares(resourceOwner="SELF")["resourceShares"] == []


def _twice_accepted(sharing: Sharing) -> Any:
    sharing.share(LANDING)
    sharing.accept()
    return sharing.of(LANDING).accept_resource_share_invitation, {"resourceShareInvitationArn": sharing.invitation()}


def _rejected(sharing: Sharing) -> Any:
    sharing.share(LANDING)
    arn = sharing.invitation()
    sharing.of(LANDING).reject_resource_share_invitation(resourceShareInvitationArn=arn)
    return sharing.of(LANDING).list_pending_invitation_resources, {"resourceShareInvitationArn": arn}


def _expired(sharing: Sharing) -> Any:
    sharing.share(LANDING)
    arn = sharing.invitation()
    sharing.emulator.advance(13 * HOUR)
    return sharing.of(LANDING).list_pending_invitation_resources, {"resourceShareInvitationArn": arn}


def _another_request(sharing: Sharing) -> Any:
    sharing.ram.create_resource_share(name="one", clientToken="t")
    return sharing.ram.create_resource_share, {"name": "two", "clientToken": "t"}


def _promoted(sharing: Sharing) -> Any:
    return sharing.ram.promote_resource_share_created_from_policy, {"resourceShareArn": sharing.share()}


def _same_name(sharing: Sharing) -> Any:
    sharing.permission("x")
    return sharing.ram.create_permission, FULL


def _eleven_permissions(sharing: Sharing) -> Any:
    for number in range(10):
        sharing.permission(f"p{number}")
    return sharing.ram.create_permission, FULL


def _six_versions(sharing: Sharing) -> Any:
    arn = sharing.permission()
    for _ in range(4):
        sharing.ram.create_permission_version(permissionArn=arn, policyTemplate=template())
    return sharing.ram.create_permission_version, {"permissionArn": arn, "policyTemplate": template()}


def _fifty_one_tags(sharing: Sharing) -> Any:
    return sharing.ram.tag_resource, {"resourceShareArn": sharing.share(), "tags": MANY_TAGS}


def _reserved_tag(sharing: Sharing) -> Any:
    return sharing.ram.tag_resource, {"resourceArn": sharing.permission(), "tags": [{"key": "AWS:x", "value": "y"}]}


def _too_many_resources(sharing: Sharing) -> Any:
    return sharing.ram.associate_resource_share, {
        "resourceShareArn": sharing.share(),
        "resourceArns": [sharing.vault()] * 101,
    }


def _only_one_side(sharing: Sharing) -> Any:
    arn = sharing.share(BUNKER)
    return sharing.of(LANDING).disassociate_resource_share, {"resourceShareArn": arn, "principals": [BUNKER]}


def _two_types(sharing: Sharing) -> Any:
    teams = "arn:aws:ram::aws:permission/AWSRAMMPAApprovalTeamAccess"
    return sharing.ram.replace_permission_associations, {
        "fromPermissionArn": VAULT_PERMISSION,
        "toPermissionArn": teams,
    }


def _not_a_default(sharing: Sharing) -> Any:
    arn = sharing.permission()
    sharing.ram.create_permission_version(permissionArn=arn, policyTemplate=template())
    return sharing.ram.associate_resource_share_permission, {
        "resourceShareArn": sharing.share(),
        "permissionArn": arn,
        "permissionVersion": 1,
    }


PREPARED: list[tuple[Callable[[Sharing], Any], str, int]] = [
    (_twice_accepted, "ResourceShareInvitationAlreadyAccepted", 400),
    (_rejected, "ResourceShareInvitationAlreadyRejected", 400),
    (_expired, "ResourceShareInvitationExpired", 400),
    (_another_request, "IdempotentParameterMismatch", 400),
    (_promoted, "InvalidStateTransition", 400),
    (_same_name, "PermissionAlreadyExists", 409),
    (_eleven_permissions, "PermissionLimitExceeded", 400),
    (_six_versions, "PermissionVersionsLimitExceeded", 400),
    (_fifty_one_tags, "TagLimitExceeded", 400),
    (_reserved_tag, "TagPolicyViolation", 400),
    (_too_many_resources, "ResourceShareLimitExceeded", 400),
    (_only_one_side, "OperationNotPermitted", 400),
    (_two_types, "InvalidParameter", 400),
    (_not_a_default, "InvalidParameter", 400),
]


@pytest.mark.parametrize(("prepare", "error", "status"), PREPARED, ids=[row[1] for row in PREPARED])
def test_a_call_that_comes_at_the_wrong_time_is_refused(
    sharing: Sharing, prepare: Callable[[Sharing], Any], error: str, status: int
) -> None:
    call, given = prepare(sharing)
    answer = refused(call, **given)
    assert (code_of(answer), status_of(answer)) == (f"{error}Exception", status)


def test_every_error_of_the_model_is_provoked_here(sharing: Sharing) -> None:
    """What is missing comes from faults (throttling, failures), or from shares made of policies, which are not here."""
    model = sharing.ram.meta.service_model
    declared = {error.name for name in model.operation_names for error in model.operation_model(name).error_shapes}
    provoked = {f"{row[2]}Exception" for row in ALONE} | {f"{row[1]}Exception" for row in PREPARED}
    assert declared - provoked == {
        "MissingRequiredParameterException",  # In the next test: a client that checks its input cannot send it.
        "ServerInternalException",
        "ServiceUnavailableException",
        "ThrottlingException",
        "UnmatchedPolicyPermissionException",
    }


def test_what_a_careful_client_cannot_leave_out_is_missed(sharing: Sharing) -> None:
    careless = sharing.emulator.client(
        "ram", PAYMENTS, "eu-west-1", config=Config(parameter_validation=False, retries={"total_max_attempts": 1})
    )
    for call, given in (
        (careless.update_resource_share, {"name": "x"}),
        (careless.list_pending_invitation_resources, {}),
        (careless.promote_permission_created_from_policy, {"name": "x"}),
    ):
        assert code_of(refused(call, **given)) == "MissingRequiredParameterException"
    assert code_of(refused(careless.create_resource_share)) == "InvalidParameterException"


@pytest.mark.parametrize(("option", "made"), [("raised", True), ("default", False)])
def test_there_are_five_thousand_shares_unless_the_quota_was_raised(option: str, made: bool) -> None:
    """In this process, where the many shares can be put there at once."""
    install.install()
    models: Any = importlib.import_module("moto.ram.models")
    shares: Any = importlib.import_module("moto.ram.shares")
    backend = models.RamBackend("eu-west-1", PAYMENTS)
    now = datetime.now(UTC)
    for number in range(5_000):
        one = shares.Share(str(number), "x", PAYMENTS, "eu-west-1", True, False, now, now)
        backend.state.shares[one.arn] = one
    choices.take("ram.quota-of-shares", option)
    try:
        if made:
            assert backend.create_resource_share(name="one more")["resourceShare"]["name"] == "one more"
        else:
            with pytest.raises(Exception, match="5000 shares") as error:
                backend.create_resource_share(name="one more")
            assert type(error.value).__name__ == "ResourceShareLimitExceededException"
    finally:
        choices.reset()
