"""Which state a flow run may enter next, and who may start it. The drawing is in docs/design/state-machine.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.core.state_type import TERMINAL_STATES, StateType
from penstock.wire.flow_runs import RESUMING, SUSPENDED, Decision, StateProposal
from penstock.wire.states import StateRecord

_S = StateType

NEXT_STATES: dict[StateType, frozenset[StateType]] = {
    _S.SCHEDULED: frozenset({_S.SCHEDULED, _S.PENDING, _S.RUNNING, _S.PAUSED, _S.CANCELLING}) | TERMINAL_STATES,
    _S.PENDING: frozenset({_S.SCHEDULED, _S.PENDING, _S.RUNNING, _S.PAUSED, _S.CANCELLING}) | TERMINAL_STATES,
    _S.RUNNING: frozenset({_S.SCHEDULED, _S.RUNNING, _S.PAUSED, _S.CANCELLING}) | TERMINAL_STATES,
    _S.PAUSED: frozenset({_S.SCHEDULED, _S.PENDING, _S.RUNNING, _S.PAUSED, _S.CANCELLING}) | TERMINAL_STATES,
    _S.CANCELLING: frozenset({_S.CANCELLING}) | TERMINAL_STATES,
    **{terminal: frozenset() for terminal in TERMINAL_STATES},
}
"""What the attempt that runs a flow run may propose, by the state the run is in."""

_RETRIABLE = frozenset({_S.FAILED, _S.CRASHED})
_TAKEN_UP_AGAIN = frozenset({_S.FAILED, _S.CRASHED, _S.CANCELLED})
AWAITING_RETRY = "AwaitingRetry"
"""The name of the state of a run that is to be tried again from its beginning."""

AWAITING_RECOVERY = "AwaitingRecovery"
"""The name of the state of a run whose process died, and that is put back for another one."""

START_BY_HAND = "start it by hand (penstock flow run FILE.py:flow --recover RUN)"
"""What is done with a run that no deployment made, and that has no process."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a flow run when something is proposed for it.

    Attributes:
        state: the state it is in.
        attempt: its latest attempt; 0 before the first.
        lease_owner: the process that runs it, or ran it last; None when that was declared dead.
        leased: whether the attempt is live.
        now: the present instant, by the database's clock.
        deployed: whether a deployment made it, so that a worker can be found for it.
        worker_id: the worker that claimed it last.
        due: when it may be taken up, where it waits for a worker.
        ran: whether it has ever been Running.
        resumes: whether it goes on after a pause.
        recoveries_left: how many times more it is put back when its process dies.
        lost_claims: how many claims came to nothing since it ran last, or since it was made.
        nested: whether the process of another run, that called it, carries it out.
    """

    state: StateRecord
    attempt: int
    lease_owner: str | None
    leased: bool
    now: datetime
    deployed: bool = False
    worker_id: str | None = None
    due: datetime | None = None
    ran: bool = True
    resumes: bool = False
    recoveries_left: int = 0
    lost_claims: int = 0
    nested: bool = False

    @property
    def claimed(self) -> bool:
        """Whether a worker holds it, for a process that has not begun."""
        return self.leased and self.worker_id is not None and self.lease_owner == self.worker_id

    @property
    def is_being_suspended(self) -> bool:
        """Whether somebody has suspended it, and its process has not let go of it yet."""
        return self.leased and is_suspended(self.state)

    @property
    def attempt_was_declared_dead(self) -> bool:
        """Whether the process of the latest attempt was declared dead: should it live, it must stop."""
        return self.attempt > 0 and self.lease_owner is None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to become of a proposal.

    Attributes:
        decision: the answer.
        state: the state to enter, where `enters`; else the one the run is in.
        attempt: the live attempt, after this.
        enters: whether the state is to be written.
        leases: whether a live attempt is left after it.
        stale: the proposal came from an attempt that is no longer the live one.
        fences: whether nothing more is to be taken from the process of the attempt, should it live after all.
        reason: why it was not accepted.
        retry_after_seconds: for WAIT, when to ask again.
    """

    decision: Decision
    state: StateRecord
    attempt: int
    enters: bool = False
    leases: bool = False
    stale: bool = False
    fences: bool = False
    reason: str | None = None
    retry_after_seconds: float = 0.0


