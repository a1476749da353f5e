"""One transaction: what is committed, what is rolled back, and that each key is done once."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from penstock.exceptions import ConfigurationError, ResultTooLarge, SerializationError, TransactionError
from penstock.locking import MemoryLockManager
from penstock.results import ResultStore, result_store_scope
from penstock.settings import temporary_settings
from penstock.transactions import (
    CommitMode,
    IsolationLevel,
    Transaction,
    TransactionState,
    get_transaction,
    transaction,
)


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    return ResultStore(result_storage=tmp_path / "results", lock_manager=MemoryLockManager())


class Broken(Exception):
    pass


def fail() -> None:
    raise Broken


def noting(notes: list[str], word: str) -> Callable[[Transaction], None]:
    """Return a hook that notes `word` when it is called."""

    def hook(_: Transaction) -> None:
        notes.append(word)

    return hook


def failing(_: Transaction) -> None:
    raise Broken("a hook failed")


def test_a_transaction_is_the_current_one_inside_of_it() -> None:
    """And no longer; within another one, it goes first."""
    assert get_transaction() is None
    with transaction() as outer:
        assert get_transaction() is Transaction.get_active() is outer
        with transaction() as inner:
            assert get_transaction() is inner
            assert inner.get_parent() is outer
        assert get_transaction() is outer
    assert get_transaction() is None


def test_a_transaction_goes_from_state_to_state() -> None:
    """Pending, active, staged, committed; or rolled back."""
    txn = transaction()
    assert txn.is_pending()
    with txn:
        assert txn.is_active()
        txn.stage(1)
        assert txn.is_staged()
    assert txn.is_committed()
    assert txn.state is TransactionState.COMMITTED
    with pytest.raises(Broken), transaction() as failed:
        raise Broken
    assert failed.is_rolled_back()


def test_a_staged_value_is_written_under_the_key_at_the_end(store: ResultStore) -> None:
    """Not before; and it can be read by another transaction of the key."""
    with transaction("once", store=store) as txn:
        assert txn.read() is None
        txn.stage({"a": 1})
        assert not store.exists("once")
    assert store.read("once").result == {"a": 1}


def test_a_key_is_done_once(store: ResultStore) -> None:
    """A transaction whose key has a record is committed from the start, reads it, and writes nothing."""
    with transaction("once", store=store) as first:
        first.stage("first")
    notes: list[str] = []
    with transaction("once", store=store) as second:
        assert second.is_committed()
        record = second.read()
        assert record is not None
        assert record.result == "first"
        second.stage("second", on_commit_hooks=[noting(notes, "commit")])
    assert store.read("once").result == "first"
    assert notes == []


def test_an_earlier_record_can_be_overwritten(store: ResultStore) -> None:
    """With `overwrite`, the record does not count."""
    store.write("first", "once")
    with transaction("once", store=store, overwrite=True) as txn:
        assert not txn.is_committed()
        txn.stage("second")
    assert store.read("once").result == "second"


def test_a_record_that_turns_out_to_be_damaged_does_not_count(store: ResultStore, tmp_path: Path) -> None:
    """Reading finds nothing, and the transaction is open again, to be done and committed."""
    store.write("first", "once")
    path = tmp_path / "results/once"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"?")
    with transaction("once", store=store) as txn:
        assert txn.is_committed()
        assert txn.read() is None
        assert txn.is_active()
        txn.stage("second")
    assert txn.is_committed()
    assert store.read("once").result == "second"


def test_what_fails_is_rolled_back_and_leaves_no_record(store: ResultStore) -> None:
    """The hooks are called, the last one first."""
    notes: list[str] = []
    with suppress(Broken), transaction("once", store=store) as txn:
        txn.stage(1, on_rollback_hooks=[noting(notes, "first"), noting(notes, "second")])
        txn.stage(2, on_rollback_hooks=[noting(notes, "third")], on_commit_hooks=[noting(notes, "commit")])
        raise Broken
    assert notes == ["third", "second", "first"]
    assert not store.exists("once")


def test_hooks_of_a_commit_are_called_in_order_before_the_record_is_there(store: ResultStore) -> None:
    """They see the transaction and what was set in it."""
    seen: list[Any] = []
    with transaction("once", store=store) as txn:
        txn.set("path", "a.csv")
        hooks = [lambda txn: seen.append((txn.get("path"), store.exists("once"))), lambda txn: seen.append(txn.key)]
        txn.stage(1, on_commit_hooks=hooks)
    assert seen == [("a.csv", False), "once"]


def test_a_broken_commit_hook_rolls_back_and_breaks_nothing(
    store: ResultStore, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged; there is no record; the code after the transaction goes on."""
    notes: list[str] = []
    with caplog.at_level(logging.INFO, "penstock.transactions"), transaction("once", store=store) as txn:
        txn.stage(1, on_commit_hooks=[failing, noting(notes, "commit")], on_rollback_hooks=[noting(notes, "rollback")])
    assert txn.is_rolled_back()
    assert notes == ["rollback"]
    assert isinstance(txn.commit_error, Broken)
    assert not store.exists("once")
    assert "Running commit hook 'failing'" in caplog.text
    assert "The transaction 'once' could not be committed" in caplog.text
    assert "a hook failed" in caplog.text


