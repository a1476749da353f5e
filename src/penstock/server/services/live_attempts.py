"""Whether an attempt of a flow run is the live one, from which the server takes what it says."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from penstock.server.context import Context
from penstock.server.database.tables import flow_runs

AFTER_THE_END = timedelta(hours=1)
"""For how long after the end of its run an attempt is listened to: what the process still has to say is taken."""


def fault_of(flow_run_id: UUID, attempt: int, context: Context) -> str | None:
    """Return why nothing more is taken from an attempt; None where it is the live one."""
    columns = flow_runs.c.attempt, flow_runs.c.lease_owner, flow_runs.c.end_time
    its = flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.id == flow_run_id
    row = context.connection.execute(select(*columns).where(*its)).first()
    what = f"Attempt {attempt} of flow run {flow_run_id}"
    if row is None:
        return f"{what} is of a run that was deleted."
    if row.attempt != attempt:
        return f"{what} is no longer the live one: attempt {row.attempt} is."
    if row.lease_owner is None:
        return f"{what} was declared dead, or given back."
    if row.end_time is not None and row.end_time + AFTER_THE_END < context.now():
        return f"{what} has ended."
    return None
