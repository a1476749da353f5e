"""The feed of flow runs: each as it is now, once for the events since the last reading."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import select

from penstock.server.context import Context
from penstock.server.database.tables import events, flow_runs
from penstock.server.services.events.rows import in_order_of_numbers
from penstock.server.services.flow_run_rows import FLOW_RUN_COLUMNS, FLOW_RUNS_WITH_FLOW, flow_run_of
from penstock.server.streams.feed import ROWS_AT_ONCE, Entry, Reading, Watched
from penstock.server.streams.feeds.events import EventFeed
from penstock.server.streams.named import as_named_json
from penstock.wire.flow_runs import FlowRun
from penstock.wire.streams import DELETED, FlowRunsFollowed

_PREFIX = "penstock.flow-run."


class FlowRunFeed(EventFeed):
    """Feeds flow runs whose events came."""

    kind = "flow_run"

    def read(self, after: int, watched: Watched, context: Context) -> Reading:
        """Return the flow runs that have changed after a position."""
        statement = (
            select(events.c.position, events.c.event, events.c.resource_id)
            .where(in_order_of_numbers(events.c.workspace_id, context), events.c.position > after)
            .order_by(events.c.position)
            .limit(ROWS_AT_ONCE)
        )
        rows = context.connection.execute(statement).all()
        positions: dict[UUID, int] = {}
        for row in rows:
            if row.event.startswith(_PREFIX) and (run_id := _id_in(row.resource_id)) is not None:
                positions[run_id] = row.position
        found = self._found(list(positions), context)
        entries = [self._entry(run_id, found.get(run_id), position) for run_id, position in positions.items()]
        entries.sort(key=lambda entry: entry.position)
        return Reading(entries, rows[-1].position if rows else after, len(rows) == ROWS_AT_ONCE)

    def _found(self, ids: list[UUID], context: Context) -> dict[UUID, FlowRun]:
        if not ids:
            return {}
        statement = select(*FLOW_RUN_COLUMNS).select_from(FLOW_RUNS_WITH_FLOW)
        statement = statement.where(flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.id.in_(ids))
        rows = context.connection.execute(statement).mappings()
        return {row["id"]: flow_run_of(row, with_history=False) for row in rows}

    def _entry(self, run_id: UUID, run: FlowRun | None, position: int) -> Entry:
        if run is None:
            return Entry(position, DELETED, run_id, msgspec.json.encode({"id": run_id}))
        return Entry(position, self.kind, run, as_named_json(run))

    def matches(self, followed: FlowRunsFollowed, entry: Entry) -> bool:  # type: ignore[override]
        """Whether the flow run is meant."""
        run: FlowRun | UUID = entry.subject
        if isinstance(run, UUID):
            return followed.ids is None or run in followed.ids
        return (
            (followed.ids is None or run.id in followed.ids)
            and (followed.flow_names is None or run.flow_name in followed.flow_names)
            and (followed.state_types is None or run.state.type in followed.state_types)
            and (followed.tags_all is None or set(followed.tags_all) <= set(run.tags))
            and (followed.parent_flow_run_id is None or run.parent_flow_run_id == followed.parent_flow_run_id)
        )


def _id_in(resource_id: str) -> UUID | None:
    try:
        return UUID(resource_id.removeprefix(_PREFIX))
    except ValueError:
        return None