def test_a_broken_rollback_hook_does_not_keep_the_others_from_running(caplog: pytest.LogCaptureFixture) -> None:
    """Each is tried; those that fail are logged."""
    notes: list[str] = []
    with suppress(ZeroDivisionError), transaction() as txn:
        txn.stage(1, on_rollback_hooks=[noting(notes, "first"), failing, noting(notes, "last")])
        raise ZeroDivisionError
    assert notes == ["last", "first"]
    assert txn.is_rolled_back()
    assert "failed" in caplog.text
    with transaction() as other:
        other.stage(1, on_rollback_hooks=[failing])
        assert not other.rollback()


@pytest.mark.parametrize("hook", [partial(noting([], "x")), type("Called", (), {"__call__": lambda self, txn: None})()])
def test_whatever_can_be_called_can_be_a_hook(hook: Any) -> None:
    """Partials and objects have no name, and need none."""
    with transaction() as txn:
        txn.stage(1, on_commit_hooks=[hook])
    assert txn.is_committed()


def test_an_async_hook_runs_to_its_end_in_ordinary_code() -> None:
    """Also where an event loop runs in the thread already."""
    notes: list[str] = []

    async def hook(txn: Transaction) -> None:
        await asyncio.sleep(0)
        notes.append(txn.get("word"))

    def run() -> None:
        with transaction() as txn:
            txn.set("word", f"word {len(notes)}")
            txn.stage(1, on_commit_hooks=[hook])

    async def run_in_loop() -> None:
        run()

    run()
    asyncio.run(run_in_loop())
    assert notes == ["word 0", "word 1"]


def test_off_commits_only_when_told_to(store: ResultStore) -> None:
    """Otherwise the transaction is rolled back at its end."""
    with transaction("forgotten", store=store, commit_mode=CommitMode.OFF) as txn:
        txn.stage(1)
    assert txn.is_rolled_back()
    assert not store.exists("forgotten")
    with transaction("told", store=store, commit_mode=CommitMode.OFF) as txn:
        txn.stage(1)
        assert txn.commit()
        assert store.exists("told")
    assert txn.is_committed()


def test_a_transaction_ends_once() -> None:
    """After it is committed it can't be rolled back, and the other way round."""
    notes: list[str] = []
    with transaction() as txn:
        txn.stage(1, on_commit_hooks=[noting(notes, "commit")], on_rollback_hooks=[noting(notes, "rollback")])
        assert txn.commit()
        assert not txn.commit()
        assert not txn.rollback()
    assert notes == ["commit"]
    with transaction() as other:
        other.stage(1, on_rollback_hooks=[noting(notes, "rollback")])
        assert other.rollback()
        assert not other.commit()
        assert not other.rollback()
    assert notes == ["commit", "rollback"]