def decide(facts: Facts, proposal: StateProposal) -> Ruling:
    """Return what is to become of a proposed state."""
    proposed = proposal.state
    if proposal.attempt is not None and is_stale(facts, proposal.attempt):
        return _refuse(facts, Decision.ABORT, _staleness(facts, proposal.attempt), stale=True)
    if proposal.attempt is not None and facts.is_being_suspended and not proposal.force:
        return _decide_while_suspended(facts, proposed)
    if _repeats(facts.state, proposed):
        return Ruling(Decision.ACCEPT, facts.state, facts.attempt, leases=facts.leased)
    if facts.nested and is_suspended(proposed):
        return _refuse(
            facts, Decision.REJECT, "Another run's process carries it out: suspend that run, or pause this one."
        )
    if proposed.type is _S.RUNNING and not facts.leased:
        return _refuse(facts, Decision.REJECT, "No process holds it: start it, which makes one its owner.")
    if proposal.force:
        return _suspend(facts, proposed) if is_suspended(proposed) else _enter(facts, proposed)
    if facts.state.type.is_terminal:
        return _refuse(facts, Decision.ABORT, f"It has ended as {facts.state.name}, which is final.")
    if proposal.attempt is None:
        return _decide_for_outsider(facts, proposed)
    if proposal.attempt > 0 and not facts.leased:
        reason = f"Attempt {proposal.attempt} has let go of the run, which waits for its next start."
        return _refuse(facts, Decision.ABORT, reason, stale=True)
    if proposed.type not in NEXT_STATES[facts.state.type]:
        return _refuse(facts, Decision.REJECT, f"A run can't go from {facts.state.name} to {proposed.name}.")
    if proposed.type is _S.CRASHED and may_recover(facts):
        return recovery(facts, proposed.message or "It crashed.")
    return _enter(facts, proposed)


def is_suspended(state: StateRecord) -> bool:
    """Whether no process waits for a run in this state to be resumed."""
    return state.type is _S.PAUSED and state.name == SUSPENDED


def let_go_suspended(facts: Facts, reason: str) -> Ruling:
    """Return the ruling that leaves a run suspended whose process is gone, or is about to end."""
    state = StateRecord(_S.PAUSED, SUSPENDED, facts.now, reason)
    return Ruling(Decision.ACCEPT, state, facts.attempt, enters=True)


def _decide_while_suspended(facts: Facts, proposed: StateRecord) -> Ruling:
    """Decide for a process whose run somebody has suspended: it may end the run, or let go of it."""
    if proposed.type is _S.CRASHED or is_suspended(proposed):
        return let_go_suspended(facts, facts.state.message or "Its process has let go of it.")
    if proposed.type.is_terminal:
        return _enter(facts, proposed)
    return _refuse(facts, Decision.REJECT, "It was suspended: its process is to let go of it.")


def may_recover(facts: Facts) -> bool:
    """Whether the run is put back when its process dies, instead of being Crashed."""
    return facts.deployed and facts.recoveries_left > 0 and facts.state.type is not _S.CANCELLING


def recovery(facts: Facts, reason: str) -> Ruling:
    """Return the ruling that puts a run back whose process is gone."""
    left = facts.recoveries_left - 1
    message = f"{reason} Another process takes it up{f'; {left} more recoveries are left' if left else ''}."
    waiting = StateRecord(_S.SCHEDULED, AWAITING_RECOVERY, facts.now, message)
    return Ruling(Decision.ACCEPT, waiting, facts.attempt, enters=True, fences=True)


