"""The table of what can be downloaded: all there is of something, as one file, sent as it is read.

A download is asked for by GET, its conditions as query parameters, a list by repeating its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Literal
from uuid import UUID

import msgspec


class LogFormat(str, Enum):
    """How log lines stand in a file."""

    TEXT = "text"
    """A line for people: when (UTC), the level, the logger, the message."""
    JSONL = "jsonl"
    """A line of JSON each, as lists of log lines have it."""


class LogsDownloaded(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which log lines are downloaded; all conditions must hold.

    Those of certain runs come in the order they arrived, others by their time.

    Attributes:
        flow_run_ids: of one of these flow runs.
        task_run_ids: of one of these task runs.
        level_at_least: of this level or above.
        level_at_most: of this level or below.
        loggers: of one of these loggers.
        text: the message contains this text, upper and lower case alike.
        after: at this instant or later.
        before: before this instant.
        format: how they stand in the file.
    """

    flow_run_ids: list[UUID] | None = None
    task_run_ids: list[UUID] | None = None
    level_at_least: int | None = None
    level_at_most: int | None = None
    loggers: list[str] | None = None
    text: str | None = None
    after: datetime | None = None
    before: datetime | None = None
    format: LogFormat = LogFormat.TEXT


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
