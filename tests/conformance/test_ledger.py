"""The ledger: works are gathered, committed together, and acknowledged each with its own outcome."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, select, text
from support.requests import NOON

from penstock.core.errors import StorageBusy
from penstock.core.ids import uuid7
from penstock.server.database.database import Database
from penstock.server.database.tables import flows
from penstock.server.ledger import Ledger


def _insert(connection: Connection, flow_id: UUID) -> UUID:
    connection.execute(insert(flows).values(workspace_id=1, id=flow_id, name=str(flow_id), created=NOON))
    return flow_id


def _kept(database: Database) -> set[UUID]:
    with database.read() as connection:
        return set(connection.execute(select(flows.c.id)).scalars())


class _Group:
    """Hands works in while another is under way, so that they are taken together."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.begun, self.may_end = threading.Event(), threading.Event()

    def run(self, works: list[object]) -> list[Future[object]]:
        with ThreadPoolExecutor(len(works) + 1) as pool:
            first = pool.submit(self.ledger.write, self._hold)
            assert self.begun.wait(10)
            futures = [pool.submit(self.ledger.write, work) for work in works]  # type: ignore[arg-type]
            while len(self.ledger._waiting) < len(works):
                threading.Event().wait(0.001)
            self.may_end.set()
        assert first.result() is None
        return futures

    def _hold(self, connection: Connection) -> None:
        self.begun.set()
        assert self.may_end.wait(10)


def test_works_are_committed_together(database: Database) -> None:
    """What is handed in during a write goes into the next transaction together; each gets its own result."""
    connections = []
    ids = [uuid7() for _ in range(20)]

    def work(flow_id: UUID) -> object:
        def inner(connection: Connection) -> UUID:
            connections.append(id(connection.get_transaction()))
            return _insert(connection, flow_id)

        return inner

    futures = _Group(Ledger(database)).run([work(flow_id) for flow_id in ids])
    assert [future.result() for future in futures] == ids
    assert _kept(database) == set(ids)
    assert len(set(connections)) == 1


def test_one_failing_work_does_not_fail_the_others(database: Database) -> None:
    """A work that raises leaves nothing behind, gets its own error, and its neighbours are committed."""
    kept, lost = [uuid7(), uuid7()], uuid7()

    def fails(connection: Connection) -> None:
        _insert(connection, lost)
        raise LookupError("not this one")

    works = [lambda c: _insert(c, kept[0]), fails, lambda c: _insert(c, kept[1])]
    first, failing, last = _Group(Ledger(database)).run(list(works))
    assert (first.result(), last.result()) == tuple(kept)
    with pytest.raises(LookupError, match="not this one"):
        failing.result()
    assert _kept(database) == set(kept)


def test_a_failed_commit_fails_all_of_its_works(database: Database) -> None:
    """Nothing is acknowledged that is not committed; each waiter gets an error of its own."""
    ledger = Ledger(database)

    def breaks_the_commit(connection: Connection) -> None:
        # A constraint that is only looked at when the transaction ends.
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"))
        connection.execute(text("INSERT INTO child VALUES (1)"))

    futures = _Group(ledger).run([lambda c: _insert(c, uuid7()), breaks_the_commit, lambda c: _insert(c, uuid7())])
    errors = [future.exception() for future in futures]
    assert all(error is not None and "FOREIGN KEY" in str(error).upper() for error in errors)
    assert len({id(error) for error in errors}) == 3
    assert _kept(database) == set()
    survivor = uuid7()
    assert ledger.write(lambda connection: _insert(connection, survivor)) == survivor
    assert _kept(database) == {survivor}


def test_an_interrupted_leader_leaves_the_works_of_others_to_the_next(database: Database) -> None:
    """KeyboardInterrupt in the thread that writes for all ends that thread's own work only."""
    interrupted = threading.Event()
    ids = [uuid7(), uuid7()]

    def work(flow_id: UUID) -> object:
        def inner(connection: Connection) -> UUID:
            if not interrupted.is_set():
                interrupted.set()
                raise KeyboardInterrupt
            return _insert(connection, flow_id)

        return inner

    outcomes = [future.exception() for future in _Group(Ledger(database)).run([work(flow_id) for flow_id in ids])]
    # The interrupted thread led the group; its work may have been the first one or not.
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [KeyboardInterrupt]
    assert len(_kept(database)) == 1


def test_a_work_must_not_write_to_the_ledger(database: Database) -> None:
    """It would wait for itself; it is told so instead."""
    ledger = Ledger(database)
    with pytest.raises(RuntimeError, match="use the connection it is given"):
        ledger.write(lambda _: ledger.write(lambda _: None))
    assert ledger.write(lambda _: "well again") == "well again"


def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    """While a transaction is open, others read what was committed before it."""
    ledger = Ledger(database)
    before = ledger.write(lambda connection: _insert(connection, uuid7()))

    def look_meanwhile(connection: Connection) -> set[UUID]:
        _insert(connection, uuid7())
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(_kept, database).result(10)

    assert ledger.write(look_meanwhile) == {before}


def test_many_threads_write(database: Database) -> None:
    """Sixteen threads that write at the same time are all served, and every work is done once."""
    ledger = Ledger(database)
    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(lambda _: ledger.write(lambda c: _insert(c, uuid7())), range(400)))
    assert _kept(database) == set(ids)
    assert len(ids) == 400


def test_storage_errors_are_of_all(database: Database) -> None:
    """An error of the database itself in one work is an error of the whole transaction."""

    def busy(connection: Connection) -> None:
        raise database.dialect.busy(1.0)

    # Raised as ours it is the work's own; raised by the driver it is everybody's: see tests/faults.
    with pytest.raises(StorageBusy):
        Ledger(database).write(busy)
