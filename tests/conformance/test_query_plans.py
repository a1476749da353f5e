"""Hot queries are guarded by their plans: on 50,000 rows each must find its way by an index, and lists need no sorting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert
from support import databases
from support.requests import NOON, OWNER, batch, flow_run, line, proposal, task_run

from penstock.core import clock
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database import tables
from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.dispatcher import Dispatcher
from penstock.server.rules.passing_states import Limits
from penstock.server.rules.retention import Keeping
from penstock.server.services import logs
from penstock.server.services.charts import graphs
from penstock.server.services.passing_states import OverdueRun, overdue
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.bulk import AuditQuery, CancelFlowRuns, DeleteFlowRuns
from penstock.wire.charts import FlowRunHistogramQuery, GraphQuery, RunTime, TaskRunHistogramQuery
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.flows import FlowFilter
from penstock.wire.logs import LogFilter
from penstock.wire.sorts import FlowRunSort, FlowSort, TaskRunSort
from penstock.wire.task_runs import TaskRunFilter

ROWS = 50_000
_TABLES = "|".join(table.name for table in tables.metadata.sorted_tables)
_SCAN = {
    "sqlite": re.compile(rf"^SCAN (?:{_TABLES})\b"),
    # Others are so small in this test that PostgreSQL rightly reads them whole.
    "postgresql": re.compile(r"Seq Scan on (?:flow_runs|task_runs|logs)\b"),
}
# What SQLite takes for a good plan where it may choose between a workspace and a few numbers of rows.
_ALL_OF_A_WORKSPACE = re.compile(rf"^SEARCH (?:{_TABLES}) USING .*\(workspace_id=\?\)$")
_DETOURS = {
    "sqlite": re.compile(rf"{_SCAN['sqlite'].pattern}|^USE TEMP B-TREE FOR ORDER BY"),
    "postgresql": re.compile(rf"{_SCAN['postgresql'].pattern}|Sort .*rows=\d{{4,}}"),
}


class Planner:
    """A full database, and the plans of what an operation asks it."""

    def __init__(self, server: Dispatcher, run_id: UUID, kind: str) -> None:
        self.kind = kind
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
                step
                for statement, parameters in statements
                for step in self._explain(
                    driver, statement, parameters[0] if isinstance(parameters, list) else parameters
                )
            ]

    def _explain(self, driver: Any, statement: str, parameters: Any) -> list[str]:
        if self.kind == "sqlite":
            return [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        if "pg_advisory" in statement:
            return []
        return [row[0] for row in driver.execute(f"EXPLAIN {statement}", parameters)]

    def detours(self, steps: list[str]) -> list[str]:
        """Return the steps that look at every row of a table, or sort more than a page of them."""
        return [step for step in steps if _DETOURS[self.kind].search(step)]


@pytest.fixture(scope="module", params=databases.KINDS)
def planner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    """A database with 50,000 flow runs, task runs and log lines each."""
    if request.param == "sqlite":
        server = Dispatcher(databases.sqlite(tmp_path_factory.mktemp("plans")))
        yield Planner(server, _fill(server), request.param)
        server.close()
        return
    databases.require_postgresql()
    with databases.own_postgresql() as address:
        server = Dispatcher(Database(Postgresql(databases.settings_for(address)), 5.0))
        first = _fill(server)
        databases.on_server("VACUUM ANALYZE", address)  # as PostgreSQL does by itself, sooner or later
        yield Planner(server, first, request.param)
        assert server.database.checked_out() == 0
        server.close()


def _fill(server: Dispatcher) -> UUID:
    """Write all the rows, and return the id of the flow run that the task runs and lines are of."""
    first = server.call(op.FLOW_RUNS_CREATE, flow_run(tags=["x"]))
    server.ledger.write(lambda connection: connection.execute(insert(tables.flow_runs), _copies_of(server, first.id)))
    for number in range(ROWS // 5_000):
        kinds = "RUNNING FAILED" if number == 0 else "RUNNING COMPLETED"
        runs = [task_run(first.id, kinds, tags=["x"] if number == 0 else []) for _ in range(5_000)]
        seconds = range(number * 5_000, (number + 1) * 5_000)
        lines = [line(first.id, timestamp=NOON + timedelta(seconds=second)) for second in seconds]
        server.call(op.JOURNAL_APPEND, batch(*runs, *lines, number=number))
    return first.id


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
    *[(op.FLOW_RUNS_LIST, r.FlowRunQuery(sort=sort)) for sort in FlowRunSort],
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(text="otter"))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(parameters={"x": 1}, started_after=NOON, started_before=NOON))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(parameters={"x": 1}, flow_ids=[uuid7()]))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(any=[_F(name="x"), _F(state_names=["Late"])]))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(not_=_F(tags_any=["x"])))),
    (op.FLOW_RUNS_LIST, r.FlowRunQuery(_F(ended_after=NOON), sort=FlowRunSort.END_TIME_DESC)),
    *[(op.TASK_RUNS_LIST, r.TaskRunQuery(sort=sort)) for sort in TaskRunSort],
    (op.TASK_RUNS_LIST, r.TaskRunQuery(_T(any=[_T(state_types=[StateType.FAILED]), _T(name="x")]))),
    *[(op.FLOWS_LIST, r.FlowQuery(sort=sort)) for sort in FlowSort],
    (op.FLOWS_LIST, r.FlowQuery(FlowFilter(names=["hello"]))),
]


@pytest.mark.parametrize(("operation", "query"), LISTS)
def test_lists(planner: Planner, operation: Any, query: Any) -> None:
    """A page is found by an index and read in its order, however many rows there are."""
    steps = planner.plans(operation, query)
    assert not planner.detours(steps), steps


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
        assert not planner.detours(steps), steps


def test_one_run(planner: Planner) -> None:
    """What concerns one run never looks at the others."""
    run_id, new = planner.run_id, flow_run(idempotency_key="key")
    for operation, request in (
        (op.FLOW_RUNS_CREATE, new),
        (op.FLOW_RUNS_CREATE, new),
        (op.FLOW_RUNS_READ, r.ById(run_id)),
        # To count what is nearly the whole table, PostgreSQL rightly reads the beginning of the table.
        (op.FLOW_RUNS_COUNTS, r.ById(run_id if planner.kind == "sqlite" else new.id)),
        (op.FLOW_RUNS_RENEW, r.RenewLeases(OWNER, [r.LeaseClaim(run_id, 1)])),
        (op.FLOW_RUNS_PROPOSE, proposal(new.id, "FAILED")),
        (op.FLOW_RUNS_START, r.StartFlowRun(new.id, OWNER)),
        (op.TASK_RUNS_LIST, r.TaskRunQuery(_T(flow_run_ids=[run_id]))),
        (op.LOGS_LIST, r.LogQuery(_L(flow_run_ids=[run_id]))),
        (op.JOURNAL_APPEND, batch(task_run(run_id, tags=["x"]), line(run_id), number=99)),
        (op.FLOW_RUNS_DELETE, r.ById(new.id)),
    ):
        steps = planner.plans(operation, request)
        assert not [step for step in steps if _SCAN[planner.kind].search(step)], (operation.name, steps)


_HISTOGRAM = FlowRunHistogramQuery(NOON - timedelta(days=1), NOON + timedelta(days=365))

MANY: list[tuple[Any, Any]] = [
    (op.FLOW_RUNS_COUNT, r.FlowRunCountQuery(_F(state_types=[StateType.RUNNING]))),
    (op.FLOW_RUNS_COUNT, r.FlowRunCountQuery(_F(tags_all=["x"]))),
    (op.FLOW_RUNS_COUNT, r.FlowRunCountQuery()),
    (op.TASK_RUNS_COUNT, r.TaskRunCountQuery(_T(state_types=[StateType.FAILED]))),
    (op.FLOWS_COUNT, r.FlowCountQuery()),
    (op.FLOW_RUNS_HISTOGRAM, _HISTOGRAM),
    (op.TASK_RUNS_HISTOGRAM, TaskRunHistogramQuery(_HISTOGRAM.after, _HISTOGRAM.before)),
    (op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(_F(tags_all=["none"]), dry_run=False)),
    (op.FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(_F(state_types=[StateType.PAUSED]), dry_run=False)),
    (op.AUDIT_LIST, AuditQuery()),
]


@pytest.mark.parametrize(("operation", "query"), MANY)
def test_what_looks_at_many_rows(planner: Planner, operation: Any, query: Any) -> None:
    """Counts, histograms and bulk actions find their rows by indexes too, and none sorts them."""
    steps = planner.plans(operation, query)
    assert not planner.detours(steps), steps


@pytest.mark.parametrize("by", RunTime)
def test_a_histogram_reads_indexes_alone(planner: Planner, by: RunTime) -> None:
    """Runs are counted over time without looking at the runs themselves: all by one index, others than completed by another."""
    asked = FlowRunHistogramQuery(_HISTOGRAM.after, _HISTOGRAM.before, by=by)
    name = f"ix_flow_runs_{by.value.removesuffix('_TIME').lower()}"
    _read_alone(planner.plans(op.FLOW_RUNS_HISTOGRAM, asked), name, f"{name}_of_others")
    steps = planner.plans(op.TASK_RUNS_HISTOGRAM, TaskRunHistogramQuery(_HISTOGRAM.after, _HISTOGRAM.before))
    _read_alone(steps, "ix_task_runs_start", "ix_task_runs_start_of_others")


def _read_alone(steps: list[str], *indexes: str) -> None:
    alone = re.compile(
        r"USING COVERING INDEX (ix_(?:flow|task)_runs_\w+)|Index Only Scan .*using (ix_(?:flow|task)_runs_\w+)"
    )
    found = {match[1] or match[2] for step in steps if (match := alone.search(step))}
    assert found == set(indexes), steps


@pytest.mark.parametrize(
    "query",
    [
        r.LogQuery(_L(text="x")),
        r.LogQuery(_L(text="x"), newest_first=True),
        r.LogQuery(_L([uuid7()], text="x", level_at_least=40)),
        r.LogQuery(_L(not_=_L(loggers=["x"]), after=NOON)),
    ],
)
def test_a_search(planner: Planner, query: r.LogQuery, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log is searched along an index, a small part of it for each page."""
    monkeypatch.setattr(logs, "LOOKED_AT", 1_000)
    after = None
    for _ in range(2):
        later = r.LogQuery(query.filter, query.limit, after, query.newest_first)
        steps = planner.plans(op.LOGS_LIST, later)
        assert not planner.detours(steps), steps
        after = planner.server.call(op.LOGS_LIST, later).next


