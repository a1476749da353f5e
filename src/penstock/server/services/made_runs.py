"""Runs that the server makes of deployments: many in a few statements, one for each idempotency key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from penstock.core.ids import uuid7
from penstock.core.names.slug import slug
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import flow_run_tags, flow_runs
from penstock.server.rules.history import totals_of
from penstock.server.services.events.states import tell_states
from penstock.server.services.flow_run_rows import state_columns
from penstock.wire.states import StateRecord

_IDS_PER_STATEMENT = 400
_EMPTY: dict[str, Any] = dict.fromkeys(flow_runs.c.keys())
_COUNTS = {"attempt": 0, "retries": 0, "recoveries": 0}


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run of a deployment that is to be made. What is left out has no value.

    Attributes:
        flow_id: its flow.
        deployment_id: its deployment.
        deployment_version: which version of that it goes by.
        parameters: what it is called with, checked.
        tags: words to find it by.
        scheduled_time: when it is to start.
        late_after_seconds: for how long after that it may wait before it is Late.
        id: by default a new one.
        name: by default two words.
        further: more columns.
    """

    flow_id: UUID
    deployment_id: UUID
    deployment_version: int
    parameters: dict[str, Any]
    tags: list[str]
    scheduled_time: datetime
    late_after_seconds: float
    id: UUID = field(default_factory=uuid7)
    name: str = field(default_factory=slug)
    further: dict[str, Any] = field(default_factory=dict)


def make_runs(runs: Sequence[NewRun], context: Context) -> list[dict[str, Any]]:
    """Make runs, but for those whose id or key there is already.

    Returns:
        The columns of those that are new.
    """
    if not runs:
        return []
    now = context.now()
    rows = [_columns(run, now, context) for run in runs]
    inserted = context.connection.execute(context.dialect.insert_new(flow_runs), rows)
    new = rows if inserted.rowcount == len(rows) else _those_made(rows, now, context)
    for row in new:
        tell_states(row, row["states"], 0, context)
    tags = [
        {"workspace_id": context.workspace_id, "tag": tag, "flow_run_id": row["id"]}
        for row in new
        for tag in row["tags"]
    ]
    if tags:
        context.connection.execute(insert(flow_run_tags), tags)
    return new


def _columns(run: NewRun, now: datetime, context: Context) -> dict[str, Any]:
    states = [StateRecord(StateType.SCHEDULED, "Scheduled", now, None, run.scheduled_time)]
    return {
        **_EMPTY,
        **_COUNTS,
        **state_columns(states, totals_of(states), now),
        "workspace_id": context.workspace_id,
        "id": run.id,
        "flow_id": run.flow_id,
        "name": run.name,
        "created": now,
        "parameters": run.parameters,
        "tags": list(dict.fromkeys(run.tags)),
        "deployment_id": run.deployment_id,
        "deployment_version": run.deployment_version,
        "late_after_seconds": run.late_after_seconds,
        "late_at": run.scheduled_time + timedelta(seconds=run.late_after_seconds),
        **run.further,
    }


def _those_made(rows: list[dict[str, Any]], now: datetime, context: Context) -> list[dict[str, Any]]:
    """Return those of `rows` that were not there before: they were made at this very instant."""
    made: set[UUID] = set()
    for first in range(0, len(rows), _IDS_PER_STATEMENT):
        ids = [row["id"] for row in rows[first : first + _IDS_PER_STATEMENT]]
        statement = select(flow_runs.c.id).where(
            flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.id.in_(ids), flow_runs.c.created == now
        )
        made |= set(context.connection.execute(statement).scalars())
    return [row for row in rows if row["id"] in made]
