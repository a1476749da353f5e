"""A log as a file."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

import msgspec

from penstock.wire.logs import LogFilter, LogFormat, LogRecord, LogsDownloaded
from penstock.wire.operations import LOGS_LIST, Operation
from penstock.wire.requests import LogPage, LogQuery

LINES_AT_ONCE = 500

_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What would steer the terminal of whoever prints the file; lines and tabs are let be."""

Ask = Callable[[Operation[LogQuery, LogPage], LogQuery], LogPage]


def parts(request: LogsDownloaded, ask: Ask) -> Iterator[bytes]:
    """Yield a log's lines as the bytes of a file, a page at a time; a page of a search may be empty.

    Raises:
        ObjectLimitReached: the conditions are too many.
        InvalidRequest: a value of them makes no sense.
    """
    conditions = {name: getattr(request, name) for name in request.__struct_fields__ if name != "format"}
    query = LogQuery(LogFilter(**conditions), LINES_AT_ONCE)
    written = _as_json if request.format is LogFormat.JSONL else _as_text
    while True:
        page = ask(LOGS_LIST, query)
        yield b"".join([written(line) for line in page.items])
        if page.next is None:
            return
        query = msgspec.structs.replace(query, after=page.next)


def _as_json(line: LogRecord) -> bytes:
    return msgspec.json.encode(line) + b"\n"


def _as_text(line: LogRecord) -> bytes:
    instant = line.timestamp.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    text = f"{instant} {logging.getLevelName(line.level):<8} {line.logger}: {line.message}"
    return _STEERS.sub(_shown, text).encode("utf-8", "replace") + b"\n"


def _shown(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]):02x}"
