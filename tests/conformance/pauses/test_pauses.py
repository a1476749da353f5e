"""Pauses: what a run waits for is kept, whoever resumes it gives what is wanted, and time ends it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select, update
from support import deployed
from support.requests import OWNER, flow_run, proposal, task_run
from support.requests import batch as batch_of

from penstock.core.errors import InvalidRequest, ObjectLimitReached, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.context import EVERYTHING, Context, Principal
from penstock.server.database.tables import flow_runs, pauses
from penstock.server.dispatcher import Dispatcher
from penstock.server.loop import Turn
from penstock.server.loops.pauses import ExpiredPauses
from penstock.server.services.pauses import rows
from penstock.wire import operations as op
from penstock.wire.bulk import AuditQuery
from penstock.wire.events import EventFilter
from penstock.wire.flow_runs import Decision, FlowRun
from penstock.wire.pausing.pauses import Pause, PauseWanted, ReadPause
from penstock.wire.requests import (
    ById,
    EventQuery,
    LeaseClaim,
    RenewLeases,
    ResumeFlowRun,
    RetryFlowRun,
    StartFlowRun,
)

SCHEMA = {
    "type": "object",
    "properties": {"approved": {"type": "boolean"}, "note": {"type": "string", "default": "none"}},
    "required": ["approved"],
    "additionalProperties": False,
}
ASKED = PauseWanted("1", 3600, SCHEMA, "May it *go on*?")


def running(server: Dispatcher) -> UUID:
    """Return a run that a process holds."""
    return server.call(op.FLOW_RUNS_CREATE, flow_run()).id


def paused(server: Dispatcher, wanted: PauseWanted = ASKED, name: str | None = None) -> UUID:
    """Return a run whose process has paused it."""
    run_id = running(server)
    verdict = server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", name, pause=wanted))
    assert verdict.decision is Decision.ACCEPT
    return run_id


def read(server: Dispatcher, run_id: UUID) -> FlowRun:
    return server.call(op.FLOW_RUNS_READ, ById(run_id))


def its_pause(server: Dispatcher, run_id: UUID, key: str = "1") -> Pause:
    found = server.call(op.FLOW_RUNS_READ_PAUSE, ReadPause(run_id, key)).pause
    assert found is not None
    return found


def resume(server: Dispatcher, run_id: UUID, **fields: Any) -> Any:
    return server.call(op.FLOW_RUNS_RESUME, ResumeFlowRun(run_id, **fields))


def expire(server: Dispatcher, run_id: UUID, ago: timedelta = timedelta(seconds=1)) -> datetime:
    """Have the time of a run's pause be over since a while; return when it was."""

    def write(connection: Any) -> datetime:
        over = Context(connection, server.database.dialect).now() - ago
        connection.execute(update(pauses).where(pauses.c.flow_run_id == run_id).values(expires=over))
        return over

    return server.ledger.write(write)


def end_expired(server: Dispatcher) -> None:
    ExpiredPauses(server, 5.0, pauses_at_once=2).run_once(Turn(threading.Event(), lambda: True))


def test_what_is_waited_for_is_shown(server: Dispatcher) -> None:
    """A paused run tells what it waits for, until when, and what is to be given; lists and other states do not."""
    run_id = paused(server)
    run = read(server, run_id)
    assert run.pause is not None
    assert (run.pause.key, run.pause.input_schema, run.pause.description) == ("1", SCHEMA, "May it *go on*?")
    assert run.pause.expires == run.pause.opened + timedelta(hours=1)
    assert (run.pause.ended, run.pause.resumed_by, run.lease is not None) == (None, None, True)
    resume(server, run_id, input={"approved": True})
    assert read(server, run_id).pause is None


def test_who_resumes_is_in_the_record(server: Dispatcher) -> None:
    """The state, its event, the pause and the audit name the person; what was given is in the pause alone."""
    run_id = paused(server)
    ada = Principal("ada@example.org", EVERYTHING)
    request = ResumeFlowRun(run_id, "looks good", {"approved": True, "note": "s3cret"})
    verdict = server.call(op.FLOW_RUNS_RESUME, request, ada)
    assert (verdict.decision, verdict.state.type) == (Decision.ACCEPT, StateType.RUNNING)
    assert verdict.state.message == "Resumed by ada@example.org: looks good"
    found = its_pause(server, run_id)
    assert (found.resumed_by, found.input) == ("ada@example.org", {"approved": True, "note": "s3cret"})
    assert found.ended is not None
    (line,) = server.call(op.AUDIT_LIST, AuditQuery()).items
    assert (line.principal, line.action) == ("ada@example.org", "flow_runs.resume")
    events = server.call(op.EVENTS_LIST, EventQuery(EventFilter(events=["penstock.flow-run.Running"]))).items
    assert events[-1].payload["validated_state"]["message"] == verdict.state.message
    assert "s3cret" not in str((line, events, read(server, run_id)))


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (None, "The input 'approved' of flow run 'brave-otter' is missing."),
        ({"approved": "maybe"}, "The input 'approved' of flow run 'brave-otter' does not fit"),
        ({"approved": True, "more": 1}, "There is no input 'more' of flow run 'brave-otter'."),
    ],
)
def test_input_that_does_not_fit_resumes_nothing(server: Dispatcher, given: Any, fault: str) -> None:
    """It is refused with one error, and the run waits on."""
    run_id = paused(server)
    with pytest.raises(InvalidRequest, match=fault):
        resume(server, run_id, input=given)
    assert read(server, run_id).pause is not None


