"""Many runs are made while many workers wait for them: each is served or sent back, and no run is lost or claimed twice."""

from __future__ import annotations

import asyncio
import faulthandler
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import databases
from support.deploying.specs import spec
from support.servers import Server, running

from penstock.client.http import HttpTransport
from penstock.core.ids import uuid7
from penstock.wire import operations as op
from penstock.wire.deploying.deployments import ApplyDeployment
from penstock.wire.deploying.work_pools import WorkPoolCreate
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.requests import FlowRunCountQuery

CREATORS = 50
WAIT_SECONDS = 5
LONGEST_SECONDS = 1_200
SIZES = [(600, 60), pytest.param(50_000, 1_000, marks=pytest.mark.long)]


@pytest.fixture(params=databases.KINDS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """Run a server on each kind of database, with a pool."""
    more = {}
    schema = ""
    if request.param == "postgresql":
        databases.require_postgresql()
        schema = databases.new_schema()
        more["PENSTOCK_DATABASE_URL"] = databases.schema_url(schema)
    with running(tmp_path, **more) as one:
        yield one
    if schema:
        databases.drop_schema(schema)


class Line:
    """One connection to a server, kept open; it asks one thing after another."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self.statuses: Counter[int] = Counter()

    async def ask(self, path: str, body: dict[str, Any]) -> Any:
        """Return the answer; asked again, no sooner than the server says, where that was busy."""
        while True:
            status, headers, answer = await self._exchange(path, json.dumps(body).encode())
            self.statuses[status] += 1
            if status == 200:
                return json.loads(answer)
            assert (status, b"retry-after" in headers) == (429, True), answer
            await asyncio.sleep(float(headers[b"retry-after"]))

    async def _exchange(self, path: str, body: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
        if self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        head = f"POST /api{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        self._writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(b": ") for line in lines)}
        return int(first.split()[1]), headers, await self._reader.readexactly(int(headers[b"content-length"]))

    def close(self) -> None:
        """Close the connection."""
        if self._reader is not None:
            self._writer.close()


@pytest.mark.parametrize(("runs", "workers"), SIZES)
def test_each_run_is_claimed_once(server: Server, runs: int, workers: int) -> None:
    """Every run whose making was answered is given to exactly one of the waiting workers; all of these are answered."""
    faulthandler.cancel_dump_traceback_later()  # the bound of this test is its own
    transport = HttpTransport(server.url)
    transport.call(op.WORK_POOLS_CREATE, WorkPoolCreate("docks", "process"))
    asked = ApplyDeployment(spec(work_pool_name="docks", entrypoint="flows.py:hello"))
    deployment = transport.call(op.DEPLOYMENTS_APPLY, asked)
    made, claimed, statuses = asyncio.run(_load(server.port, str(deployment.id), runs, workers))
    assert len(made) == runs
    assert Counter(claimed) == Counter(made)
    assert set(statuses) <= {200, 429}
    count = transport.call(op.FLOW_RUNS_COUNT, FlowRunCountQuery(FlowRunFilter()))
    assert (count.count, count.is_capped) == (min(runs, 10_000), runs > 10_000)
    transport.close()


async def _load(port: int, deployment_id: str, runs: int, workers: int) -> tuple[list[str], list[str], Counter[int]]:
    made: list[str] = []
    claimed: list[str] = []
    lines = [Line(port) for _ in range(CREATORS + workers)]

    async def create(line: Line, count: int) -> None:
        for _ in range(count):
            answer = await line.ask(f"/deployments/{deployment_id}/run", {"flow_run_id": str(uuid7())})
            made.append(answer["flow_run"]["id"])

    async def work(line: Line, number: int) -> None:
        me = f"worker-{number}"
        await line.ask("/workers/heartbeat", {"id": me, "name": me, "type": "process", "pool_name": "docks"})
        holds: list[dict[str, Any]] = []
        while len(claimed) < runs:
            question = {"worker_id": me, "wait_seconds": WAIT_SECONDS, "running": holds, "lease_seconds": 3_600}
            got = (await line.ask("/flow_runs/claim", question))["runs"]
            holds += [{"flow_run_id": one["flow_run"]["id"], "attempt": one["flow_run"]["attempt"]} for one in got]
            claimed.extend(one["flow_run"]["id"] for one in got)

    try:
        async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as group:
            for number, line in enumerate(lines[CREATORS:]):
                group.create_task(work(line, number))
            for number, line in enumerate(lines[:CREATORS]):
                group.create_task(create(line, runs // CREATORS + (number < runs % CREATORS)))
    finally:
        for line in lines:
            line.close()
    return made, claimed, sum((line.statuses for line in lines), Counter())
