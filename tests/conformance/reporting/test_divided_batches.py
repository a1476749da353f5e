"""A batch that the server refuses is divided; whatever answers are lost meanwhile, each line is on record once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from support.requests import flow_run, line, task_run

from penstock import settings
from penstock.client.transport import use_transport
from penstock.core.errors import InvalidRequest, ServerUnreachable
from penstock.reporting.backlog import Backlog
from penstock.reporting.heartbeat import Heartbeat
from penstock.reporting.journal import Journal
from penstock.reporting.reporter import Reporter
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.logs import LogFilter
from penstock.wire.requests import JournalBatch, LogQuery, TaskRunQuery
from penstock.wire.task_runs import TaskRunFilter

REFUSED = "refused"
MESSAGES = ["0", "1", "2", "3", REFUSED, "5", "6", "7"]
NEVER = threading.Event()


class Unreliable:
    """Carries what it is given to a server's core, which refuses whatever holds a certain line; some answers get lost.

    Parameters:
        server: the core.
        lost: the numbers of the requests whose answers are lost, from 1.
        away: whether the first request does not even arrive.
    """

    def __init__(self, server: Dispatcher, lost: tuple[int, ...] = (), *, away: bool = False) -> None:
        self._server = server
        self._lost = lost
        self._away = away
        self.count = 0

    def call(self, operation: Any, request: Any) -> Any:
        """Carry an operation out."""
        if self._away:
            self._away = False
            raise ServerUnreachable("It does not arrive.")
        self.count += 1
        try:
            if isinstance(request, JournalBatch) and REFUSED in [one.message for one in request.logs]:
                raise InvalidRequest("It holds a line that can't be taken.")
            return self._server.call(operation, request)
        finally:
            if self.count in self._lost:
                raise ServerUnreachable("The answer is lost.")

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(autouse=True)
def _a_server_is_named() -> Iterator[None]:
    with settings.temporary_settings({"api.url": "http://127.0.0.1:9/api", "recording.batch_limit": 100}):
        yield


def backlog() -> Backlog:
    """Return a backlog of this process."""
    return Backlog(settings.current(), print, print, print, lambda error: None)


def ship(server: Dispatcher, transport: Unreliable, *, dies: bool = False) -> UUID:
    """Have a process ship a journal over `transport` until nothing is left; return its flow run.

    Parameters:
        server: the core behind the transport.
        transport: what it ships over.
        dies: whether the process ends with the first answer that is lost, so that another sends what it kept.
    """
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    journal, kept = Journal(100, 0), backlog()
    heartbeat = Heartbeat(settings.current(), print, print, print, fences=True)
    reporter = Reporter(journal, settings.current(), heartbeat, print, lambda error: None, lambda: None, kept)
    for number, message in enumerate(MESSAGES):
        journal.log(line(run_id, message))
        if number % 2:
            journal.record(task_run(run_id))
    replaced = use_transport(transport)
    try:
        reporter.ship()
        while kept and not dies:
            kept.send(NEVER)
        kept.close()
        successor = backlog()
        while list(kept.path.parent.glob("*.spool")):
            successor.send_what_others_left(NEVER)
        assert reporter.unshipped == 0
    finally:
        use_transport(replaced)
    return run_id


def assert_all_is_there_once(server: Dispatcher, run_id: UUID) -> None:
    """Assert that all but the line which can't be taken is on record, in order."""
    lines = server.call(op.LOGS_LIST, LogQuery(LogFilter(flow_run_ids=[run_id]))).items
    assert [one.message for one in lines] == [message for message in MESSAGES if message != REFUSED]
    assert len(server.call(op.TASK_RUNS_LIST, TaskRunQuery(TaskRunFilter(flow_run_ids=[run_id]))).items) == 4


@pytest.mark.parametrize("dies", [False, True], ids=["lives", "dies"])
@pytest.mark.parametrize("away", [False, True], ids=["there", "away at first"])
def test_each_line_once_whatever_is_lost(server: Dispatcher, away: bool, dies: bool) -> None:
    """Any one and any two of the answers are lost, with the server there or away at first, and by a process that dies."""
    whole = Unreliable(server, away=away)
    assert_all_is_there_once(server, ship(server, whole))
    assert whole.count > 4
    points = range(1, whole.count + 2)
    for lost in [*combinations(points, 1), *combinations(points, 2)]:
        transport = Unreliable(server, lost, away=away)
        assert_all_is_there_once(server, ship(server, transport, dies=dies))
        assert transport.count >= whole.count