def test_a_run_that_asks_nothing_is_told_nothing(server: Dispatcher) -> None:
    """Input for a pause without a schema is refused; without, the run goes on."""
    run_id = paused(server, PauseWanted("1"))
    with pytest.raises(InvalidRequest, match="Flow run 'brave-otter' waits for no input"):
        resume(server, run_id, input={"approved": True})
    assert resume(server, run_id).decision is Decision.ACCEPT


def test_a_pause_is_gone_through_once(server: Dispatcher) -> None:
    """Under the same key the run is told that it was resumed, until it is tried again from its beginning."""
    run_id = paused(server)
    again = proposal(run_id, "PAUSED", pause=ASKED)
    resume(server, run_id, input={"approved": True})
    verdict = server.call(op.FLOW_RUNS_PROPOSE, again)
    assert (verdict.decision, verdict.state.type) == (Decision.REJECT, StateType.RUNNING)
    other = server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", pause=msgspec.structs.replace(ASKED, key="2")))
    assert other.decision is Decision.ACCEPT
    resume(server, run_id, input={"approved": False})
    assert its_pause(server, run_id).input == {"approved": True}
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "SCHEDULED", "AwaitingRetry"))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "RUNNING", "Retrying"))
    assert server.call(op.FLOW_RUNS_PROPOSE, again).decision is Decision.ACCEPT


def test_two_pauses_of_one_run_are_resumed_one_after_the_other(server: Dispatcher) -> None:
    """Coroutines of one flow may pause at the same time: the last to ask is answered first, unless another one is meant."""
    run_id = paused(server)
    second = proposal(run_id, "PAUSED", pause=PauseWanted("2"))
    assert server.call(op.FLOW_RUNS_PROPOSE, second).decision is Decision.ACCEPT
    assert resume(server, run_id).decision is Decision.ACCEPT
    assert its_pause(server, run_id, "2").resumed_by is not None
    assert its_pause(server, run_id, "1").resumed_by is None
    assert server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", pause=ASKED)).decision is Decision.ACCEPT
    assert resume(server, run_id, input={"approved": True}).decision is Decision.ACCEPT
    assert its_pause(server, run_id, "1").resumed_by is not None
    for key in ("3", "4"):
        server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", pause=PauseWanted(key)))
    for key in ("2", "5"):
        assert resume(server, run_id, pause_key=key).decision is Decision.REJECT
    assert resume(server, run_id, pause_key="3").decision is Decision.ACCEPT
    assert (its_pause(server, run_id, "3").ended is None, its_pause(server, run_id, "4").ended is None) == (False, True)


def test_what_is_suspended_waits_for_a_worker_once_resumed(server: Dispatcher) -> None:
    """Its process lets go with the state; the answer is there for the next one."""
    deployed.pool(server)
    deployed.worker(server)
    run_id = deployed.run(server, deployed.deployment(server))
    deployed.claim(server)
    server.call(op.FLOW_RUNS_START, StartFlowRun(run_id, OWNER, attempt=1))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", "Suspended", pause=ASKED))
    assert read(server, run_id).lease is None
    assert resume(server, run_id, input={"approved": True}).state.name == "Resuming"
    assert deployed.claimed_ids(deployed.claim(server)) == [run_id]
    server.call(op.FLOW_RUNS_START, StartFlowRun(run_id, OWNER, attempt=2))
    again = proposal(run_id, "PAUSED", "Suspended", attempt=2, pause=ASKED)
    assert server.call(op.FLOW_RUNS_PROPOSE, again).decision is Decision.REJECT
    assert its_pause(server, run_id).input == {"approved": True}
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "FAILED", attempt=2))
    server.call(op.FLOW_RUNS_RETRY, RetryFlowRun(run_id))
    assert server.call(op.FLOW_RUNS_READ_PAUSE, ReadPause(run_id, "1")).pause is None


