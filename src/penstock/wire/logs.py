"""A line that a run logged."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

import msgspec


class LogRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that a run logged.

    Attributes:
        timestamp: when; UTC.
        level: the number of its level, as in `logging`.
        logger: the logger's name.
        message: the text, bounded.
        flow_run_id: the flow run it belongs to.
        task_run_id: the task run it belongs to.
        id: its number in the record, in the order of arrival; None until it is recorded.
    """

    timestamp: datetime
    level: int
    logger: str
    message: str
    flow_run_id: UUID | None = None
    task_run_id: UUID | None = None
    id: int | None = None


class LogFilter(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which log lines are meant; all conditions must hold. One that is left out always holds, an empty list never does.

    Attributes:
        flow_run_ids: of one of these flow runs.
        task_run_ids: of one of these task runs.
        level_at_least: of this level or above.
        level_at_most: of this level or below.
        loggers: of one of these loggers.
        text: the message contains this text, upper and lower case alike.
        after: at this instant or later.
        before: before this instant.
        all: each of these holds as well; an empty list always holds.
        any: at least one of these holds as well.
        not_: this does not hold; `not` in JSON.
    """

    flow_run_ids: list[UUID] | None = None
    task_run_ids: list[UUID] | None = None
    level_at_least: int | None = None
    text: str | None = None
    after: datetime | None = None
    before: datetime | None = None
    level_at_most: int | None = None
    loggers: list[str] | None = None
    all: list[LogFilter] | None = None
    any: list[LogFilter] | None = None
    not_: LogFilter | None = msgspec.field(default=None, name="not")


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
