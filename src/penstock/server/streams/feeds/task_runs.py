"""The feed of task runs: each as it is now, once it was written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from penstock.server.context import Context
from penstock.server.database.outbox import RUNS_IN_CHANGE
from penstock.server.database.tables import task_run_changes, task_runs
from penstock.server.services.deletion.hiding import seen
from penstock.server.services.task_runs import task_run_of
from penstock.server.streams.feed import Entry, Feed, Reading, Watched
from penstock.server.streams.named import as_named_json
from penstock.wire.streams import TaskRunsFollowed
from penstock.wire.task_runs import TaskRun

_CHANGES_AT_ONCE = 5
_ID_BYTES = 16


class TaskRunFeed(Feed):
    """Feeds task runs that were written."""

    kind = "task_run"

    def head(self, context: Context) -> int:
        """Return the position of the newest change."""
        return context.connection.execute(select(func.max(task_run_changes.c.position))).scalar() or 0

    def forgot(self, after: int, context: Context) -> bool:
        """Whether changes after a position are no longer kept: only the last ones are."""
        oldest = context.connection.execute(select(func.min(task_run_changes.c.position))).scalar()
        return oldest is not None and 0 < after < oldest - 1

    def read(self, after: int, watched: Watched, context: Context) -> Reading:
        """Return the task runs that were written after a position."""
        head = self.head(context)
        changes = task_run_changes.c
        statement = select(changes.position, changes.task_run_ids).where(
            changes.workspace_id == context.workspace_id, changes.position > after, changes.position <= head
        )
        if watched is not None:
            statement = statement.where(changes.flow_run_id.in_(watched))
        rows = context.connection.execute(statement.order_by(changes.position).limit(_CHANGES_AT_ONCE)).all()
        more = len(rows) == _CHANGES_AT_ONCE
        entries = self.entries_of(self._changed(rows, context), after, context)
        return Reading(entries, rows[-1].position if more else max(head, after), more)

    def _changed(self, rows: Any, context: Context) -> list[tuple[TaskRun, int]]:
        """Return the task runs that changes name, each with the position of the last of these that names it."""
        positions: dict[UUID, int] = {}
        for row in rows:
            packed = row.task_run_ids
            for at in range(0, len(packed), _ID_BYTES):
                run_id = UUID(bytes=bytes(packed[at : at + _ID_BYTES]))
                positions.pop(run_id, None)
                positions[run_id] = row.position
        found = self._found(list(positions), context)
        # Deleted ones are left out: the stream of flow runs tells of that.
        return [(found[run_id], position) for run_id, position in positions.items() if run_id in found]

    def entries_of(self, found: list[tuple[TaskRun, int]], after: int, context: Context) -> list[Entry]:
        """Return what is told of task runs, each with the position of its change, that were written after a position."""
        following = [position for _, position in found[1:]] + [None]
        return [
            Entry(position, self.kind, run, as_named_json(run), position != behind)
            for (run, position), behind in zip(found, following, strict=True)
        ]

    def _found(self, ids: list[UUID], context: Context) -> dict[UUID, TaskRun]:
        rows: list[Row[Any]] = []
        for first in range(0, len(ids), RUNS_IN_CHANGE):
            some = ids[first : first + RUNS_IN_CHANGE]
            statement = select(task_runs).where(
                task_runs.c.workspace_id == context.workspace_id, task_runs.c.id.in_(some)
            )
            rows += seen(statement.where, task_runs.c.flow_run_id, context)
        return {row.id: task_run_of(row) for row in rows}

    def watched(self, followed: TaskRunsFollowed) -> Watched:
        """Return the flow runs whose task runs are meant."""
        return None if followed.flow_run_ids is None else frozenset(followed.flow_run_ids)

    def matches(self, followed: TaskRunsFollowed, entry: Entry) -> bool:
        """Whether the task run is meant."""
        run: TaskRun = entry.subject
        return (
            (followed.flow_run_ids is None or run.flow_run_id in followed.flow_run_ids)
            and (followed.ids is None or run.id in followed.ids)
            and (followed.state_types is None or run.state.type in followed.state_types)
        )
