"""The dispatcher: every operation has its handler, its permission is asked for, and its request is looked at."""

from __future__ import annotations

from typing import Any

import pytest
from support.requests import flow_run

from penstock.core.errors import Forbidden, InvalidRequest
from penstock.server.context import Principal
from penstock.server.dispatcher import DOWNLOADS, HANDLERS, Dispatcher
from penstock.wire import operations as op
from penstock.wire import streams
from penstock.wire.requests import ById, FlowRunQuery


def test_every_operation_has_a_handler() -> None:
    """The table of handlers is the table of operations."""
    assert set(HANDLERS) == set(op.OPERATIONS)
    assert set(DOWNLOADS) == set(streams.DOWNLOADS)


@pytest.mark.parametrize("operation", op.OPERATIONS.values(), ids=lambda operation: operation.name)
def test_permission_is_asked_for(server: Dispatcher, operation: op.Operation[Any, Any]) -> None:
    """Without the operation's permission nothing is looked at, not even the request."""
    resource = operation.name.partition(".")[0]
    others = {f"{permission}:{resource}" for permission in ("read", "run", "delete")} - {
        f"{operation.permission}:{resource}"
    }
    with pytest.raises(Forbidden, match="Eve may not"):
        server.call(operation, None, Principal("Eve", frozenset(others | {f"{operation.permission}:nothing"})))


@pytest.mark.parametrize("download", streams.DOWNLOADS.values(), ids=lambda download: download.name)
def test_permission_is_asked_for_downloads(server: Dispatcher, download: streams.Download) -> None:
    """Without the permission to read it, nothing is looked at, and nothing is begun."""
    with pytest.raises(Forbidden, match="Eve may not read"):
        server.download(download, None, Principal("Eve", frozenset({"read:nothing", "run:logs"})))
    with pytest.raises(InvalidRequest, match="takes a LogsDownloaded, not a NoneType"):
        server.download(download, None)


def test_permission_is_enough(server: Dispatcher) -> None:
    """With exactly the permission the operation is carried out."""
    ann = Principal("Ann", frozenset({"run:flow_runs", "read:flow_runs"}))
    made = server.call(op.FLOW_RUNS_CREATE, flow_run(), ann)
    assert [run.id for run in server.call(op.FLOW_RUNS_LIST, FlowRunQuery(), ann).items] == [made.id]
    with pytest.raises(Forbidden, match="delete flow_runs"):
        server.call(op.FLOW_RUNS_DELETE, ById(made.id), ann)


def test_the_wrong_request_is_refused(server: Dispatcher) -> None:
    """A request of another model is a clear error."""
    with pytest.raises(InvalidRequest, match="flows.list takes a FlowQuery, not a FlowRunQuery"):
        server.call(op.FLOWS_LIST, FlowRunQuery())


def test_a_value_of_the_wrong_type_is_refused(server: Dispatcher) -> None:
    """In the process nothing decodes a request, so a text in the place of an id comes as far as the database."""
    with pytest.raises(InvalidRequest, match="flow_runs.read was given a value of the wrong type"):
        server.call(op.FLOW_RUNS_READ, ById("not an id"))  # type: ignore[arg-type]


def test_the_clock_is_read_before_anything_else(server: Dispatcher) -> None:
    """The database's clock can be asked on a connection that nothing was asked on, and it goes on."""
    now = server.database.dialect.now
    with server.database.read() as first, server.database.read() as second:
        assert now(first) <= now(first)
        assert now(second) <= now(second)
    assert server.database.ask(now).tzinfo is not None
