"""The ARN forms of AWS Backup."""

import re
from dataclasses import dataclass

_ARN = re.compile(r"^arn:(aws[a-z-]*):([a-z0-9-]*):([a-z0-9-]*):([0-9]{12}|aws|):(.+)$")


@dataclass(frozen=True)
class Arn:
    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse(text: str) -> Arn | None:
    """The parts of an ARN, or None where the text is not one."""
    match = _ARN.match(text)
    return Arn(*match.groups()) if match else None


def vault(region: str, account: str, name: str) -> str:
    return f"arn:aws:backup:{region}:{account}:backup-vault:{name}"


def plan(region: str, account: str, plan_id: str) -> str:
    return f"arn:aws:backup:{region}:{account}:backup-plan:{plan_id}"


def recovery_point(region: str, account: str, point_id: str) -> str:
    return f"arn:aws:backup:{region}:{account}:recovery-point:{point_id}"


def snapshot(region: str, snapshot_id: str) -> str:
    """How a standard vault shows an EBS point: the snapshot itself, whose ARN names no account."""
    return f"arn:aws:ec2:{region}::snapshot/{snapshot_id}"


def image(region: str, image_id: str) -> str:
    """How a standard vault shows an EC2 point."""
    return f"arn:aws:ec2:{region}::image/{image_id}"


def restore_testing_plan(region: str, account: str, name: str, suffix: str) -> str:
    return f"arn:aws:backup:{region}:{account}:restore-testing-plan:{name}-{suffix}"
