"""From a vote to a message: what Multi-party approval announces goes through CloudTrail and EventBridge to a queue."""

import json
from typing import Any

import pytest

from tests.emulator.conftest import LANDING, PAYMENTS, RECOVERY, Emulator
from tests.emulator.worlds.events import Queue, log_bucket, rule, trail
from tests.emulator.worlds.recovery import ADA, BO, Recovery
from tests.emulator.worlds.vault_request import COMMENT, HOME, ask_for_access, protected_vault, share_team

US = "us-east-1"
APPROVED = {
    "source": ["aws.mpa"],
    "detail-type": ["AWS Service Event via CloudTrail"],
    "detail": {"eventName": ["SessionApproved"]},
}


@pytest.fixture
def recovery(emulator: Emulator) -> Recovery:
    return Recovery.prepare(emulator)


def asked(recovery: Recovery) -> str:
    """A request for access that waits for its votes; the session's ARN."""
    team = recovery.active()
    share_team(recovery, team)
    vault = protected_vault(recovery, team)
    return ask_for_access(recovery.emulator, vault)[1]


def history(emulator: Emulator, account: str, region: str, name: str) -> list[dict[str, Any]]:
    attribute = {"AttributeKey": "EventName", "AttributeValue": name}
    found = emulator.client("cloudtrail", account, region).lookup_events(LookupAttributes=[attribute])["Events"]
    return [json.loads(event["CloudTrailEvent"]) for event in found]


def test_the_vote_that_decides_reaches_a_queue(recovery: Recovery) -> None:
    emulator = recovery.emulator
    log_bucket(emulator, RECOVERY)
    trail(emulator, RECOVERY, "trail-files")
    queue = Queue(emulator, account=RECOVERY, region=US)
    rule(emulator, APPROVED, {"Arn": queue.arn}, account=RECOVERY, region=US)
    session = asked(recovery)
    recovery.vote(session, ADA)
    assert queue.bodies() == [], "one of two votes decides nothing"
    recovery.vote(session, BO)
    [event] = queue.bodies()
    record = event["detail"]
    assert (record["eventType"], record["eventSource"]) == ("AwsServiceEvent", "mpa.amazonaws.com")
    assert record["resources"] == [{"accountId": RECOVERY, "type": "AWS::MPA::Session", "ARN": session}]
    said = record["serviceEventDetails"]
    approvers = [person.rpartition("/")[2] for person in said["approvedBy"].split(",")]
    assert sorted(approvers) == sorted(recovery.people[name] for name in (ADA, BO))
    assert (event["account"], event["region"]) == (RECOVERY, US)


def test_without_a_trail_no_such_event_reaches_eventbridge(recovery: Recovery) -> None:
    queue = Queue(recovery.emulator, account=RECOVERY, region=US)
    rule(recovery.emulator, APPROVED, {"Arn": queue.arn}, account=RECOVERY, region=US)
    session = asked(recovery)
    for voter in (ADA, BO):
        recovery.vote(session, voter)
    assert queue.bodies() == []
    assert len(history(recovery.emulator, RECOVERY, US, "SessionApproved")) == 1, "the history needs no trail"


def test_the_history_says_who_gave_the_vault_its_team_and_who_asked_for_access(recovery: Recovery) -> None:
    asked(recovery)
    [associated] = history(recovery.emulator, PAYMENTS, HOME, "AssociateBackupVaultMpaApprovalTeam")
    [request] = history(recovery.emulator, LANDING, HOME, "CreateRestoreAccessBackupVault")
    assert associated["userIdentity"]["arn"] == f"arn:aws:iam::{PAYMENTS}:root"
    assert associated["requestParameters"]["mpaApprovalTeamArn"].startswith(f"arn:aws:mpa:{US}:{RECOVERY}:")
    assert request["userIdentity"]["accountId"] == LANDING
    assert COMMENT not in json.dumps(request), "the requester's comment is sensitive in the service model"


def test_what_became_of_a_vote_is_in_the_history_of_who_asked(recovery: Recovery) -> None:
    session = asked(recovery)
    recovery.vote(session, ADA, "REJECTED")
    recovery.vote(session, BO, "REJECTED")
    [failed] = history(recovery.emulator, LANDING, HOME, "CreateRestoreAccessBackupVaultFailed")
    [completed] = history(recovery.emulator, PAYMENTS, HOME, "AssociateBackupVaultMpaApprovalTeamCompleted")
    assert (failed["eventType"], failed["eventSource"]) == ("AwsServiceEvent", "backup.amazonaws.com")
    assert failed["serviceEventDetails"]["mpaSessionArn"] == session
    assert completed["userIdentity"] == {"accountId": PAYMENTS, "invokedBy": "backup.amazonaws.com"}


def test_a_call_reaches_a_rule_and_a_call_that_reads_only_where_the_rule_asks_for_it(emulator: Emulator) -> None:
    log_bucket(emulator, PAYMENTS)
    trail(emulator, PAYMENTS, "trail-files")
    calls = {"source": ["aws.backup"], "detail-type": ["AWS API Call via CloudTrail"]}
    some, everything = (Queue(emulator, name, PAYMENTS, HOME) for name in ("some", "everything"))
    rule(emulator, calls, {"Arn": some.arn}, name="some", account=PAYMENTS, region=HOME)
    state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    rule(emulator, calls, {"Arn": everything.arn}, name="every", account=PAYMENTS, region=HOME, State=state)
    backup = emulator.client("backup", PAYMENTS, HOME)
    backup.create_backup_vault(BackupVaultName="isolated")
    backup.list_backup_vaults()
    assert [event["detail"]["eventName"] for event in some.bodies()] == ["CreateBackupVault"]
    assert [event["detail"]["eventName"] for event in everything.bodies()] == ["CreateBackupVault", "ListBackupVaults"]


def test_a_call_that_was_refused_reaches_a_rule_too(emulator: Emulator) -> None:
    log_bucket(emulator, PAYMENTS)
    trail(emulator, PAYMENTS, "trail-files")
    queue = Queue(emulator, account=PAYMENTS, region=HOME)
    failed = {"detail": {"errorCode": [{"exists": True}]}}
    rule(emulator, failed, {"Arn": queue.arn}, account=PAYMENTS, region=HOME)
    backup = emulator.client("backup", PAYMENTS, HOME)
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.delete_backup_vault(BackupVaultName="nowhere")
    assert [event["detail"]["errorCode"] for event in queue.bodies()] == ["ResourceNotFoundException"]


def test_the_source_of_approval_calls_is_a_choice(emulator: Emulator) -> None:
    log_bucket(emulator, RECOVERY)
    trail(emulator, RECOVERY, "trail-files")
    queue = Queue(emulator, account=RECOVERY, region=US)
    calls = {"detail": {"eventSource": ["multi-party-approval.amazonaws.com"]}}
    state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    rule(emulator, calls, {"Arn": queue.arn}, account=RECOVERY, region=US, State=state)
    mpa = emulator.client("mpa", RECOVERY)
    mpa.list_approval_teams()
    emulator.control("POST", "choices", {"name": "events.source-of-approval-calls", "option": "aws.mpa"})
    mpa.list_approval_teams()
    assert [event["source"] for event in queue.bodies()] == ["aws.multi-party-approval", "aws.mpa"]