def test_two_threads_that_roll_back_call_the_hooks_once() -> None:
    """As two tasks of one transaction may, that fail at the same time."""
    notes: list[str] = []
    with transaction() as txn:
        txn.stage(1, on_rollback_hooks=[noting(notes, "rollback")])
        threads = [threading.Thread(target=txn.rollback) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert notes == ["rollback"]


def test_what_was_set_is_found_as_it_was() -> None:
    """Changing what `get` returned changes nothing; a name that nobody set is an error, unless there is a default."""
    with transaction() as txn:
        txn.set("list", [1])
        txn.get("list").append(2)
        assert txn.get("list") == [1]
        assert txn.get("nothing", default=None) is None
        with pytest.raises(ValueError, match="Nothing is set under 'nothing'"):
            txn.get("nothing")


def test_nothing_is_written_where_that_is_not_wanted(store: ResultStore) -> None:
    """Without a key, or with `write_on_commit=False`, hooks are all there is."""
    with transaction("quiet", store=store, write_on_commit=False) as txn:
        txn.stage(1)
    assert txn.is_committed()
    assert not store.exists("quiet")
    with transaction(store=store) as keyless:
        keyless.stage(1)
    assert keyless.is_committed()
    assert keyless.read() is None


def test_a_transaction_without_a_staged_value_leaves_a_record_too(store: ResultStore) -> None:
    """That its key is done is all that the record has to say."""
    with transaction("done", store=store):
        pass
    with transaction("done", store=store) as txn:
        assert txn.is_committed()


def test_a_record_can_be_staged(store: ResultStore) -> None:
    """It is written where it says, with its expiration."""
    record = store.create_result_record(5, "of a record")
    with transaction("of a record", store=store) as txn:
        txn.stage(record)
    assert record.is_persisted
    assert store.read("of a record").result == 5


def test_the_store_of_the_run_is_used(store: ResultStore) -> None:
    """Where none is given, and only for a transaction with a key."""
    with result_store_scope(store):
        with transaction("in a run") as txn:
            txn.stage(1)
        assert transaction().store is None
    assert store.read("in a run").result == 1


@pytest.mark.parametrize(
    ("value", "error"), [(threading.Lock(), SerializationError), (b"x" * 1000, ResultTooLarge)], ids=["lock", "large"]
)
def test_a_value_that_cannot_be_written_rolls_back(
    store: ResultStore, caplog: pytest.LogCaptureFixture, value: Any, error: type[Exception]
) -> None:
    """One warning says why, with the remedy, and without a traceback."""
    notes: list[str] = []
    with temporary_settings({"results.max_bytes": 500}), transaction("no", store=store) as txn:
        txn.stage(value, on_rollback_hooks=[noting(notes, "rollback")])
    assert txn.is_rolled_back()
    assert isinstance(txn.commit_error, error)
    assert notes == ["rollback"]
    [record] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert "persist_result=False" in record.getMessage()
    assert record.exc_info is None


def test_an_interrupt_in_a_commit_hook_rolls_back_and_goes_on() -> None:
    """What the process is told from outside is not swallowed, and what was done is undone first."""
    notes: list[str] = []

    def interrupted(_: Transaction) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction() as outer, transaction() as txn:
        txn.stage(1, on_commit_hooks=[interrupted], on_rollback_hooks=[noting(notes, "rollback")])
    assert notes == ["rollback"]
    assert txn.is_rolled_back()
    assert outer.is_rolled_back()
    assert get_transaction() is None


def test_a_transaction_is_opened_once_at_a_time() -> None:
    """Opening it inside of itself, or leaving it without having entered it, is an error."""
    with transaction() as txn, pytest.raises(TransactionError, match="open already"), txn:
        pass
    with pytest.raises(TransactionError, match="not open"):
        transaction().__exit__(None, None, None)


def test_serializable_needs_a_lock_manager(tmp_path: Path) -> None:
    """Without one the transaction does not begin, and the error says how to have one."""
    store = ResultStore(result_storage=tmp_path)
    level = IsolationLevel.SERIALIZABLE
    with pytest.raises(ConfigurationError, match="'once' can't be SERIALIZABLE.*lock_manager="):
        transaction("once", store=store, isolation_level=level).__enter__()
    assert get_transaction() is None
    with transaction(store=store, isolation_level=level) as keyless:
        assert keyless.is_active()


@pytest.mark.parametrize("ending", ["commit", "fail", "off", "found", "broken store"])
def test_a_serializable_transaction_holds_the_lock_until_it_ends(store: ResultStore, ending: str) -> None:
    """However it ends, the lock is free afterwards."""
    if ending == "found":
        store.write(1, "locked")
    if ending == "broken store":
        store.exists = lambda key: 1 / 0  # type: ignore[method-assign]
    mode = CommitMode.OFF if ending == "off" else None
    txn = transaction("locked", store=store, isolation_level="SERIALIZABLE", commit_mode=mode)
    with suppress(Broken, ZeroDivisionError), txn:
        assert store.is_locked("locked")
        assert not store.acquire_lock("locked", "another", timeout=0)
        txn.stage(1)
        if ending == "fail":
            fail()
    assert txn.is_committed() == (ending in {"commit", "found"})
    assert not store.is_locked("locked")


def test_serializable_transactions_of_one_key_do_the_work_once(store: ResultStore) -> None:
    """Eight threads that all want it done: one does it, the others find it done."""
    done: list[int] = []

    def work(number: int) -> None:
        with transaction("once", store=store, isolation_level=IsolationLevel.SERIALIZABLE) as txn:
            if not txn.is_committed():
                done.append(number)
                txn.stage(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert store.read("once").result == done[0]


def test_a_lock_that_was_lost_is_said(store: ResultStore, caplog: pytest.LogCaptureFixture) -> None:
    """Somebody else released it: the transaction ends as it would, with a warning."""
    with transaction("lost", store=store, isolation_level="SERIALIZABLE") as txn:
        store.release_lock("lost", txn._holder)
    assert txn.is_committed()
    assert "lock of the transaction 'lost' was lost" in caplog.text
