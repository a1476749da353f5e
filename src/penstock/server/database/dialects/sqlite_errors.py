"""What SQLite and the file system mean by their errors, said with the file, the fact and the remedy."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from penstock.core.errors import (
    StorageBusy,
    StorageCorrupt,
    StorageError,
    StorageFull,
    StorageReadOnly,
)

# The extended code for "the shared memory file could not be grown", which is how a full disk can show first.
_SHM_CODES = {sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP}
_ELSEWHERE = "set PENSTOCK_DATABASE_URL to another place"


def busy(path: Path, seconds: float) -> StorageBusy:
    """Return the error for a file that others kept locked for `seconds`."""
    return StorageBusy(
        f"The database {path} was locked by another process for {seconds:g} s. End what is writing to it (perhaps a "
        f"database tool with an open transaction), or raise PENSTOCK_DATABASE_BUSY_TIMEOUT_SECONDS."
    )


def crowded(path: Path, connections: int) -> StorageBusy:
    """Return the error for a file of which this process has all its `connections` in use."""
    return StorageBusy(
        f"All {connections} connections of this process to the database {path} are in use. Ask it from fewer threads at once."
    )


def too_slow(path: Path, seconds: float) -> StorageBusy:
    """Return the error for a question that was broken off after `seconds`."""
    return StorageBusy(
        f"The database {path} took longer than {seconds:g} s over a question. Ask for less at once, by more conditions or "
        f"a shorter time, or raise PENSTOCK_DATABASE_STATEMENT_TIMEOUT_SECONDS."
    )


def full(path: Path) -> StorageFull:
    """Return the error for a disk that is full."""
    return StorageFull(f"The disk under the database {path} is full. Free some space, or {_ELSEWHERE}.")


def read_only(path: Path, fact: str) -> StorageReadOnly:
    """Return the error for a file that can't be written, because of `fact`."""
    return StorageReadOnly(
        f"The database {path} can't be written: {fact}. Give this user the right to write it and its folder, or "
        f"{_ELSEWHERE}."
    )


def corrupt(path: Path, fact: str) -> StorageCorrupt:
    """Return the error for a file that is no sound database, because of `fact`."""
    return StorageCorrupt(
        f"The database {path} is damaged: {fact}. Move it away together with {path.name}-wal and {path.name}-shm, and "
        f"a new one is made; `sqlite3 {path.name} .recover` may save what is in the old one."
    )


def of_driver(error: sqlite3.Error, path: Path, busy_seconds: float) -> StorageError | None:
    """Return what SQLite's `error` means; None where the fault is in a statement, not in the storage."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    primary = code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return busy(path, busy_seconds)
    if primary == sqlite3.SQLITE_READONLY:
        return read_only(path, str(error))
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return corrupt(path, str(error))
    if primary == sqlite3.SQLITE_FULL or (code in _SHM_CODES and _is_full(path)):
        return full(path)
    if primary == sqlite3.SQLITE_CANTOPEN:
        return _unopenable(error, path)
    if primary == sqlite3.SQLITE_IOERR:
        if _is_full(path):
            return full(path)
        return StorageError(
            f"The database {path} can't be reached: {error}. Look at the disk it lies on, or {_ELSEWHERE}."
        )
    return None


def of_system(error: OSError, path: Path) -> StorageError:
    """Return what the operating system's `error` means for the files of the database."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return read_only(path, error.strerror or str(error))
    return StorageError(f"The database {path} can't be opened: {error}. Mend that, or {_ELSEWHERE}.")


def _unopenable(error: sqlite3.Error, path: Path) -> StorageError:
    if _is_full(path):
        return full(path)
    if path.is_dir():
        return StorageError(f"The database {path} is a folder. Name a file, or {_ELSEWHERE}.")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return read_only(path, "its folder is read-only")
    return StorageError(f"The database {path} can't be opened: {error}. Mend that, or {_ELSEWHERE}.")


def _is_full(path: Path) -> bool:
    try:
        free = os.statvfs(path.parent)
    except (OSError, AttributeError):
        return False
    return free.f_bavail == 0 or (free.f_files > 0 and free.f_favail == 0)
