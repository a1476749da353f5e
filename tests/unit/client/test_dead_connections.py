"""A connection that is dead without a word does not keep the heartbeats waiting for longer than a lease lasts."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import Any

import pytest
from support.requests import OWNER, batch, line

from penstock.client import http
from penstock.client.http import HttpTransport
from penstock.core.errors import ServerUnreachable
from penstock.settings import current
from penstock.wire.operations import EVENTS_APPEND, FLOW_RUNS_RENEW, JOURNAL_APPEND, Operation
from penstock.wire.requests import EventBatch, RenewLeases

NEVER = 3600.0


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        (JOURNAL_APPEND, batch(line())),
        (EVENTS_APPEND, EventBatch([])),
        (FLOW_RUNS_RENEW, RenewLeases(OWNER, [])),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_what_the_reporter_sends_is_given_up_soon(
    operation: Operation[Any, Any], request_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody answers, the reporter is told so long before the usual time for an answer is over."""
    monkeypatch.setattr(http, "REPORT_SECONDS", 0.05)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api"
        transport = HttpTransport(url, timeout_seconds=NEVER, retry_seconds=0)
        with pytest.raises(ServerUnreachable, match="does not answer"):
            transport.call(operation, request_)


def test_heartbeats_are_in_time_after_a_dead_connection() -> None:
    """One answer that never comes, and the heartbeat after it, take less than a lease."""
    recording = current().recording
    assert recording.heartbeat_seconds + 2 * http.REPORT_SECONDS < recording.lease_seconds
