"""Which task runs a filter means."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import ColumnElement, and_, literal_column, or_

from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import task_run_tags, task_runs
from penstock.server.services.filters.composition import condition_of
from penstock.server.services.filters.run_conditions import RunTables, run_conditions
from penstock.wire.task_runs import TaskRunFilter

_TABLES = RunTables(task_runs, task_run_tags, task_run_tags.c.task_run_id)
_COMPLETED_NAME = "Completed"


def meant(wanted: TaskRunFilter, context: Context) -> ColumnElement[bool]:
    """Return the condition under which a task run of the workspace is meant.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: an instant has no time zone, or the beginning of an id is none.
    """
    own = partial(_conditions, context=context)
    return and_(task_runs.c.workspace_id == context.workspace_id, condition_of(wanted, own))


def _conditions(wanted: TaskRunFilter, context: Context) -> Iterator[ColumnElement[bool]]:
    yield from run_conditions(wanted, _TABLES, context)
    # These are true anyway; spelled as the partial indexes have them, so that the planner sees that it may use them.
    if wanted.state_types is not None and StateType.COMPLETED not in wanted.state_types:
        yield task_runs.c.state_type != literal_column("'COMPLETED'")
    if wanted.state_names is not None and _COMPLETED_NAME not in wanted.state_names:
        yield task_runs.c.state_name != literal_column("'Completed'")
    for values, column in (
        (wanted.flow_run_ids, task_runs.c.flow_run_id),
        (wanted.parent_task_run_ids, task_runs.c.parent_task_run_id),
        (wanted.task_keys, task_runs.c.task_key),
        (wanted.task_names, task_runs.c.task_name),
    ):
        if values is not None:
            yield column.in_(values)
    if wanted.text:
        contains = context.dialect.contains
        yield or_(contains(task_runs.c.name, wanted.text), contains(task_runs.c.task_name, wanted.text))
