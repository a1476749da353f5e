"""Log lines and flows, found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.requests import NOON, batch, flow_run, line

from penstock.core.errors import InvalidRequest
from penstock.core.ids import uuid7
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flows import FlowFilter
from penstock.wire.logs import LogFilter
from penstock.wire.requests import FlowQuery, LogQuery


def _messages(server: Dispatcher, *, newest_first: bool = False, **condition: object) -> list[str]:
    query = LogQuery(LogFilter(**condition), newest_first=newest_first)  # type: ignore[arg-type]
    return [one.message for one in server.call(op.LOGS_LIST, query).items]


def test_log_filters(server: Dispatcher) -> None:
    """Each condition finds what it says: the lines of certain runs by arrival, others by time."""
    run_id, task_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id, uuid7()
    server.call(
        op.JOURNAL_APPEND,
        batch(
            line(run_id, "late Note", timestamp=NOON + timedelta(hours=2)),
            line(None, "ÄRGER", level=40, task_run_id=task_id),
            line(run_id, "100% early", timestamp=NOON - timedelta(hours=1), level=10),
        ),
    )
    assert _messages(server) == ["100% early", "ÄRGER", "late Note"]
    assert _messages(server, newest_first=True) == ["late Note", "ÄRGER", "100% early"]
    assert _messages(server, flow_run_ids=[run_id]) == ["late Note", "100% early"]
    assert _messages(server, flow_run_ids=[run_id], after=NOON - timedelta(days=1)) == ["100% early", "late Note"]
    assert _messages(server, task_run_ids=[task_id]) == ["ÄRGER"]
    assert _messages(server, level_at_least=20) == ["ÄRGER", "late Note"]
    assert _messages(server, text="NOTE") == ["late Note"]
    assert _messages(server, text="ärg") == ["ÄRGER"]
    assert _messages(server, text="0% e") == ["100% early"]
    assert _messages(server, text="0_ e") == []
    assert _messages(server, after=NOON) == ["ÄRGER", "late Note"]
    assert _messages(server, before=NOON + timedelta(hours=2)) == ["100% early", "ÄRGER"]


@pytest.mark.parametrize("bounded", [False, True])
def test_log_pages(server: Dispatcher, bounded: bool) -> None:
    """Following a log page by page gives each line once, also among lines of one instant; later lines come after."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    condition = LogFilter([run_id], after=NOON) if bounded else LogFilter([run_id])
    server.call(op.JOURNAL_APPEND, batch(*[line(run_id, str(number)) for number in range(5)]))
    first = server.call(op.LOGS_LIST, LogQuery(condition, limit=2))
    second = server.call(op.LOGS_LIST, LogQuery(condition, limit=2, after=first.next))
    server.call(op.JOURNAL_APPEND, batch(line(run_id, "5"), number=2))
    third = server.call(op.LOGS_LIST, LogQuery(condition, limit=2, after=second.next))
    assert [one.message for page in (first, second, third) for one in page.items] == list("012345")
    assert third.next is None


def test_flows(server: Dispatcher) -> None:
    """A flow is known from its first run on, with the number of its runs that are kept."""
    for name in ("beta", "Alpha", "beta", "gamma"):
        server.call(op.FLOW_RUNS_CREATE, flow_run(name))
    page = server.call(op.FLOWS_LIST, FlowQuery(limit=2))
    rest = server.call(op.FLOWS_LIST, FlowQuery(limit=2, after=page.next))
    assert [(one.name, one.run_count) for one in page.items + rest.items] == [("Alpha", 1), ("beta", 2), ("gamma", 1)]
    assert rest.next is None
    beta = page.items[1]
    for condition in (FlowFilter(ids=[beta.id]), FlowFilter(names=["beta", "none"]), FlowFilter(name_like="BE")):
        assert server.call(op.FLOWS_LIST, FlowQuery(condition)).items == [beta]
    with pytest.raises(InvalidRequest, match="no cursor"):
        server.call(op.FLOWS_LIST, FlowQuery(after="WzFd"))