def test_suspending_from_outside_is_told_to_the_process(server: Dispatcher) -> None:
    """With its next heartbeat it hears that the run is no longer its own; until it lets go, nobody else gets the run."""
    run_id = running(server)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", "Suspended", attempt=None, pause=PauseWanted("x")))
    (line,) = server.call(op.AUDIT_LIST, AuditQuery()).items
    assert (line.action, line.details) == ("flow_runs.propose", {"id": str(run_id), "state": "Suspended"})
    claim = LeaseClaim(run_id, 1)
    assert server.call(op.FLOW_RUNS_RENEW, RenewLeases(OWNER, [claim])).lost == [claim]
    verdict = resume(server, run_id)
    assert (verdict.decision, verdict.retry_after_seconds) == (Decision.WAIT, 1.0)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "CRASHED"))
    assert [one.name for one in read(server, run_id).states[-2:]] == ["Suspended", "Suspended"]
    assert resume(server, run_id).state.name == "Resuming"


def test_time_ends_a_pause(server: Dispatcher) -> None:
    """Runs that nobody resumed have Failed, with what was unfinished in them; of a living process, a while later."""
    gone = [paused(server, name="Suspended") for _ in range(3)]
    left = task_run(gone[0], "PENDING RUNNING")
    server.call(op.JOURNAL_APPEND, batch_of(left))
    waits, other, endless = paused(server), paused(server), paused(server, PauseWanted("1"))
    for run_id in (*gone, waits):
        expire(server, run_id)
    end_expired(server)
    for run_id in gone:
        run = read(server, run_id)
        assert (run.state.type, run.error is not None) == (StateType.FAILED, True)
        assert (run.state.message or "").startswith("Nobody resumed it in time: its pause ended at ")
        assert its_pause(server, run_id).ended is not None
    assert server.call(op.TASK_RUNS_READ, ById(left.id)).state.type is StateType.CRASHED
    assert {read(server, run_id).state.type for run_id in (waits, other, endless)} == {StateType.PAUSED}
    expire(server, waits, timedelta(minutes=2))
    end_expired(server)
    assert read(server, waits).state.type is StateType.FAILED


def test_time_that_is_over_does_not_end_a_later_pause(server: Dispatcher) -> None:
    """The process has gone on by itself, and paused again: the old pause is closed, and nothing else."""
    run_id = paused(server)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "RUNNING"))
    expire(server, run_id, timedelta(minutes=2))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", pause=PauseWanted("2")))
    end_expired(server)
    assert read(server, run_id).state.type is StateType.PAUSED
    assert its_pause(server, run_id).ended is not None


def test_nobody_resumes_what_is_over(server: Dispatcher) -> None:
    """Also where no loop runs: whoever tries has the run fail, and is told so. A process that waits says it itself."""
    waits = paused(server)
    expire(server, waits)
    verdict = resume(server, waits, input={"approved": True})
    assert (verdict.decision, verdict.state.type) == (Decision.REJECT, StateType.PAUSED)
    run_id = paused(server, name="Suspended")
    expire(server, run_id)
    verdict = resume(server, run_id, input={"approved": True})
    assert (verdict.decision, verdict.state.type) == (Decision.REJECT, StateType.FAILED)
    assert "Nobody resumed it in time" in (verdict.reason or "")
    assert read(server, run_id).state.type is StateType.FAILED


def test_pauses_are_bounded(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many, too large, without end or without sense: one error, and the run goes on as it did."""
    run_id = running(server)
    deep: dict[str, Any] = {}
    for _ in range(200):
        deep = {"properties": {"x": deep}}
    for wanted in (
        PauseWanted(""),
        PauseWanted("k" * 501),
        PauseWanted("1", -1.0),
        PauseWanted("1", 1e12),
        PauseWanted("1", input_schema={"type": "nothing"}),
        PauseWanted("1", input_schema={"$ref": "https://example.org/schema"}),
        PauseWanted("1", input_schema=deep),
    ):
        with pytest.raises(InvalidRequest):
            server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", pause=wanted))
    large = PauseWanted("1", input_schema={"description": "x" * 200_000})
    with pytest.raises(ObjectLimitReached):
        server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", pause=large))
    with pytest.raises(InvalidRequest, match="does not pause"):
        server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "COMPLETED", pause=ASKED))
    assert read(server, run_id).state.type is StateType.RUNNING
    monkeypatch.setattr(rows, "MOST_PAUSES", 1)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", pause=ASKED))
    with pytest.raises(ObjectLimitReached, match="has gone through 1 pauses"):
        server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "PAUSED", pause=PauseWanted("2")))
    with pytest.raises(ObjectLimitReached):
        resume(server, run_id, input={"approved": True, "note": "x" * 200_000})
    with pytest.raises(ObjectNotFound):
        server.call(op.FLOW_RUNS_READ_PAUSE, ReadPause(uuid7(), "1"))


def test_a_deleted_run_leaves_no_pause(server: Dispatcher) -> None:
    """What belonged to it goes with it."""
    run_id = paused(server)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "COMPLETED"))
    server.call(op.FLOW_RUNS_DELETE, ById(run_id))
    with server.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(pauses)).scalar() == 0
        assert connection.execute(select(func.count()).select_from(flow_runs)).scalar() == 0