def test_one_graph(planner: Planner) -> None:
    """The graph of a run reads that run's rows in the order of an index, in a few statements however many they are."""
    database = planner.server.database

    def drawn(query: GraphQuery) -> None:
        database.ask(lambda connection: graphs.of_flow_run(query, Context(connection, database.dialect)))

    steps = planner.plans(drawn, GraphQuery(planner.run_id))
    assert not planner.detours(steps), steps
    assert len([step for step in steps if step.startswith("SEARCH")]) < 12


def test_a_kept_graph(planner: Planner) -> None:
    """Whether anything in a run has changed is found by indexes, without a look at its task runs."""
    query = GraphQuery(planner.run_id)
    planner.server.call(op.FLOW_RUNS_GRAPH, query)
    steps = planner.plans(op.FLOW_RUNS_GRAPH, query)
    assert not planner.detours(steps), steps
    assert [step for step in steps if "ix_task_run_changes_flow_run" in step], steps
    read = [step for step in steps if re.search(r"(?:SEARCH|Scan.* on) task_runs\b", step)]
    assert len(read) == 1, steps  # whether there are many


def test_the_lines_around_one(planner: Planner) -> None:
    """The lines around one are found by an index, without looking at the others."""
    hit = planner.server.call(op.LOGS_LIST, r.LogQuery(limit=1)).items[0]
    assert hit.id is not None
    steps = planner.plans(op.LOGS_AROUND, r.LogContextQuery(hit.id))
    assert not planner.detours(steps), steps


