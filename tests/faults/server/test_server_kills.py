"""What a server has answered is there, whatever happens to the server."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from support import databases
from support.programs import TIMEOUT_SECONDS
from support.requests import flow_run
from support.servers import Server, running

from penstock.client.http import HttpTransport
from penstock.core.errors import PenstockException
from penstock.server.http.json_models import body_model
from penstock.wire.flow_runs import FlowRunCreate
from penstock.wire.operations import FLOW_RUNS_CREATE, FLOW_RUNS_READ
from penstock.wire.requests import ById

RUNS = 500
THREADS = 8
KILLED_AFTER = 200


@pytest.fixture(scope="module", params=databases.KINDS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server on each kind of database, for the tests that do not kill it."""
    more, schema = {}, ""
    if request.param == "postgresql":
        databases.require_postgresql()
        schema = databases.new_schema()
        more["PENSTOCK_DATABASE_URL"] = databases.schema_url(schema)
    with running(tmp_path_factory.mktemp("server"), **more) as one:
        yield one
    if schema:
        databases.drop_schema(schema)


@pytest.mark.parametrize("kind", databases.KINDS)
def test_every_acknowledged_run_survives_a_kill(kind: str, tmp_path: Path) -> None:
    """`kill -9` in the middle of 500 creates: every one that was answered is there, and repeating any gives the same run."""
    wanted = [flow_run(f"flow-{number % 7}", idempotency_key=str(number)) for number in range(RUNS)]
    acknowledged: list[FlowRunCreate] = []
    enough = threading.Event()
    settings = {}
    if kind == "postgresql":
        databases.require_postgresql()
        settings["PENSTOCK_DATABASE_URL"] = databases.schema_url(databases.new_schema())
    with running(tmp_path, **settings) as server:
        transport = HttpTransport(server.url, retry_seconds=0)

        def create(some: list[FlowRunCreate]) -> None:
            for one in some:
                try:
                    transport.call(FLOW_RUNS_CREATE, one)
                except PenstockException:
                    return
                acknowledged.append(one)
                if len(acknowledged) >= KILLED_AFTER:
                    enough.set()

        threads = [threading.Thread(target=create, args=(wanted[first::THREADS],)) for first in range(THREADS)]
        for thread in threads:
            thread.start()
        assert enough.wait(TIMEOUT_SECONDS)
        server.end(signal.SIGKILL)
        for thread in threads:
            thread.join(TIMEOUT_SECONDS)
        assert KILLED_AFTER <= len(acknowledged) < RUNS
        server.start(server.port)
        for one in acknowledged:
            assert transport.call(FLOW_RUNS_READ, ById(one.id)).name == one.name
        for one in wanted:
            again = msgspec.structs.replace(one, id=flow_run().id) if one in acknowledged[:50] else one
            assert transport.call(FLOW_RUNS_CREATE, again).id == one.id
            assert transport.call(FLOW_RUNS_CREATE, one).attempt == 1


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\0",
        "a\0b",
        "x" * 501,
        "x" * 10_000_000,
        "../../etc/passwd",
        "health",
        "🦦" * 100,
        "\ud83d",
        "%2f",
        "a/b",
        "'; --",
    ],
    ids=lambda name: ascii(name[:12]),
)
def test_any_name_is_refused_or_kept_safely(server: Server, name: str) -> None:
    """A name that can't be kept is 422; any other comes back as it was given, and is found by it."""
    create = msgspec.to_builtins(msgspec.convert(flow_run(), body_model(FLOW_RUNS_CREATE), from_attributes=True))
    answer = posted(server, "/api/flow_runs", create | {"name": name, "flow_name": name, "tags": [name]})
    if answer.status == 422:
        assert json.loads(answer.data)["detail"]
        assert server.ask("GET", f"/api/flow_runs/{create['id']}").status == 404
        return
    assert answer.status == 200
    assert json.loads(answer.data)["name"] == name
    conditions = {"filter": {"flow_names": [name], "tags_all": [name], "name": name}}
    (found,) = json.loads(posted(server, "/api/flow_runs/filter", conditions).data)["items"]
    assert found["id"] == create["id"]


@pytest.mark.parametrize(
    "odd",
    ["", " ", "\0", "x" * 100_000, "🦦", "../x", "health", "filter", "%2e%2e", "\ud83d", 7, None],
    ids=lambda odd: ascii(odd)[:12],
)
def test_any_id_is_refused(server: Server, odd: Any) -> None:
    """What is no UUID is 422 in a body and leads nowhere in a path; nothing is made, and nothing breaks."""
    create = msgspec.to_builtins(msgspec.convert(flow_run(), body_model(FLOW_RUNS_CREATE), from_attributes=True))
    for asked in ({"id": odd}, {"parent_flow_run_id": odd or ""}, {"upstreams": {"x": [odd]}}):
        answer = posted(server, "/api/flow_runs", create | asked)
        assert answer.status == 422, asked
        assert json.loads(answer.data)["detail"]
    assert server.ask("GET", f"/api/flow_runs/{create['id']}").status == 404
    for method, end in (("GET", ""), ("DELETE", ""), ("GET", "/counts")):
        path = quote(str(odd).encode("utf-8", "replace")[:2_000], safe="")
        assert server.ask(method, f"/api/flow_runs/{path}{end}").status in {404, 405}, (method, end)


def posted(server: Server, path: str, asked: dict[str, Any]) -> Any:
    """Send JSON in which every odd character is escaped, as half of one can't be sent otherwise."""
    return server.ask("POST", path, body=json.dumps(asked).encode(), headers={"Content-Type": "application/json"})
