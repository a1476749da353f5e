"""Creating something twice makes it once, whoever comes at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from support.requests import flow_run

from penstock.core.errors import ObjectAlreadyExists
from penstock.server.database.database import Database
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flow_runs import FlowRun
from penstock.wire.requests import FlowRunQuery

RIVALS = 6


def test_one_key_from_many_sides(database: Database) -> None:
    """Of many that create a run under one key at once, through servers of their own, all are given the same one."""
    servers = [Dispatcher(database) for _ in range(RIVALS)]  # each with a ledger of its own, as processes have
    servers[0].call(op.FLOW_RUNS_LIST, FlowRunQuery())
    together = Barrier(RIVALS)

    def create(server: Dispatcher) -> FlowRun:
        request = flow_run(idempotency_key="2026-11-21T00:00Z", owner=None)
        together.wait()
        return server.call(op.FLOW_RUNS_CREATE, request)

    with ThreadPoolExecutor(RIVALS) as pool:
        made = list(pool.map(create, servers))
    (only,) = servers[0].call(op.FLOW_RUNS_LIST, FlowRunQuery()).items
    assert {run.id for run in made} == {only.id}


def test_an_id_of_another_flow_is_refused(server: Dispatcher) -> None:
    """The same id again gives the run back; for another flow it is a mistake, said as such."""
    first = flow_run("hello")
    made = server.call(op.FLOW_RUNS_CREATE, first)
    assert server.call(op.FLOW_RUNS_CREATE, flow_run("hello", id=first.id)).id == made.id
    with pytest.raises(ObjectAlreadyExists, match="of the flow 'hello'. Make a new id"):
        server.call(op.FLOW_RUNS_CREATE, flow_run("farewell", id=first.id))
