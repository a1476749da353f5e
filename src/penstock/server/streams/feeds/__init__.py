"""The feeds, one a stream."""

from __future__ import annotations

from typing import Any

from penstock.server.streams.feed import Feed
from penstock.server.streams.feeds.events import EventFeed
from penstock.server.streams.feeds.flow_runs import FlowRunFeed
from penstock.server.streams.feeds.logs import LogFeed
from penstock.server.streams.feeds.task_run_events import feed_of_events
from penstock.server.streams.feeds.task_runs import TaskRunFeed
from penstock.wire.streams import EventsFollowed, Stream

__all__ = ["FEEDS", "feed_of"]

FEEDS: dict[str, type[Feed]] = {
    "events.stream": EventFeed,
    "flow_runs.stream": FlowRunFeed,
    "task_runs.stream": TaskRunFeed,
    "logs.stream": LogFeed,
}
"""What feeds each stream. A test holds it equal to the table of streams."""


def feed_of(stream: Stream, followed: Any) -> type[Feed]:
    """Return what feeds those who follow a stream under these conditions.

    Raises:
        InvalidRequest: no one feed has all that they mean.
    """
    return feed_of_events(followed) if isinstance(followed, EventsFollowed) else FEEDS[stream.name]
