"""Transactions in async code: the same steps, without blocking the event loop."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from penstock.locking import FileSystemLockManager, MemoryLockManager
from penstock.results import ResultStore
from penstock.transactions import AsyncTransaction, CommitMode, Transaction, atransaction, get_transaction, transaction


@pytest.fixture(params=["memory", "files"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ResultStore:
    locks: Any = MemoryLockManager() if request.param == "memory" else FileSystemLockManager(tmp_path / "locks")
    return ResultStore(result_storage=tmp_path / "results", lock_manager=locks)


class Broken(Exception):
    pass


def test_an_async_transaction_commits_and_finds_what_is_done(store: ResultStore) -> None:
    """It writes, reads and is idempotent as the other kind; what one kind wrote the other one reads."""

    async def run() -> None:
        async with atransaction("once", store=store) as txn:
            assert get_transaction() is txn
            assert await txn.read() is None
            txn.stage({"a": 1})
        assert get_transaction() is None
        async with atransaction("once", store=store) as again:
            assert again.is_committed()
            record = await again.read()
            assert record is not None
            assert record.result == {"a": 1}
        async with atransaction("told", store=store, commit_mode=CommitMode.OFF) as told:
            assert await told.commit()
            assert not await told.rollback()

    asyncio.run(run())
    with transaction("once", store=store) as txn:
        assert txn.is_committed()


def test_hooks_run_where_they_belong() -> None:
    """Async hooks in the event loop, others in a thread beside it; the transaction is the current one in both."""
    seen: list[Any] = []

    async def in_loop(txn: AsyncTransaction) -> None:
        seen.append((asyncio.get_running_loop(), get_transaction() is txn))

    def call(hook: Any, txn: AsyncTransaction) -> Any:
        return hook(txn)

    def in_thread(txn: AsyncTransaction) -> None:
        seen.append((threading.current_thread() is threading.main_thread(), get_transaction() is txn))

    async def run() -> asyncio.AbstractEventLoop:
        async with atransaction() as txn:
            txn.stage(1, on_commit_hooks=[in_loop, in_thread, partial(call, in_loop)])
        return asyncio.get_running_loop()

    loop = asyncio.run(run())
    assert seen == [(loop, True), (False, True), (loop, True)]


def test_a_failure_rolls_back_in_reverse() -> None:
    """Over both kinds of transactions, each within the other."""
    notes: list[str] = []

    async def hook(txn: Any) -> None:
        notes.append(f"async {txn.get('name')}")

    async def run() -> None:
        async with atransaction() as outer:
            outer.set("name", "outer")
            outer.stage(1, on_rollback_hooks=[hook])
            with transaction() as middle:
                middle.set("name", "middle")
                middle.stage(1, on_rollback_hooks=[lambda txn: notes.append(txn.get("name"))])
                async with atransaction() as inner:
                    inner.set("name", "inner")
                    inner.stage(1, on_rollback_hooks=[hook])
            raise Broken

    with pytest.raises(Broken):
        asyncio.run(run())
    assert notes == ["async outer", "middle", "async inner"]


def test_an_ordinary_transaction_commits_async_ones_within() -> None:
    """Their async hooks run to their end."""
    notes: list[str] = []

    async def hook(_: Any) -> None:
        await asyncio.sleep(0)
        notes.append("commit")

    async def run() -> None:
        with transaction():
            async with atransaction() as inner:
                inner.stage(1, on_commit_hooks=[hook])
            assert notes == []

    asyncio.run(run())
    assert notes == ["commit"]


def test_many_that_want_one_key_do_the_work_once(store: ResultStore) -> None:
    """A hundred coroutines wait for one lock, more than there are threads to wait in; one does the work."""
    done: list[int] = []

    async def work(number: int) -> None:
        async with atransaction("once", store=store, isolation_level="SERIALIZABLE") as txn:
            if not txn.is_committed():
                await asyncio.sleep(0)
                done.append(number)
                txn.stage(number)

    async def run() -> None:
        await asyncio.gather(*[work(number) for number in range(100)])

    asyncio.run(asyncio.wait_for(run(), 120))
    assert len(done) == 1
    assert store.read("once").result == done[0]
    assert not store.is_locked("once")


def test_one_that_waits_for_a_lock_can_be_cancelled(store: ResultStore) -> None:
    """It does not get the lock afterwards, when nobody would release it."""

    async def run() -> None:
        waiting_begun = asyncio.Event()

        async def wait() -> None:
            waiting_begun.set()
            async with atransaction("locked", store=store, isolation_level="SERIALIZABLE"):
                raise AssertionError("the lock is held by another")

        async with atransaction("locked", store=store, isolation_level="SERIALIZABLE"):
            waiting = asyncio.create_task(wait())
            await waiting_begun.wait()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        assert not store.is_locked("locked")
        async with atransaction("locked", store=store, isolation_level="SERIALIZABLE", overwrite=True):
            pass

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_cancelled_attempt_gives_the_lock_back(store: ResultStore) -> None:
    """Cancelled while a thread is acquiring the lock, the transaction lets the thread finish, and releases it."""
    acquiring, go_on = threading.Event(), threading.Event()
    locks = store.lock_manager
    assert locks is not None

    class Slow:
        def __getattr__(self, name: str) -> Any:
            return getattr(locks, name)

        def acquire_lock(self, *args: Any) -> bool:
            acquiring.set()
            go_on.wait(60)
            return locks.acquire_lock(*args)

    slow = store.copy(lock_manager=Slow())

    async def enter() -> None:
        async with atransaction("slow", store=slow, isolation_level="SERIALIZABLE"):
            raise AssertionError("it was cancelled before")

    async def run() -> None:
        entering = asyncio.create_task(enter())
        await asyncio.to_thread(acquiring.wait, 60)
        entering.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await entering

    asyncio.run(asyncio.wait_for(run(), 60))
    assert not store.is_locked("slow")


def test_a_cancelled_transaction_is_rolled_back() -> None:
    """Its hooks are awaited before the cancellation goes on."""
    notes: list[str] = []

    async def hook(_: Any) -> None:
        await asyncio.sleep(0)
        notes.append("rollback")

    async def run() -> None:
        begun = asyncio.Event()

        async def work() -> None:
            async with atransaction() as txn:
                txn.stage(1, on_rollback_hooks=[hook])
                begun.set()
                await asyncio.Event().wait()

        working = asyncio.create_task(work())
        await begun.wait()
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working

    asyncio.run(run())
    assert notes == ["rollback"]


def test_the_kinds_are_not_mixed_up() -> None:
    """`with` on an async transaction says what to write in its place."""
    for use in (lambda: atransaction().__enter__(), lambda: atransaction().__exit__(None)):
        with pytest.raises(NotImplementedError, match="`async with`"):
            use()
    assert isinstance(transaction(), Transaction)
