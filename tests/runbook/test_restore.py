"""The right point of each resource comes back, as something new, under the landing account's own key."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from airlock.domain.errors import AirlockError, UsageError
from airlock.domain.inventory import Inventory
from airlock.runbook.journal import Journal
from airlock.runbook.restore import Clock, Recovery, RestoreOptions, parse_before, restore
from airlock.runbook.restore_rules import RULES

NAME = "payments-2026-INC-7-1"
BUCKET = "arn:aws:s3:::Payments.Ledger"
TABLE = "arn:aws:dynamodb:eu-west-1:444444444444:table/payments"
VOLUME = "arn:aws:ec2:eu-west-1:444444444444:volume/vol-1"
KEY = "arn:aws:kms:eu-west-1:888888888888:key/1"


@pytest.fixture
def backups(calls: Any) -> Any:
    found = calls.backups("eu-west-1")
    found.put(NAME, state="AVAILABLE")
    return found


@pytest.fixture
def run(inventory: Inventory, journal: Journal, calls: Any, backups: Any) -> Callable[..., Recovery]:
    waited: list[float] = []
    clock = Clock(sleep=waited.append, monotonic=lambda: sum(waited))

    def run(hour: int = 12, **options: Any) -> Recovery:
        chosen = RestoreOptions(before=datetime(2026, 11, 20, hour, tzinfo=UTC), **options)
        return restore(inventory, NAME, chosen, calls=calls, journal=journal, clock=clock)

    run.waited = waited  # type: ignore[attr-defined]  # the test reads how long was waited
    return run


def test_the_newest_point_before_the_attack_is_taken(run: Any, backups: Any, make_point: Any) -> None:
    backups.points = [make_point(BUCKET, hour) for hour in (3, 5, 9)] + [make_point(TABLE, 4, "DynamoDB")]
    found = run(hour=9)
    assert [(row.source, row.point.rpartition("-")[2]) for row in found.restored] == [(TABLE, "4"), (BUCKET, "5")]
    assert found.exit_code == 0
    assert {row.created for row in found.restored} == {"arn:restored:job-1", "arn:restored:job-2"}


def test_a_point_that_is_not_whole_is_not_taken(run: Any, backups: Any, make_point: Any) -> None:
    backups.points = [make_point(BUCKET, 3), make_point(BUCKET, 5, status="PARTIAL"), make_point(BUCKET, 6, status="X")]
    assert run().restored[0].point.endswith("-3")


def test_a_bucket_comes_back_as_a_new_one_under_our_key(run: Any, backups: Any, make_point: Any) -> None:
    backups.points = [make_point(BUCKET, 3)]
    run()
    metadata = backups.started[0]["metadata"]
    assert metadata["NewBucket"] == "true", "an existing bucket may hold what the attacker left"
    assert metadata["DestinationBucketName"].startswith("payments-ledger-888888888888-")
    assert len(metadata["DestinationBucketName"]) <= 63
    assert (metadata["EncryptionType"], metadata["KMSKey"]) == ("SSE-KMS", KEY)
    assert backups.started[0]["role"] == "arn:aws:iam::888888888888:role/airlock-restore"


def test_a_table_comes_back_under_a_new_name(run: Any, backups: Any, make_point: Any) -> None:
    backups.points = [make_point(TABLE, 3, "DynamoDB")]
    run()
    metadata = backups.started[0]["metadata"]
    assert metadata["targetTableName"].startswith("payments-restored-")
    assert (metadata["encryptionType"], metadata["kmsMasterKeyArn"]) == ("KMS", KEY)


def test_a_volume_is_always_encrypted_with_our_key(run: Any, backups: Any, make_point: Any) -> None:
    backups.points = [make_point(VOLUME, 3, "EBS")]
    run()
    assert backups.started[0]["metadata"] == {
        "volumeType": "gp3",
        "volumeSize": "1",
        "availabilityZone": "eu-west-1a",
        "encrypted": "true",
        "kmsKeyId": KEY,
    }


def test_the_responder_may_choose_zone_and_resources(run: Any, backups: Any, make_point: Any) -> None:
    backups.points = [make_point(VOLUME, 3, "EBS"), make_point(BUCKET, 3)]
    found = run(availability_zone="eu-west-1b", only=(VOLUME,))
    assert [row.source for row in found.restored] == [VOLUME]
    assert backups.started[0]["metadata"]["availabilityZone"] == "eu-west-1b"


def test_a_key_of_another_region_is_refused_before_anything_is_started(
    inventory: Inventory, journal: Journal, calls: Any, make_point: Any
) -> None:
    elsewhere = calls.backups("eu-central-1")
    elsewhere.put("ledger-1", state="AVAILABLE")
    elsewhere.points, elsewhere.looks_until_over = [make_point(BUCKET, 3)], 0
    options = RestoreOptions(before=datetime(2026, 11, 20, 12, tzinfo=UTC))
    with pytest.raises(UsageError, match=r"restored in eu-central-1 .* --kms-key"):
        restore(inventory, "ledger-1", options, calls=calls, journal=journal)
    assert elsewhere.started == []

    key = KEY.replace("eu-west-1", "eu-central-1")
    restore(inventory, "ledger-1", replace(options, kms_key_arn=key), calls=calls, journal=journal)
    assert elsewhere.started[0]["metadata"]["KMSKey"] == key


def test_long_names_still_end_in_what_makes_them_new(run: Any, backups: Any, make_point: Any) -> None:
    backups.points = [
        make_point("arn:aws:s3:::" + "b" * 63, 3),
        make_point("arn:aws:dynamodb:eu-west-1:4:table/" + "t" * 255, 3, "DynamoDB"),
    ]
    run()
    for started in backups.started:
        name = started["metadata"].get("DestinationBucketName") or started["metadata"]["targetTableName"]
        assert name.endswith(started["token"][:8])
        assert len(name) <= (63 if "DestinationBucketName" in started["metadata"] else 255)


def test_no_point_before_that_time_says_what_there_is(run: Any, backups: Any, make_point: Any) -> None:
    backups.points = [make_point(BUCKET, 5), make_point(BUCKET, 9)]
    with pytest.raises(AirlockError, match=r"before 2026-11-20T05:00.*2 points are from 2026-11-20 05:00.*09:00"):
        run(hour=5)
    with pytest.raises(AirlockError, match=rf"no usable recovery point of {TABLE}"):
        run(only=(TABLE,))
    backups.points = []
    with pytest.raises(AirlockError, match="holds no usable point"):
        run()
    assert backups.started == []


def test_nothing_is_restored_without_an_open_access(run: Any, backups: Any, calls: Any) -> None:
    backups.put(NAME)
    calls.mpa.put("PENDING")
    with pytest.raises(AirlockError, match="waits for the team") as waiting:
        run()
    assert waiting.value.exit_code == 3
    calls.mpa.put("FAILED", "REJECTED")
    with pytest.raises(AirlockError, match="was rejected by the team") as refused:
        run()
    assert refused.value.exit_code == 1
    assert backups.started == []


def test_running_jobs_are_waited_for_with_growing_patience(run: Any, backups: Any, make_point: Any) -> None:
    backups.points, backups.looks_until_over = [make_point(BUCKET, 3)], 9
    assert run().exit_code == 0
    assert run.waited == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_patience_ends_without_losing_the_job(run: Any, backups: Any, make_point: Any) -> None:
    backups.points, backups.looks_until_over = [make_point(BUCKET, 3)], 1000
    found = run(wait_seconds=10)
    assert found.exit_code == 4, "how it ends is not known, which is no success and no failure"
    assert "job job-1" in found.sentence
    backups.looks_until_over = 0
    again = run()
    assert again.exit_code == 0
    assert len(backups.started) == 1, "the second run takes up the running job"


def test_a_failed_job_is_told_and_started_anew_by_the_next_run(run: Any, backups: Any, make_point: Any) -> None:
    backups.points, backups.ends_as, backups.says = [make_point(BUCKET, 3)], "FAILED", "The key was denied."
    found = run()
    assert found.exit_code == 1
    assert f"{BUCKET} is not restored: The key was denied." in found.sentence
    backups.ends_as, backups.says = "COMPLETED", ""
    assert run().exit_code == 0
    first, second = backups.started
    assert first["token"] != second["token"], "AWS would answer with the job that failed"
    assert first["metadata"]["DestinationBucketName"] != second["metadata"]["DestinationBucketName"]


def test_a_repeated_restore_starts_nothing_twice(run: Any, backups: Any, make_point: Any, journal: Journal) -> None:
    backups.points = [make_point(BUCKET, 3)]
    first = run()
    assert run().restored == first.restored
    assert len(backups.started) == 1
    assert [entry["step"] for entry in journal.about(NAME)].count("restore ended") == 1


def test_one_refused_resource_does_not_keep_the_others_away(run: Any, backups: Any, make_point: Any) -> None:
    backups.points, backups.refuses_type = [make_point(VOLUME, 3, "EBS"), make_point(BUCKET, 3)], "EBS"
    found = run()
    assert {row.resource_type: row.status for row in found.restored} == {"EBS": "FAILED", "S3": "COMPLETED"}
    assert found.exit_code == 1
    assert "AWS refused StartRestoreJob for EBS" in found.sentence


def test_a_type_without_a_rule_is_named_not_forgotten(run: Any, backups: Any, make_point: Any) -> None:
    backups.points = [make_point("arn:aws:elasticfilesystem:eu-west-1:4:file-system/fs-1", 3, "EFS")]
    found = run()
    assert found.restored[0].status == "SKIPPED"
    assert found.exit_code == 1
    assert "cannot restore EFS" in found.sentence
    assert "EFS" not in RULES


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01T00:00:00Z"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        parse_before(text)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="names no zone"):
        parse_before("2026-11-20T03:00:00")
    assert parse_before("2026-11-20T04:00:00+01:00") == datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_every_step_is_in_the_journal_with_its_call(run: Any, backups: Any, make_point: Any, journal: Journal) -> None:
    backups.points = [make_point(BUCKET, 3)]
    run()
    steps = [(entry["step"], entry["call"]) for entry in journal.entries() if entry["step"].startswith("restore")]
    assert steps == [("restore started", "backup:StartRestoreJob"), ("restore ended", "backup:DescribeRestoreJob")]
