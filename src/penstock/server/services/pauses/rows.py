"""Pauses as rows: opened by the run, ended by whoever resumes it or by time, forgotten when the run is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from penstock.core.errors import ObjectLimitReached
from penstock.core.ids import uuid7
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import pauses
from penstock.server.database.types import encode_json
from penstock.server.json_schema import check_schema
from penstock.wire.pausing.pauses import Pause, PauseWanted

MOST_PAUSES = 10_000
"""The most pauses that one flow run goes through; more would be a loop that never ends."""

PauseRow = Mapping[Any, Any]


def find(flow_run_id: UUID, key: str, context: Context) -> PauseRow | None:
    """Return a pause of a flow run; None if the run has not gone into it."""
    return context.connection.execute(select(pauses).where(*_its(flow_run_id, key, context))).mappings().first()


def newest_open(flow_run_id: UUID, context: Context) -> PauseRow | None:
    """Return what a paused flow run waits for: the last of its pauses that is not over; None if there is none."""
    statement = select(pauses).where(*_of(flow_run_id, context), pauses.c.ended.is_(None))
    return context.connection.execute(statement.order_by(pauses.c.opened.desc()).limit(1)).mappings().first()


def open_(flow_run_id: UUID, wanted: PauseWanted | None, context: Context) -> None:
    """Write what a flow run waits for from now on; one that it has gone into before begins anew.

    Parameters:
        flow_run_id: the run.
        wanted: the pause; None where nothing was said about it.
        context: of the write.

    Raises:
        InvalidRequest: the key, the time or the schema makes no sense.
        ObjectLimitReached: the schema is too large, or the run goes through too many pauses.
    """
    now = context.now()
    wanted = wanted or PauseWanted(uuid7().hex)
    values = _checked(wanted, now) | {"opened": now, "ended": None, "resumed_by": None, "input": None}
    changed = context.connection.execute(update(pauses).where(*_its(flow_run_id, wanted.key, context)).values(values))
    if changed.rowcount:
        return
    count = select(func.count()).select_from(pauses).where(*_of(flow_run_id, context))
    if (context.connection.execute(count).scalar() or 0) >= MOST_PAUSES:
        raise ObjectLimitReached(
            f"Flow run {flow_run_id} has gone through {MOST_PAUSES:,} pauses. Begin another run in its place."
        )
    its = {"workspace_id": context.workspace_id, "flow_run_id": flow_run_id, "key": wanted.key}
    context.connection.execute(insert(pauses), values | its)


def end(
    flow_run_id: UUID, key: str, context: Context, by: str | None = None, input: dict[str, Any] | None = None
) -> None:
    """Write that a pause is over.

    Parameters:
        flow_run_id: the run.
        key: which pause.
        context: of the write.
        by: who has resumed it; None where nobody has.
        input: what that person gave.
    """
    values = {"ended": context.now(), "resumed_by": by, "input": input}
    context.connection.execute(update(pauses).where(*_its(flow_run_id, key, context)).values(values))


def forget(flow_run_id: UUID, context: Context) -> None:
    """Have a flow run go through its pauses anew, as it is tried again from its beginning."""
    context.connection.execute(delete(pauses).where(*_of(flow_run_id, context)))


def pause_of(row: PauseRow, *, with_input: bool = False) -> Pause:
    """Return the pause in `row`.

    Parameters:
        row: its columns.
        with_input: whether to tell what whoever resumed it gave.
    """
    shown = {name: row[name] for name in Pause.__struct_fields__ if name != "input"}
    return Pause(**shown, input=row["input"] if with_input else None)


def _checked(wanted: PauseWanted, now: datetime) -> dict[str, Any]:
    bounds.check_name(wanted.key, "pause")
    expires = None
    if wanted.timeout_seconds is not None:
        expires = now + timedelta(seconds=bounds.check_delay(wanted.timeout_seconds))
    if wanted.input_schema is not None:
        bounds.check_nesting(wanted.input_schema, "schema of the input")
        bounds.check_text_size(encode_json(wanted.input_schema), bounds.INPUT_LIMIT, "schema of the input")
        check_schema(wanted.input_schema, "the input")
    description = None if wanted.description is None else bounds.cut(wanted.description, bounds.MESSAGE_LIMIT)
    return {"expires": expires, "input_schema": wanted.input_schema, "description": description}


def _of(flow_run_id: UUID, context: Context) -> tuple[ColumnElement[bool], ...]:
    return pauses.c.workspace_id == context.workspace_id, pauses.c.flow_run_id == flow_run_id


def _its(flow_run_id: UUID, key: str, context: Context) -> tuple[ColumnElement[bool], ...]:
    return *_of(flow_run_id, context), pauses.c.key == key
