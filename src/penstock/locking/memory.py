"""Locks between the threads of one process."""

from __future__ import annotations

import os
import threading
from typing import Self

from penstock.core import clock
from penstock.core.interruptible import interruptible
from penstock.locking.protocol import not_held

_LONGEST_WAIT_SECONDS = 0.5


class _Lock:
    """One lock: its holder, when it runs out, and who waits for it."""

    __slots__ = ("changed", "expires", "holder", "waiting")

    def __init__(self, mutex: threading.Lock) -> None:
        self.holder: str | None = None
        self.expires: float | None = None
        self.changed = threading.Condition(mutex)
        self.waiting = 0

    def is_held(self) -> bool:
        if self.expires is not None and self.expires <= clock.current().monotonic():
            self.holder = self.expires = None
        return self.holder is not None


class MemoryLockManager:
    """Keeps locks in memory, for the threads of this process. There is one in a process: every instance is the same.

    The child of a fork starts with none.
    """

    _instance: Self | None = None

    _mutex: threading.Lock
    _locks: dict[str, _Lock]

    def __new__(cls) -> Self:
        """Return the one there is."""
        if cls._instance is None:
            made = super().__new__(cls)
            made._start_anew()
            cls._instance = made
        return cls._instance

    def _start_anew(self) -> None:
        self._mutex = threading.Lock()
        self._locks = {}

    def acquire_lock(
        self, key: str, holder: str, acquire_timeout: float | None = None, hold_timeout: float | None = None
    ) -> bool:
        """Acquire the lock of `key`. See `LockManager.acquire_lock`."""
        with self._mutex:
            lock = self._locks.get(key)
            if lock is None:
                lock = self._locks[key] = _Lock(self._mutex)
            mine = lock.is_held() and lock.holder == holder
            if not mine and not self._wait(lock, acquire_timeout):
                self._drop_unused(key, lock)
                return False
            lock.holder = holder
            if hold_timeout is not None:
                lock.expires = clock.current().monotonic() + hold_timeout
            return True

    @interruptible
    def _wait(self, lock: _Lock, timeout: float | None) -> bool:
        """Wait until `lock` is free, at most `timeout` seconds; the mutex is held."""
        deadline = None if timeout is None else clock.current().monotonic() + timeout
        lock.waiting += 1
        try:
            while lock.is_held():
                now = clock.current().monotonic()
                if deadline is not None and deadline <= now:
                    return False
                ends = [end - now for end in (deadline, lock.expires) if end is not None]
                # In pieces: a signal that comes in the last instant before the main thread waits is not seen before it wakes.
                lock.changed.wait(min([*ends, _LONGEST_WAIT_SECONDS]))
            return True
        finally:
            lock.waiting -= 1

    def _drop_unused(self, key: str, lock: _Lock) -> None:
        if not lock.waiting and lock.holder is None and self._locks.get(key) is lock:
            del self._locks[key]

    def release_lock(self, key: str, holder: str) -> None:
        """Release the lock of `key`. See `LockManager.release_lock`."""
        with self._mutex:
            lock = self._locks.get(key)
            if lock is None or not lock.is_held() or lock.holder != holder:
                raise not_held(key, holder)
            lock.holder = lock.expires = None
            # All of them: some only wait for it to become free, and do not take it.
            lock.changed.notify_all()
            self._drop_unused(key, lock)

    def is_locked(self, key: str) -> bool:
        """Whether somebody has the lock of `key`."""
        with self._mutex:
            lock = self._locks.get(key)
            return lock is not None and lock.is_held()

    def is_lock_holder(self, key: str, holder: str) -> bool:
        """Whether this holder has the lock of `key`."""
        with self._mutex:
            lock = self._locks.get(key)
            return lock is not None and lock.is_held() and lock.holder == holder

    def wait_for_lock(self, key: str, timeout: float | None = None) -> bool:
        """Wait until nobody has the lock of `key`. See `LockManager.wait_for_lock`."""
        with self._mutex:
            lock = self._locks.get(key)
            if lock is None:
                return True
            free = self._wait(lock, timeout)
            self._drop_unused(key, lock)
            return free

    def __reduce__(self) -> tuple[type[MemoryLockManager], tuple[()]]:
        return MemoryLockManager, ()


def _start_anew_in_child() -> None:
    # What the parent's threads held at the moment of the fork would be held for ever.
    _the_one._start_anew()


# Made now: an import happens once, a first use may happen in two threads.
_the_one = MemoryLockManager()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew_in_child)
