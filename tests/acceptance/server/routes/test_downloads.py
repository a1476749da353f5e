"""A whole log, downloaded in one request from a real server."""

from __future__ import annotations

import asyncio
import gzip
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from support.programs import command
from support.requests import NOON, batch, flow_run, line, task_run
from support.servers import Server, running

from penstock.client import get_client
from penstock.client.http import HttpTransport
from penstock.core.errors import InvalidRequest, ServerUnreachable
from penstock.core.ids import uuid7
from penstock.server.http.downloading import MOST_DOWNLOADS
from penstock.settings import temporary_settings
from penstock.wire import operations as op
from penstock.wire.logs import LogFormat, LogsDownloaded
from penstock.wire.streams import LOGS_DOWNLOAD

LINES = 1_234
PATH = "/api/logs/download"


@pytest.fixture(scope="module")
def run_id(server: Server) -> UUID:
    """A flow run with more lines than one page holds, in the server's record; some of them of a task run."""
    transport = HttpTransport(server.url)
    run = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    task = task_run(run.id)
    lines = [line(run.id, f"line {number}", level=10 + number % 4 * 10) for number in range(LINES - 3)]
    lines += [line(run.id, "of a task", task_run_id=task.id), line(run.id, "two\nlines"), line(run.id, "\x1b[2J\x00 …")]
    transport.call(op.JOURNAL_APPEND, batch(task, *lines))
    transport.call(op.JOURNAL_APPEND, batch(line(None, "of nobody"), number=2))
    transport.close()
    return run.id


def test_all_of_a_log_as_text(server: Server, run_id: UUID) -> None:
    """A line each with its time, level and logger, in their order; it is a file to keep, which steers no terminal."""
    answer = server.ask("GET", f"{PATH}?flow_run_ids={run_id}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="logs-{run_id}.log"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]
    text = answer.data.decode()
    assert text.startswith("2026-11-20T12:00:00.000Z DEBUG    penstock.flow_runs: line 0\n")
    last = "2026-11-20T12:00:00.000Z INFO     penstock.flow_runs: \\x1b[2J� …\n"
    assert text.endswith(f"penstock.flow_runs: two\nlines\n{last}")
    assert [one.rpartition(" ")[2] for one in text.splitlines()[: LINES - 3]] == [str(n) for n in range(LINES - 3)]
    assert "of nobody" not in text


def test_as_lines_of_json_packed(server: Server, run_id: UUID) -> None:
    """With `format=jsonl` each line is JSON; it is packed for who accepts that."""
    query = f"{PATH}?flow_run_ids={run_id}&format=jsonl"
    answer = server.ask("GET", query, headers={"Accept-Encoding": "gzip"}, decode_content=False)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(one) for one in gzip.decompress(answer.data).splitlines()]
    assert len(lines) == LINES
    assert lines[0]["message"] == "line 0"
    assert lines[-2]["message"] == "two\nlines"


def test_conditions(server: Server, run_id: UUID) -> None:
    """The conditions of lists hold here, too; what makes no sense is refused in words before anything is sent."""

    def messages(query: str) -> list[str]:
        lines = server.ask("GET", f"{PATH}?format=jsonl&{query}").data.splitlines()
        return [json.loads(one)["message"] for one in lines]

    assert messages(f"flow_run_ids={run_id}&text=LINE%2012&level_at_least=40") == [
        f"line {number}" for number in range(LINES - 3) if str(number).startswith("12") and number % 4 == 3
    ]
    (task,) = (one for one in server.ask("POST", "/api/task_runs/filter", json={}).json()["items"])
    assert messages(f"task_run_ids={task['id']}") == ["of a task"]
    assert messages(f"flow_run_ids={uuid7()}") == []
    assert len(messages(f"before={NOON.isoformat().replace('+', '%2B')}")) == 0
    assert len(messages(f"after={NOON.isoformat().replace('+', '%2B')}")) == LINES + 1
    for query, status in (
        ("flow_run_ids=me", 422),
        ("nonsense=1", 422),
        ("format=pdf", 422),
        ("after=2026-01-01T00:00:00", 422),
        ("&".join(f"flow_run_ids={uuid7()}" for _ in range(501)), 413),
    ):
        answer = server.ask("GET", f"{PATH}?{query}")
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), query