def test_a_sweep_with_nothing_to_do_is_two_queries_by_indexes(planner: Planner) -> None:
    """Each process that opens the record looks for the dead; that must cost next to nothing."""
    steps = planner.plans(planner.server.sweep, lambda run: None)
    assert not [step for step in steps if _SCAN[planner.kind].search(step)], steps
    searches = [step for step in steps if "SEARCH" in step or "Scan" in step]
    assert [name for step in searches for name in re.findall(r"ix_\w+", step)] == [
        "ix_flow_runs_live",
        "ix_task_runs_owner",
    ]


def test_who_waits_too_long_is_found_by_an_index(planner: Planner) -> None:
    """Whoever is Pending or Cancelling for too long is found without a look at the others, page by page."""
    database = planner.server.database

    def look(last: OverdueRun | None) -> None:
        database.ask(lambda connection: overdue(Limits(), clock.now(), 10, Context(connection, database.dialect), last))

    for after in (None, OverdueRun(uuid7(), NOON)):
        steps = planner.plans(look, after)
        assert not planner.detours(steps), steps


def test_retention_finds_the_oldest_by_indexes(planner: Planner) -> None:
    """What is past its time is found without a look at the rest, whether there is much of it or nothing."""
    for keeping in (Keeping(), Keeping(1e-9, 1e-9, 1e-9, 1e-9, 1e-9)):
        steps = planner.plans(lambda kept: planner.server.purge(kept, 10), keeping)
        assert not planner.detours(steps), steps
        assert not [step for step in steps if _ALL_OF_A_WORKSPACE.search(step)], steps


def test_counts_of_a_run_do_not_look_at_all_of_it(planner: Planner) -> None:
    """Task runs that did not complete are counted by an index that holds no others."""
    steps = planner.plans(op.FLOW_RUNS_COUNTS, r.ById(planner.run_id))
    assert len([step for step in steps if "ix_task_runs_counts" in step]) == len(StateType) - 1
