"""The files of `--state DIR`, of which none is ever half of one thing and half of another.

    format            which program wrote it, in JSON
    lock              held by the emulator that uses the folder
    checkpoint-N      the whole state at a moment
    journal-N         what was called since, one record after the other
    snapshots/NAME    one file for each snapshot

A record is its length, a checksum and its bytes. A checkpoint or snapshot is one record in a file of its own, written
under another name, put on disk, and renamed. A journal that breaks off in a record ends before it.
"""

import fcntl
import hashlib
import json
import os
import platform
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

_KIND, _VERSION = "airlock-emulator-state", 1
_HEADER = struct.Struct(">QI")


class FolderError(Exception):
    """Why the folder cannot be used, in one sentence."""


class StateFolder:
    """One folder, locked for this process. FolderError when it is in use, or not one of ours."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._check_content()
            self._lock = _locked(path / "lock")
        except OSError as error:
            raise FolderError(f"The state folder {path} cannot be used: {error.strerror}.") from error
        self._check_format()
        (path / "snapshots").mkdir(exist_ok=True)
        self.generation = max(self._generations("checkpoint"), default=0)
        self._journal: int | None = None
        self._size = 0

    def checkpoint(self) -> bytes | None:
        """The last whole state; None in a new folder."""
        if not self.generation:
            return None
        return _read(self.path / f"checkpoint-{self.generation}")

    def records(self) -> tuple[list[bytes], int]:
        """What was recorded since the checkpoint, and how many bytes after that make no sense."""
        path = self.path / f"journal-{self.generation}"
        data = path.read_bytes() if path.exists() else b""
        found = list(_records(data))
        end = found[-1][1] if found else 0
        return [record for record, _ in found], len(data) - end

    def write_checkpoint(self, content: bytes) -> None:
        """Begin a new generation: this state, and an empty journal. The old one stays until the new one is on disk."""
        old, self.generation = self.generation, self.generation + 1
        journal = self.path / f"journal-{self.generation}"
        journal.unlink(missing_ok=True)
        _write(self.path / f"checkpoint-{self.generation}", content)
        self.close_journal()
        self._journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._size = 0
        for name in (f"checkpoint-{old}", f"journal-{old}"):
            (self.path / name).unlink(missing_ok=True)

    def append(self, record: bytes) -> None:
        """Write a record. OSError, and the journal as it was, when it does not fit on the disk."""
        if self._journal is None:
            raise FolderError("There is no journal before the first checkpoint.")
        framed = _framed(record)
        try:
            _write_whole(self._journal, framed)
        except OSError:
            os.ftruncate(self._journal, self._size)
            raise
        self._size += len(framed)

    def write_snapshot(self, name: str, content: bytes) -> None:
        _write(self.path / "snapshots" / name, content)

    def snapshots(self) -> dict[str, bytes]:
        """By name; files that were being written when the process ended are not among them."""
        files = sorted((self.path / "snapshots").iterdir())
        return {path.name: _read(path) for path in files if not path.name.endswith(_UNFINISHED)}

    def close_journal(self) -> None:
        if self._journal is not None:
            os.close(self._journal)
            self._journal = None

    def close(self) -> None:
        """Let another process have the folder."""
        self.close_journal()
        os.close(self._lock)

    def _generations(self, kind: str) -> list[int]:
        found = (path.name.rpartition("-")[2] for path in self.path.glob(f"{kind}-*"))
        return [int(number) for number in found if number.isdecimal()]

    def _check_content(self) -> None:
        """Refuse a folder of somebody else, before anything is written into it."""
        held = sorted(path.name for path in self.path.iterdir())
        if held and "format" not in held and held != ["lock"]:
            raise FolderError(
                f"The folder {self.path} holds {held[0]!r} and no state of this emulator. Name an empty one."
            )

    def _check_format(self) -> None:
        path, mine = self.path / "format", {"kind": _KIND, "version": _VERSION, "program": _program()}
        if not path.exists():
            _replace(path, json.dumps(mine).encode())
            return
        try:
            found = json.loads(path.read_bytes())
        except ValueError:
            found = None
        if not isinstance(found, dict) or found.get("kind") != _KIND:
            raise FolderError(f"The folder {self.path} holds no state of this emulator. Name an empty or a new folder.")
        if found != mine:
            raise FolderError(
                f"The state in {self.path} was written by another version of this emulator. Start that version, or "
                "begin anew in an empty folder."
            )


_UNFINISHED = ".unfinished~"


def _program() -> str:
    """A digest of everything whose change could read an old state wrongly: our code, moto's and Python's version."""
    from importlib import metadata

    digest = hashlib.sha256()
    here = Path(__file__).parents[1]
    for path in sorted(here.rglob("*.py")):
        if "aws_plugin" not in path.parts:
            digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{digest.hexdigest()[:16]} moto {metadata.version('moto')} python {platform.python_version()}"


def _locked(path: Path) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(handle, 20).decode("ascii", "replace").strip()
        os.close(handle)
        raise FolderError(
            f"The state in {path.parent} is in use by another emulator (process {holder or 'unknown'}). End that one, "
            "or name another folder."
        ) from error
    os.ftruncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return handle


def _write_whole(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def _framed(record: bytes) -> bytes:
    return _HEADER.pack(len(record), zlib.crc32(record)) + record


def _records(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Each whole record and where it ends."""
    start = 0
    while start + _HEADER.size <= len(data):
        length, checksum = _HEADER.unpack_from(data, start)
        record = data[start + _HEADER.size : start + _HEADER.size + length]
        if len(record) < length or zlib.crc32(record) != checksum:
            return
        start += _HEADER.size + length
        yield record, start


def _read(path: Path) -> bytes:
    for record, _ in _records(path.read_bytes()):
        return record
    raise FolderError(f"The file {path} is damaged: its checksum does not fit its content. Name another folder.")


def _write(path: Path, content: bytes) -> None:
    _replace(path, _framed(content))


def _replace(path: Path, data: bytes) -> None:
    """The old file or the new one is there at any moment, whole."""
    unfinished = path.with_name(path.name + _UNFINISHED)
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
