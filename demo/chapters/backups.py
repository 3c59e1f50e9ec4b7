"""Chapter b: real content is written, the clock passes the plans' schedules, copies arrive in the air-gapped vaults."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airlock.domain.names import DEPLOY_ROLE
from demo import content
from demo.aws import pages
from demo.words import count, listed

if TYPE_CHECKING:
    from demo.tale import Tale

HOURS_OF_A_BACKUP = 12
"""How long the story waits, in emulated hours, for a backup and its copy."""


def write_content(tale: Tale) -> None:
    """Objects, items and volume blocks in every source account of every data class."""
    for name, data in tale.estate.data_classes.items():
        source = data.sources[0]
        account = tale.estate.account(source)
        if source in tale.estate.roles.rollout:
            _switch_on_advanced_dynamodb(tale, source)
        tag = {"key": data.select_by_tag.key, "value": data.select_by_tag.value}
        written = content.write(
            tale.clients(source),
            account=account.id,
            region=tale.estate.region,
            name=name,
            tag=tag,
        )
        tale.content[name] = written
        for arn in (written.bucket_arn, written.table_arn, written.volume_arn):
            tale.fingerprints[arn] = content.fingerprint(tale.clients(source), arn)
        tale.note(f"The account {source}", "keeps data in a versioned bucket, a table and a volume")


def _switch_on_advanced_dynamodb(tale: Tale, account: str) -> None:
    # The guardrail lets nobody but Airlock's own roles change what AWS Backup looks after.
    tale.as_role(account, DEPLOY_ROLE, "preparation")("backup").update_region_settings(
        ResourceTypeOptInPreference={"S3": True, "DynamoDB": True, "EBS": True},
        ResourceTypeManagementPreference={"DynamoDB": True},
    )


def pass_a_night(tale: Tale, expected_points: int) -> None:
    """Move the clock past the schedules until every air-gapped vault holds that many recovery points."""
    now = datetime.fromisoformat(tale.emulator.now())
    night = (now + timedelta(days=1)).replace(hour=4, minute=30, second=0, microsecond=0)
    tale.emulator.set_clock(night.isoformat())
    for _ in range(HOURS_OF_A_BACKUP):
        points = {name: len(air_gapped_points(tale, name)) for name in tale.estate.data_classes}
        held = listed([f"{count(number, 'recovery point')} of {name}" for name, number in points.items()])
        if all(number >= expected_points for number in points.values()):
            tale.note("AWS Backup", f"runs the scheduled backups, and the air-gapped vaults now hold {held}")
            return
        tale.emulator.advance(3600)
    raise RuntimeError(
        f"The air-gapped vaults hold {held}, and {expected_points} of each were expected. " + _why_not(tale)
    )


def air_gapped_points(tale: Tale, data_class: str) -> frozenset[str]:
    """The ARNs of the complete recovery points in the newest air-gapped vault of a data class."""
    data = tale.estate.data_classes[data_class]
    backup = tale.client(data.vault_account, "backup")
    rows = pages(backup, "list_recovery_points_by_backup_vault", "RecoveryPoints", BackupVaultName=data.vaults[-1].name)
    return frozenset(row["RecoveryPointArn"] for row in rows if row["Status"] in {"COMPLETED", "AVAILABLE"})


def _why_not(tale: Tale) -> str:
    """What the jobs say, for the error sentence."""
    said = []
    for data in tale.estate.data_classes.values():
        for source in data.sources:
            backup = tale.client(source, "backup")
            jobs = backup.list_backup_jobs()["BackupJobs"] + backup.list_copy_jobs()["CopyJobs"]
            said += [
                f"{source} {job.get('ResourceType')}: {job['State']} {job.get('StatusMessage', '')}" for job in jobs
            ]
    return "; ".join(said) or "No job ran."
