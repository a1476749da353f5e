"""What the servers do by themselves: written by the one that leads, read by whoever asks any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import Row, delete, select

from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import SERVERS_WORKSPACE, loops
from penstock.server.services.loops import leadership
from penstock.wire.servers.loops import ListLoops, LoopLine, LoopList, LoopState

if TYPE_CHECKING:
    from penstock.server.loop_runner import LoopReport


def forget_all(context: Context) -> None:
    """Delete what another leader told."""
    context.connection.execute(delete(loops).where(loops.c.workspace_id == SERVERS_WORKSPACE))


def tell(reports: Sequence[LoopReport], context: Context) -> None:
    """Write what loops have done, in the place of what was told of them before."""
    if not reports:
        return
    statement = context.dialect.insert(loops)
    changed = {column.name: statement.excluded[column.name] for column in loops.c if not column.primary_key}
    rows = [
        {**asdict(report), "workspace_id": SERVERS_WORKSPACE, "error": report.error and _bounded(report.error)}
        for report in reports
    ]
    keys = [column.name for column in loops.primary_key]
    context.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def list_(request: ListLoops, context: Context) -> LoopList:
    """Return the loops of the servers on this database, and which server runs them."""
    held = leadership.held(context)
    leads = held is not None and held.expires >= context.now()
    rows = context.connection.execute(
        select(loops).where(loops.c.workspace_id == SERVERS_WORKSPACE).order_by(loops.c.name)
    )
    return LoopList(
        items=[_line(row, leads=leads) for row in rows],
        leader=held.holder if held is not None and leads else None,
        leader_since=held.since if held is not None and leads else None,
    )


def _line(row: Row[tuple[object, ...]], *, leads: bool) -> LoopLine:
    state: LoopState = "waiting"
    if not leads:
        state = "stopped"
    elif row.is_running:
        state = "running"
    elif row.error is not None:
        state = "failed"
    return LoopLine(
        name=row.name,
        state=state,
        interval_seconds=row.interval_seconds,
        last_begun=row.last_begun,
        last_seconds=row.last_seconds,
        lag_seconds=row.lag_seconds,
        runs=row.runs,
        failures=row.failures,
        error=row.error,
    )


def _bounded(error: str) -> str:
    return bounds.cut(error, bounds.NAME_LIMIT)