def decide_start(
    facts: Facts,
    owner: str,
    timestamp: datetime | None = None,
    claimed_attempt: int | None = None,
    *,
    anew: bool = False,
) -> Ruling:
    """Return whether `owner` may run the flow run now: under a lease, and a higher attempt or the one claimed for it.

    Parameters:
        facts: what is known of the run.
        owner: the process that asks.
        timestamp: when it began, by its own clock; by default now.
        claimed_attempt: under which a worker claimed it for this process.
        anew: whether some of it is to be carried out anew: then however it ended.
    """
    if claimed_attempt is not None:
        return _decide_take_over(facts, owner, timestamp, claimed_attempt)
    state = facts.state
    if state.type.is_terminal and state.type not in _RETRIABLE and not anew:
        return _refuse(facts, Decision.ABORT, f"It has ended as {state.name}, which is final.")
    if state.type is _S.CANCELLING:
        return _refuse(facts, Decision.ABORT, "It is being cancelled.")
    if facts.leased and (state.type is _S.RUNNING or facts.lease_owner != owner):
        reason = f"Process {facts.lease_owner} runs it. Once that is found dead the run is Crashed, and can be started."
        return _refuse(facts, Decision.ABORT, reason)
    if state.scheduled_time is not None and state.scheduled_time > facts.now and state.type is _S.SCHEDULED:
        wait_seconds = (state.scheduled_time - facts.now).total_seconds()
        reason = f"It is to start at {state.scheduled_time.isoformat()}."
        return _refuse(facts, Decision.WAIT, reason, retry_after_seconds=wait_seconds)
    return Ruling(Decision.ACCEPT, _running(facts, timestamp), facts.attempt + 1, enters=True, leases=True)


def _decide_take_over(facts: Facts, owner: str, timestamp: datetime | None, attempt: int) -> Ruling:
    state = facts.state
    if is_stale(facts, attempt):
        return _refuse(facts, Decision.ABORT, _staleness(facts, attempt), stale=True)
    if facts.leased and facts.lease_owner == owner and state.type is _S.RUNNING:
        return Ruling(Decision.ACCEPT, state, attempt, leases=True)
    if state.type is _S.CANCELLING:
        return _refuse(facts, Decision.ABORT, "It is being cancelled.")
    if state.type.is_terminal:
        return _refuse(facts, Decision.ABORT, f"It has ended as {state.name}, which is final.")
    if not facts.claimed:
        holder = f"Process {facts.lease_owner} runs it" if facts.leased else "No worker holds it"
        return _refuse(facts, Decision.ABORT, f"{holder}, so attempt {attempt} can't be taken over.")
    return Ruling(Decision.ACCEPT, _running(facts, timestamp), attempt, enters=True, leases=True)


def _running(facts: Facts, timestamp: datetime | None) -> StateRecord:
    is_first = facts.attempt == 0 or not facts.ran or facts.resumes or facts.state.type is _S.PAUSED
    return StateRecord(_S.RUNNING, "Running" if is_first else "Retrying", timestamp or facts.now)


def decide_retry(facts: Facts, due: datetime, reason: str, *, anew: bool = False) -> Ruling:
    """Return whether a person may have an ended run carried out again.

    Parameters:
        facts: what is known of the run.
        due: from when on.
        reason: why.
        anew: whether some of it is to be carried out anew, though it may have completed.
    """
    if not facts.deployed:
        return _refuse(facts, Decision.REJECT, f"No worker can take it up, as no deployment made it: {START_BY_HAND}.")
    if facts.leased or not facts.state.type.is_terminal:
        reason = f"It is {facts.state.name}; only what has ended is carried out again. Cancel it first."
        return _refuse(facts, Decision.REJECT, reason)
    if facts.state.type not in _TAKEN_UP_AGAIN and not anew:
        reason = (
            f"It is {facts.state.name}, so nothing of it is left to do. Retry it from the start, or from a task run."
        )
        return _refuse(facts, Decision.REJECT, reason)
    waiting = StateRecord(_S.SCHEDULED, AWAITING_RETRY, facts.now, reason, due)
    return Ruling(Decision.ACCEPT, waiting, facts.attempt, enters=True)


