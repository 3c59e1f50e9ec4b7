"""Queues, topics, rules and trails for tests of what services announce."""

import json
from typing import Any

from tests.emulator.conftest import BUNKER, Emulator

REGION = "eu-west-1"
EVENTS, TOPICS = "events.amazonaws.com", "sns.amazonaws.com"


def policy(service: str, action: str, resource: str, **condition: Any) -> str:
    statement: dict[str, Any] = {
        "Sid": "service",
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": resource,
    }
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Queue:
    """A queue that a service may send messages to; `service` empty: nobody may."""

    def __init__(
        self,
        emulator: Emulator,
        name: str = "inbox",
        account: str = BUNKER,
        region: str = REGION,
        service: str = EVENTS,
        **attributes: str,
    ) -> None:
        self.client = emulator.client("sqs", account, region)
        self.arn = f"arn:aws:sqs:{region}:{account}:{name}"
        self.url = self.client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        if service:
            allowed = {"Policy": policy(service, "sqs:SendMessage", self.arn)}
            self.client.set_queue_attributes(QueueUrl=self.url, Attributes=allowed)

    def drain(self) -> list[dict[str, Any]]:
        """Every message with its attributes, oldest first, and the queue is empty."""
        taken: list[dict[str, Any]] = []
        while True:
            page = self.client.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=0, MessageAttributeNames=["All"]
            ).get("Messages", [])
            if not page:
                return taken
            for message in page:
                self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            taken += page

    def bodies(self) -> list[Any]:
        return [json.loads(message["Body"]) for message in self.drain()]


def rule(
    emulator: Emulator,
    pattern: dict[str, Any],
    *targets: dict[str, Any],
    name: str = "watch",
    account: str = BUNKER,
    region: str = REGION,
    **more: Any,
) -> str:
    """A rule on the default bus, with its targets; its ARN."""
    client = emulator.client("events", account, region)
    arn = client.put_rule(Name=name, EventPattern=json.dumps(pattern), **more)["RuleArn"]
    if targets:
        listed = [{"Id": f"target-{number}", **target} for number, target in enumerate(targets)]
        bus = {"EventBusName": more["EventBusName"]} if "EventBusName" in more else {}
        client.put_targets(Rule=name, Targets=listed, **bus)
    return str(arn)


def put(emulator: Emulator, detail: dict[str, Any], account: str = BUNKER, region: str = REGION, **more: Any) -> Any:
    entry = {"Source": "shop", "DetailType": "Order", "Detail": json.dumps(detail), **more}
    return emulator.client("events", account, region).put_events(Entries=[entry])


def log_bucket(emulator: Emulator, account: str, name: str = "trail-files", region: str = "us-east-1") -> str:
    """A bucket that CloudTrail may write to, as its documentation asks for."""
    s3 = emulator.client("s3", account, region)
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **where)
    owner_reads = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
    statements: list[dict[str, Any]] = [
        {"Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{name}"},
        {"Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{name}/*", "Condition": owner_reads},
    ]
    shared: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": [{**shared, **statement} for statement in statements]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document))
    return name


def trail(emulator: Emulator, account: str, bucket: str, region: str = "us-east-1", **more: Any) -> Any:
    """A trail that logs, of all Regions."""
    client = emulator.client("cloudtrail", account, region)
    options = {"IsMultiRegionTrail": True, **more}
    client.create_trail(Name="watch", S3BucketName=bucket, **options)
    client.start_logging(Name="watch")
    return client
