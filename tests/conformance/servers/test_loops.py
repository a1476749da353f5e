"""Loops run on the server that leads, one of many, whatever a run raises; any server tells what they do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from support import databases

from penstock.core.errors import StorageError
from penstock.server.caretaker import Caretaker
from penstock.server.database.database import Database
from penstock.server.dispatcher import Dispatcher
from penstock.server.leader import LEASE_SECONDS
from penstock.server.loop import Loop, Turn
from penstock.testing.clock import ManualClock, moving_clock
from penstock.wire import operations as op
from penstock.wire.servers.loops import ListLoops, LoopLine


class Counting(Loop):
    """A loop that tells of its runs, and raises what it is given."""

    interval_seconds = 0.001

    def __init__(self, name: str = "count", error: Exception | None = None) -> None:
        self.name = name
        self.error = error
        self.enough = threading.Event()
        self.runs = 0
        self.taken_over: list[datetime | None] = []

    def run_once(self, turn: Turn) -> None:
        self.runs += 1
        if self.runs >= 3:
            self.enough.set()
        if self.error is not None:
            raise self.error

    def take_over(self, led_until: datetime | None) -> None:
        self.taken_over.append(led_until)


def told(server: Dispatcher) -> dict[str, LoopLine]:
    return {line.name: line for line in server.call(op.LOOPS_LIST, ListLoops()).items}


@pytest.fixture
def hands() -> Iterator[ManualClock]:
    """A clock that a test moves."""
    with moving_clock() as clock:
        yield clock


@pytest.fixture
def pair() -> Iterator[tuple[Dispatcher, Dispatcher]]:
    """Two servers on one database."""
    databases.require_postgresql()
    databases.empty(databases.shared_schema())
    servers = [Dispatcher(databases.postgresql(databases.shared_schema())) for _ in range(2)]
    yield servers[0], servers[1]
    for server in servers:
        assert server.database.checked_out() == 0
        server.close()


@pytest.mark.parametrize("error", [StorageError("It is away."), ZeroDivisionError("by zero")])
def test_one_loop_does_not_end_another_or_itself(
    server: Dispatcher, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """A run that raises is logged and counted, and the loop runs again; the other loops run on."""
    good, bad = Counting("good"), Counting("bad", error)
    caretaker = Caretaker(server, [good, bad])
    caretaker.start()
    for loop in (good, bad):
        assert loop.enough.wait(60)
    caretaker.stop(60)
    caretaker.leader.beat()
    lines = told(server)
    assert (lines["good"].state, lines["good"].failures, lines["good"].error) == ("waiting", 0, None)
    assert lines["good"].runs >= 3
    assert lines["good"].last_begun is not None
    assert lines["bad"].state == "failed"
    assert lines["bad"].failures == lines["bad"].runs >= 3
    assert str(error) in str(lines["bad"].error)
    assert str(error) in caplog.text


def test_a_loop_stops_at_once(server: Dispatcher) -> None:
    """A loop that rests for an hour, and one amid a run that rests within it, end when the server does."""

    class Long(Loop):
        name, interval_seconds = "long", 0.001
        began = threading.Event()

        def run_once(self, turn: Turn) -> None:
            self.began.set()
            while not turn.is_over:
                turn.rest(3600)

    resting = Counting("resting")
    resting.interval_seconds = 3600
    caretaker = Caretaker(server, [Long(), resting])
    caretaker.start()
    assert Long.began.wait(60)
    caretaker.stop(60)
    assert [runner._thread.is_alive() for runner in caretaker.runners] == [False, False]


def test_one_server_of_two_leads(pair: tuple[Dispatcher, Dispatcher], hands: ManualClock) -> None:
    """The first one leads; the second one does not while the first lives, and does when that lets go of it."""
    first, second = (Caretaker(server, [Counting()]).leader for server in pair)
    first.beat()
    second.beat()
    assert (first.leads, second.leads) == (True, False)
    for server in pair:
        assert server.call(op.LOOPS_LIST, ListLoops()).leader == first.name
    first.start()
    first.stop(60)
    second.beat()
    assert (first.leads, second.leads) == (False, True)
    assert pair[0].call(op.LOOPS_LIST, ListLoops()).leader == second.name


def test_a_leader_that_was_stopped_knows_it(pair: tuple[Dispatcher, Dispatcher], hands: ManualClock) -> None:
    """A leader that could not renew its lease stops by its own clock before another one may begin, and begins no run."""
    loops = [Counting(), Counting()]
    first, second = (Caretaker(server, [loop]) for server, loop in zip(pair, loops, strict=True))
    first.leader.beat()
    first.runners[0].run_now(due=0.0)
    hands.move(LEASE_SECONDS * 0.7)
    assert not first.leader.leads
    expire()
    second.leader.beat()
    first.leader.beat()
    assert (first.leader.leads, second.leader.leads) == (False, True)
    second.runners[0].run_now(due=0.0)
    assert loops[0].taken_over == [None]
    assert loops[1].taken_over[0] is not None


def test_the_lines_are_the_leaders(pair: tuple[Dispatcher, Dispatcher], hands: ManualClock) -> None:
    """What a leader told is replaced by what the next one tells, so that no loop is shown that nobody runs."""
    first, second = (Caretaker(server, [Counting(name)]) for server, name in zip(pair, ("old", "new"), strict=True))
    first.leader.beat()
    assert set(told(pair[1])) == {"old"}
    expire()
    assert told(pair[1])["old"].state == "stopped"
    second.leader.beat()
    assert set(told(pair[0])) == {"new"}


def test_a_single_server_always_leads(tmp_path_factory: pytest.TempPathFactory, hands: ManualClock) -> None:
    """The server of a file leads from its start, however its predecessor ended, and with a database that is away."""
    database: Database = databases.sqlite(tmp_path_factory.mktemp("single"))
    server = Dispatcher(database)
    for _ in range(2):
        leader = Caretaker(server, [Counting()]).leader
        assert leader.leads
        leader.beat()
        assert server.call(op.LOOPS_LIST, ListLoops()).leader == leader.name
    hands.move(3600)
    assert leader.leads
    assert server.call(op.LOOPS_LIST, ListLoops()).leader is None
    server.close()


def expire() -> None:
    """Let the lease of whoever leads end, by the database's clock."""
    databases.on_server(
        f"UPDATE {databases.shared_schema()}.leaders SET expires = clock_timestamp() - interval '1 second'"
    )
