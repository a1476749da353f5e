"""`penstock event`, and events told to a server, as a user sees them."""

from __future__ import annotations

import json
import subprocess
import sys
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

        thread = Thread(target=follow, daemon=True)
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
