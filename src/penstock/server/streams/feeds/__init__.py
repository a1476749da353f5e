"""The feeds, one a stream."""

from __future__ import annotations

from penstock.server.streams.feed import Feed
from penstock.server.streams.feeds.events import EventFeed
from penstock.server.streams.feeds.flow_runs import FlowRunFeed
from penstock.server.streams.feeds.logs import LogFeed
from penstock.server.streams.feeds.task_runs import TaskRunFeed

FEEDS: dict[str, type[Feed]] = {
    "events.stream": EventFeed,
    "flow_runs.stream": FlowRunFeed,
    "task_runs.stream": TaskRunFeed,
    "logs.stream": LogFeed,
}
"""What feeds each stream. A test holds it equal to the table of streams."""
