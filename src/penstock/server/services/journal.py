"""The journal: what processes recorded of task runs and logs, written in batches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from penstock.server import bounds, clocks
from penstock.server.context import Context
from penstock.server.database.tables import SERVERS_WORKSPACE, flow_runs, journals
from penstock.server.services import log_rows, task_run_rows
from penstock.server.services.task_run_rows import TaskRunRow
from penstock.wire.logs import LogRecord
from penstock.wire.requests import JournalBatch, JournalReceipt
from penstock.wire.task_runs import TaskRun

_IDS_PER_STATEMENT = 400
_JOURNALS_REMEMBERED_FOR = timedelta(days=7)
_NONSENSE = (TypeError, ValueError, IndexError, AttributeError)

# Shared locks: no other attempt may begin, nor this one be declared dead, between the look and the commit.
_FIND_ATTEMPTS = (
    select(flow_runs.c.id, flow_runs.c.attempt, flow_runs.c.lease_owner)
    .where(
        flow_runs.c.workspace_id == bindparam("its_workspace"), flow_runs.c.id.in_(bindparam("its_ids", expanding=True))
    )
    .order_by(flow_runs.c.id)
    .with_for_update(read=True)
)

Attempts = dict[UUID | None, int | None]
"""The live attempt of each flow run; None where it takes nothing more because its process was declared dead."""


def append(batch: JournalBatch, context: Context) -> JournalReceipt:
    """Write a batch; sent again, whole or in parts, it changes nothing more.

    Records of a flow run's stale attempt are left out, and so are those of one that is deleted.

    Raises:
        ObjectLimitReached: the batch is too large.
    """
    bounds.check_count(batch.task_runs, bounds.BATCH_LIMIT, "task runs")
    bounds.check_count(batch.logs, bounds.BATCH_LIMIT, "log lines")
    if batch.task_runs and batch.task_runs[-1].states:
        clocks.notice(batch.owner, batch.task_runs[-1].states[-1].timestamp, context.now())
    attempts = _attempts_of(batch, context)
    stale, refused = _append_task_runs(batch, attempts, context)
    lines = [line for line in batch.logs if _takes_lines(line, attempts)]
    refused_lines = 0
    if lines:
        sent_before = _lines_before(batch, context) - batch.first_line
        if sent_before > 0:
            lines = [line for line in batch.logs[sent_before:] if _takes_lines(line, attempts)]
        refused_lines = _append_lines(lines, context)
    return JournalReceipt(stale, refused, refused_lines)


def _attempts_of(batch: JournalBatch, context: Context) -> Attempts:
    ids = {run.flow_run_id for run in batch.task_runs} | {line.flow_run_id for line in batch.logs}
    wanted = sorted((flow_run_id for flow_run_id in ids if flow_run_id is not None), key=str)
    attempts: Attempts = {}
    for first in range(0, len(wanted), _IDS_PER_STATEMENT):
        values = {"its_workspace": context.workspace_id, "its_ids": wanted[first : first + _IDS_PER_STATEMENT]}
        for flow_run_id, attempt, owner in context.connection.execute(_FIND_ATTEMPTS, values):
            attempts[flow_run_id] = None if attempt and owner is None else attempt
    return attempts


def _append_task_runs(batch: JournalBatch, attempts: Attempts, context: Context) -> tuple[list[UUID], list[UUID]]:
    row_of = task_run_rows.row_maker(context.dialect, context.workspace_id, batch.owner)
    rows, tagged, refused = [], [], []
    stale: set[UUID] = set()
    written: dict[UUID | None, list[UUID]] = {}
    for run in batch.task_runs:
        flow_run_id = run.flow_run_id
        if flow_run_id is not None and attempts.get(flow_run_id) != run.flow_run_attempt:
            # Attempt 0 of an unknown run: its process could not record the run itself. That is no reason to stop it.
            if run.flow_run_attempt or flow_run_id in attempts:
                stale.add(flow_run_id)
            continue
        try:
            rows.append(_row(run, row_of))
        except _NONSENSE:
            refused.append(run.id)
            continue
        written.setdefault(flow_run_id, []).append(run.id)
        if run.tags:
            tagged.append(run)
    task_run_rows.write_rows(rows, context.connection, context.dialect)
    _note_changes(written, context)
    task_run_rows.write_tags(tagged, context.workspace_id, context.connection, context.dialect)
    return sorted(stale), refused


def _note_changes(written: dict[UUID | None, list[UUID]], context: Context) -> None:
    for flow_run_id, ids in written.items():
        context.outbox.note_task_runs(context.workspace_id, flow_run_id, ids, context.dialect)


def _row(run: TaskRun, row_of: Callable[[TaskRun], TaskRunRow]) -> TaskRunRow:
    try:
        return row_of(run)
    except UnicodeEncodeError:
        return row_of(task_run_rows.mended(run))


def _takes_lines(line: LogRecord, attempts: Attempts) -> bool:
    return line.flow_run_id is None or attempts.get(line.flow_run_id) is not None


def _append_lines(lines: list[LogRecord], context: Context) -> int:
    row_of = log_rows.row_maker(context.dialect, context.workspace_id)
    refused = 0
    for line in lines:
        try:
            context.outbox.lines.append(row_of(line))
        except _NONSENSE:
            refused += 1
    return refused


def _lines_before(batch: JournalBatch, context: Context) -> int:
    """Return how many lines of the batch's journal were taken before this one; note that those of this one are too.

    Task runs need no such count: a record replaces itself.
    """
    end = batch.first_line + len(batch.logs)
    key = {"workspace_id": context.workspace_id, "owner": batch.journal}
    now = context.now()
    known = _lines_known(batch.journal, context)
    if known is None:
        context.connection.execute(
            delete(journals).where(
                journals.c.workspace_id.in_((context.workspace_id, SERVERS_WORKSPACE)),
                journals.c.updated < now - _JOURNALS_REMEMBERED_FOR,
            )
        )
        values = key | {"number": end, "fingerprint": "", "updated": now}
        if context.connection.execute(context.dialect.insert_new(journals), values).rowcount:
            return 0
        known = _lines_known(batch.journal, context)  # another process was quicker to take some of it
    if known is None or known < end:
        mine = journals.c.workspace_id == context.workspace_id, journals.c.owner == batch.journal
        context.connection.execute(update(journals).where(*mine).values(number=end, updated=now))
    return known or 0


def _lines_known(journal: str, context: Context) -> int | None:
    statement = select(journals.c.number).where(
        journals.c.workspace_id == context.workspace_id, journals.c.owner == journal
    )
    number: int | None = context.connection.execute(statement.with_for_update()).scalar()
    return number
