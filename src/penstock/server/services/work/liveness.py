"""Workers that fall silent, and what that means for their pools; each is told once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select, update

from penstock.server.context import Context
from penstock.server.database.tables import work_pools, workers
from penstock.server.services.work import pools
from penstock.server.services.work.hand_backs import take_back_overdue
from penstock.server.services.work.workers import tell_of_worker

FORGOTTEN_AFTER = timedelta(days=1)
"""After how long without a word a worker is forgotten: who comes again is another one."""

MOST_AT_ONCE = 500
"""The most workers, and pools, that one look tells of."""


def look_after(context: Context) -> int:
    """Tell which workers are gone and which pools have none, and take back what they do not start; return how many runs."""
    _sign_off(context)
    _note_not_ready(context)
    return take_back_overdue(context)


def _sign_off(context: Context) -> None:
    silent = (
        select(workers)
        .where(
            workers.c.workspace_id == context.workspace_id,
            workers.c.gone.is_(False),
            workers.c.alive_until < context.now(),
        )
        .order_by(workers.c.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = context.connection.execute(silent).mappings().all()
    if not rows:
        return
    its = workers.c.workspace_id == context.workspace_id, workers.c.id.in_([row["id"] for row in rows])
    context.connection.execute(update(workers).where(*its).values(gone=True))
    for row in rows:
        tell_of_worker(row, "stopped", context)


def _note_not_ready(context: Context) -> None:
    living = exists().where(
        workers.c.workspace_id == work_pools.c.workspace_id,
        workers.c.pool_name == work_pools.c.name,
        workers.c.alive_until >= context.now(),
    )
    forsaken = (
        select(work_pools.c.name)
        .where(work_pools.c.workspace_id == context.workspace_id, work_pools.c.ready.is_(True), ~living)
        .order_by(work_pools.c.name)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True, of=work_pools)
    )
    names = list(context.connection.execute(forsaken).scalars())
    if not names:
        return
    its = work_pools.c.workspace_id == context.workspace_id, work_pools.c.name.in_(names)
    context.connection.execute(update(work_pools).where(*its).values(ready=False))
    for name in names:
        pools.tell_of_pool(name, "not-ready", context)
