"""One spoilt row is set aside: it costs neither the page it is on nor the sweep that meets it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from support.requests import batch, flow_run, proposal, task_run

from penstock.core.state_type import StateType
from penstock.server.database.tables import metadata
from penstock.server.database.types import Json
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flow_runs import Decision
from penstock.wire.requests import ById, FlowQuery, FlowRunQuery, TaskRunQuery

JSON_COLUMNS = [
    (table.name, column.name) for table in metadata.sorted_tables for column in table.c if isinstance(column.type, Json)
]


@pytest.mark.parametrize("content", ["{", "[1, 2", '{"a": 1}', '"text"', "null", "[null]", "[]", ""])
@pytest.mark.parametrize(("table", "column"), JSON_COLUMNS)
def test_spoilt_json(server: Dispatcher, table: str, column: str, content: str) -> None:
    """Whatever stands in a JSON column, everything is still listed and read, a run goes on, and the dead are found."""
    spoilt, sound = flow_run(tags=["x"]), flow_run()
    for request in (spoilt, sound):
        server.call(op.FLOW_RUNS_CREATE, request)
    unfinished = task_run(spoilt.id, "PENDING RUNNING", tags=["x"])
    server.call(op.JOURNAL_APPEND, batch(unfinished))
    spoil = text(f"UPDATE {table} SET {column} = :content")
    server.ledger.write(lambda connection: connection.execute(spoil, {"content": content}))

    assert {run.id for run in server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items} == {spoilt.id, sound.id}
    assert server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items[0].state.type is StateType.RUNNING
    assert len(server.call(op.FLOWS_LIST, FlowQuery()).items) == 1
    assert server.call(op.FLOW_RUNS_READ, ById(spoilt.id)).state.type is StateType.RUNNING
    assert server.call(op.FLOW_RUNS_PROPOSE, proposal(sound.id, "COMPLETED")).decision is Decision.ACCEPT
    assert server.sweep(lambda run: "gone") == 1
    states = [server.call(op.FLOW_RUNS_READ, ById(run_id)).state.type for run_id in (spoilt.id, sound.id)]
    assert states == [StateType.CRASHED, StateType.COMPLETED]
    assert server.call(op.TASK_RUNS_READ, ById(unfinished.id)).state.type is StateType.CRASHED
