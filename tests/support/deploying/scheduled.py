"""Schedulers and what they have made, for tests that speak to the server's core."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any
from uuid import UUID

from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.server.loop import Loop, Turn
from penstock.server.loops.backfiller import Backfiller
from penstock.server.loops.lateness import Lateness
from penstock.server.loops.scheduler import Scheduler
from penstock.wire import operations as op
from penstock.wire.flow_runs import FlowRun, FlowRunFilter
from penstock.wire.requests import FlowRunQuery

INTERVAL_SECONDS = 2.0


def once(loop: Loop) -> None:
    """Run a loop once, as a server that leads does."""
    loop.run_once(Turn(threading.Event(), lambda: True))


def schedule(server: Dispatcher, at_once: int = 50) -> None:
    """Have the runs of schedules made that are to be made now."""
    once(Scheduler(server, INTERVAL_SECONDS, at_once))


def name_late(server: Dispatcher, at_once: int = 200) -> None:
    """Have late runs named."""
    once(Lateness(server, INTERVAL_SECONDS, at_once))


def carry_on(server: Dispatcher, at_once: int = 10) -> None:
    """Have backfills carried on."""
    once(Backfiller(server, INTERVAL_SECONDS, at_once))


def runs(server: Dispatcher, **conditions: Any) -> list[FlowRun]:
    """Return the runs that meet these conditions, earliest first."""
    found: list[FlowRun] = []
    after = None
    while True:
        page = server.call(op.FLOW_RUNS_LIST, FlowRunQuery(FlowRunFilter(**conditions), 200, after))
        found += page.items
        after = page.next
        if after is None:
            return sorted(found, key=lambda run: (run.expected_start or run.created, run.id))


def starts(server: Dispatcher, **conditions: Any) -> list[datetime]:
    """Return when the runs that meet these conditions are to start, earliest first."""
    return [run.expected_start for run in runs(server, **conditions) if run.expected_start is not None]


def waiting(server: Dispatcher, deployment_id: UUID) -> list[datetime]:
    """Return when the runs of a deployment are to start that nobody has begun."""
    return starts(server, deployment_ids=[deployment_id], state_types=[StateType.SCHEDULED])
