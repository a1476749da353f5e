"""Transactions within transactions: they are committed and rolled back together."""

from __future__ import annotations

import contextvars
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from penstock.locking import MemoryLockManager
from penstock.results import ResultStore
from penstock.transactions import CommitMode, IsolationLevel, Transaction, transaction


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    return ResultStore(result_storage=tmp_path / "results", lock_manager=MemoryLockManager())


class Broken(Exception):
    pass


def fail() -> None:
    raise Broken


class Notes(list[str]):
    """Notes of what was committed and rolled back, in order."""

    def stage(self, txn: Transaction, word: str) -> None:
        txn.stage(
            word,
            on_commit_hooks=[lambda _: self.append(f"commit {word}")],
            on_rollback_hooks=[lambda _: self.append(f"rollback {word}")],
        )


def test_the_outermost_one_commits_all(store: ResultStore) -> None:
    """Nothing is committed before its end; then the inner ones in order, and it last."""
    notes = Notes()
    with transaction("outer", store=store) as outer:
        for word in ("first", "second"):
            with transaction(word, store=store) as inner:
                notes.stage(inner, word)
        notes.stage(outer, "outer")
        assert notes == []
        assert not store.exists("first")
    assert notes == ["commit first", "commit second", "commit outer"]
    assert all(store.exists(key) for key in ("first", "second", "outer"))


def test_a_failure_rolls_all_back_the_last_one_first(store: ResultStore) -> None:
    """Its own hooks first, then those of the inner ones in reverse, however deep."""
    notes = Notes()
    with suppress(Broken), transaction("outer", store=store) as outer:
        notes.stage(outer, "outer")
        with transaction("first", store=store) as first:
            notes.stage(first, "first")
            with transaction("deep", store=store) as deep:
                notes.stage(deep, "deep")
        with transaction("second", store=store) as second:
            notes.stage(second, "second")
        raise Broken
    assert notes == ["rollback outer", "rollback second", "rollback first", "rollback deep"]
    assert not any(store.exists(key) for key in ("outer", "first", "deep", "second"))


def test_an_inner_failure_rolls_the_outer_one_back_even_if_it_is_caught() -> None:
    """What is done together is undone together; the code goes on, and commits nothing more."""
    notes = Notes()
    with transaction() as outer:
        notes.stage(outer, "outer")
        with transaction() as first:
            notes.stage(first, "first")
        with suppress(Broken), transaction() as second:
            notes.stage(second, "second")
            raise Broken
        assert outer.is_rolled_back()
        with transaction() as late:
            notes.stage(late, "late")
    assert notes == ["rollback second", "rollback outer", "rollback first", "rollback late"]


def test_an_eager_one_is_committed_at_its_own_end() -> None:
    """A later failure does not undo it."""
    notes = Notes()
    with suppress(Broken), transaction() as outer:
        with transaction(commit_mode=CommitMode.EAGER) as eager:
            notes.stage(eager, "eager")
        with transaction() as lazy:
            notes.stage(lazy, "lazy")
        notes.stage(outer, "outer")
        raise Broken
    assert notes == ["commit eager", "rollback outer", "rollback lazy"]


def test_modes_and_levels_are_inherited(store: ResultStore) -> None:
    """Unless they are given."""
    with transaction() as plain:
        assert (plain.commit_mode, plain.isolation_level) == (CommitMode.LAZY, IsolationLevel.READ_COMMITTED)
    level = IsolationLevel.SERIALIZABLE
    with transaction(commit_mode=CommitMode.EAGER, isolation_level=level), transaction("k", store=store) as inner:
        assert (inner.commit_mode, inner.isolation_level) == (CommitMode.EAGER, level)
        with transaction(commit_mode=CommitMode.OFF, isolation_level="READ_COMMITTED") as own:
            assert (own.commit_mode, own.isolation_level) == (CommitMode.OFF, IsolationLevel.READ_COMMITTED)


def test_what_is_set_outside_is_found_inside_and_not_the_other_way() -> None:
    """Setting it inside hides it, for hooks of the inner one as well, whenever they are called."""
    seen: list[str] = []
    with transaction() as outer:
        outer.set("a", "outer")
        with transaction() as inner:
            assert inner.get("a") == "outer"
            inner.set("a", "inner")
            inner.set("b", "inner")
            inner.stage(1, on_commit_hooks=[lambda txn: seen.append(txn.get("a"))])
        assert outer.get("a") == "outer"
        assert outer.get("b", "nothing") == "nothing"
    assert seen == ["inner"]


def test_a_broken_inner_commit_leaves_the_others_committed(store: ResultStore) -> None:
    """It alone is rolled back, as nothing of it had been committed."""
    notes = Notes()

    def failing(_: Transaction) -> None:
        raise Broken

    with transaction("outer", store=store):
        with transaction("broken", store=store) as broken:
            broken.stage(1, on_commit_hooks=[failing])
        with transaction("good", store=store) as good:
            notes.stage(good, "good")
    assert notes == ["commit good"]
    assert broken.is_rolled_back()
    assert [store.exists(key) for key in ("outer", "broken", "good")] == [True, False, True]


def test_a_transaction_in_a_commit_hook_is_committed_too() -> None:
    """It lies within the one whose hook it is."""
    notes = Notes()

    def hook(_: Transaction) -> None:
        with transaction() as inner:
            notes.stage(inner, "inner")

    with transaction() as outer:
        outer.stage(1, on_commit_hooks=[hook])
    assert notes == ["commit inner"]


@pytest.mark.parametrize("fails", [False, True])
def test_one_that_ends_after_the_outer_one_shares_its_fate(fails: bool) -> None:
    """As that of a task in another thread may, which nobody waited for."""
    notes = Notes()
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        with transaction() as inner:
            notes.stage(inner, "inner")
            begun.set()
            go_on.wait(60)

    threads: list[threading.Thread] = []
    with suppress(Broken), transaction() as outer:
        threads.append(threading.Thread(target=contextvars.copy_context().run, args=(work,)))
        threads[0].start()
        begun.wait(60)
        notes.stage(outer, "outer")
        if fails:
            fail()
    go_on.set()
    threads[0].join()
    word = "rollback" if fails else "commit"
    assert notes == [f"{word} outer", f"{word} inner"]


def test_a_lazy_one_keeps_its_lock_until_it_is_committed(store: ResultStore) -> None:
    """Whoever wants its key waits for the outermost one."""
    with transaction():
        with transaction("inner", store=store, isolation_level="SERIALIZABLE") as inner:
            inner.stage(1)
        assert store.is_locked("inner")
    assert not store.is_locked("inner")
    assert store.read("inner").result == 1
