"""Many runs are made while many workers wait for them: each is served or sent back, and no run is lost or claimed twice."""

from __future__ import annotations

import asyncio
import faulthandler
import json
import os
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

WAIT_SECONDS = 5
LONGEST_SECONDS = 1_200
# `make full-size` asks for as many as the fault says, which takes many minutes.
LONG = (50_000, 1_200, 1_000) if os.environ.get("FULL_SIZE") else (3_000, 1_200, 200)
SIZES = [(600, 50, 60), pytest.param(*LONG, marks=pytest.mark.long)]
"""How many runs are asked for, by how many at once, beside how many workers.

So many at once as in the long form are more than a server lets wait."""


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
        """Return the answer; None where the server was busy, as soon as one may ask again."""
        status, headers, answer = await self._exchange(path, json.dumps(body).encode())
        self.statuses[status] += 1
        if status == 200:
            return json.loads(answer)
        assert (status, b"retry-after" in headers) == (429, True), answer
        return await asyncio.sleep(float(headers[b"retry-after"]))

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


@pytest.mark.parametrize(("runs", "creators", "workers"), SIZES)
def test_each_run_is_claimed_once(server: Server, runs: int, creators: int, workers: int) -> None:
    """A run is made or sent back; everybody's turn comes; what was made is given to exactly one of the waiting workers."""
    faulthandler.cancel_dump_traceback_later()  # the bound of this test is its own
    transport = HttpTransport(server.url)
    transport.call(op.WORK_POOLS_CREATE, WorkPoolCreate("docks", "process"))
    asked = ApplyDeployment(spec(work_pool_name="docks", entrypoint="flows.py:hello"))
    deployment = transport.call(op.DEPLOYMENTS_APPLY, asked)
    load = Load(server.port, str(deployment.id), runs, creators, workers)
    asyncio.run(load.carry_out())
    assert set(load.creations) <= {200, 429}
    assert load.creations[200] == len(load.made)
    assert load.creations.total() >= runs
    assert Counter(load.claimed) == Counter(load.made)
    count = transport.call(op.FLOW_RUNS_COUNT, FlowRunCountQuery(FlowRunFilter()))
    assert (count.count, count.is_capped) == (min(len(load.made), 10_000), len(load.made) > 10_000)
    transport.close()


class Load:
    """Those who have runs made, and workers who wait for them.

    Parameters:
        port: the server's.
        deployment_id: what is run.
        runs: how often, by all of them.
        creators: how many have it run.
        workers: how many wait.

    Attributes:
        made: the runs whose making was answered.
        claimed: the runs that workers were given.
        creations: the answers to those who had runs made, by status.
    """

    def __init__(self, port: int, deployment_id: str, runs: int, creators: int, workers: int) -> None:
        self.made: list[str] = []
        self.claimed: list[str] = []
        self.creations: Counter[int] = Counter()
        self._path = f"/deployments/{deployment_id}/run"
        self._shares = [runs // creators + (number < runs % creators) for number in range(creators)]
        self._workers = workers
        self._port = port
        self._creating = creators

    async def carry_out(self) -> None:
        """Have the runs made, until workers have them all."""
        async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as group:
            for number in range(self._workers):
                group.create_task(self._work(f"worker-{number}"))
            for share in self._shares:
                group.create_task(self._create(share))

    async def _create(self, share: int) -> None:
        line = Line(self._port)
        # Nobody leaves without one: whose turn never comes would keep all waiting beyond the bound.
        while line.statuses.total() < share or not line.statuses[200]:
            answer = await line.ask(self._path, {"flow_run_id": str(uuid7())})
            if answer is not None:
                self.made.append(answer["flow_run"]["id"])
        line.close()
        self.creations += line.statuses
        self._creating -= 1

    async def _work(self, me: str) -> None:
        line = Line(self._port)
        while not await line.ask("/workers/heartbeat", {"id": me, "name": me, "type": "process", "pool_name": "docks"}):
            pass
        holds: list[dict[str, Any]] = []
        while self._creating or len(self.claimed) < len(self.made):
            question = {"worker_id": me, "wait_seconds": WAIT_SECONDS, "running": holds, "lease_seconds": 3_600}
            answer = await line.ask("/flow_runs/claim", question) or {"runs": []}
            runs = [one["flow_run"] for one in answer["runs"]]
            holds += [{"flow_run_id": run["id"], "attempt": run["attempt"]} for run in runs]
            self.claimed += [run["id"] for run in runs]
        line.close()
