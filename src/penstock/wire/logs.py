"""A line that a run logged."""

from __future__ import annotations

from datetime import datetime
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
    """

    timestamp: datetime
    level: int
    logger: str
    message: str
    flow_run_id: UUID | None = None
    task_run_id: UUID | None = None


class LogFilter(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which log lines are meant; all conditions must hold.

    Attributes:
        flow_run_ids: of one of these flow runs.
        task_run_ids: of one of these task runs.
        level_at_least: of this level or above.
        text: the message contains this text, upper and lower case alike.
        after: at this instant or later.
        before: before this instant.
    """

    flow_run_ids: list[UUID] | None = None
    task_run_ids: list[UUID] | None = None
    level_at_least: int | None = None
    text: str | None = None
    after: datetime | None = None
    before: datetime | None = None
