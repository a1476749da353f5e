"""Hot queries are guarded by their plans: on 50,000 rows each must find its way by an index, and lists need no sorting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert
from support.requests import NOON, OWNER, batch, flow_run, line, proposal, task_run

from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.database import tables
from penstock.server.database.database import Database
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.flows import FlowFilter
from penstock.wire.logs import LogFilter
from penstock.wire.sorts import TaskRunSort
from penstock.wire.task_runs import TaskRunFilter

ROWS = 50_000
_TABLES = "|".join(table.name for table in tables.metadata.sorted_tables)
_SCAN = re.compile(rf"^SCAN (?:{_TABLES})\b")
_SORT = re.compile(r"^USE TEMP B-TREE FOR ORDER BY")


class Planner:
    """A full database, and the plans of what an operation asks it."""

    def __init__(self, server: Dispatcher, run_id: UUID) -> None:
        self.server = server
        self.run_id = run_id

    def plans(self, operation: Any, request: Any) -> list[str]:
        """Return the steps of every statement that `operation` carries out."""
        statements: list[tuple[str, Any]] = []

        def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
                statements.append((statement, parameters))

        engine = self.server.database._opened()
        event.listen(engine, "before_cursor_execute", note)
        try:
            if callable(operation):
                operation(request)
            else:
                self.server.call(operation, request)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert statements
        with self.server.database.read() as connection:
            driver: Any = connection.connection.driver_connection
            return [
                row[3]
                for statement, parameters in statements
                for row in driver.execute(
                    f"EXPLAIN QUERY PLAN {statement}", parameters[0] if isinstance(parameters, list) else parameters
                )
            ]


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    """A database with 50,000 flow runs, task runs and log lines each."""
    server = Dispatcher(Database(Sqlite(tmp_path_factory.mktemp("plans") / "penstock.db", 5.0), 5.0))
    first = server.call(op.FLOW_RUNS_CREATE, flow_run(tags=["x"]))
    server.ledger.write(lambda connection: connection.execute(insert(tables.flow_runs), _copies_of(server, first.id)))
    for number in range(ROWS // 5_000):
        kinds = "RUNNING FAILED" if number == 0 else "RUNNING COMPLETED"
        runs = [task_run(first.id, kinds, tags=["x"] if number == 0 else []) for _ in range(5_000)]
        lines = [line(first.id) for _ in range(5_000)]
        server.call(op.JOURNAL_APPEND, batch(*runs, *lines, number=number))
    yield Planner(server, first.id)
    assert server.database.checked_out() == 0
    server.close()


def _copies_of(server: Dispatcher, flow_run_id: UUID) -> list[dict[str, Any]]:
    with server.database.read() as connection:
        row = connection.execute(tables.flow_runs.select().where(tables.flow_runs.c.id == flow_run_id)).mappings().one()
    ended = {"state_type": "COMPLETED", "state_name": "Completed", "lease_expires": None}
    return [{**row, **ended, "id": uuid7()} for _ in range(ROWS)]


_F, _T, _L = FlowRunFilter, TaskRunFilter, LogFilter

LISTS: list[tuple[Any, Any]] = [
    (op.FLOW_RUNS_LIST, r.FlowRunQuery()),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(name="brave-otter"))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(name_like="otter"))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(state_types=[StateType.RUNNING]))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(state_names=["Late"]))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(tags_all=["x"]))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(started_after=NOON))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(started_after=NOON, started_before=NOON))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(parent_flow_run_id=uuid7()))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(roots_only=True))),
    (op.TASK_RUNS_LIST, r.TaskRunQuery()),
    (op.TASK_RUNS_LIST, r.TaskRunQuery(sort=TaskRunSort.ID_DESC)),
    (op.TASK_RUNS_LIST, r.TaskRunQuery(_T(task_keys=["module.double"]))),
    (op.TASK_RUNS_LIST, r.TaskRunQuery(_T(state_types=[StateType.FAILED]))),
    (op.TASK_RUNS_LIST, r.TaskRunQuery(_T(state_names=["Cached"]))),
    (op.TASK_RUNS_LIST, r.TaskRunQuery(_T(tags_all=["x"]))),
    (op.TASK_RUNS_LIST, r.TaskRunQuery(_T(started_after=NOON), sort=TaskRunSort.START_TIME_DESC)),
    (op.LOGS_LIST, r.LogQuery(newest_first=True)),
    (op.LOGS_LIST, r.LogQuery(_L(task_run_ids=[uuid7()]))),
    (op.LOGS_LIST, r.LogQuery(_L(after=NOON, before=NOON))),
    (op.FLOWS_LIST, r.FlowQuery()),
    (op.FLOWS_LIST, r.FlowQuery(FlowFilter(names=["hello"]))),
]


@pytest.mark.parametrize(("operation", "query"), LISTS)
def test_lists(planner: Planner, operation: Any, query: Any) -> None:
    """A page is found by an index and read in its order, however many rows there are."""
    steps = planner.plans(operation, query)
    assert not [step for step in steps if _SCAN.match(step) or _SORT.match(step)], steps


def test_pages_in_the_middle(planner: Planner) -> None:
    """A later page begins by the index as well."""
    for operation, query in (
        (op.FLOW_RUNS_LIST, r.FlowRunQuery()),
        (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(started_after=NOON))),
        (op.TASK_RUNS_LIST, r.TaskRunQuery(_T(flow_run_ids=[planner.run_id]))),
        (op.LOGS_LIST, r.LogQuery(_L(flow_run_ids=[planner.run_id]))),
    ):
        after = planner.server.call(operation, query).next
        assert after is not None
        later = type(query)(filter=query.filter, after=after)
        steps = planner.plans(operation, later)
        assert not [step for step in steps if _SCAN.match(step) or _SORT.match(step)], steps


def test_one_run(planner: Planner) -> None:
    """What concerns one run never looks at the others."""
    run_id, new = planner.run_id, flow_run(idempotency_key="key")
    for operation, request in (
        (op.FLOW_RUNS_CREATE, new),
        (op.FLOW_RUNS_CREATE, new),
        (op.FLOW_RUNS_READ, r.ById(run_id)),
        (op.FLOW_RUNS_COUNTS, r.ById(run_id)),
        (op.FLOW_RUNS_RENEW, r.RenewLeases(OWNER, [r.LeaseClaim(run_id, 1)])),
        (op.FLOW_RUNS_PROPOSE, proposal(new.id, "FAILED")),
        (op.FLOW_RUNS_START, r.StartFlowRun(new.id, OWNER)),
        (op.TASK_RUNS_LIST, r.TaskRunQuery(_T(flow_run_ids=[run_id]))),
        (op.LOGS_LIST, r.LogQuery(_L(flow_run_ids=[run_id]))),
        (op.JOURNAL_APPEND, batch(task_run(run_id, tags=["x"]), line(run_id), number=99)),
        (op.FLOW_RUNS_DELETE, r.ById(new.id)),
    ):
        steps = planner.plans(operation, request)
        assert not [step for step in steps if _SCAN.match(step)], (operation.name, steps)


def test_a_sweep_with_nothing_to_do_is_one_query_by_indexes(planner: Planner) -> None:
    """Each process that opens the record looks for the dead; that must cost next to nothing."""
    steps = planner.plans(planner.server.sweep, lambda run: None)
    assert not [step for step in steps if _SCAN.match(step)], steps
    searches = [step for step in steps if step.startswith("SEARCH")]
    assert len(searches) == 2
    assert "ix_flow_runs_live" in searches[0]
    assert "ix_task_runs_owner" in searches[1]
