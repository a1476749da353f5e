"""The life of a flow run, played by chance against the real services on SQLite.

Several processes start runs, work on them, are declared dead and go on talking; a person meddles. After every step:
no run has two live attempts, an end is left only by force or a new start, a history only grows, and what is read is
what was accepted.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from support.requests import batch, flow_run, state, task_run

from penstock.core.errors import StaleAttempt
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.database.database import Database
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flow_runs import Decision, FlowRun, StateProposal
from penstock.wire.requests import ById, LeaseClaim, Propose, RenewLeases, StartFlowRun
from penstock.wire.states import StateRecord

IN_MEMORY = Path("/dev/shm")  # a disk would be waited for thousands of times, and is not what is tested
OWNERS = ("here:1:a", "here:2:b", "there:1:c")
_kinds = st.sampled_from(StateType)
_names = st.sampled_from([None, None, None, "Retrying", "AwaitingRetry", "Suspended"])


class FlowRunLife(RuleBasedStateMachine):
    """Rules are what can happen; the model is what each process believes, and every run as it was last read."""

    runs: Bundle[UUID] = Bundle("runs")
    attempts: Bundle[tuple[UUID, str, int]] = Bundle("attempts")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
        self.server = Dispatcher(Database(Sqlite(self.folder / "penstock.db", 5.0), 5.0))
        self.known: dict[UUID, FlowRun] = {}
        self.live: dict[UUID, tuple[str, int] | None] = {}
        self.may_leave_its_end: set[UUID] = set()

    def teardown(self) -> None:
        assert self.server.database.checked_out() == 0
        self.server.close()
        shutil.rmtree(self.folder)

    @rule(target=runs, kind=st.sampled_from(["PENDING", "SCHEDULED"]))
    def create(self, kind: str) -> UUID:
        made = self.server.call(op.FLOW_RUNS_CREATE, flow_run(owner=None, states=[state(kind)]))
        self.known[made.id], self.live[made.id] = made, None
        return made.id

    @rule(target=attempts, owner=st.sampled_from(OWNERS))
    def create_and_start(self, owner: str) -> tuple[UUID, str, int]:
        made = self.server.call(op.FLOW_RUNS_CREATE, flow_run(owner=owner))
        self.known[made.id], self.live[made.id] = made, (owner, 1)
        return made.id, owner, 1

    @rule(target=attempts, run_id=runs, owner=st.sampled_from(OWNERS))
    def start(self, run_id: UUID, owner: str) -> object:
        return self._start(run_id, owner)

    @rule(target=attempts, earlier=attempts, owner=st.sampled_from(OWNERS))
    def start_again(self, earlier: tuple[UUID, str, int], owner: str) -> object:
        return self._start(earlier[0], owner)

    def _start(self, run_id: UUID, owner: str) -> object:
        before = self.known[run_id]
        verdict = self.server.call(op.FLOW_RUNS_START, StartFlowRun(run_id, owner))
        if verdict.decision is not Decision.ACCEPT:
            assert verdict.reason
            return multiple()
        holder = self.live[run_id]
        assert holder is None or (holder[0] == owner and before.state.type is not StateType.RUNNING)
        assert verdict.attempt == before.attempt + 1
        self.live[run_id] = owner, verdict.attempt
        self.may_leave_its_end.add(run_id)
        return run_id, owner, verdict.attempt

    @rule(attempt=attempts, kind=_kinds, name=_names)
    def propose(self, attempt: tuple[UUID, str, int], kind: StateType, name: str | None) -> None:
        run_id, owner, number = attempt
        proposed, before = state(kind, name), self.known[run_id].state
        try:
            verdict = self.server.call(op.FLOW_RUNS_PROPOSE, Propose(run_id, StateProposal(proposed, number)))
        except StaleAttempt:
            assert self.live[run_id] != (owner, number)
            return
        assert number == self.known[run_id].attempt
        if verdict.decision is Decision.ACCEPT:
            repeats = (verdict.state.type, verdict.state.name) == (before.type, before.name)
            assert repeats or self.live[run_id] == (owner, number)
            self._note_entered(run_id, verdict.state)

    @rule(run_id=runs, kind=_kinds, name=_names, force=st.booleans())
    def meddle(self, run_id: UUID, kind: StateType, name: str | None, force: bool) -> None:
        self._meddle(run_id, kind, name, force)

    @rule(attempt=attempts, kind=_kinds, name=_names, force=st.booleans())
    def meddle_with_a_started_one(
        self, attempt: tuple[UUID, str, int], kind: StateType, name: str | None, force: bool
    ) -> None:
        self._meddle(attempt[0], kind, name, force)

    def _meddle(self, run_id: UUID, kind: StateType, name: str | None, force: bool) -> None:
        proposed = StateProposal(state(kind, name), force=force)
        verdict = self.server.call(op.FLOW_RUNS_PROPOSE, Propose(run_id, proposed))
        if verdict.decision is Decision.ACCEPT:
            if force:
                self.may_leave_its_end.add(run_id)
            if verdict.state.type.is_terminal:
                self.live[run_id] = None

    @staticmethod
    def _is_suspended(entered: StateRecord) -> bool:
        return entered.type is StateType.PAUSED and entered.name == "Suspended"

    def _note_entered(self, run_id: UUID, entered: StateRecord) -> None:
        if entered.type.is_terminal or self._is_suspended(entered):
            self.live[run_id] = None

    @rule(owner=st.sampled_from(OWNERS))
    def die(self, owner: str) -> None:
        held = {run_id for run_id, holder in self.live.items() if holder is not None and holder[0] == owner}
        assert self.server.sweep(lambda run: "gone" if run.owner == owner else None) == len(held)
        for run_id in held:
            self.live[run_id] = None
            kept = StateType.PAUSED if self._is_suspended(self.known[run_id].state) else StateType.CRASHED
            assert self.server.call(op.FLOW_RUNS_READ, ById(run_id)).state.type is kept

    @rule(attempt=attempts)
    def renew(self, attempt: tuple[UUID, str, int]) -> None:
        run_id, owner, number = attempt
        answer = self.server.call(op.FLOW_RUNS_RENEW, RenewLeases(owner, [LeaseClaim(run_id, number)]))
        is_suspended = self._is_suspended(self.known[run_id].state)  # then it is to let go
        assert (not answer.lost) == (self.live[run_id] == (owner, number) and not is_suspended)

    @rule(attempt=attempts)
    def journal(self, attempt: tuple[UUID, str, int]) -> None:
        run_id, owner, number = attempt
        record = task_run(run_id, flow_run_attempt=number, id=uuid7())
        receipt = self.server.call(op.JOURNAL_APPEND, batch(record, owner=owner))
        is_stale = run_id in receipt.stale
        assert is_stale or number == self.known[run_id].attempt
        assert not (is_stale and self.live[run_id] == (owner, number))

    @invariant()
    def the_record_holds(self) -> None:
        for run_id, before in self.known.items():
            now = self.server.call(op.FLOW_RUNS_READ, ById(run_id))
            assert now.states[: len(before.states)] == before.states, "a history only grows"
            assert now.state == now.states[-1]
            if before.state.type.is_terminal and now.states != before.states:
                assert run_id in self.may_leave_its_end, "an end is final"
            assert now.attempt >= before.attempt
            holder = None if now.lease is None else (now.lease.owner, now.lease.attempt)
            assert holder == self.live[run_id], "one live attempt, and the one it was given to"
            assert now.lease is None or now.lease.attempt == now.attempt
            assert not (now.lease is None and now.state.type is StateType.RUNNING), "nobody runs without a lease"
            assert (now.end_time is not None) == now.state.type.is_terminal
            assert now.run_count == sum(one.type is StateType.RUNNING for one in now.states)
            self.known[run_id] = now
        self.may_leave_its_end.clear()


TestFlowRunLife = FlowRunLife.TestCase
# A life costs as much as a hundred plain examples; the profile's number says how long we have.
TestFlowRunLife.settings = settings(
    max_examples=max(60, settings.default.max_examples // 4), stateful_step_count=30, deadline=None
)