def test_the_typed_clients(server: Server, run_id: UUID) -> None:
    """Both clients yield the parts of the file as they come."""

    async def gather() -> bytes:
        async with get_client(sync_client=False) as client:
            return b"".join([part async for part in client.logs.download(flow_run_ids=[run_id])])

    with temporary_settings({"api.url": server.url}), get_client() as client:
        whole = b"".join(client.logs.download(flow_run_ids=[run_id]))
        assert whole == server.ask("GET", f"{PATH}?flow_run_ids={run_id}").data
        assert asyncio.run(gather()) == whole
        with pytest.raises(InvalidRequest, match="time zone"):
            list(client.logs.download(after=NOON.replace(tzinfo=None), format=LogFormat.JSONL))


def test_on_the_command_line(server: Server, run_id: UUID, tmp_path: Path) -> None:
    """`--download` writes a new file, over HTTP and without a server alike, and never over one that is there."""
    file, other = tmp_path / "run.log", tmp_path / "run.jsonl"
    arguments = "flow-run", "logs", str(run_id), "--download"
    where = {"PENSTOCK_API_URL": server.url}
    outcome = command(tmp_path, *arguments, str(file), **where)
    assert outcome.returncode == 0, outcome.stderr
    assert file.read_bytes() == server.ask("GET", f"{PATH}?flow_run_ids={run_id}").data
    again = command(tmp_path, *arguments, str(file), **where)
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert command(tmp_path, *arguments, str(other), "-o", "json", **where).returncode == 0
    assert len(other.read_text().splitlines()) == LINES
    here = tmp_path / "here.log"
    local = {"PENSTOCK_DATABASE_URL": f"sqlite:///{server.home / 'penstock.db'}"}
    assert command(tmp_path, *arguments, str(here), **local).returncode == 0
    assert here.read_bytes() == file.read_bytes()
    assert command(tmp_path, *arguments, str(tmp_path / "none" / "x"), **where).returncode == 1
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["here.log", "run.jsonl", "run.log"]


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[tuple[Server, UUID]]:
    """A server with a log that is larger than what fits between two processes."""
    with running(tmp_path) as server:
        transport = HttpTransport(server.url)
        run = transport.call(op.FLOW_RUNS_CREATE, flow_run())
        for number in range(8):
            lines = [line(run.id, "x" * 50_000) for _ in range(100)]
            transport.call(op.JOURNAL_APPEND, batch(*lines, number=number + 1))
        transport.close()
        yield server, run.id


def test_there_is_a_bound(endless: tuple[Server, UUID]) -> None:
    """More downloads at once than there may be are sent back, and given up ones make room; a dead server breaks one off."""
    server, run_id = endless
    path = f"{PATH}?flow_run_ids={run_id}"
    held = [server.ask("GET", path, preload_content=False) for _ in range(MOST_DOWNLOADS)]
    assert {one.status for one in held} == {200}
    refused = server.ask("GET", path)
    assert (refused.status, refused.headers["retry-after"]) == (429, "1")
    for one in held:
        one.close()
    statuses = (server.ask("GET", f"{PATH}?flow_run_ids={uuid7()}").status for _ in range(5_000))
    assert 200 in statuses
    transport = HttpTransport(server.url)
    parts = transport.download(LOGS_DOWNLOAD, LogsDownloaded(flow_run_ids=[run_id]))
    next(parts)
    server.end(signal.SIGKILL)
    with pytest.raises(ServerUnreachable, match="broke off"):
        list(parts)
