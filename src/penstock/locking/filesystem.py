"""Locks between processes that share a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from penstock.core import clock
from penstock.core.interruptible import interruptible
from penstock.filesystems.names import safe_name
from penstock.filesystems.unique_names import unique_name
from penstock.locking.process_names import ProcessName, this_process
from penstock.locking.protocol import not_held

FIRST_PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.25

UNREADABLE_SECONDS = 60
"""For how long a lock file that can't be read counts as held: a loss of power may leave one."""


class _Record(NamedTuple):
    """What a lock file says."""

    holder: str
    expires: datetime | None
    process: ProcessName

    def is_held(self) -> bool:
        return not (self.expires is not None and self.expires <= clock.now()) and not self.process.is_dead()

    def to_bytes(self) -> bytes:
        expires = None if self.expires is None else self.expires.isoformat()
        return json.dumps({"holder": self.holder, "expires": expires, "process": self.process}).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> _Record:
        said = json.loads(content)
        expires = None if said["expires"] is None else datetime.fromisoformat(said["expires"])
        return cls(said["holder"], expires, ProcessName(*said["process"]))


class FileSystemLockManager:
    """Keeps locks as files in a folder, for all processes that share it.

    A lock whose holder's process has ended is free; that is seen on the same machine only. A holder on another machine
    that may die needs a `hold_timeout`.

    Parameters:
        lock_files_directory: the folder, made when it is first needed. Its file system must have `flock`.
    """

    def __init__(self, lock_files_directory: str | os.PathLike[str]) -> None:
        self.lock_files_directory = Path(lock_files_directory).expanduser().absolute()

    def _path(self, key: str) -> Path:
        return self.lock_files_directory / f"{safe_name(key)}.lock"

    def _held(self, key: str) -> _Record | None:
        """Return what the lock file of `key` says, or None where the lock is free."""
        path = self._path(key)
        try:
            record = _Record.from_bytes(path.read_bytes())
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            return _unreadable(path)
        return record if record.is_held() else None

    def acquire_lock(
        self, key: str, holder: str, acquire_timeout: float | None = None, hold_timeout: float | None = None
    ) -> bool:
        """Acquire the lock of `key`. See `LockManager.acquire_lock`."""
        pauses = _pauses(acquire_timeout)
        while not self._try_to_acquire(key, holder, hold_timeout):
            if not next(pauses):
                return False
        return True

    def _try_to_acquire(self, key: str, holder: str, hold_timeout: float | None) -> bool:
        with self._guard(wait=False) as guarded:
            if not guarded:
                return False
            held = self._held(key)
            if held is not None and held.holder != holder:
                return False
            if held is None or hold_timeout is not None:
                expires = None if hold_timeout is None else clock.now() + timedelta(seconds=hold_timeout)
                self._write(key, _Record(holder, expires, this_process()))
            return True

    def _write(self, key: str, record: _Record) -> None:
        path = self._path(key)
        beside = path.with_name(f".{unique_name()}.part")
        beside.write_bytes(record.to_bytes())
        beside.replace(path)

    @contextmanager
    def _guard(self, wait: bool) -> Iterator[bool]:
        """Keep every other process from changing the lock files; yields whether that was possible.

        Readers need no guard: a lock file appears and vanishes in one step.
        """
        import fcntl

        self.lock_files_directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.lock_files_directory / ".guard", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o666)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(descriptor)

    def release_lock(self, key: str, holder: str) -> None:
        """Release the lock of `key`. See `LockManager.release_lock`."""
        with self._guard(wait=True):
            held = self._held(key)
            if held is None or held.holder != holder:
                raise not_held(key, holder)
            self._path(key).unlink()

    def is_locked(self, key: str) -> bool:
        """Whether somebody has the lock of `key`."""
        return self._held(key) is not None

    def is_lock_holder(self, key: str, holder: str) -> bool:
        """Whether this holder has the lock of `key`."""
        held = self._held(key)
        return held is not None and held.holder == holder

    def wait_for_lock(self, key: str, timeout: float | None = None) -> bool:
        """Wait until nobody has the lock of `key`. See `LockManager.wait_for_lock`."""
        pauses = _pauses(timeout)
        while self.is_locked(key):
            if not next(pauses):
                return False
        return True

    def __eq__(self, other: object) -> bool:
        mine: Any = self.lock_files_directory
        return isinstance(other, FileSystemLockManager) and bool(mine == other.lock_files_directory)

    def __hash__(self) -> int:
        return hash(self.lock_files_directory)

    def __repr__(self) -> str:
        return f"FileSystemLockManager({str(self.lock_files_directory)!r})"


def _unreadable(path: Path) -> _Record | None:
    try:
        age_seconds = clock.now().timestamp() - path.stat().st_mtime
    except FileNotFoundError:
        return None
    return None if age_seconds > UNREADABLE_SECONDS else _Record("", None, this_process())


@interruptible
def _pauses(timeout_seconds: float | None) -> Iterator[bool]:
    """Pause, longer each time, and yield True; yield False once `timeout_seconds` are over."""
    deadline = None if timeout_seconds is None else clock.current().monotonic() + timeout_seconds
    pause_seconds = FIRST_PAUSE_SECONDS
    while True:
        left = None if deadline is None else deadline - clock.current().monotonic()
        if left is not None and left <= 0:
            yield False
            continue
        clock.current().sleep(pause_seconds if left is None else min(pause_seconds, left))
        pause_seconds = min(pause_seconds * 1.5, LONGEST_PAUSE_SECONDS)
        yield True
