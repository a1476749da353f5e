"""The feed of log lines, in the order they were written in."""

from __future__ import annotations

import msgspec
from sqlalchemy import func, select

from penstock.server.context import Context
from penstock.server.database.tables import logs
from penstock.server.services.deletion.hiding import seen
from penstock.server.services.events.rows import in_order_of_numbers
from penstock.server.streams.feed import ROWS_AT_ONCE, Entry, Feed, Reading, Watched
from penstock.wire.logs import LogRecord
from penstock.wire.streams import LogsFollowed


class LogFeed(Feed):
    """Feeds log lines."""

    kind = "log"

    def head(self, context: Context) -> int:
        """Return the number of the newest line."""
        return context.connection.execute(select(func.max(logs.c.id))).scalar() or 0

    def read(self, after: int, watched: Watched, context: Context) -> Reading:
        """Return the lines after a number."""
        head = self.head(context)
        statement = select(logs).where(logs.c.id > after, logs.c.id <= head)
        if watched is None:
            statement = statement.where(in_order_of_numbers(logs.c.workspace_id, context))
        else:
            in_workspace = logs.c.workspace_id == context.workspace_id
            statement = statement.where(in_workspace, logs.c.flow_run_id.in_(watched))
        page = statement.order_by(logs.c.id).limit(ROWS_AT_ONCE)
        rows = list(seen(page.where, logs.c.flow_run_id, context))
        entries = []
        for row in rows:
            line = LogRecord(
                row.timestamp, row.level, row.logger, row.message, row.flow_run_id, row.task_run_id, row.id
            )
            entries.append(Entry(row.id, self.kind, line, msgspec.json.encode(line)))
        more = len(rows) == ROWS_AT_ONCE
        return Reading(entries, rows[-1].id if more else max(head, after), more)

    def watched(self, followed: LogsFollowed) -> Watched:
        """Return the flow runs whose lines are meant."""
        return None if followed.flow_run_ids is None else frozenset(followed.flow_run_ids)

    def matches(self, followed: LogsFollowed, entry: Entry) -> bool:
        """Whether the line is meant."""
        line: LogRecord = entry.subject
        return (
            (followed.flow_run_ids is None or line.flow_run_id in followed.flow_run_ids)
            and (followed.task_run_ids is None or line.task_run_id in followed.task_run_ids)
            and (followed.level_at_least is None or line.level >= followed.level_at_least)
            and (followed.text is None or followed.text.casefold() in line.message.casefold())
        )
