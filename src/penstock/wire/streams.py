"""The tables of what is sent part by part: streams of server-sent events, which do not end, and downloads, which do.

Both are asked for by GET, their conditions as query parameters, a list by repeating its name. `Last-Event-ID`, or the
parameter `after`, resumes a stream after what bore that id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import msgspec

from penstock.core.state_type import StateType
from penstock.wire.events import Event
from penstock.wire.flow_runs import FlowRun
from penstock.wire.logs import LogFormat, LogRecord, LogsDownloaded
from penstock.wire.task_runs import TaskRun

EVENT_STREAM = "text/event-stream"

OPEN = "open"
"""The first message of a stream: what comes after its id will be sent."""

RESUME = "resume"
"""The last message of a stream whose client was too slow: ask again, after its id."""

RESET = "reset"
"""What came between the client's cursor and this message's id is no longer known: look at everything anew."""

DELETED = "deleted"
"""Something followed is gone; the data holds its id."""


class EventsFollowed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which events are followed; all conditions must hold.

    Attributes:
        events: one of these names; a name that ends in `*` means all that begin so.
        resource_ids: of one of these resources.
        related_ids: related to one of these resources.
    """

    events: list[str] | None = None
    resource_ids: list[str] | None = None
    related_ids: list[str] | None = None


class FlowRunsFollowed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which flow runs are followed; all conditions must hold. A deletion is told to all who do not follow certain ids.

    Attributes:
        ids: one of these.
        flow_names: of one of these flows.
        state_types: now in a state of one of these types.
        tags_all: with every one of these tags.
        parent_flow_run_id: called by this flow run.
    """

    ids: list[UUID] | None = None
    flow_names: list[str] | None = None
    state_types: list[StateType] | None = None
    tags_all: list[str] | None = None
    parent_flow_run_id: UUID | None = None


class TaskRunsFollowed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which task runs are followed; all conditions must hold.

    Attributes:
        flow_run_ids: of one of these flow runs.
        ids: one of these.
        state_types: now in a state of one of these types.
    """

    flow_run_ids: list[UUID] | None = None
    ids: list[UUID] | None = None
    state_types: list[StateType] | None = None


class LogsFollowed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which log lines are followed; all conditions must hold.

    Attributes:
        flow_run_ids: of one of these flow runs.
        task_run_ids: of one of these task runs.
        level_at_least: of this level or above.
        text: the message contains this text, upper and lower case alike.
    """

    flow_run_ids: list[UUID] | None = None
    task_run_ids: list[UUID] | None = None
    level_at_least: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """Something that can be followed.

    Attributes:
        name: `<resource>.stream`, unique.
        path: the HTTP path under `/api`.
        followed: the model of the conditions.
        item: the model of what is sent.
        permission: what the principal must be allowed to do with the resource.
    """

    name: str
    path: str
    followed: type[Any]
    item: type[Any]
    permission: Literal["read"] = "read"


EVENTS_STREAM = Stream("events.stream", "/events/stream", EventsFollowed, Event)
FLOW_RUNS_STREAM = Stream("flow_runs.stream", "/flow_runs/stream", FlowRunsFollowed, FlowRun)
TASK_RUNS_STREAM = Stream("task_runs.stream", "/task_runs/stream", TaskRunsFollowed, TaskRun)
LOGS_STREAM = Stream("logs.stream", "/logs/stream", LogsFollowed, LogRecord)

STREAMS: dict[str, Stream] = {
    stream.name: stream for stream in (EVENTS_STREAM, FLOW_RUNS_STREAM, TASK_RUNS_STREAM, LOGS_STREAM)
}


@dataclass(frozen=True, slots=True)
class Download:
    """Something that can be downloaded.

    Attributes:
        name: `<resource>.<verb>`, unique.
        path: the HTTP path under `/api`.
        request: the model of the conditions; its `format` says which of the media types the file is of.
        media_types: what a file of each format is.
        permission: what the principal must be allowed to do with the resource.
    """

    name: str
    path: str
    request: type[Any]
    media_types: dict[str, str]
    permission: Literal["read"] = "read"


LOGS_DOWNLOAD = Download(
    "logs.download",
    "/logs/download",
    LogsDownloaded,
    {LogFormat.TEXT: "text/plain", LogFormat.JSONL: "application/x-ndjson"},
)

DOWNLOADS: dict[str, Download] = {download.name: download for download in (LOGS_DOWNLOAD,)}
