"""A backfill as a row, and how far its runs are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from penstock.core.errors import ObjectNotFound
from penstock.core.ids import uuid7
from penstock.core.state_type import TERMINAL_STATES, StateType
from penstock.server.context import Context
from penstock.server.database.tables import backfills, flow_runs
from penstock.server.services.events.rows import related_to, tell
from penstock.wire.deploying.backfills import Backfill, BackfillCreate, BackfillStatus
from penstock.wire.events import RESOURCE_ID, Event

BackfillRow = Mapping[Any, Any]


def find_backfill(backfill_id: UUID, context: Context, *, to_change: bool = False) -> BackfillRow | None:
    """Return the row of a backfill; None if there is none."""
    statement = select(backfills).where(backfills.c.workspace_id == context.workspace_id, backfills.c.id == backfill_id)
    return context.connection.execute(statement.with_for_update() if to_change else statement).mappings().first()


def read_backfill(backfill_id: UUID, context: Context, *, to_change: bool = False) -> BackfillRow:
    """Return the row of a backfill.

    Raises:
        ObjectNotFound: there is none.
    """
    row = find_backfill(backfill_id, context, to_change=to_change)
    if row is None:
        raise ObjectNotFound(f"There is no backfill {backfill_id}. It goes with its deployment when that is deleted.")
    return row


def counts_of(backfill_ids: Sequence[UUID], context: Context) -> dict[UUID, dict[str, int]]:
    """Return how many runs of each backfill are in a state of each type: counted from the runs, in one query."""
    if not backfill_ids:
        return {}
    statement = (
        select(flow_runs.c.backfill_id, flow_runs.c.state_type, func.count())
        .where(flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.backfill_id.in_(backfill_ids))
        .group_by(flow_runs.c.backfill_id, flow_runs.c.state_type)
    )
    found: dict[UUID, dict[str, int]] = {}
    for backfill_id, state_type, count in context.connection.execute(statement):
        found.setdefault(backfill_id, {})[state_type] = count
    return found


def unfinished_in(by_type: Mapping[str, int]) -> int:
    """Return how many of the runs that were counted have not ended."""
    return sum(count for kind, count in by_type.items() if StateType(kind) not in TERMINAL_STATES)


def backfills_of(rows: Sequence[BackfillRow], context: Context) -> list[Backfill]:
    """Return the backfills in `rows`."""
    counts = counts_of([row["id"] for row in rows], context)
    return [_backfill_of(row, counts.get(row["id"], {})) for row in rows]


def _backfill_of(row: BackfillRow, by_type: dict[str, int]) -> Backfill:
    # What was spoilt is shown as an empty range: the rest is known.
    request = row["request"] or BackfillCreate(row["id"], row["deployment_id"], row["created"], row["created"])
    return Backfill(
        request=request,
        status=BackfillStatus(row["status"]),
        created=row["created"],
        author=row["author"],
        total=row["total"],
        made=row["made"],
        by_type=by_type,
        ended=row["ended"],
    )


def tell_of_backfill(what: str, row: BackfillRow, context: Context) -> None:
    """Have it told what became of a backfill, such as `completed`."""
    resource = {RESOURCE_ID: f"penstock.backfill.{row['id']}"}
    related = [related_to("deployment", row["deployment_id"], "deployment")]
    payload = {"total": row["total"], "made": row["made"]}
    tell(Event(uuid7(), context.now(), f"penstock.backfill.{what}", resource, related, payload), context)
