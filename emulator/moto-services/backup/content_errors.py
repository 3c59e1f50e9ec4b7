"""What the modules of the types share: why a job failed, as the sentence that the job's StatusMessage shows."""

from emulator import ids


class BackupFailed(Exception):
    pass


class RestoreFailed(Exception):
    pass


def required(metadata: dict[str, str], key: str) -> str:
    """A key that the restore metadata has to hold."""
    if not metadata.get(key):
        raise RestoreFailed(f"The restore metadata lacks the key {key}.")
    return metadata[key]


RESTORE_TEST = "awsbackup-restore-test"


def restore_test_name() -> str:
    """The name of a resource that a restore test makes: the known beginning and something random."""
    return f"{RESTORE_TEST}-{ids.word(12, 'restore-test')}"
