"""The code that was pulled, kept for the next run and shared by the processes of this machine."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from penstock.core.errors import SourceError
from penstock.filesystems.unique_names import unique_name
from penstock.sources.entry_lock import EntryLock
from penstock.sources.measure import check_size

MOST_ENTRIES = 1_000

_CODE, _BUILDING, _ABOUT = "code", "building", "about.json"
_TRASH = ".trash-"
_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class _Entry(NamedTuple):
    folder: Path
    last_used: float
    total_bytes: int


class Held:
    """An entry that is in use, and so stays.

    Parameters:
        path: the folder of its code.
        lock: the lock on it, which is shared.
        once: whether nobody else can find it, so that it goes with who uses it.
    """

    def __init__(self, path: Path, lock: EntryLock, *, once: bool = False) -> None:
        self.path = path
        self._lock = lock
        self._once = once

    def release(self) -> None:
        """Let it go."""
        if self._once and self._lock.try_alone():
            _remove(self.path.parent, self._lock)
        self._lock.release()


class CodeCache:
    """Pulled code in folders, one an entry, that are made whole or not at all.

    Entries that nobody uses are removed, those not used for longest first, when all take more than the bound.

    Parameters:
        folder: where.
        max_bytes: the bound on all entries together.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self.max_bytes = max_bytes

    @classmethod
    def of_settings(cls) -> CodeCache:
        """Return the cache under the home folder."""
        from penstock import settings

        now = settings.current()
        return cls(now.home / "code", now.code.cache_max_bytes)

    def find(self, key: str) -> Held | None:
        """Return the entry of `key`, held, if it is there."""
        folder = self._folder(key)
        if not (folder / _CODE).is_dir():
            return None
        lock = EntryLock(folder)
        if lock.try_to_share() and (folder / _CODE).is_dir():
            lock.touch()
            return Held(folder / _CODE, lock)
        lock.release()
        return None

    def obtain(self, key: str, address: str, deadline: float, build: Callable[[Path], object]) -> Held:
        """Return the entry of `key`, held; made first if it is not there, by one process for all that want it.

        Parameters:
            key: all that makes it this code: address, version and the like.
            address: where it comes from, for people.
            deadline: the instant to give up at, by the monotonic clock.
            build: puts the code into a folder that is not there yet.

        Raises:
            SourceError: it can't be made.
        """
        found = self.find(key)
        if found is not None:
            return found
        made = self._made(key, address, deadline, build)
        while made is None:
            made = self.find(key) or self._made(key, address, deadline, build)
        self.trim()
        return made

    def _made(self, key: str, address: str, deadline: float, build: Callable[[Path], object]) -> Held | None:
        """Make an entry, or wait until another process has; None where it was lost again at once."""
        lock = EntryLock(self._folder(key))
        try:
            with self._refusals(address):
                lock.wait_alone(deadline, address)
                if not (lock.folder / _CODE).is_dir():
                    _build(lock.folder, address, build)
                if lock.share_instead():
                    lock.touch()
                    return Held(lock.folder / _CODE, lock)
        except BaseException:
            lock.release()
            raise
        return None

    def obtain_once(self, address: str, deadline: float, build: Callable[[Path], object]) -> Held:
        """Make an entry that nobody else finds, and that goes when it is released. See `obtain`."""
        held = self.obtain(f"once {unique_name()}", address, deadline, build)
        return Held(held.path, held._lock, once=True)

    @contextmanager
    def alone(self, key: str, address: str, deadline: float) -> Iterator[Path]:
        """Have the folder of `key`, made when it is not there, for oneself.

        Raises:
            SourceError: others had it for too long, or the disk refused.
        """
        lock = EntryLock(self._folder(key))
        try:
            with self._refusals(address):
                lock.wait_alone(deadline, address)
                yield lock.folder
                lock.touch()
        finally:
            lock.release()

    @contextmanager
    def _refusals(self, address: str) -> Iterator[None]:
        """Say in one sentence that the disk refused."""
        try:
            yield
        except OSError as error:
            raise SourceError(
                f"The code of {address} can't be kept under {self.folder}: {error.strerror or error}. "
                "See to the disk, or set PENSTOCK_HOME to another."
            ) from error

    def note_size(self, folder: Path, address: str) -> None:
        """Measure the entry in `folder`, which the caller has for itself, and write its size down.

        Raises:
            TooLarge: it is larger than the bounds on one source.
        """
        _write_about(folder, address, check_size(folder, address))

    def trim(self) -> None:
        """Remove what nobody uses, the least recently used first, until the rest is within the bounds."""
        entries = sorted(self._entries(), key=lambda entry: entry.last_used)
        total_bytes, count = sum(entry.total_bytes for entry in entries), len(entries)
        for entry in entries:
            if total_bytes <= self.max_bytes and count <= MOST_ENTRIES:
                return
            lock = EntryLock(entry.folder)
            try:
                if lock.try_alone():
                    _remove(entry.folder, lock)
                    total_bytes, count = total_bytes - entry.total_bytes, count - 1
            finally:
                lock.release()

    def _entries(self) -> Iterator[_Entry]:
        for folder in self.folder.iterdir():
            if folder.name.startswith(_TRASH):
                shutil.rmtree(folder, ignore_errors=True)
                continue
            try:
                last_used = (folder / "lock").stat().st_mtime
            except OSError:
                continue
            yield _Entry(folder, last_used, _said_size(folder))

    def _folder(self, key: str) -> Path:
        return self.folder / blake2b(key.encode(), digest_size=16).hexdigest()


def _build(folder: Path, address: str, build: Callable[[Path], object]) -> None:
    building = folder / _BUILDING
    shutil.rmtree(building, ignore_errors=True)  # of a process that was killed
    try:
        build(building)
        _protect(building)
        _write_about(folder, address, check_size(building, address))
        building.rename(folder / _CODE)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _protect(folder: Path) -> None:
    """Take the permission to write from every file: many runs read them. Folders stay as they are, for byte code."""
    for above, _, names in os.walk(folder):
        for path in (os.path.join(above, name) for name in names):
            if not os.path.islink(path):
                os.chmod(path, stat.S_IMODE(os.stat(path).st_mode) & ~_WRITE)


def _write_about(folder: Path, address: str, total_bytes: int) -> None:
    (folder / _ABOUT).write_text(json.dumps({"address": address, "bytes": total_bytes}))


def _said_size(folder: Path) -> int:
    try:
        return int(json.loads((folder / _ABOUT).read_text())["bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _remove(folder: Path, lock: EntryLock) -> None:
    """Remove an entry that the caller has alone: out of sight in one step, then for good."""
    trash = folder.with_name(f"{_TRASH}{unique_name()}")
    try:
        os.rename(folder, trash)
    except OSError:
        return
    lock.release()
    shutil.rmtree(trash, ignore_errors=True)
