"""The events that tell of task runs' states, listed: derived from the records, run by run."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, select

from penstock.core.errors import InvalidRequest
from penstock.server.bounds import FILTER_LIMIT, check_count, check_instant, check_page
from penstock.server.context import Context
from penstock.server.database.tables import task_runs
from penstock.server.pages import cursor_of, page_of
from penstock.server.services.deletion.hiding import seen
from penstock.server.services.events.states import events_of
from penstock.server.services.task_runs import task_run_of
from penstock.wire.events import FLOW_RUN_PREFIX, RESOURCE_ID, TASK_RUN_PREFIX, Event, EventFilter, is_called
from penstock.wire.requests import PAGE_LIMIT, EventPage, EventQuery

_KEYS = [task_runs.c.id]


def list_(query: EventQuery, context: Context) -> EventPage:
    """Return a page of events of task runs, in the order of the runs' making and of their states.

    A page looks at a bounded number of task runs: it may be short of events, or empty, and still have a `next`. The events
    of one run are never divided, so those of a long history may be more than were asked for.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense.
    """
    wanted = query.filter
    _check(query)
    meant = select(task_runs).where(task_runs.c.workspace_id == context.workspace_id, *_by_index(wanted))
    page = page_of(meant, _KEYS, query.after, PAGE_LIMIT, descending=query.newest_first)
    rows = list(seen(page.where, task_runs.c.flow_run_id, context))
    found: list[Event] = []
    for number, row in enumerate(rows):
        told = [event for event in events_of(task_run_of(row)) if _is_meant(event, wanted)]
        if number == PAGE_LIMIT or (found and len(found) + len(told) > query.limit):
            return EventPage(found, cursor_of(rows[number - 1], _KEYS))
        found += reversed(told) if query.newest_first else told
    return EventPage(found)


def _check(query: EventQuery) -> None:
    check_page(query.limit)
    wanted = query.filter
    for name in ("ids", "events", "resource_ids", "related_ids"):
        check_count(getattr(wanted, name), FILTER_LIMIT, f"values of {name}")
    for instant in (wanted.after, wanted.before):
        check_instant(instant, "bound of the time")
    if wanted.position_after is not None:
        raise InvalidRequest("Events of task runs have no position: they are not recorded. Leave out `position_after`.")


def _by_index(wanted: EventFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.resource_ids is not None:
        yield task_runs.c.id.in_(_ids_in(wanted.resource_ids, TASK_RUN_PREFIX))
    related = wanted.related_ids
    if related is not None and all(one.startswith(FLOW_RUN_PREFIX) for one in related):
        yield task_runs.c.flow_run_id.in_(_ids_in(related, FLOW_RUN_PREFIX))


def _ids_in(resources: list[str], prefix: str) -> list[UUID]:
    found = []
    for resource in resources:
        try:
            found.append(UUID(resource.removeprefix(prefix)))
        except ValueError:
            continue  # nothing is called so
    return found


def _is_meant(event: Event, wanted: EventFilter) -> bool:
    return (
        (wanted.ids is None or event.id in wanted.ids)
        and (wanted.events is None or any(is_called(event.event, name) for name in wanted.events))
        and (wanted.after is None or event.occurred >= wanted.after)
        and (wanted.before is None or event.occurred < wanted.before)
        and (
            wanted.related_ids is None or any(labels.get(RESOURCE_ID) in wanted.related_ids for labels in event.related)
        )
    )
