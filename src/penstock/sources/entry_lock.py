"""The lock of one entry of the cache: shared by those who use it, held alone by who makes or removes it."""

from __future__ import annotations

import os
from pathlib import Path

from penstock.core import clock
from penstock.core.errors import SourceError
from penstock.core.interruptible import interruptible
from penstock.settings.private_folder import make_private_folder

FIRST_PAUSE_SECONDS = 0.005
LONGEST_PAUSE_SECONDS = 0.25


class EntryLock:
    """A lock of the kernel's on a file in the entry's folder. It ends with the processes that have it.

    A process that is forked shares it with its parent: it is free when both have let it go, or ended.

    Parameters:
        folder: the entry's folder, made when it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "lock"
        self._descriptor: int | None = None

    def try_to_share(self) -> bool:
        """Take it together with others, if nobody has it alone."""
        import fcntl

        return self._try(fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """Take it alone, if nobody has it."""
        import fcntl

        return self._try(fcntl.LOCK_EX)

    def _try(self, kind: int) -> bool:
        import fcntl

        self.release()
        make_private_folder(self.folder)
        try:
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:  # the folder was removed just now
            return False
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            if self._is_current(descriptor):
                self._descriptor = descriptor
                return True
        except BlockingIOError:
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        return False

    def _is_current(self, descriptor: int) -> bool:
        """Whether the locked file is still the entry's: who removes an entry takes the file away with it."""
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self._path))
        except FileNotFoundError:
            return False

    @interruptible
    def wait_alone(self, deadline: float, what: str) -> None:
        """Take it alone, waiting for those who have it.

        Parameters:
            deadline: the instant to give up at, by the monotonic clock.
            what: what is waited for, for the error.

        Raises:
            SourceError: others had it until then.
        """
        pause_seconds = FIRST_PAUSE_SECONDS
        while not self.try_alone():
            if clock.current().monotonic() >= deadline:
                raise SourceError(
                    f"Another process was busy with {what} for too long. If it hangs, end it; "
                    "PENSTOCK_CODE_TIMEOUT_SECONDS says how long to wait."
                )
            clock.current().sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 1.5, LONGEST_PAUSE_SECONDS)

    def share_instead(self) -> bool:
        """Share it from now on, having it alone; false, and let go, if another was quicker."""
        import fcntl

        assert self._descriptor is not None
        try:
            # The kernel lets it go first, and then takes it again.
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        if self._is_current(self._descriptor):
            return True
        self.release()
        return False

    def touch(self) -> None:
        """Note that the entry is used now."""
        assert self._descriptor is not None
        os.utime(self._descriptor)

    def release(self) -> None:
        """Let it go. Doing so twice does nothing."""
        # Closing, and not unlocking, leaves it to a forked process that has it, too.
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)
