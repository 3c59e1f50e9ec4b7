"""What is kept of events is state like any other: a snapshot brings back the history, trails, rules and schedules."""

from tests.emulator.conftest import BUNKER, Emulator
from tests.emulator.worlds.events import REGION, Queue, log_bucket, put, rule, trail


def test_history_trails_rules_and_schedules_go_on_after_a_restore(emulator: Emulator) -> None:
    queue = Queue(emulator)
    rule(emulator, {"source": ["shop"]}, {"Arn": queue.arn})
    log_bucket(emulator, BUNKER)
    trail(emulator, BUNKER, "trail-files")
    events = emulator.client("events", BUNKER, REGION)
    events.put_rule(Name="tick", ScheduleExpression="rate(1 hour)")
    events.put_targets(Rule="tick", Targets=[{"Id": "queue", "Arn": queue.arn, "Input": '"tick"'}])
    backup = emulator.client("backup", BUNKER, REGION)
    backup.create_backup_vault(BackupVaultName="before")
    emulator.control("POST", "snapshots/events")
    backup.create_backup_vault(BackupVaultName="after")
    emulator.control("POST", "reset", {"to": "nothing"})
    emulator.control("POST", "snapshots/events/restore")

    by_name = {"AttributeKey": "EventName", "AttributeValue": "CreateBackupVault"}
    history = emulator.client("cloudtrail", BUNKER, REGION)
    found = history.lookup_events(LookupAttributes=[by_name])["Events"]
    assert [event["Resources"][0]["ResourceName"] for event in found] == ["before"]
    put(emulator, {"number": 1})
    emulator.advance(3600)
    told = queue.bodies()
    assert [one if isinstance(one, str) else one["detail"] for one in told] == [{"number": 1}, "tick"]
    files = emulator.client("s3", BUNKER).list_objects_v2(Bucket="trail-files")["Contents"]
    assert any(f"/CloudTrail/{REGION}/" in file["Key"] for file in files)
