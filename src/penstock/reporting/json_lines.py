"""Log lines as JSON, for programs that collect them."""

from __future__ import annotations

import json
import logging
import math
from datetime import UTC, datetime
from typing import Any

_NOT_EXTRA = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """One object a line: `timestamp`, `level`, `logger`, `message`, perhaps `exception`, and the fields of `extra`.

    Parameters:
        plain: makes text of tracebacks.
    """

    def __init__(self, plain: logging.Formatter) -> None:
        super().__init__()
        self._plain = plain

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as text."""
        extra = {name: _value(value) for name, value in vars(record).items() if name not in _NOT_EXTRA}
        own = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            own["exception"] = self._plain.formatException(record.exc_info)
        # Escaped, so that a line is one line, and can be written whatever the encoding of standard error.
        return json.dumps({**own, **{name: value for name, value in extra.items() if name not in own}})


def _value(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or type(value) in {str, int, float, bool} else str(value)
