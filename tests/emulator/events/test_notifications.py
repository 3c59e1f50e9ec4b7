"""SNS: who gets a topic's messages; and what backup vaults tell their topics."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import BUNKER, RECOVERY, Emulator
from tests.emulator.worlds.backup import DAY, PAYMENTS, REGION, World
from tests.emulator.worlds.events import TOPICS, Queue, log_bucket, policy, rule, trail

BACKUP = "backup.amazonaws.com"


def topic(emulator: Emulator, account: str = PAYMENTS, service: str = BACKUP) -> str:
    """A topic that a service may publish to."""
    sns = emulator.client("sns", account, REGION)
    arn = str(sns.create_topic(Name="news")["TopicArn"])
    allowed = policy(service, "sns:Publish", arn)
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=allowed)
    return arn


def subscribed(emulator: Emulator, topic_arn: str, account: str = PAYMENTS, **more: Any) -> Queue:
    queue = Queue(emulator, account=account, service=TOPICS)
    sns = emulator.client("sns", account, REGION)
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue.arn, **more)
    return queue


def lost(emulator: Emulator) -> list[str]:
    return [note["code"] for note in emulator.control("GET", "undelivered")["undelivered"]]


def notified(world: World, *names: str, vault: str = "local") -> Queue:
    """A vault that tells a topic of these events, and the queue behind the topic."""
    arn = topic(world.emulator)
    world.backup().put_backup_vault_notifications(BackupVaultName=vault, SNSTopicArn=arn, BackupVaultEvents=list(names))
    return subscribed(world.emulator, arn)


def told(queue: Queue) -> list[dict[str, str]]:
    """Of each notification the message attributes as text, with `Message` and `Subject`."""
    found = []
    for envelope in queue.bodies():
        attributes = {name: value["Value"] for name, value in envelope.get("MessageAttributes", {}).items()}
        found.append({**attributes, "Message": envelope["Message"], "Subject": envelope["Subject"]})
    return found


@pytest.fixture
def world(emulator: Emulator) -> World:
    return World(emulator)


# Topics


def test_a_queue_of_another_account_gets_the_messages_of_a_topic(emulator: Emulator) -> None:
    arn = topic(emulator)
    queue = subscribed(emulator, arn, BUNKER)
    emulator.client("sns", PAYMENTS, REGION).publish(TopicArn=arn, Message="hello", Subject="news")
    [envelope] = queue.bodies()
    assert (envelope["Message"], envelope["Subject"], envelope["TopicArn"]) == ("hello", "news", arn)


def test_a_queue_whose_policy_does_not_name_sns_gets_nothing(emulator: Emulator) -> None:
    arn, queue = topic(emulator), Queue(emulator, account=PAYMENTS, service="")
    sns = emulator.client("sns", PAYMENTS, REGION)
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue.arn)
    assert sns.publish(TopicArn=arn, Message="hello")["MessageId"], "the publisher learns nothing of it"
    assert queue.bodies() == []
    assert lost(emulator) == ["NO_PERMISSIONS"]


def test_raw_delivery_leaves_the_envelope_out(emulator: Emulator) -> None:
    arn = topic(emulator)
    queue = subscribed(emulator, arn, Attributes={"RawMessageDelivery": "true"})
    kind = {"kind": {"DataType": "String", "StringValue": "test"}}
    emulator.client("sns", PAYMENTS, REGION).publish(TopicArn=arn, Message="bare", MessageAttributes=kind)
    [message] = queue.drain()
    assert message["Body"] == "bare"
    assert message["MessageAttributes"]["kind"]["StringValue"] == "test"


def test_raw_delivery_can_be_switched_off_again(emulator: Emulator) -> None:
    arn = topic(emulator)
    queue = subscribed(emulator, arn, Attributes={"RawMessageDelivery": "false"})
    emulator.client("sns", PAYMENTS, REGION).publish(TopicArn=arn, Message="wrapped")
    assert [envelope["Message"] for envelope in queue.bodies()] == ["wrapped"]


def test_a_message_that_a_queue_does_not_take_goes_to_the_dead_letter_queue(emulator: Emulator) -> None:
    arn, grave = topic(emulator), Queue(emulator, "grave", PAYMENTS, service=TOPICS)
    sns = emulator.client("sns", PAYMENTS, REGION)
    redrive = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": grave.arn})}
    gone = f"arn:aws:sqs:{REGION}:{PAYMENTS}:gone"
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=gone, Attributes=redrive)
    sns.publish(TopicArn=arn, Message="hello")
    assert [envelope["Message"] for envelope in grave.bodies()] == ["hello"]


def test_nothing_is_ever_sent_to_the_web(emulator: Emulator) -> None:
    arn = topic(emulator)
    sns = emulator.client("sns", PAYMENTS, REGION)
    sns.subscribe(TopicArn=arn, Protocol="https", Endpoint="https://example.com/hook")
    sns.publish(TopicArn=arn, Message="hello")
    assert lost(emulator) == ["NOT_MODELLED"]


def test_mail_comes_once_the_address_has_confirmed(emulator: Emulator) -> None:
    seeded = emulator.seed()
    ada = next(
        user
        for organization in seeded["organizations"]
        for user in organization.get("identity_center", {}).get("users", [])
        if user["user_name"] == "ada.lind"
    )
    arn = topic(emulator, RECOVERY)
    sns = emulator.client("sns", RECOVERY, REGION)
    answer = sns.subscribe(TopicArn=arn, Protocol="email", Endpoint=ada["email"])
    assert answer["SubscriptionArn"] == "pending confirmation"
    assert [one["SubscriptionArn"] for one in sns.list_subscriptions()["Subscriptions"]] == ["PendingConfirmation"]
    sns.publish(TopicArn=arn, Message="too early")
    [confirmation] = emulator.control("GET", f"mailbox?identity_id={ada['user_id']}")["mails"]
    token = confirmation["body"].strip().splitlines()[-1]
    with pytest.raises(ClientError, match="Token"):
        sns.confirm_subscription(TopicArn=arn, Token="invented")
    confirmed = sns.confirm_subscription(TopicArn=arn, Token=token)["SubscriptionArn"]
    assert [one["SubscriptionArn"] for one in sns.list_subscriptions()["Subscriptions"]] == [confirmed]
    sns.publish(TopicArn=arn, Message="the vault is open", Subject="access")
    mails = emulator.control("GET", f"mailbox?identity_id={ada['user_id']}")["mails"]
    assert [(mail["subject"], mail["body"]) for mail in mails[1:]] == [("access", "the vault is open")]


# Vaults


def test_a_backup_job_is_announced_to_the_topic_of_its_vault(world: World) -> None:
    vault, bucket = world.vault(), world.bucket()
    queue = notified(world, "BACKUP_JOB_STARTED", "BACKUP_JOB_COMPLETED")
    job = world.back_up(bucket)
    assert vault
    started, completed = told(queue)
    assert (started["State"], completed["State"]) == ("RUNNING", "COMPLETED")
    assert completed["EventType"] == "BACKUP_JOB"
    assert (completed["AccountId"], completed["Id"]) == (PAYMENTS, job["BackupJobId"])
    assert completed["Subject"] == "Notification from AWS Backup"
    assert completed["Message"] == (
        "An AWS Backup job was completed successfully. "
        f"Recovery point ARN: {job['RecoveryPointArn']}. Resource ARN : {bucket}. BackupJob ID : {job['BackupJobId']}"
    )


def test_a_vault_tells_only_what_it_was_asked_for_and_once(world: World) -> None:
    world.vault()
    queue = notified(world, "BACKUP_JOB_COMPLETED", "BACKUP_JOB_SUCCESSFUL", "RESTORE_JOB_COMPLETED")
    world.back_up(world.bucket())
    assert [message["State"] for message in told(queue)] == ["COMPLETED"]


def test_a_job_that_succeeded_is_no_failure(world: World) -> None:
    world.vault()
    queue = notified(world, "BACKUP_JOB_FAILED", "BACKUP_JOB_EXPIRED")
    world.back_up(world.bucket())
    assert told(queue) == []


def test_a_topic_that_does_not_let_aws_backup_publish_hears_nothing(world: World) -> None:
    world.vault()
    arn = topic(world.emulator, service="events.amazonaws.com")
    queue = subscribed(world.emulator, arn)
    world.backup().put_backup_vault_notifications(
        BackupVaultName="local", SNSTopicArn=arn, BackupVaultEvents=["BACKUP_JOB_COMPLETED"]
    )
    job = world.back_up(world.bucket())
    assert job["State"] == "COMPLETED", "the job itself must not suffer"
    assert told(queue) == []
    assert lost(world.emulator) == ["NO_PERMISSIONS"]


def test_a_topic_that_cannot_exist_fails_no_job(world: World) -> None:
    world.vault()
    topic(world.emulator)
    gone = [f"arn:aws:sns:nowhere-1:{PAYMENTS}:news", f"arn:aws:sns:{REGION}:{PAYMENTS}:gone"]
    for number, arn in enumerate(gone):
        world.backup().put_backup_vault_notifications(
            BackupVaultName="local", SNSTopicArn=arn, BackupVaultEvents=["BACKUP_JOB_COMPLETED"]
        )
        assert world.back_up(world.bucket(f"data-{number}"))["State"] == "COMPLETED"
    assert lost(world.emulator) == ["INVALID_PARAMETER", "NO_RESOURCE"]


def test_a_vault_cannot_notify_a_topic_of_another_account(world: World) -> None:
    world.vault()
    arn = topic(world.emulator, BUNKER)
    world.backup().put_backup_vault_notifications(
        BackupVaultName="local", SNSTopicArn=arn, BackupVaultEvents=["BACKUP_JOB_COMPLETED"]
    )
    world.back_up(world.bucket())
    assert lost(world.emulator) == ["NOT_SUPPORTED"]


def test_a_copy_that_fails_is_announced_with_its_state(world: World) -> None:
    world.vault()
    gapped = world.air_gapped(low=7, high=30)
    queue = notified(world, "COPY_JOB_FAILED", "COPY_JOB_SUCCESSFUL")
    point = world.back_up(world.bucket())["RecoveryPointArn"]
    job = world.copy(point, gapped, days=300)
    [message] = told(queue)
    assert (message["EventType"], message["State"], message["Id"]) == ("COPY_JOB", "FAILED", job["CopyJobId"])


def test_a_restore_is_announced_to_the_vault_it_comes_from(world: World) -> None:
    world.vault()
    queue = notified(world, "RESTORE_JOB_STARTED", "RESTORE_JOB_COMPLETED")
    point = world.back_up(world.bucket())["RecoveryPointArn"]
    world.restore(point, {"NewBucket": "true", "DestinationBucketName": "restored", "Encrypted": "false"})
    assert [(message["EventType"], message["State"]) for message in told(queue)] == [
        ("RESTORE_JOB", "RUNNING"),
        ("RESTORE_JOB", "COMPLETED"),
    ]


def test_a_changed_lifecycle_is_announced_and_a_new_point_is_not(world: World) -> None:
    world.vault()
    queue = notified(world, "RECOVERY_POINT_MODIFIED")
    point = world.back_up(world.bucket())["RecoveryPointArn"]
    assert told(queue) == []
    world.backup().update_recovery_point_lifecycle(
        BackupVaultName="local", RecoveryPointArn=point, Lifecycle={"DeleteAfterDays": 60}
    )
    [message] = told(queue)
    assert point in message["Message"]


def test_a_finished_backup_goes_through_eventbridge_and_a_topic_to_a_queue(world: World) -> None:
    world.vault()
    arn = topic(world.emulator, service="events.amazonaws.com")
    queue = subscribed(world.emulator, arn)
    finished = {
        "source": ["aws.backup"],
        "detail-type": ["Backup Job State Change"],
        "detail": {"state": ["COMPLETED", "FAILED"]},
    }
    rule(world.emulator, finished, {"Arn": arn}, account=PAYMENTS)
    job = world.back_up(world.bucket())
    [envelope] = queue.bodies()
    event = json.loads(envelope["Message"])
    assert (event["detail"]["backupJobId"], event["detail"]["state"]) == (job["BackupJobId"], "COMPLETED")
    assert event["resources"] == [job["RecoveryPointArn"]]
    assert (event["account"], event["region"]) == (PAYMENTS, REGION)


def test_a_failed_copy_reaches_a_rule(world: World) -> None:
    world.vault()
    gapped = world.air_gapped(low=7, high=30)
    queue = Queue(world.emulator, account=PAYMENTS)
    failed = {"detail-type": ["Copy Job State Change"], "detail": {"state": ["FAILED"]}}
    rule(world.emulator, failed, {"Arn": queue.arn}, account=PAYMENTS)
    point = world.back_up(world.bucket())["RecoveryPointArn"]
    job = world.copy(point, gapped, days=300)
    [event] = queue.bodies()
    assert event["detail"]["copyJobId"] == job["CopyJobId"]
    assert event["detail"]["statusMessage"] == job["StatusMessage"]


def test_a_point_that_ends_is_announced_on_its_day(world: World) -> None:
    world.vault()
    log_bucket(world.emulator, PAYMENTS)
    trail(world.emulator, PAYMENTS, "trail-files")
    queue = Queue(world.emulator, account=PAYMENTS)
    deleted = {"source": ["aws.backup"], "detail": {"eventName": ["BackupDeleted"]}}
    rule(world.emulator, deleted, {"Arn": queue.arn}, account=PAYMENTS)
    point = world.back_up(world.bucket(), days=3)["RecoveryPointArn"]
    world.emulator.advance(2 * DAY)
    assert queue.bodies() == []
    world.emulator.advance(2 * DAY)
    [event] = queue.bodies()
    assert event["detail-type"] == "AWS Service Event via CloudTrail"
    assert event["detail"]["serviceEventDetails"]["recoveryPointArn"] == point
