"""Which flow runs a filter means, and in which order they are found without sorting."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Select, select

from penstock.server.bounds import FILTER_LIMIT, check_count, check_instant
from penstock.server.context import Context
from penstock.server.database.tables import flow_run_tags, flow_runs, flows
from penstock.server.services.flow_run_rows import FLOW_RUN_COLUMNS, FLOW_RUNS_WITH_FLOW
from penstock.server.services.id_prefix import ids_with_prefix
from penstock.wire.flow_runs import FlowRunFilter

_LISTS = ("ids", "flow_names", "state_types", "state_names", "tags_all", "tags_any")


def sort_keys(condition: FlowRunFilter) -> list[Column[Any]]:
    """Return what the flow runs are sorted by: their start where that is bounded, else their making."""
    if condition.started_after is not None or condition.started_before is not None:
        return [flow_runs.c.start_time, flow_runs.c.id]
    return [flow_runs.c.id]


def matching(condition: FlowRunFilter, context: Context) -> Select[Any]:
    """Return the statement that selects the flow runs that `condition` means.

    Raises:
        ObjectLimitReached: it lists too many values.
        InvalidRequest: an instant has no time zone, or the beginning of an id is none.
    """
    for name in _LISTS:
        check_count(getattr(condition, name), FILTER_LIMIT, f"values of {name}")
    statement = select(*FLOW_RUN_COLUMNS).select_from(FLOW_RUNS_WITH_FLOW)
    statement = statement.where(flow_runs.c.workspace_id == context.workspace_id)
    for part in (_by_identity, _by_state, _by_tags, _by_time):
        statement = part(statement, condition, context)
    return statement


def _by_identity(statement: Select[Any], condition: FlowRunFilter, context: Context) -> Select[Any]:
    if condition.ids is not None:
        statement = statement.where(flow_runs.c.id.in_(condition.ids))
    if condition.id_prefix is not None:
        statement = statement.where(flow_runs.c.id.between(*ids_with_prefix(condition.id_prefix)))
    if condition.name is not None:
        statement = statement.where(flow_runs.c.name == condition.name)
    if condition.name_like:
        statement = statement.where(context.dialect.contains(flow_runs.c.name, condition.name_like))
    if condition.flow_names is not None:
        flow_ids = select(flows.c.id).where(
            flows.c.workspace_id == context.workspace_id, flows.c.name.in_(condition.flow_names)
        )
        statement = statement.where(flow_runs.c.flow_id.in_(flow_ids))
    if condition.parent_flow_run_id is not None:
        statement = statement.where(flow_runs.c.parent_flow_run_id == condition.parent_flow_run_id)
    if condition.roots_only:
        statement = statement.where(flow_runs.c.parent_flow_run_id.is_(None))
    return statement


def _by_state(statement: Select[Any], condition: FlowRunFilter, context: Context) -> Select[Any]:
    if condition.state_types is not None:
        statement = statement.where(flow_runs.c.state_type.in_([kind.value for kind in condition.state_types]))
    if condition.state_names is not None:
        statement = statement.where(flow_runs.c.state_name.in_(condition.state_names))
    return statement


def _by_tags(statement: Select[Any], condition: FlowRunFilter, context: Context) -> Select[Any]:
    for tags in [[tag] for tag in condition.tags_all or ()] + [condition.tags_any or []]:
        if tags:
            tagged = select(flow_run_tags.c.flow_run_id).where(
                flow_run_tags.c.workspace_id == context.workspace_id, flow_run_tags.c.tag.in_(tags)
            )
            statement = statement.where(flow_runs.c.id.in_(tagged))
    return statement


def _by_time(statement: Select[Any], condition: FlowRunFilter, context: Context) -> Select[Any]:
    if condition.started_after is not None:
        check_instant(condition.started_after, "bound of the start")
        statement = statement.where(flow_runs.c.start_time >= condition.started_after)
    if condition.started_before is not None:
        check_instant(condition.started_before, "bound of the start")
        statement = statement.where(flow_runs.c.start_time < condition.started_before)
    return statement
