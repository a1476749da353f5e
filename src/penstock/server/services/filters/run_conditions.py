"""The conditions that flow runs and task runs have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, false, select

from penstock.server.bounds import check_instant
from penstock.server.context import Context
from penstock.server.services.filters.id_prefix import ids_with_prefix
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.task_runs import TaskRunFilter

RunFilter = FlowRunFilter | TaskRunFilter


@dataclass(frozen=True, slots=True)
class RunTables:
    """Where runs of one kind are kept.

    Attributes:
        runs: the runs.
        tags: their tags.
        tagged: which run a tag is of.
    """

    runs: Table
    tags: Table
    tagged: Column[Any]


def run_conditions(wanted: RunFilter, tables: RunTables, context: Context) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of those fields that the filters of both kinds have.

    Raises:
        InvalidRequest: an instant has no time zone, or the beginning of an id is none.
    """
    yield from _by_identity(wanted, tables.runs, context)
    yield from _by_state(wanted, tables.runs)
    yield from _by_tags(wanted, tables, context)
    yield from between(tables.runs.c.start_time, wanted.started_after, wanted.started_before, "start")
    yield from between(tables.runs.c.end_time, wanted.ended_after, wanted.ended_before, "end")


def between(column: Column[Any], after: Any, before: Any, what: str) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that an instant is `after` or later, and before `before`, where these are given.

    Raises:
        InvalidRequest: a bound has no time zone.
    """
    if after is not None:
        check_instant(after, f"bound of the {what}")
        yield column >= after
    if before is not None:
        check_instant(before, f"bound of the {what}")
        yield column < before


def _by_identity(wanted: RunFilter, runs: Table, context: Context) -> Iterator[ColumnElement[bool]]:
    if wanted.ids is not None:
        yield runs.c.id.in_(wanted.ids)
    if wanted.id_prefix is not None:
        yield runs.c.id.between(*ids_with_prefix(wanted.id_prefix))
    if wanted.name is not None:
        yield runs.c.name == wanted.name
    if wanted.names is not None:
        yield runs.c.name.in_(wanted.names)
    if wanted.name_like:
        yield context.dialect.contains(runs.c.name, wanted.name_like)


def _by_state(wanted: RunFilter, runs: Table) -> Iterator[ColumnElement[bool]]:
    if wanted.state_types is not None:
        yield runs.c.state_type.in_([kind.value for kind in wanted.state_types])
    if wanted.state_names is not None:
        yield runs.c.state_name.in_(wanted.state_names)


def _by_tags(wanted: RunFilter, tables: RunTables, context: Context) -> Iterator[ColumnElement[bool]]:
    groups = [[tag] for tag in dict.fromkeys(wanted.tags_all or ())]
    if wanted.tags_any:
        groups.append(wanted.tags_any)
    elif wanted.tags_any is not None:
        yield false()
    for tags in groups:
        tagged = select(tables.tagged).where(
            tables.tags.c.workspace_id == context.workspace_id, tables.tags.c.tag.in_(tags)
        )
        yield tables.runs.c.id.in_(tagged)
