"""`penstock event`, and events told to a server, as a user sees them."""

from __future__ import annotations

import json
import subprocess
import sys
from contextvars import copy_context
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from support.programs import command, environment, listed, ran, written
from support.servers import Server, asked_by_this_process, running

from penstock.client.following import follow_events
from penstock.core.errors import ObjectLimitReached
from penstock.events import Event, emit_event
from penstock.wire.streams import EventsFollowed

PROGRAM = """
    from penstock import flow
    from penstock.events import emit_event

    @flow
    def trade():
        for number in range(3):
            emit_event("order.shipped", {"penstock.resource.id": f"order.{number}", "penstock.resource.name": "Order"})

    trade()
"""


def test_list_and_stream_without_a_server(tmp_path: Path) -> None:
    """Without a server too, events are listed newest first and printed as they come, as text or as lines of JSON."""
    assert "Nothing has happened yet." in command(tmp_path, "event", "ls").stderr
    assert ran(written(tmp_path, PROGRAM), tmp_path).returncode == 0
    newest, *_ = found = listed(tmp_path, "event", "ls", "--event", "order.*")
    assert [one["resource"]["penstock.resource.id"] for one in found] == ["order.2", "order.1", "order.0"]
    assert newest["related"][0]["penstock.resource.role"] == "flow-run"
    text = command(tmp_path, "event", "ls", "--limit", "1")
    assert "EVENT" in text.stdout
    assert "There are more" in text.stderr
    assert "No events match." in command(tmp_path, "event", "ls", "--resource", "nobody").stderr
    lines = command(tmp_path, "event", "stream", "--after", "0", "--count", "3", "--event", "order.*", "-o", "json")
    assert [json.loads(line)["resource"]["penstock.resource.id"] for line in lines.stdout.splitlines()] == [
        "order.0",
        "order.1",
        "order.2",
    ]
    text = command(tmp_path, "event", "stream", "--after", "0", "--count", "1", "--event", "order.*")
    assert text.stdout.rstrip().endswith("order.shipped  order.0 'Order'")


def test_stream_from_a_server(server: Server, tmp_path: Path) -> None:
    """`penstock event stream` prints what a program tells a server, while it is told."""
    arguments = ["event", "stream", "--event", "order.*", "--after", "0", "--count", "3"]
    process = subprocess.Popen(
        [sys.executable, "-m", "penstock", *arguments],
        env=environment(tmp_path, PENSTOCK_API_URL=server.url),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert ran(written(tmp_path, PROGRAM), tmp_path, PENSTOCK_API_URL=server.url).returncode == 0
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert [line.rsplit(maxsplit=2)[1] for line in out.splitlines()] == ["order.0", "order.1", "order.2"]


def test_a_server_that_restarts_while_it_is_followed(tmp_path: Path) -> None:
    """Who follows a server that is killed and comes back gets every event once, those of meanwhile too."""
    with running(tmp_path / "server") as server, asked_by_this_process(server.url, **{"api.retry_seconds": 60}):
        told: list[Event] = []
        first_came, all_came = Signal(), Signal()

        def follow() -> None:
            for event in follow_events(EventsFollowed(events=["order.*"]), after=0):
                told.append(event)
                first_came.set()
                if len(told) == 3:
                    all_came.set()
                    return

        thread = Thread(target=copy_context().run, args=(follow,), daemon=True)  # settings in use are a thread's own
        thread.start()
        sent = [emit_event("order.one", {"penstock.resource.id": "order.1"})]
        assert first_came.wait(60)
        port = server.port
        server.end(9)
        # The server is away: these are kept, and sent once it is back.
        sent += [emit_event(name, {"penstock.resource.id": "order.1"}) for name in ("order.two", "order.three")]
        server.start(port)
        assert all_came.wait(60)
        thread.join(60)
    assert [event.id for event in told] == [event.id for event in sent]


def test_what_can_not_be_followed(server: Server) -> None:
    """What a server says against the conditions reaches who follows, in its words."""
    too_many = EventsFollowed(resource_ids=[f"order.{number}" for number in range(501)])
    with asked_by_this_process(server.url), pytest.raises(ObjectLimitReached, match="at most 500 conditions"):
        next(follow_events(too_many))


def test_states_of_task_runs(server: Server, tmp_path: Path) -> None:
    """The command line streams them from a server, lists them with and without one, and says where they are streamed."""
    program = written(
        tmp_path,
        """
        from penstock import flow, task

        @task
        def one():
            return 1

        @flow
        def some():
            one()

        some()
        """,
    )
    where = {"PENSTOCK_API_URL": server.url}
    assert ran(program, tmp_path, **where).returncode == 0
    arguments = "event", "stream", "--after", "0", "--event", "penstock.task-run.*", "-o", "json"
    outcome = command(tmp_path, *arguments, "--count", "3", **where)
    told = [json.loads(text) for text in outcome.stdout.splitlines()]
    assert [one["event"].rpartition(".")[2] for one in told] == ["Pending", "Running", "Completed"]
    (flow_run_id,) = {labels["penstock.resource.id"] for one in told for labels in one["related"]}
    last = str(told[-1]["position"])
    assert ran(program, tmp_path, **where).returncode == 0
    resumed = command(tmp_path, *arguments[:2], "--after", last, *arguments[4:], "--count", "3", **where)
    assert all(json.loads(text)["position"] > int(last) for text in resumed.stdout.splitlines())
    listed_there = command(tmp_path, "event", "ls", "--event", "penstock.task-run.*", "--related", flow_run_id, **where)
    assert listed_there.stdout.count("penstock.task-run.") == 3
    assert ran(program, tmp_path).returncode == 0
    assert command(tmp_path, "event", "ls", "--event", "penstock.task-run.*").stdout.count("penstock.task-run.") == 3
    refused = command(tmp_path, "event", "stream", "--event", "penstock.task-run.*")
    assert refused.returncode == 1
    assert "are streamed by a server" in refused.stderr
