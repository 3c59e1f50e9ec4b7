"""Why a job failed, as the sentence that the job's StatusMessage shows."""


class BackupFailed(Exception):
    pass


class RestoreFailed(Exception):
    pass


def required(metadata: dict[str, str], key: str) -> str:
    """A key that the restore metadata has to hold."""
    if not metadata.get(key):
        raise RestoreFailed(f"The restore metadata lacks the key {key}.")
    return metadata[key]
