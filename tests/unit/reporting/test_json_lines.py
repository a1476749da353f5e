"""Log lines as JSON."""

from __future__ import annotations

import json
import logging
from typing import Any
from uuid import UUID

import pytest

from penstock.reporting.json_lines import JsonFormatter
from penstock.reporting.log_lines import LineFormatter

FORMATTER = JsonFormatter(LineFormatter())
SOME_ID = UUID(int=7)


def written(message: str, *arguments: object, error: BaseException | None = None, **extra: object) -> dict[str, Any]:
    """Return a line as it is read; it is one line."""
    exc_info = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord("penstock.flow_runs", logging.WARNING, "file.py", 1, message, arguments, exc_info)
    vars(record).update(extra)
    text = FORMATTER.format(record)
    assert text.isascii()
    assert text.splitlines() == [text]
    read: dict[str, Any] = json.loads(text, parse_constant=pytest.fail)
    return read


def test_what_a_line_says() -> None:
    """When, how grave, from where, what, and the fields of the run."""
    line = written("weighing %s", "a book", flow_run_id=SOME_ID, flow_run_name="brave-otter")
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "level": "WARNING",
        "logger": "penstock.flow_runs",
        "message": "weighing a book",
        "flow_run_id": str(SOME_ID),
        "flow_run_name": "brave-otter",
    }


def test_any_value_is_written() -> None:
    """Line ends, half characters, numbers that JSON does not have and objects of any kind make one line all the same."""
    around: list[object] = []
    around.append(around)
    line = written("two\nlines \ud83d", ratio=float("nan"), around=around, keyed={(1, 2): b"3"}, count=3, none=None)
    assert line["message"].startswith("two\nlines ")
    assert line["ratio"] == "nan"
    assert line["around"] == "[[...]]"
    assert line["keyed"] == "{(1, 2): b'3'}"
    assert (line["count"], line["none"]) == (3, None)


def test_a_field_of_our_own_is_not_replaced() -> None:
    """What a caller adds under the name of one of the line's own fields is left out."""
    line = written("hello", level="none", logger="nobody", timestamp=0)
    assert (line["level"], line["logger"]) == ("WARNING", "penstock.flow_runs")
    assert isinstance(line["timestamp"], str)


def test_an_error_is_a_field() -> None:
    """The traceback stands in `exception`, not in the message."""
    line = written("failed", error=ValueError("too heavy"))
    assert line["message"] == "failed"
    assert line["exception"].endswith("ValueError: too heavy")
