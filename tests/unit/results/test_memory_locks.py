"""Locks in memory: one holder at a time, waiters are woken, and what runs out is free."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from penstock.core import clock
from penstock.core.clock import Clock
from penstock.locking import LockManager, MemoryLockManager


class MovedClock(Clock):
    """The system's clock, put forward by hand."""

    def __init__(self) -> None:
        self.ahead_seconds = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_seconds


@pytest.fixture
def moved_clock() -> Iterator[MovedClock]:
    moved = MovedClock()
    before = clock.use(moved)
    yield moved
    clock.use(before)


@pytest.fixture
def locks() -> MemoryLockManager:
    return MemoryLockManager()


def test_a_lock_has_one_holder(locks: MemoryLockManager) -> None:
    """Another holder does not get it without waiting; the same one has it still; once released, the other gets it."""
    assert locks.acquire_lock("a", "one")
    assert not locks.acquire_lock("a", "other", acquire_timeout=0)
    assert locks.acquire_lock("a", "one", acquire_timeout=0)
    assert locks.is_locked("a")
    assert locks.is_lock_holder("a", "one")
    assert not locks.is_lock_holder("a", "other")
    locks.release_lock("a", "one")
    assert not locks.is_locked("a")
    assert locks.acquire_lock("a", "other", acquire_timeout=0)
    locks.release_lock("a", "other")


def test_only_the_holder_can_release(locks: MemoryLockManager) -> None:
    """Releasing what is free, or another's, is an error that names the key and the holder."""
    for _ in range(2):
        with pytest.raises(ValueError, match="lock of 'b' is not held by 'other'"):
            locks.release_lock("b", "other")
        locks.acquire_lock("b", "one")
    locks.release_lock("b", "one")


def test_a_waiter_gives_up_after_its_timeout(locks: MemoryLockManager) -> None:
    """Both ways of waiting end, and say that the lock is not free."""
    locks.acquire_lock("c", "one")
    assert not locks.acquire_lock("c", "other", acquire_timeout=0.01)
    assert not locks.wait_for_lock("c", timeout=0.01)
    locks.release_lock("c", "one")
    assert locks.wait_for_lock("c", timeout=0)


def test_waiters_are_woken_one_after_the_other(locks: MemoryLockManager) -> None:
    """Eight threads that all want the lock get it in turn, and those that only wait go on as well."""
    inside, most_inside, entered = 0, 0, 0

    def work(holder: int) -> None:
        nonlocal inside, most_inside, entered
        for _ in range(50):
            locks.acquire_lock("d", str(holder))
            inside += 1
            most_inside = max(most_inside, inside)
            entered += 1
            inside -= 1
            locks.release_lock("d", str(holder))

    locks.acquire_lock("d", "first")
    with ThreadPoolExecutor(9) as threads:
        waiting = threads.submit(locks.wait_for_lock, "d")
        working = [threads.submit(work, holder) for holder in range(8)]
        locks.release_lock("d", "first")
        assert waiting.result(timeout=60)
        for one in working:
            one.result(timeout=60)
    assert (entered, most_inside) == (400, 1)
    assert not locks.is_locked("d")


def test_a_lock_runs_out(locks: MemoryLockManager, moved_clock: MovedClock) -> None:
    """After its hold timeout a lock is free: its holder does not have it, and another one gets it."""
    assert locks.acquire_lock("e", "one", hold_timeout=60)
    moved_clock.ahead_seconds = 59
    assert locks.is_lock_holder("e", "one")
    moved_clock.ahead_seconds = 61
    assert not locks.is_locked("e")
    assert not locks.is_lock_holder("e", "one")
    assert locks.acquire_lock("e", "other", acquire_timeout=0)
    with pytest.raises(ValueError, match="ran out"):
        locks.release_lock("e", "one")
    moved_clock.ahead_seconds = 1000
    assert locks.is_lock_holder("e", "other")
    locks.release_lock("e", "other")


def test_a_waiter_gets_a_lock_that_runs_out(locks: MemoryLockManager) -> None:
    """Nobody has to release it: the waiter knows when it ends."""
    locks.acquire_lock("f", "one", hold_timeout=0.01)
    assert locks.acquire_lock("f", "other")
    locks.release_lock("f", "other")


def test_there_is_one_manager_in_a_process(locks: MemoryLockManager) -> None:
    """Every instance keeps the same locks, unpickled ones too; nothing is left of a lock that is free."""
    assert MemoryLockManager() is locks
    assert pickle.loads(pickle.dumps(locks)) is locks
    assert isinstance(locks, LockManager)
    locks.acquire_lock("g", "one")
    locks.acquire_lock("g", "other", acquire_timeout=0)
    locks.release_lock("g", "one")
    assert "g" not in locks._locks


def test_the_child_of_a_fork_starts_with_no_locks() -> None:
    """What the parent holds is no lock in the child, which could never be released there."""
    program = (
        "import os; from penstock.locking import MemoryLockManager; locks = MemoryLockManager()\n"
        "locks.acquire_lock('h', 'parent')\n"
        "if (child := os.fork()) == 0: os._exit(0 if locks.acquire_lock('h', 'child', acquire_timeout=0) else 1)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), locks.is_lock_holder('h', 'parent'))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "0 True\n"
