"""Which processes live: each that runs something holds a lock on a file of its own, which the system ends with it."""

from __future__ import annotations

import contextlib
import os
import threading
from enum import Enum
from pathlib import Path

from penstock.core import clock
from penstock.settings.private_folder import make_private_folder

HAS_LOCKS = os.name == "posix"
"""Elsewhere leases alone tell who lives."""

if HAS_LOCKS:
    import fcntl

_MOST_FILES_LOOKED_AT = 200
_TRIES = 50
_PAUSE_SECONDS = 0.001
_held: dict[str, tuple[int, int]] = {}
"""The locks this process holds: file and number of holders by path. To open a file again and close it ends its lock."""

_holding = threading.Lock()


class Sign(Enum):
    """What the lock of a process says about it."""

    HELD = "held"
    FREE = "free"
    MISSING = "missing"


class Owners:
    """The locks of all processes that write to one database.

    They are POSIX record locks: they end with their process, however that ends, and a forked child does not have them.

    Parameters:
        folder: where the files are; it lies beside the database, so that all its writers look at the same files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def hold(self, owner: str) -> None:
        """Hold the lock of this process, whose id is `owner`, until it ends or lets go.

        Where that can't be done (a read-only folder, a full disk), leases alone tell others that the process lives.
        """
        if not HAS_LOCKS:
            return
        path = self._path(owner)
        with _holding:
            file, holders = _held.get(path, (None, 0))
            if file is None:
                try:
                    make_private_folder(self.folder)
                    file = _locked(path)
                except (OSError, ValueError):
                    return
            _held[path] = file, holders + 1

    def let_go(self, owner: str) -> None:
        """End the lock of this process and remove its file, unless another part of it holds the lock too."""
        path = self._path(owner)
        with _holding:
            file, holders = _held.pop(path, (None, 0))
            if file is None:
                return
            if holders > 1:
                _held[path] = file, holders - 1
                return
            with contextlib.suppress(OSError):
                os.unlink(path)
            os.close(file)

    def sign_of(self, owner: str) -> Sign:
        """Return what the lock of the process `owner` says."""
        return _sign_of(self._path(owner))

    def remove_old(self) -> None:
        """Remove the files of processes that ended without doing so."""
        try:
            with os.scandir(self.folder) as entries:
                paths = [entry.path for entry, _ in zip(entries, range(_MOST_FILES_LOOKED_AT), strict=False)]
        except OSError:
            return
        for path in paths:
            if path.endswith(".lock"):
                _sign_of(path, remove_if_free=True)

    def _path(self, owner: str) -> str:
        return os.path.join(self.folder, f"{owner.replace('/', '_')}.lock")


def forget_after_fork() -> None:
    """Let go of the files of the parent's locks: a child does not hold them, and closing them ends none of them."""
    global _holding
    _holding = threading.Lock()
    for file, _ in _held.values():
        with contextlib.suppress(OSError):
            os.close(file)
    _held.clear()


def _locked(path: str) -> int:
    """Return a locked file at `path`, which is still the one at `path` once it is locked.

    Raises:
        OSError: it can't be made, or somebody keeps the lock. Those who only look at it let go at once.
    """
    for _ in range(_TRIES):
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(file, path):
                return file
        except BlockingIOError:
            clock.current().sleep(_PAUSE_SECONDS)
        except BaseException:
            os.close(file)
            raise
        os.close(file)
    raise BlockingIOError(f"{path} is locked")


def _sign_of(path: str, *, remove_if_free: bool = False) -> Sign:
    if path in _held:
        return Sign.HELD
    if not HAS_LOCKS:
        return Sign.MISSING
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except (OSError, ValueError):  # ValueError: no name of a file, as with a NUL in it
        return Sign.MISSING
    try:
        # A shared lock: two processes that look at the same time are no sign of life to each other.
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if not _is_at(file, path):
            return Sign.MISSING
        if remove_if_free:
            with contextlib.suppress(OSError):
                os.unlink(path)
    except OSError:
        return Sign.HELD
    else:
        return Sign.FREE
    finally:
        os.close(file)


def _is_at(file: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except OSError:
        return False
