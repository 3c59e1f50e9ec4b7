"""What the modules of the types share: why a job failed, as the sentence that the job's StatusMessage shows."""

import json
from typing import Any

from emulator.world import ids


class BackupFailed(Exception):
    pass


class RestoreFailed(Exception):
    pass


def required(metadata: dict[str, str], key: str) -> str:
    """A key that the restore metadata has to hold."""
    if not metadata.get(key):
        raise RestoreFailed(f"The restore metadata lacks the key {key}.")
    return metadata[key]


def listed(metadata: dict[str, str], key: str, kind: type = str) -> list[Any]:
    """A list inside the restore metadata: text that holds JSON, a list of elements of that kind. Empty when absent."""
    try:
        found = json.loads(metadata.get(key) or "[]")
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(element, kind) for element in found):
        noun = "texts" if kind is str else "objects"
        raise RestoreFailed(f"The restore metadata {key} has to be a JSON list of {noun}.")
    return found


RESTORE_TEST = "awsbackup-restore-test"


def restore_test_name() -> str:
    """The name of a resource that a restore test makes: the known beginning and something random."""
    return f"{RESTORE_TEST}-{ids.word(12, 'restore-test')}"
