"""A trail's files: what was logged since the last one, written to the trail's bucket every five minutes.

Nothing runs while nothing happens: the first event after a delivery puts the next one on the agenda.
"""

import gzip
import importlib
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from emulator.events.cloudtrail import documents, history, selectors
from emulator.events.cloudtrail.history import Row
from emulator.world import agenda, clock, ids, organizations, resets

_EVERY = timedelta(minutes=5)
_LOG = logging.getLogger(__name__)


def begin(one: Any, number: int) -> None:
    """From now on the trail logs what comes after event `number`."""
    one.delivered = number
    one.delivery_error = ""
    one.last_delivery = None
    one.delivery_expected = False
    _logging[one.arn] = (one.account_id, one.region_name, one.trail_name)


_logging: dict[str, tuple[str, str, str]] = {}


def expect(row: Row) -> None:
    """Called with every event: whichever trail logs it will deliver within five minutes."""
    for arn in _logging:
        one = find(arn)
        if (
            one is not None
            and not one.delivery_expected
            and one.status.is_logging
            and _covers(one, row.account, row.region)
        ):
            one.delivery_expected = True
            agenda.at(clock.now() + _EVERY, "cloudtrail.deliver", arn)


def find(arn: str) -> Any | None:
    """moto's object of a trail that was started, or None when it is gone."""
    account, region, name = _logging[arn]
    models = importlib.import_module("moto.cloudtrail.models")
    return models.cloudtrail_backends[account][region].trails.get(name)


@agenda.handler("cloudtrail.deliver")
def deliver(arn: str) -> None:
    """Write what is new, one file for each account and Region; what S3 refuses stands in the trail's status."""
    one = find(arn) if arn in _logging else None
    if one is None or not one.status.is_logging:
        return
    one.delivery_expected = False
    last, files = history.journal.last, list(_files(one))
    try:
        for key, records in files:
            _write(one, key, records)
    except Exception as error:  # noqa: BLE001 - whatever S3 has against it belongs into the trail's status
        # What was not delivered stays due, and comes with the next file.
        one.delivery_error = str(error).partition(":")[0]
        _LOG.warning("trail %s cannot deliver to bucket %s: %s", one.trail_name, one.bucket_name, error)
        return
    one.delivered = last
    if files:
        one.delivery_error, one.last_delivery = "", clock.now()


def _files(one: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    wanted = selectors.matcher(one.event_selectors, one.advanced_event_selectors)
    for account, region in history.places_after(one.delivered):
        if not _covers(one, account, region):
            continue
        fresh: list[Row] = []
        for row in history.newest_first(account, region):
            if row.number <= one.delivered:
                break
            fresh.append(row)
        records = [documents.of(row) for row in reversed(fresh) if wanted(row)]
        if records:
            yield _key(one, account, region), records


def _covers(one: Any, account: str, region: str) -> bool:
    if not one.is_multi_region and region != one.region_name:
        return False
    if account == one.account_id or not one.is_org_trail:
        return bool(account == one.account_id)
    home = organizations.management_account_of(one.account_id)
    return home is not None and organizations.management_account_of(account) == home


def _key(one: Any, account: str, region: str) -> str:
    now = clock.now()
    unique = ids.derived("cloudtrail-file", f"{one.arn}/{account}/{region}/{one.delivered}/{history.journal.last}", 16)
    name = f"{account}_CloudTrail_{region}_{now:%Y%m%dT%H%MZ}_{unique}.json.gz"
    return f"{_folder(one, account)}/CloudTrail/{region}/{now:%Y/%m/%d}/{name}"


def _folder(one: Any, account: str) -> str:
    organization = organizations.organization_of(account) if one.is_org_trail else None
    parts = [one.s3_key_prefix, "AWSLogs", None if organization is None else organization.id, account]
    return "/".join(part for part in parts if part)


def folders(one: Any) -> list[str]:
    """Where a trail has to be able to write: for its account, and for its organization."""
    own = "/".join(part for part in (one.s3_key_prefix, "AWSLogs", one.account_id) if part)
    return [own, _folder(one, one.account_id)] if one.is_org_trail else [own]


def bucket_owner(name: str) -> str | None:
    """The account that has the bucket; names of buckets are the world's."""
    models = importlib.import_module("moto.s3.models")
    found = models.s3_backends.bucket_accounts.get(name)
    return None if found is None else str(found[1])


def bucket_policy(name: str) -> str:
    policy = _bucket(name).policy
    return policy.decode() if isinstance(policy, bytes) else str(policy or "")


def _bucket(name: str) -> Any:
    owner = bucket_owner(name)
    models = importlib.import_module("moto.s3.models")
    if owner is None:
        raise models.MissingBucket(bucket=name)
    return models.s3_backends[owner]["aws"].get_bucket(name)


def _write(one: Any, key: str, records: list[dict[str, Any]]) -> None:
    _bucket(one.bucket_name)
    models = importlib.import_module("moto.s3.models")
    text = json.dumps({"Records": records}).encode()
    body = gzip.compress(text, mtime=0)
    models.s3_backends[bucket_owner(one.bucket_name)]["aws"].put_object(one.bucket_name, key, body)


def status(self: Any) -> dict[str, Any]:
    """GetTrailStatus, called on moto's object of it."""
    told: dict[str, Any] = {"IsLogging": self.is_logging}
    one = next((found for found in map(find, _logging) if found is not None and found.status is self), None)
    if self.started:
        told |= {"StartLoggingTime": _seconds(self.started), "TimeLoggingStarted": _text(self.started)}
    if self.stopped:
        told |= {"StopLoggingTime": _seconds(self.stopped), "TimeLoggingStopped": _text(self.stopped)}
    if one is not None and one.last_delivery is not None:
        told |= {
            "LatestDeliveryTime": _seconds(one.last_delivery),
            "LatestDeliveryAttemptTime": _text(one.last_delivery),
        }
        told["LatestDeliveryAttemptSucceeded"] = _text(one.last_delivery)
    if one is not None and one.delivery_error:
        told["LatestDeliveryError"] = one.delivery_error
    return told


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seconds(moment: datetime) -> float:
    return _utc(moment).timestamp()


def _text(moment: datetime) -> str:
    return f"{_utc(moment):%Y-%m-%dT%H:%M:%SZ}"


resets.on_reset(_logging.clear)
