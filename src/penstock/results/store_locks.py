"""The locks of a result store."""

from __future__ import annotations

import os
import socket
import threading
from typing import TYPE_CHECKING

from penstock.core.dispatch import running_loop
from penstock.core.errors import ConfigurationError

if TYPE_CHECKING:
    from penstock.locking import LockManager
    from penstock.transactions import IsolationLevel


class StoreLocks:
    """The part of a result store that locks keys. Without a lock manager, it refuses to."""

    lock_manager: LockManager | None

    def path_of(self, key: str) -> str:
        """Return the path of the result with this key; it is what is locked."""
        raise NotImplementedError

    @staticmethod
    def generate_default_holder() -> str:
        """Return the name under which this thread, or the coroutine in it, holds locks."""
        holder = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
        if running_loop() is not None:
            import asyncio

            holder += f":{id(asyncio.current_task())}"
        return holder

    def supports_isolation_level(self, level: IsolationLevel | str) -> bool:
        """Whether transactions of this isolation level can use the store.

        Raises:
            ValueError: there is no such level.
        """
        from penstock.transactions import IsolationLevel

        return IsolationLevel(level) is not IsolationLevel.SERIALIZABLE or self.lock_manager is not None

    def _locks(self) -> LockManager:
        if self.lock_manager is None:
            raise ConfigurationError(
                "The result store has no lock manager, so it can't lock a key. Give it one, such as "
                "ResultStore(lock_manager=FileSystemLockManager(folder))."
            )
        return self.lock_manager

    def acquire_lock(self, key: str, holder: str | None = None, timeout: float | None = None) -> bool:
        """Acquire the lock of a key, and return whether the holder has it now.

        Parameters:
            key: the key.
            holder: who is to have it; by default the calling thread or coroutine.
            timeout: how many seconds to wait for it at most; 0 to try once, None to wait for ever.

        Raises:
            ConfigurationError: the store has no lock manager.
        """
        return self._locks().acquire_lock(self.path_of(key), holder or self.generate_default_holder(), timeout)

    def release_lock(self, key: str, holder: str | None = None) -> None:
        """Release the lock of a key.

        Raises:
            ValueError: the holder does not have it.
            ConfigurationError: as `acquire_lock`.
        """
        self._locks().release_lock(self.path_of(key), holder or self.generate_default_holder())

    def is_locked(self, key: str) -> bool:
        """Whether somebody has the lock of a key."""
        return self._locks().is_locked(self.path_of(key))

    def is_lock_holder(self, key: str, holder: str | None = None) -> bool:
        """Whether the holder, by default the calling thread or coroutine, has the lock of a key."""
        return self._locks().is_lock_holder(self.path_of(key), holder or self.generate_default_holder())

    def wait_for_lock(self, key: str, timeout: float | None = None) -> bool:
        """Wait until nobody has the lock of a key, `timeout` seconds at most; return whether it is free now."""
        return self._locks().wait_for_lock(self.path_of(key), timeout)

    def wait_for_others(self, key: str, holder: str | None) -> None:
        """Wait while another holder has the lock of a key, if keys are locked at all."""
        if self.lock_manager is not None and not self.is_lock_holder(key, holder):
            self.wait_for_lock(key)

    def is_locked_by_another(self, key: str, holder: str | None) -> bool:
        """Whether another holder has the lock of a key."""
        return self.lock_manager is not None and self.is_locked(key) and not self.is_lock_holder(key, holder)
