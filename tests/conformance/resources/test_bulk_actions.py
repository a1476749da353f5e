"""What is done to many flow runs at once: counted first, done in bounded steps, by the rules, and recorded."""

from __future__ import annotations

from typing import Any

import pytest
from support.requests import batch, flow_run, line, proposal, state, task_run

from penstock.core.errors import Forbidden, InvalidRequest
from penstock.core.state_type import StateType
from penstock.server.context import Principal
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.filters import counting
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.bulk import AuditQuery, BulkOutcome, CancelFlowRuns, DeleteFlowRuns, SetFlowRunStates
from penstock.wire.flow_runs import FlowRunFilter

OLD = FlowRunFilter(tags_all=["old"])


def _make(server: Dispatcher, count: int, **fields: Any) -> list[Any]:
    return [server.call(op.FLOW_RUNS_CREATE, flow_run(**({"tags": ["old"]} | fields))).id for _ in range(count)]


def _states(server: Dispatcher) -> dict[str, int]:
    names: dict[str, int] = {}
    for run in server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(limit=200)).items:
        names[run.state.name] = names.get(run.state.name, 0) + 1
    return names


def _audit(server: Dispatcher) -> list[tuple[str, str, int]]:
    lines = server.call(op.AUDIT_LIST, AuditQuery()).items
    return [(one.principal, one.action, one.affected) for one in lines]


def test_a_dry_run_only_counts(server: Dispatcher) -> None:
    """Unless told otherwise an action only says how many it would meet, and leaves no trace."""
    _make(server, 3)
    _make(server, 1, tags=[])
    for operation, request in (
        (op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(OLD)),
        (op.FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(OLD)),
        (op.FLOW_RUNS_SET_STATE_MANY, SetFlowRunStates(OLD, state("FAILED"))),
    ):
        assert server.call(operation, request) == BulkOutcome(matched=3)
    assert _states(server) == {"Running": 4}
    assert _audit(server) == []


def test_deletion_in_steps(server: Dispatcher) -> None:
    """A deletion goes on where the step before ended; what was called goes with its caller; others stay."""
    runs = _make(server, 5)
    _make(server, 1, tags=[], parent_flow_run_id=runs[0])
    (kept,) = _make(server, 1, tags=["new"])
    server.call(op.JOURNAL_APPEND, batch(*[task_run(run) for run in runs], *[line(run) for run in runs], line(kept)))
    first = server.call(op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(OLD, dry_run=False, limit=3))
    assert (first.matched, first.affected, first.next is None) == (5, 4, False)
    second = server.call(op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(OLD, dry_run=False, limit=3, after=first.next))
    assert (second.matched, second.affected, second.next) == (2, 2, None)
    assert [run.id for run in server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery()).items] == [kept]
    assert server.call(op.TASK_RUNS_LIST, r.TaskRunQuery()).items == []
    assert [one.flow_run_id for one in server.call(op.LOGS_LIST, r.LogQuery()).items] == [kept]
    action = "flow_runs.delete_many"
    assert _audit(server) == [("local administrator", action, 2), ("local administrator", action, 4)]


def test_what_was_called_is_counted(server: Dispatcher) -> None:
    """A preview says how many runs go along with those that are meant, each once, and the outcome and the audit agree."""
    callers = _make(server, 3)
    called = _make(server, 2, tags=[], parent_flow_run_id=callers[0])
    called += _make(server, 1, parent_flow_run_id=callers[1])  # meant, and called by one that is
    _make(server, 2, tags=[], parent_flow_run_id=called[0])
    _make(server, 1, tags=[])
    preview = server.call(op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(OLD))
    assert (preview.matched, preview.subflows, preview.is_subflows_capped) == (4, 4, False)
    first = server.call(op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(OLD, dry_run=False, limit=1))
    second = server.call(op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(OLD, dry_run=False, after=first.next))
    assert [(one.affected, one.subflows) for one in (first, second)] == [(5, 4), (3, 0)]
    assert [affected for _, _, affected in _audit(server)] == [3, 5]
    assert _states(server) == {"Running": 1}


def test_the_count_of_what_was_called_is_capped(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more go than are counted, that is said."""
    monkeypatch.setattr(counting, "COUNT_LIMIT", 3)
    (caller,) = _make(server, 1)
    _make(server, 3, tags=[], parent_flow_run_id=caller)
    preview = server.call(op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(OLD))
    assert preview == BulkOutcome(matched=1, subflows=2, is_subflows_capped=True)


def test_cancelling(server: Dispatcher) -> None:
    """What a process runs is told to end, what nobody runs is cancelled, and what has ended stays as it is."""
    _make(server, 2)
    _make(server, 2, owner=None)
    (ended,) = _make(server, 1)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(ended, "COMPLETED"))
    outcome = server.call(op.FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(OLD, dry_run=False))
    assert (outcome.matched, outcome.affected, outcome.refused, outcome.next) == (4, 4, [], None)
    assert _states(server) == {"Cancelling": 2, "Cancelled": 2, "Completed": 1}
    again = server.call(op.FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(OLD, dry_run=False))
    assert (again.matched, again.affected) == (0, 0)
    assert _audit(server)[-1] == ("local administrator", "flow_runs.cancel_many", 4)


def test_setting_states(server: Dispatcher) -> None:
    """The rules decide for each run; what they refuse is listed with the reason, and `force` overrules them."""
    running = _make(server, 1)
    _make(server, 2, owner=None)
    failed = SetFlowRunStates(OLD, state("FAILED"), dry_run=False)
    outcome = server.call(op.FLOW_RUNS_SET_STATE_MANY, failed)
    assert (outcome.matched, outcome.affected) == (3, 2)
    assert [one.id for one in outcome.refused] == running
    assert "propose Cancelling" in outcome.refused[0].reason
    forced = SetFlowRunStates(OLD, state("COMPLETED"), force=True, dry_run=False)
    assert server.call(op.FLOW_RUNS_SET_STATE_MANY, forced).affected == 3
    assert _states(server) == {"Completed": 3}
    last = server.call(op.AUDIT_LIST, AuditQuery(limit=1)).items[0]
    assert last.details["filter"] == {"tags_all": ["old"]}
    assert last.details["state"][:2] == ["COMPLETED", "Completed"]


def test_bounds(server: Dispatcher) -> None:
    """Too many at once are refused."""
    for limit in (0, 201):
        with pytest.raises(InvalidRequest, match="From 1 to 200 flow runs"):
            server.call(op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(OLD, limit=limit))


def test_who_may(server: Dispatcher) -> None:
    """Whoever may run flows may not delete their runs, and the audit names who did what."""
    (run,) = _make(server, 1)
    runner = Principal("otter", frozenset({"run:flow_runs"}))
    with pytest.raises(Forbidden):
        server.call(op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(OLD, dry_run=False), runner)
    server.call(op.FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(OLD, dry_run=False), runner)
    state_now = server.call(op.FLOW_RUNS_READ, r.ById(run)).state
    assert (state_now.type, state_now.message) == (StateType.CANCELLING, "Cancelled by otter.")
    server.call(op.FLOW_RUNS_DELETE, r.ById(run))
    assert _audit(server) == [("local administrator", "flow_runs.delete", 1), ("otter", "flow_runs.cancel_many", 1)]
