"""How a child process hands what it logs and records to its parent."""

from __future__ import annotations

import logging
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from penstock.engine.remote.messages import EVENT, LOG, TASK_RUN
from penstock.engine.remote.pickling import dumps
from penstock.reporting.recorder import Recorder
from penstock.reporting.tracebacks import traceback_text

if TYPE_CHECKING:
    from penstock.wire.events import Event
    from penstock.wire.task_runs import TaskRun

_encoder = msgspec.msgpack.Encoder()


class Outbox:
    """The child's end of the pipe, for all of its threads.

    Parameters:
        pipe: the pipe.
    """

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def send(self, message: bytes | memoryview) -> None:
        """Send a message. One that nobody is there to read any more is dropped: this process is about to end."""
        with self._lock:
            try:
                self._pipe.send_bytes(message)
            except OSError:
                pass


class RelayRecorder(Recorder):
    """Hands task runs to the parent, whose flow run they belong to. A flow run that begins here is recorded from here.

    Parameters:
        outbox: the way to the parent.
    """

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self._outbox = outbox

    def record(self, task_run: TaskRun) -> None:
        """Note that `task_run` has grown."""
        if task_run.flow_run_id in self.heartbeat.leases:
            super().record(task_run)
        else:
            self._outbox.send(TASK_RUN + _encoder.encode(task_run))

    def emit(self, event: Event) -> None:
        """Hand an event to the parent: this process may be ended before it would have sent it."""
        self._outbox.send(EVENT + _encoder.encode(event))


class RelayHandler(logging.Handler):
    """Hands log lines to the parent, whose handlers write them.

    Parameters:
        outbox: the way to the parent.
    """

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self._outbox = outbox

    def emit(self, record: logging.LogRecord) -> None:
        """Hand a line over."""
        try:
            fields = {**record.__dict__, "msg": _text(record), "args": None, "exc_info": None, "exc_text": None}
            self._outbox.send(_dumped(fields))
        except Exception:
            self.handleError(record)


def _text(record: logging.LogRecord) -> str:
    text = record.getMessage()
    if record.exc_info and record.exc_info[1] is not None:
        text = f"{text}\n{traceback_text(record.exc_info[1]).rstrip()}"
    return text


def _dumped(fields: dict[str, Any]) -> memoryview:
    try:
        return dumps(fields, LOG)
    except Exception:
        # What a program gives a line as `extra` may be anything.
        return dumps(
            {name: value if isinstance(value, (int, float)) else str(value) for name, value in fields.items()}, LOG
        )
