"""The feed of the events that tell of task runs' states: derived from the records, as they are written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from threading import Lock
from uuid import UUID

import msgspec

from penstock.server.context import Context
from penstock.server.services.events.states import events_of
from penstock.server.streams.feed import Entry, Feed, Watched
from penstock.server.streams.feeds.events import EventFeed
from penstock.server.streams.feeds.task_runs import TaskRunFeed
from penstock.wire.events import FLOW_RUN_PREFIX, Event, tells_of_task_runs
from penstock.wire.streams import EventsFollowed
from penstock.wire.task_runs import TaskRun

MOST_RUNS_REMEMBERED = 20_000
_READINGS_REMEMBERED = 8


class TaskRunEventFeed(TaskRunFeed):
    """Feeds the events of task runs' states.

    A record holds its whole history. Which of its states were told before, is remembered of the last runs; of another one
    they are told again, and bear the ids they had.
    """

    kind = "event"

    def __init__(self) -> None:
        self._told: OrderedDict[UUID, list[tuple[int, int]]] = OrderedDict()
        self._telling = Lock()

    def entries_of(self, found: list[tuple[TaskRun, int]], after: int, context: Context) -> list[Entry]:
        """Return the events of task runs, each with the position of the change of its run."""
        told = [(event, position) for run, position in found for event in self._new(run, position, after)]
        following = [position for _, position in told[1:]] + [None]
        return [
            Entry(position, self.kind, event, msgspec.json.encode(event), position != behind)
            for (event, position), behind in zip(told, following, strict=True)
        ]

    def _new(self, run: TaskRun, position: int, after: int) -> Iterator[Event]:
        with self._telling:
            readings = self._told.pop(run.id, [])
            known = max((count for at, count in readings if at <= after), default=0)
            self._told[run.id] = [*readings, (position, len(run.states))][-_READINGS_REMEMBERED:]
            if len(self._told) > MOST_RUNS_REMEMBERED:
                self._told.popitem(last=False)
        for event in events_of(run)[known:]:
            yield msgspec.structs.replace(event, position=position)

    def watched(self, followed: EventsFollowed) -> Watched:  # type: ignore[override]
        """Return the flow runs whose task runs are meant, where the conditions name them."""
        related = followed.related_ids
        if related is None or not all(one.startswith(FLOW_RUN_PREFIX) for one in related):
            return None
        try:
            return frozenset(UUID(one.removeprefix(FLOW_RUN_PREFIX)) for one in related)
        except ValueError:
            return None

    def matches(self, followed: EventsFollowed, entry: Entry) -> bool:  # type: ignore[override]
        """Whether the event is meant."""
        return EventFeed.matches(self, followed, entry)  # type: ignore[arg-type]


def feed_of_events(followed: EventsFollowed) -> type[Feed]:
    """Return what feeds those who follow these events: the recorded ones, or those of task runs.

    Raises:
        InvalidRequest: they follow both, which have no order between them.
    """
    return TaskRunEventFeed if tells_of_task_runs(followed.events, followed.resource_ids) else EventFeed
