"""Runs of deployments that nobody has started in time: named Late."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update

from penstock.server.context import Context
from penstock.server.database.tables import flow_runs
from penstock.server.rules.flow_run_life import Ruling
from penstock.server.rules.lateness import decide_late
from penstock.server.services.flow_run_rows import FlowRunRow, enter_all, facts_of

SET_ASIDE = timedelta(minutes=5)
"""For how long a run is left alone of which it can't be told whether it is late."""

_log = logging.getLogger("penstock.server")

_PUT_OFF = update(flow_runs).where(
    flow_runs.c.workspace_id == bindparam("its_workspace"), flow_runs.c.id == bindparam("its_id")
)


def is_any_late(context: Context) -> bool:
    """Return whether a run may be late."""
    return context.connection.execute(_overdue(flow_runs.c.id, context.now(), context).limit(1)).first() is not None


def name_late(limit: int, context: Context) -> int:
    """Name runs Late that should have begun, earliest first.

    Those that others change in this moment are left for the next time.

    Parameters:
        limit: the most runs.
        context: of the write.

    Returns:
        How many runs were looked at: fewer than `limit` only where there are no more.
    """
    now = context.now()
    statement = _overdue(flow_runs, now, context).limit(limit).with_for_update(skip_locked=True)
    rows = context.connection.execute(statement).mappings().all()
    late: list[tuple[FlowRunRow, Ruling, dict[str, Any]]] = []
    put_off = []
    for row in rows:
        ruling = _ruling(row, now)
        if isinstance(ruling, Ruling):
            late.append((row, ruling, {}))
        else:
            put_off.append({"its_workspace": context.workspace_id, "its_id": row["id"], "late_at": ruling})
    enter_all(late, context)
    if put_off:
        context.connection.execute(_PUT_OFF, put_off)
    return len(rows)


def _ruling(row: FlowRunRow, now: datetime) -> Ruling | datetime | None:
    try:
        return decide_late(facts_of(row, now), timedelta(seconds=row["late_after_seconds"] or 0.0))
    except Exception:
        _log.exception("Whether run %s is late can't be told.", row["id"])
        return now + SET_ASIDE


def _overdue(what: Any, now: datetime, context: Context) -> Any:
    # Spelled as the partial index has it, so that the planner sees that it may use it.
    return (
        select(what)
        .where(
            flow_runs.c.workspace_id == context.workspace_id,
            flow_runs.c.late_at <= now,
            flow_runs.c.state_name == literal_column("'Scheduled'"),
        )
        .order_by(flow_runs.c.late_at, flow_runs.c.id)
    )
