"""What a process writes, as lines of its run's log."""

from __future__ import annotations

import logging
from uuid import uuid4

from penstock.wire.logs import LogRecord
from penstock.workers.process.output import MOST_BYTES_A_SECOND, MOST_LINE_BYTES, Output


def _output() -> tuple[Output, list[LogRecord]]:
    lines: list[LogRecord] = []
    return Output(uuid4(), logging.INFO, lines.append), lines


def test_lines_are_put_together() -> None:
    """A line is kept once it is whole, in however many pieces it comes; the last one needs no end."""
    output, lines = _output()
    for piece in (b"fir", b"st\nsec", b"ond\r\n\n", b"last"):
        output.feed(piece)
    output.finish()
    assert [line.message for line in lines] == ["first", "second", "last"]


def test_any_bytes() -> None:
    """Bytes that are no UTF-8 are shown as replaced, and the line is kept."""
    output, lines = _output()
    output.feed(b"caf\xe9\n")
    assert lines[0].message == "caf\N{REPLACEMENT CHARACTER}"


def test_a_long_line_is_cut() -> None:
    """A line without end is kept in bounded pieces, as it comes."""
    output, lines = _output()
    for _ in range(3):
        output.feed(b"x" * MOST_LINE_BYTES)
    output.finish()
    assert [len(line.message) for line in lines] == [MOST_LINE_BYTES] * 3


def test_a_flood_is_dropped_and_counted() -> None:
    """Past a burst, what comes too fast is dropped, and how much it was is said at the end."""
    output, lines = _output()
    chunk = b"y" * 1023 + b"\n"
    for _ in range(30 * MOST_BYTES_A_SECOND // len(chunk)):
        output.feed(chunk)
    output.finish()
    assert len(lines) < 30 * MOST_BYTES_A_SECOND // len(chunk)
    assert "bytes of output came too fast" in lines[-1].message
    assert lines[-1].level == logging.WARNING
