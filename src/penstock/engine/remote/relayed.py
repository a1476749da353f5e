"""What a child process tells of runs within its task, taken over by the recorder and the loggers of this process."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

import msgspec

from penstock.core import clock
from penstock.core.state_type import StateType
from penstock.reporting.recorder import Recorder
from penstock.wire.events import Event
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun

_decoder = msgspec.msgpack.Decoder(TaskRun)
_event_decoder = msgspec.msgpack.Decoder(Event)


class RelayedRuns:
    """The task runs within one call.

    Parameters:
        recorder: the recorder of this process.
    """

    __slots__ = ("_recorder", "_running")

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._running: dict[UUID, TaskRun] = {}

    def record(self, message: bytes) -> None:
        """Take over a task run that has grown."""
        grown = _decoder.decode(memoryview(message)[1:])
        # One record a run, which grows, as it would in the process that runs it: the journal keeps each once.
        known = self._running.setdefault(grown.id, grown)
        if known is not grown:
            for name in grown.__struct_fields__:
                setattr(known, name, getattr(grown, name))
        if grown.state.type.is_terminal:
            del self._running[grown.id]
        self._recorder.record(known)

    def emit(self, message: bytes) -> None:
        """Take over an event."""
        self._recorder.emit(_event_decoder.decode(memoryview(message)[1:]))

    def crash(self) -> None:
        """Record that the runs which have not ended never will: their process is gone."""
        for record in self._running.values():
            message = "The process that ran the task run around this one ended before it."
            record.states.append(StateRecord(StateType.CRASHED, "Crashed", clock.now(), message))
            self._recorder.record(record)
        self._running.clear()


def relay_line(fields: dict[str, Any]) -> None:
    """Log a line again that was logged in a child process."""
    record = logging.makeLogRecord(fields)
    logger = logging.getLogger(record.name)
    if logger.isEnabledFor(record.levelno):
        logger.handle(record)
