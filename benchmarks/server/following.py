"""Many clients that follow a stream of one server, and when a change reaches each."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

from server.asking import Asker, Times

from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.wire.flow_runs import FlowRunCreate
from penstock.wire.operations import FLOW_RUNS_CREATE
from penstock.wire.states import StateRecord
from penstock.wire.streams import FLOW_RUNS_STREAM

CHANGES = 10
FLOW = "bench-followed"
_CHANGE = re.compile(rb'"change-(\d+)"')
_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.5
_AT_ONCE = 50


def follow(url: str, clients: int) -> tuple[Times, float]:
    """Connect clients, make changes, and return how long each change took to each client.

    Parameters:
        url: of the server's API.
        clients: how many.

    Returns:
        The times in seconds, from before a change was asked for; and how long it took until all were connected.

    Raises:
        RuntimeError: a change did not reach everybody.
    """
    return asyncio.run(_follow(url, clients))


async def _follow(url: str, clients: int) -> tuple[Times, float]:
    made: dict[int, float] = {}
    times: Times = []
    opened = asyncio.Semaphore(0)
    reached = asyncio.Semaphore(0)
    turn = asyncio.Semaphore(_AT_ONCE)
    began = time.perf_counter()
    tasks = [asyncio.create_task(_client(url, turn, opened, reached, made, times)) for _ in range(clients)]
    try:
        await _all_of(opened, clients, "connected")
        connected = time.perf_counter() - began
        asker = Asker(url)
        for number in range(CHANGES):
            await asyncio.sleep(_PAUSE_SECONDS)
            pending = StateRecord(StateType.PENDING, "Pending", datetime.now(UTC))
            made[number] = time.perf_counter()
            change = FlowRunCreate(uuid7(), FLOW, f"change-{number}", [pending])
            await asyncio.to_thread(asker.call, FLOW_RUNS_CREATE, change)
            await _all_of(reached, clients, f"reached by change {number}")
        asker.close()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return times, connected


async def _all_of(happened: asyncio.Semaphore, count: int, what: str) -> None:
    for number in range(count):
        try:
            await asyncio.wait_for(happened.acquire(), _PATIENCE_SECONDS)
        except TimeoutError:
            raise RuntimeError(f"{number} of {count} clients were {what} within {_PATIENCE_SECONDS:g} s") from None


async def _client(
    url: str,
    turn: asyncio.Semaphore,
    opened: asyncio.Semaphore,
    reached: asyncio.Semaphore,
    made: dict[int, float],
    times: Times,
) -> None:
    parts = urlsplit(url)
    async with turn:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        request = f"GET {parts.path}{FLOW_RUNS_STREAM.path}?flow_names={FLOW} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n"
        writer.write(request.encode())
        while not (await reader.readline()).startswith(b"event: open"):
            if reader.at_eof():
                raise RuntimeError("a stream did not open")
    opened.release()
    try:
        while line := await reader.readline():
            found = _CHANGE.search(line)
            if found is not None:
                times.append(time.perf_counter() - made[int(found[1])])
                reached.release()
    finally:
        writer.close()
