"""Programs and people ask the server: by the typed clients, and by `penstock api`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from support.programs import command
from support.proxies import proxy_before
from support.requests import OTHER, OWNER, flow_run, proposal
from support.servers import Server, asked_by_this_process

from penstock.client import get_client
from penstock.client.http import HttpTransport
from penstock.core.errors import ObjectNotFound, ServerUnreachable, StaleAttempt
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.wire.flow_runs import Decision, FlowRunFilter
from penstock.wire.operations import FLOW_RUNS_CREATE, FLOW_RUNS_START
from penstock.wire.requests import StartFlowRun


def test_the_client_that_waits(server: Server) -> None:
    """It creates, reads, lists and deletes over HTTP; what the server refuses is the error it is on this machine."""
    create = flow_run("asked")
    with asked_by_this_process(server.url), get_client() as client:
        assert client.call(FLOW_RUNS_CREATE, create).id == create.id
        assert client.call(FLOW_RUNS_CREATE, create).attempt == 1
        assert client.flow_runs.read(create.id).state.type is StateType.RUNNING
        page = client.flow_runs.list(filter=FlowRunFilter(flow_names=["asked"]), limit=1)
        assert [run.id for run in page.items] == [create.id]
        with pytest.raises(StaleAttempt, match="no longer the live one"):
            client.flow_runs.propose(create.id, proposal=proposal(create.id, "COMPLETED", attempt=7).proposal)
        assert client.flow_runs.delete(create.id).affected == 1
        with pytest.raises(ObjectNotFound, match=str(create.id)):
            client.flow_runs.read(create.id)


def test_a_start_that_is_asked_for_twice_is_one_attempt(server: Server) -> None:
    """Where the answer to a start gets lost, asking again gives the same attempt; a start of its own is refused."""
    create = flow_run("started", owner=None)
    with asked_by_this_process(server.url), get_client() as client:
        client.call(FLOW_RUNS_CREATE, create)
        with proxy_before(server.port) as proxy:
            proxy.lose = lambda number: number == 1
            verdict = HttpTransport(proxy.url).call(
                FLOW_RUNS_START, StartFlowRun(create.id, OWNER, idempotency_key="k")
            )
        assert proxy.lost == 1
        assert (verdict.decision, verdict.attempt) == (Decision.ACCEPT, 1)
        assert client.flow_runs.start(create.id, owner=OWNER, idempotency_key="k") == verdict
        assert client.flow_runs.start(create.id, owner=OTHER).decision is Decision.ABORT
        assert client.flow_runs.read(create.id).attempt == 1


def test_the_client_for_coroutines(server: Server) -> None:
    """Many questions are asked at once without a thread of one's own."""

    async def ask() -> list[int]:
        async with get_client(sync_client=False) as client:
            pages = await asyncio.gather(*(client.flows.list(limit=limit) for limit in range(1, 20)))
        return [len(page.items) for page in pages]

    with asked_by_this_process(server.url):
        assert len(asyncio.run(ask())) == 19


def test_the_client_on_this_machine() -> None:
    """Without a server's address the same client asks the record on this machine."""
    with get_client() as client:
        assert client.flows.list().items == []


def test_a_server_that_does_not_answer() -> None:
    """Patience ends, and the error names the address and the remedy."""
    with (
        asked_by_this_process("http://127.0.0.1:9/api", **{"api.retry_seconds": 0}),
        get_client() as client,
        pytest.raises(ServerUnreachable, match="http://127.0.0.1:9/api does not answer .*PENSTOCK_API_URL"),
    ):
        client.flows.list()


def test_any_request_from_the_command_line(server: Server, tmp_path: Path) -> None:
    """`penstock api` prints the answer as JSON; a refusal is one line and exit code 1."""
    asked = {"PENSTOCK_API_URL": server.url}
    done = command(tmp_path, "api", "POST", "/flows/filter", "--data", '{"limit": 1}', **asked)
    assert set(json.loads(done.stdout)) == {"items", "next"}
    assert json.loads(command(tmp_path, "api", "get", "api/version", **asked).stdout).keys() == {"version"}
    done = command(tmp_path, "api", "GET", f"/flow_runs/{uuid7()}", **asked)
    assert (done.returncode, done.stdout) == (1, "")
    assert "404: There is no flow run" in done.stderr
    assert command(tmp_path, "api", "POST", "/flows/filter", "-d", "{", **asked).returncode == 2
    done = command(tmp_path, "api", "GET", "/version")
    assert done.returncode == 1
    assert "PENSTOCK_API_URL is not set" in done.stderr
