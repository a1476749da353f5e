"""The turn to write an SQLite file, passed between processes by a lock of our own beside the file."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

HAS_LOCKS = os.name == "posix"
"""Elsewhere SQLite's own locks must do."""

if HAS_LOCKS:
    import fcntl


class WritersTurn:
    """Lets one process at a time write to a file, or carry its write-ahead log over into it.

    SQLite's own lock would keep writers apart too, but not checkpoints: before 3.51.3 a commit at the moment of a second
    checkpoint can lose pages (sqlite.org/wal.html, "The WAL-reset bug"). And SQLite's waiting sleeps up to 100 ms.

    The lock is a POSIX record lock: it ends with its process, however that ends, and a forked child does not have it.

    Parameters:
        path: the lock's file; it is empty and stays.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def try_take(self) -> bool:
        """Take the turn if no other process has it.

        Raises:
            OSError: the lock's file can't be made.
        """
        if not HAS_LOCKS:
            return True
        file = self._file
        if file is None:
            file = self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def give_back(self) -> None:
        """End the turn."""
        file = self._file
        if file is not None:
            with contextlib.suppress(OSError):  # closed meanwhile, which ended the turn too
                fcntl.lockf(file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the lock's file."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                os.close(file)