def decide_resume(facts: Facts, reason: str) -> Ruling:
    """Return whether a person may have a paused run go on, and how, for that reason."""
    if facts.state.type is not _S.PAUSED:
        return _refuse(facts, Decision.REJECT, f"It is {facts.state.name}, not paused.")
    if facts.is_being_suspended:
        wait = "Its process, which was told to end, has not let go of it yet. Try again in a moment."
        return _refuse(facts, Decision.WAIT, wait, retry_after_seconds=1.0)
    if facts.leased:
        return _enter(facts, StateRecord(_S.RUNNING, "Running", facts.now, reason))
    if not facts.deployed:
        reason = f"{reason} No worker takes it up, as no deployment made it: {START_BY_HAND}."
    return _enter(facts, StateRecord(_S.SCHEDULED, RESUMING, facts.now, reason, facts.now))


def decide_expiry(facts: Facts, expired: datetime) -> Ruling:
    """Return what becomes of a paused run that nobody resumed until the instant `expired`: it has Failed."""
    message = f"Nobody resumed it in time: its pause ended at {expired.isoformat(timespec='seconds')}."
    state = StateRecord(_S.FAILED, "Failed", facts.now, message)
    return Ruling(Decision.ACCEPT, state, facts.attempt, enters=True, fences=facts.leased)


def is_stale(facts: Facts, attempt: int) -> bool:
    """Whether `attempt` may no longer write about the run."""
    return attempt != facts.attempt or facts.attempt_was_declared_dead


def _staleness(facts: Facts, attempt: int) -> str:
    if attempt == facts.attempt:
        return f"Attempt {attempt} was declared dead: {facts.state.message or facts.state.name}"
    return f"Attempt {attempt} is no longer the live one: attempt {facts.attempt} is."


def _repeats(present: StateRecord, proposed: StateRecord) -> bool:
    return (
        present.type is proposed.type
        and present.name == proposed.name
        and (proposed.scheduled_time is None or proposed.scheduled_time == present.scheduled_time)
    )


def _decide_for_outsider(facts: Facts, proposed: StateRecord) -> Ruling:
    """Decide for a person or a policy, who may steer a run but can't speak for the process that runs it."""
    if facts.claimed and proposed.type is _S.PAUSED:
        return _refuse(facts, Decision.REJECT, "A worker is about to start it: cancel it, or pause it once it runs.")
    if facts.leased and proposed.type is _S.PAUSED and not is_suspended(proposed):
        return _refuse(
            facts, Decision.REJECT, "Only its process can pause it, where it waits. Suspend it, or cancel it."
        )
    if facts.leased and proposed.type not in (_S.CANCELLING, _S.PAUSED):
        reason = f"Process {facts.lease_owner} runs it: propose Cancelling and it will end the run, or force the state."
        return _refuse(facts, Decision.REJECT, reason)
    if not facts.leased and proposed.type is _S.CANCELLING:
        return _refuse(facts, Decision.REJECT, "No process runs it that could cancel it: propose Cancelled.")
    if proposed.type not in NEXT_STATES[facts.state.type]:
        return _refuse(facts, Decision.REJECT, f"A run can't go from {facts.state.name} to {proposed.name}.")
    return _suspend(facts, proposed) if is_suspended(proposed) else _enter(facts, proposed)


def _suspend(facts: Facts, state: StateRecord) -> Ruling:
    """Let whoever holds the run learn of it, and let go: it must not be taken up elsewhere while its process goes on."""
    return Ruling(Decision.ACCEPT, state, facts.attempt, enters=True, leases=facts.leased)


def _enter(facts: Facts, state: StateRecord) -> Ruling:
    ends_attempt = state.type.is_terminal or is_suspended(state)
    return Ruling(Decision.ACCEPT, state, facts.attempt, enters=True, leases=facts.leased and not ends_attempt)


def _refuse(
    facts: Facts, decision: Decision, reason: str, *, stale: bool = False, retry_after_seconds: float = 0.0
) -> Ruling:
    return Ruling(
        decision,
        facts.state,
        facts.attempt,
        leases=facts.leased,
        stale=stale,
        reason=reason,
        retry_after_seconds=retry_after_seconds,
    )
