"""Logs, searched in bounded steps and shown with the lines around a hit."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from support.requests import NOON, batch, flow_run, line

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.server.dispatcher import Dispatcher
from penstock.server.services import logs
from penstock.wire import operations as op
from penstock.wire.logs import LogFilter, LogRecord
from penstock.wire.requests import LogContextQuery, LogQuery


def _append(server: Dispatcher, count: int, run_id: UUID | None) -> None:
    lines = [
        line(run_id, f"{'needle' if number % 10 == 7 else 'hay'} {number}", timestamp=NOON + timedelta(seconds=number))
        for number in range(count)
    ]
    server.call(op.JOURNAL_APPEND, batch(*lines))


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("of_run", [False, True])
@pytest.mark.parametrize("looked_at", [1, 7, 10, 25, 1_000])
def test_a_search_goes_on_page_by_page(
    server: Dispatcher, monkeypatch: pytest.MonkeyPatch, newest_first: bool, of_run: bool, looked_at: int
) -> None:
    """A page looks at a bounded number of lines; its `next` goes on, and each hit comes once, in its order."""
    monkeypatch.setattr(logs, "LOOKED_AT", looked_at)
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    _append(server, 50, run_id)
    wanted = LogFilter([run_id] if of_run else None, text="NEEDLE")
    found: list[str] = []
    after, pages = None, 0
    while True:
        page = server.call(op.LOGS_LIST, LogQuery(wanted, 2, after, newest_first))
        assert len(page.items) <= 2
        found += [one.message for one in page.items]
        after, pages = page.next, pages + 1
        if after is None:
            break
    hits = [f"needle {number}" for number in (7, 17, 27, 37, 47)]
    assert found == (hits[::-1] if newest_first else hits)
    assert pages >= 50 // looked_at


def test_a_download_has_large_pages(server: Dispatcher) -> None:
    """All of a log comes in pages of up to 5,000 lines."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    _append(server, 6_000, run_id)
    first = server.call(op.LOGS_LIST, LogQuery(LogFilter([run_id]), 5_000))
    second = server.call(op.LOGS_LIST, LogQuery(LogFilter([run_id]), 5_000, first.next))
    assert (len(first.items), len(second.items), second.next) == (5_000, 1_000, None)
    with pytest.raises(InvalidRequest, match="from 1 to 5000"):
        server.call(op.LOGS_LIST, LogQuery(limit=5_001))


@pytest.mark.parametrize("wanted", [LogFilter(), LogFilter(level_at_least=1)])
def test_long_lines_make_short_pages(server: Dispatcher, monkeypatch: pytest.MonkeyPatch, wanted: LogFilter) -> None:
    """However long the lines are, a page of them is bounded, and none is left out."""
    monkeypatch.setattr(logs, "MOST_CHARACTERS", 1_000)
    texts = ["a" * 400, "b" * 400, "c" * 400, "d" * 5_000, "e"]
    entries = [line(None, one, timestamp=NOON + timedelta(seconds=second)) for second, one in enumerate(texts)]
    server.call(op.JOURNAL_APPEND, batch(*entries))
    pages: list[str] = []
    after = None
    while True:
        page = server.call(op.LOGS_LIST, LogQuery(wanted, after=after))
        pages.append("".join(one.message[0] for one in page.items))
        after = page.next
        if after is None:
            break
    assert pages == ["ab", "c", "d", "e"]


def _around(server: Dispatcher, hit: LogRecord, before: int = 5, after: int = 5) -> list[list[str]]:
    assert hit.id is not None
    answer = server.call(op.LOGS_AROUND, LogContextQuery(hit.id, before, after))
    assert answer.line == hit
    return [[one.message for one in lines] for lines in (answer.before, answer.after)]


def test_the_lines_around_a_hit(server: Dispatcher) -> None:
    """Around a line stand those of the same flow run, or task run, or of none, in the order they arrived."""
    runs = [server.call(op.FLOW_RUNS_CREATE, flow_run()).id for _ in range(2)]
    task_id = uuid7()
    entries = [
        line(owner, f"{name} {number}", task_run_id=task)
        for number in range(4)
        for owner, name, task in (
            (runs[0], "a", None), (runs[1], "b", task_id), (None, "task", task_id), (None, "none", None),
        )
    ]  # fmt: skip
    server.call(op.JOURNAL_APPEND, batch(*entries))
    for name in ("a", "b", "task", "none"):
        (hit,) = server.call(op.LOGS_LIST, LogQuery(LogFilter(text=f"{name} 2"))).items
        assert _around(server, hit) == [[f"{name} 0", f"{name} 1"], [f"{name} 3"]]
        assert _around(server, hit, 1, 0) == [[f"{name} 1"], []]
    with pytest.raises(ObjectNotFound, match="no log line"):
        server.call(op.LOGS_AROUND, LogContextQuery(999_999))
    with pytest.raises(InvalidRequest, match="From 0 to 200 lines"):
        server.call(op.LOGS_AROUND, LogContextQuery(1, before=201))
