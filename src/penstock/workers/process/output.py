"""What a run's process writes to its standard output and error: kept in the run's log, line by line, within bounds."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from penstock.core import clock
from penstock.reporting.recorder import current_recorder
from penstock.wire.logs import LogRecord

LOGGER = "penstock.flow_runs.output"
"""By this name the lines stand in the log."""

MOST_LINE_BYTES = 64 * 1024
"""A longer line is cut into several."""

MOST_BYTES_A_SECOND = 1024 * 1024
"""A process that writes more for long has the rest dropped, and counted."""

_BURST_SECONDS = 20
_CHUNK = 64 * 1024

Take = Callable[[LogRecord], None]


class Output:
    """One pipe of a process, read to its end.

    Parameters:
        flow_run_id: whose log the lines go to.
        level: their level.
        take: is given each; by default they go into the record.
    """

    def __init__(self, flow_run_id: UUID, level: int, take: Take | None = None) -> None:
        self._flow_run_id = flow_run_id
        self._level = level
        self._take = take or current_recorder().log
        self._rest = b""
        self._allowance = float(MOST_BYTES_A_SECOND * _BURST_SECONDS)
        self._last = clock.current().monotonic()
        self.dropped_bytes = 0

    async def follow(self, reader: asyncio.StreamReader) -> None:
        """Read until the last process that holds the other end has closed it."""
        try:
            with suppress(ConnectionError):
                while chunk := await reader.read(_CHUNK):
                    self.feed(chunk)
        finally:
            self.finish()

    def feed(self, chunk: bytes) -> None:
        """Take some bytes; whole lines of them are kept at once."""
        if not self._may_pass(len(chunk)):
            self.dropped_bytes += len(chunk)
            return
        *lines, rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._keep(line)
        while len(rest) > MOST_LINE_BYTES:
            self._keep(rest[:MOST_LINE_BYTES])
            rest = rest[MOST_LINE_BYTES:]
        self._rest = rest

    def finish(self) -> None:
        """Keep what stands after the last end of a line, and say what was dropped."""
        if self._rest:
            self._keep(self._rest)
            self._rest = b""
        if self.dropped_bytes:
            self._level = logging.WARNING
            self._keep(f"{self.dropped_bytes:,} bytes of output came too fast, and are not kept.".encode())
            self.dropped_bytes = 0

    def _may_pass(self, size: int) -> bool:
        now = clock.current().monotonic()
        grown = self._allowance + (now - self._last) * MOST_BYTES_A_SECOND
        self._allowance, self._last = min(grown, float(MOST_BYTES_A_SECOND * _BURST_SECONDS)), now
        if size > self._allowance:
            return False
        self._allowance -= size
        return True

    def _keep(self, line: bytes) -> None:
        for first in range(0, max(1, len(line)), MOST_LINE_BYTES):
            text = line[first : first + MOST_LINE_BYTES].decode("utf-8", "replace").rstrip("\r")
            if text.strip():
                self._take(LogRecord(clock.now(), self._level, LOGGER, text, self._flow_run_id, None))


class OutputPipes:
    """The two pipes of a process, made before it is started.

    Attributes:
        ends: what the process is to write to: its standard output, and its standard error.
    """

    def __init__(self, flow_run_id: UUID) -> None:
        self._out_reader, out_end = os.pipe()
        self._error_reader, error_end = os.pipe()
        self.ends = (out_end, error_end)
        self._outputs = (Output(flow_run_id, logging.INFO), Output(flow_run_id, logging.ERROR))

    def close_ends(self) -> None:
        """Close our copies of what the process writes to: only then can its last writer be noticed."""
        for end in self.ends:
            with suppress(OSError):
                os.close(end)
        self.ends = (-1, -1)

    def close(self) -> None:
        """Let go of the pipes of a process that was never started."""
        for reader in (self._out_reader, self._error_reader):
            os.close(reader)

    async def follow(self) -> None:
        """Read both until nobody holds their other ends."""
        readers = (self._out_reader, self._error_reader)
        await asyncio.gather(
            *(_follow(output, descriptor) for output, descriptor in zip(self._outputs, readers, strict=True))
        )


async def _follow(output: Output, descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_read_pipe(lambda: protocol, os.fdopen(descriptor, "rb", buffering=0))
    try:
        await output.follow(reader)
    finally:
        transport.close()
