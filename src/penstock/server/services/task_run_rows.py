"""A task run as a row. This is the hot path: rows are made by hand and go to the driver as they are."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from penstock.core.state_type import StateType
from penstock.server.bounds import JSON_LIMIT, LOCATION_LIMIT, MESSAGE_LIMIT, NAME_LIMIT, check_error, cut, storable
from penstock.server.database.dialect import Dialect
from penstock.server.database.tables import task_run_tags, task_runs
from penstock.server.database.types import encode_json
from penstock.server.rules.history import bounded
from penstock.wire.task_runs import TaskRun

TaskRunRow = tuple[Any, ...]

_COLUMNS = tuple(column.name for column in task_runs.c)
_KEY = ("workspace_id", "id")
_MOST = 2**31 - 1
_ID = itemgetter(_COLUMNS.index("id"))

# A record that comes late, after one with more history, or from an earlier attempt, changes nothing.
_HAS_GROWN = text(
    "excluded.flow_run_attempt >= task_runs.flow_run_attempt AND (excluded.state_count > task_runs.state_count OR ("
    "excluded.state_count = task_runs.state_count AND (excluded.end_time IS NOT NULL OR task_runs.end_time IS NULL)))"
)


def row_maker(dialect: Dialect, workspace_id: int, owner: str) -> Callable[[TaskRun], TaskRunRow]:
    """Return the function from a record to its row, in the order of the table's columns.

    Parameters:
        dialect: what the driver takes for ids and instants.
        workspace_id: where the rows go.
        owner: the process that sends the records.

    Returns:
        A function; it raises TypeError, ValueError or IndexError for a record that makes no sense.
    """
    bind_id: Callable[[UUID], Any] = dialect.bind_id
    bind_instant = dialect.bind_instant

    def row(run: TaskRun) -> TaskRunRow:
        if not (0 <= run.run_count <= _MOST and 0 <= run.retries <= _MOST):
            raise ValueError(f"{run.run_count} runs and {run.retries} retries can't have been.")
        states = run.states[:]  # the run may go on growing in its own thread
        last = states[-1]
        flow_run_id, parent_id = run.flow_run_id, run.parent_task_run_id
        is_terminal = last.type.is_terminal
        start, run_seconds, before = None, 0.0, None
        for state in states:
            if before is not None:
                run_seconds += (state.timestamp - before).total_seconds()
                before = None
            if state.type is StateType.RUNNING:
                before = state.timestamp
                start = start or before
        return (
            workspace_id,
            bind_id(run.id),
            None if flow_run_id is None else bind_id(flow_run_id),
            run.flow_run_attempt,
            None if parent_id is None else bind_id(parent_id),
            cut(run.task_key, NAME_LIMIT),
            cut(run.task_name, NAME_LIMIT),
            cut(run.name, NAME_LIMIT),
            encode_json(run.tags),
            _bounded_json(run.upstreams),
            str(last.type),
            cut(last.name, NAME_LIMIT),
            len(states),
            encode_json(bounded(states)),
            run.run_count,
            run.retries,
            None if start is None else bind_instant(start),
            bind_instant(last.timestamp) if is_terminal else None,
            run_seconds,
            None if run.cache_key is None else cut(run.cache_key, LOCATION_LIMIT),
            None if run.result is None else cut(run.result, LOCATION_LIMIT),
            None if run.error is None else encode_json(check_error(run.error)),
            None if is_terminal or flow_run_id is not None else owner,
        )

    return row


def mended(run: TaskRun) -> TaskRun:
    """Return a copy of a record, with replacements for what can't be written as JSON: halves of characters."""
    states = [
        msgspec.structs.replace(
            state,
            name=storable(state.name),
            message=None if state.message is None else cut(state.message, MESSAGE_LIMIT),
        )
        for state in run.states
    ]
    upstreams = {storable(name): ids for name, ids in run.upstreams.items()}
    return msgspec.structs.replace(run, states=states, tags=[storable(tag) for tag in run.tags], upstreams=upstreams)


def _bounded_json(value: Any) -> str | None:
    encoded = encode_json(value)
    return encoded if encoded is None or len(encoded) <= JSON_LIMIT else None


_statements: dict[str, str] = {}


def write_rows(rows: list[TaskRunRow], connection: Connection, dialect: Dialect) -> None:
    """Insert task runs, or replace those that have grown."""
    if not rows:
        return
    if dialect.locks_rows:
        rows.sort(key=_ID)
    statement = _statements.get(connection.dialect.name)
    if statement is None:
        statement = _statements[connection.dialect.name] = _upsert(connection, dialect)
    connection.exec_driver_sql(statement, rows)


def write_tags(runs: list[TaskRun], workspace_id: int, connection: Connection, dialect: Dialect) -> None:
    """Make task runs known by their tags."""
    rows = [
        {"workspace_id": workspace_id, "tag": cut(tag, NAME_LIMIT), "task_run_id": run.id}
        for run in runs
        for tag in run.tags
    ]
    if rows:
        rows.sort(key=itemgetter("tag", "task_run_id"))
        connection.execute(dialect.insert_new(task_run_tags), rows)


def _upsert(connection: Connection, dialect: Dialect) -> str:
    statement = dialect.insert(task_runs)
    replaced = {name: statement.excluded[name] for name in _COLUMNS if name not in _KEY}
    statement = statement.on_conflict_do_update(index_elements=_KEY, set_=replaced, where=_HAS_GROWN)
    compiled = statement.compile(dialect=connection.dialect, column_keys=_COLUMNS)
    if tuple(compiled.positiontup or ()) != _COLUMNS:
        raise AssertionError("The rows of task runs are not in the order of their statement.")
    return str(compiled)
