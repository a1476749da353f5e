"""Which flow runs a filter means."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, or_, select

from penstock.server.bounds import check_count, check_nesting, check_text_size
from penstock.server.context import Context
from penstock.server.database.tables import flow_run_tags, flow_runs, flows
from penstock.server.services.filters.composition import LONGEST_TEXT, condition_of
from penstock.server.services.filters.run_conditions import RunTables, between, run_conditions
from penstock.wire.flow_runs import FlowRunFilter

MOST_PARAMETERS = 10
"""By how many parameters one filter looks for runs."""

_TABLES = RunTables(flow_runs, flow_run_tags, flow_run_tags.c.flow_run_id)


def meant(wanted: FlowRunFilter, context: Context) -> ColumnElement[bool]:
    """Return the condition under which a flow run of the workspace is meant.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: an instant has no time zone, or the beginning of an id is none.
    """
    own = partial(_conditions, context=context)
    return and_(flow_runs.c.workspace_id == context.workspace_id, condition_of(wanted, own))


def _conditions(wanted: FlowRunFilter, context: Context) -> Iterator[ColumnElement[bool]]:
    yield from run_conditions(wanted, _TABLES, context)
    yield from between(flow_runs.c.expected_start, wanted.expected_after, wanted.expected_before, "expected start")
    if wanted.flow_ids is not None:
        yield flow_runs.c.flow_id.in_(wanted.flow_ids)
    if wanted.flow_names is not None:
        yield flow_runs.c.flow_id.in_(_flows(flows.c.name.in_(wanted.flow_names), context))
    if wanted.text:
        contains = context.dialect.contains
        of_flow = flow_runs.c.flow_id.in_(_flows(contains(flows.c.name, wanted.text), context))
        yield or_(contains(flow_runs.c.name, wanted.text), of_flow)
    if wanted.parent_flow_run_id is not None:
        yield flow_runs.c.parent_flow_run_id == wanted.parent_flow_run_id
    if wanted.parent_task_run_id is not None:
        yield flow_runs.c.parent_task_run_id == wanted.parent_task_run_id
    for column, some in (
        (flow_runs.c.deployment_id, wanted.deployment_ids),
        (flow_runs.c.schedule_id, wanted.schedule_ids),
        (flow_runs.c.backfill_id, wanted.backfill_ids),
        (flow_runs.c.work_pool_name, wanted.work_pool_names),
        (flow_runs.c.work_queue_name, wanted.work_queue_names),
        (flow_runs.c.worker_id, wanted.worker_ids),
    ):
        if some is not None:
            yield column.in_(some)
    if wanted.roots_only:
        yield flow_runs.c.parent_flow_run_id.is_(None)
    # Last: no index helps, so that those alone are looked at for which all else holds.
    yield from _by_parameters(wanted.parameters or {}, context)


def _by_parameters(parameters: dict[str, Any], context: Context) -> Iterator[ColumnElement[bool]]:
    check_count(parameters, MOST_PARAMETERS, "values of parameters")
    check_nesting(parameters, "values of parameters")
    for name, value in parameters.items():
        text = msgspec.json.encode(value).decode()
        check_text_size(name + text, LONGEST_TEXT, "value of a parameter")
        yield context.dialect.has_value(flow_runs.c.parameters, name, text)


def _flows(condition: ColumnElement[bool], context: Context) -> Select[tuple[object]]:
    return select(flows.c.id).where(flows.c.workspace_id == context.workspace_id, condition)
