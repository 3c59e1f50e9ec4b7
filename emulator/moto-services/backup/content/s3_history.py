"""The history of a bucket under continuous backup: every version of every object, with the moment it came.

A versioned bucket keeps its own history, so there is nothing to do until somebody takes something of it away: then,
just before, the backup takes over what it has not yet seen (`emulator.moto.bucket_losses` says when).
"""

from datetime import UTC, datetime
from typing import Any

from ..common import other_services
from ..records.entities import Content
from . import s3

# By object key: the entries by version id, in the order in which they came. A delete marker has no object.
History = dict[str, dict[str, dict[str, Any]]]


def begin(content: Content, account: str) -> None:
    content.data |= {"account": account, "history": {}}
    absorb(content, account)


def absorb(content: Content, account: str, only: str | None = None) -> None:
    """Take over what the bucket has and the history lacks; of one object key alone when it is named."""
    bucket = other_services.s3(account).buckets.get(content.data["bucket"])
    if bucket is None:
        return
    history: History = content.data["history"]
    for key in list(bucket.keys) if only is None else [only]:
        known = history.setdefault(key, {})
        for version in bucket.keys.getlist(key) or []:
            if version.version_id not in known:
                known[version.version_id] = _entry(other_services.s3(account), version)


def _entry(backend: Any, version: Any) -> dict[str, Any]:
    came = version.last_modified.replace(tzinfo=UTC)
    there = s3.object_of(backend, version) if s3.is_object(version) else None
    return {"came": came, "object": there}


def at(content: Content, moment: datetime) -> Content:
    """The bucket as it was at that moment."""
    objects = []
    for entries in content.data["history"].values():
        earlier = [entry for entry in entries.values() if entry["came"] <= moment]
        latest = max(earlier, key=lambda entry: entry["came"], default=None)
        if latest is not None and latest["object"] is not None:
            objects.append(latest["object"])
    return s3.content_of(content.data["bucket"], content.data["region"], objects)
