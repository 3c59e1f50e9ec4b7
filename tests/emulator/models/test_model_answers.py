"""Every operation that is answered has given an answer that AWS's model of it allows.

The server of the tests checks each answer (`--check-answers`) and turns one that breaks the model into an error; so an
operation that the ledger shows without an error has passed.
"""

from collections.abc import Callable
from typing import Any

import pytest

from emulator.http import answer_check
from emulator.protocol.answers import Answer, Refusal, refused
from emulator.protocol.service_models import Operation, load
from tests.emulator.conftest import Emulator
from tests.emulator.models import model_stories, model_story_of_backup
from tools.fidelity import answered

STORIES: dict[str, Callable[[Emulator], None]] = {
    "mpa": model_stories.of_mpa,
    "backup": model_story_of_backup.of_backup,
    "ram": model_stories.of_ram,
    "organizations": model_stories.of_organizations,
}
# Operations that end with an error of theirs whatever one asks for, because what they work on cannot come into being.
ALWAYS_REFUSED = {
    "backup": (
        {"DisassociateRecoveryPointFromParent", "GetPITRMalwareScanResults"},
        model_stories.refused_by_backup,
    ),
    "ram": (
        {"PromotePermissionCreatedFromPolicy", "PromoteResourceShareCreatedFromPolicy"},
        model_stories.refused_by_ram,
    ),
}


def succeeded(emulator: Emulator, service: str) -> set[str]:
    return {call["operation"] for call in emulator.calls() if call["service"] == service and not call["error"]}


@pytest.mark.parametrize("service", STORIES)
def test_every_operation_that_is_answered_has_given_an_answer_that_its_model_allows(
    emulator: Emulator, service: str
) -> None:
    STORIES[service](emulator)
    excused = ALWAYS_REFUSED.get(service, (set(), None))[0]
    missing = answered.answered(service) - excused - succeeded(emulator, service)
    assert not missing, f"Add these to the story of {service} in model_stor*.py: {sorted(missing)}."


@pytest.mark.parametrize("service", ALWAYS_REFUSED)
def test_what_is_always_refused_is_refused_with_an_error_of_its_model(emulator: Emulator, service: str) -> None:
    operations, story = ALWAYS_REFUSED[service]
    story(emulator)
    asked = {call["operation"]: call["error"] for call in emulator.calls() if call["operation"] in operations}
    assert asked.keys() == operations
    assert all(asked.values())
    assert operations <= answered.answered(service)


def operation(service: str, name: str) -> Operation:
    model: Any = load(service)
    return Operation(service, name, str(model.protocol), model.operation_model(name))


def answer(body: str, status: str = "200 OK") -> Answer:
    return Answer(status, [("Content-Type", "application/json")], body.encode())


TEAM = "arn:aws:mpa:us-east-1:777777777777:approval-team/quorum"


@pytest.mark.parametrize(
    ("service", "name", "given", "words"),
    [
        ("mpa", "GetPolicyVersion", answer("{}"), "PolicyVersion is required and missing"),
        ("mpa", "CreateApprovalTeam", answer('{"Odd": 1}'), "Odd is not in the model"),
        ("mpa", "CreateApprovalTeam", answer('{"Name": 5}'), "Name is 5 and not a string"),
        ("mpa", "CreateApprovalTeam", answer('{"CreationTime": 5}'), "not a timestamp as this protocol writes it"),
        ("mpa", "GetApprovalTeam", answer('{"Status": "ODD"}'), "none of the enum's values"),
        ("mpa", "GetApprovalTeam", answer('{"NumberOfApprovers": true}'), "not of type integer"),
        ("mpa", "ListApprovalTeams", answer('{"ApprovalTeams": {}}'), "not a list"),
        ("mpa", "TagResource", answer("{}", "204 No Content"), "the status is 204, the model has 200"),
        ("backup", "CreateBackupVault", answer('{"BackupVaultName": "!"}'), "does not match"),
        ("backup", "CreateBackupVault", answer('{"CreationDate": "2026-01-01"}'), "as this protocol writes it"),
        ("backup", "ListTags", answer('{"Tags": {"a": 5}}'), "Tags.a is 5 and not a string"),
        ("backup", "DescribeBackupVault", answer("[]"), "not a structure"),
        ("backup", "DescribeBackupVault", answer("{"), "not JSON"),
    ],
)
def test_an_answer_that_breaks_the_model_becomes_an_error_that_names_the_member(
    service: str, name: str, given: Answer, words: str
) -> None:
    asked = operation(service, name)
    assert any(words in sentence for sentence in answer_check.violations(asked, given))


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("ConflictException", 409, "neither one of the operation's"),
        ("ResourceNotFoundException", 400, "the model has 404"),
        ("ResourceNotFoundException", 404, ""),
        ("ThrottlingException", 429, ""),
        ("AccessDenied", 403, ""),
    ],
)
def test_an_error_is_one_of_the_operation_or_of_all(code: str, status: int, words: str) -> None:
    asked = operation("mpa", "GetApprovalTeam")
    given = refused(Refusal(status, code, "No."), asked, "id")
    found = list(answer_check.violations(asked, given))
    assert any(words in sentence for sentence in found) if words else not found


def test_the_check_is_off_unless_it_is_asked_for() -> None:
    given = answer('{"Odd": 1}')
    assert answer_check.checked(operation("mpa", "CreateApprovalTeam"), given, "id") is given
