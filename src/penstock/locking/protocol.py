"""The contract of lock managers."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class LockManager(Protocol):
    """Keeps locks by key. Several threads may call it at once.

    A lock is free, or it has one holder, who is named by a text. A holder who acquires it again still has it.
    """

    def acquire_lock(
        self, key: str, holder: str, acquire_timeout: float | None = None, hold_timeout: float | None = None
    ) -> bool:
        """Acquire the lock of `key`.

        Parameters:
            key: which lock.
            holder: who is to have it.
            acquire_timeout: how many seconds to wait for it at most; 0 to try once, None to wait for ever.
            hold_timeout: after how many seconds it becomes free by itself; None for never.

        Returns:
            Whether the holder has it now.
        """

    def release_lock(self, key: str, holder: str) -> None:
        """Release the lock of `key`.

        Raises:
            ValueError: the holder does not have it.
        """

    def is_locked(self, key: str) -> bool:
        """Whether somebody has the lock of `key`."""

    def is_lock_holder(self, key: str, holder: str) -> bool:
        """Whether this holder has the lock of `key`."""

    def wait_for_lock(self, key: str, timeout: float | None = None) -> bool:
        """Wait until nobody has the lock of `key`.

        Parameters:
            key: which lock.
            timeout: how many seconds to wait at most; None to wait for ever.

        Returns:
            Whether it is free now.
        """


def not_held(key: str, holder: str) -> ValueError:
    """Return the error of a lock that is released by somebody who does not have it."""
    return ValueError(
        f"The lock of {key!r} is not held by {holder!r}: it was never acquired, was released before, or ran out."
    )
