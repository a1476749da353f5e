"""What becomes of a run that a worker claims, holds, gives back or loses. The drawing is in docs/design/state-machine.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from penstock.core.state_type import StateType
from penstock.server.rules.flow_run_life import Facts, Ruling, is_stale, let_go_suspended, may_recover, recovery
from penstock.wire.flow_runs import Decision
from penstock.wire.states import StateRecord

_S = StateType

AWAITING_SLOT = "AwaitingConcurrencySlot"
"""The name of the state of a run that is due and may not run beside others."""

AWAITING_WORKER = "AwaitingWorker"
"""The name of the state of a run whose claim came to nothing."""

MOST_LOST_CLAIMS = 3
"""After so many claims that came to nothing, one after another, a run is Crashed: it may be what kills its workers."""

LONGEST_CANCELLING = timedelta(minutes=10)
"""For how long the process of a deployed run may take to end it; after that it counts as Cancelled."""


def decide_claim(facts: Facts, worker_name: str) -> Ruling:
    """Return whether a worker may have the run: under a higher attempt and a lease, it is Pending."""
    state = facts.state
    if state.type is not _S.SCHEDULED or facts.leased or facts.due is None or facts.due > facts.now:
        return Ruling(Decision.REJECT, state, facts.attempt, leases=facts.leased, reason="It is not due.")
    pending = StateRecord(_S.PENDING, "Pending", facts.now, f"Claimed by the worker {worker_name!r}.")
    return Ruling(Decision.ACCEPT, pending, facts.attempt + 1, enters=True, leases=True)


def decide_hand_back(facts: Facts, attempt: int, reason: str, due: datetime) -> Ruling:
    """Return what becomes of a run that a worker has claimed and does not start.

    Parameters:
        facts: what is known of the run.
        attempt: under which it was claimed; it stays issued.
        reason: why it is given back.
        due: from when on it may be claimed again.
    """
    if attempt == facts.attempt and not facts.leased and facts.state.type is _S.SCHEDULED:
        return Ruling(Decision.ACCEPT, facts.state, attempt)
    if is_stale(facts, attempt):
        stale = f"Attempt {attempt} is no longer the live one."
        return Ruling(Decision.ABORT, facts.state, facts.attempt, leases=facts.leased, stale=True, reason=stale)
    if not facts.claimed:
        holder = f"process {facts.lease_owner} runs it" if facts.leased else f"it is {facts.state.name}"
        reason = f"It can't be handed back: {holder}."
        return Ruling(Decision.REJECT, facts.state, facts.attempt, leases=facts.leased, reason=reason)
    if facts.state.type is _S.CANCELLING:
        ended = StateRecord(_S.CANCELLED, "Cancelled", facts.now, f"Cancelled before it began. {reason}")
        return Ruling(Decision.ACCEPT, ended, attempt, enters=True, fences=True)
    waiting = StateRecord(_S.SCHEDULED, "Scheduled", facts.now, reason, due)
    return Ruling(Decision.ACCEPT, waiting, attempt, enters=True, fences=True)


def decide_death(facts: Facts, reason: str) -> Ruling:
    """Return what becomes of a run whose holder, a process or a worker, is gone, for that reason."""
    if facts.state.type is _S.CANCELLING and facts.deployed:
        cancelled = StateRecord(_S.CANCELLED, "Cancelled", facts.now, reason)
        return Ruling(Decision.ACCEPT, cancelled, facts.attempt, enters=True, fences=True)
    if facts.claimed:
        return decide_lost_claim(facts, reason)
    if facts.is_being_suspended:
        return replace(let_go_suspended(facts, reason), fences=True)
    if may_recover(facts):
        return recovery(facts, reason)
    return _crash(facts, reason)


def decide_lost_claim(facts: Facts, reason: str) -> Ruling:
    """Return what becomes of a claim that came to nothing, for that reason: the run is due again, but not for ever."""
    times = facts.lost_claims + 1
    if times >= MOST_LOST_CLAIMS:
        return _crash(facts, f"{reason} It was claimed {times} times, and never began to run.")
    waiting = StateRecord(_S.SCHEDULED, AWAITING_WORKER, facts.now, reason, facts.now)
    return Ruling(Decision.ACCEPT, waiting, facts.attempt, enters=True, fences=True)


def decide_overdue(facts: Facts) -> Ruling | None:
    """Return what becomes of a run whose worker or process lives and does nothing; None where its time is not over."""
    if not facts.leased or facts.due is None or facts.due > facts.now:
        return None
    if facts.state.type is _S.CANCELLING:
        message = "Its process was told to end it, and did not say that it has."
        cancelled = StateRecord(_S.CANCELLED, "Cancelled", facts.now, message)
        return Ruling(Decision.ACCEPT, cancelled, facts.attempt, enters=True, fences=True)
    if facts.claimed and facts.state.type is _S.PENDING:
        return decide_lost_claim(facts, "The worker that claimed it did not start it in time.")
    return None


def decide_wait(facts: Facts, reason: str) -> Ruling:
    """Return the ruling that names what a due run waits for; it stays as due as it is."""
    if facts.state.type is not _S.SCHEDULED or facts.leased:
        return Ruling(Decision.REJECT, facts.state, facts.attempt, leases=facts.leased, reason="It is not due.")
    waiting = StateRecord(_S.SCHEDULED, AWAITING_SLOT, facts.now, reason, facts.state.scheduled_time or facts.due)
    return Ruling(Decision.ACCEPT, waiting, facts.attempt, enters=True)


def decide_refusal(facts: Facts, state_type: StateType, reason: str) -> Ruling:
    """Return the ruling that ends a run which is not to begin at all."""
    if facts.state.type is not _S.SCHEDULED or facts.leased:
        return Ruling(Decision.REJECT, facts.state, facts.attempt, leases=facts.leased, reason="It is not due.")
    return Ruling(
        Decision.ACCEPT,
        StateRecord(state_type, state_type.value.capitalize(), facts.now, reason),
        facts.attempt,
        enters=True,
    )


def decide_cancel(facts: Facts, reason: str) -> Ruling:
    """Return the ruling by which a policy cancels a run: at once where nobody holds it, else its holder is told."""
    if facts.state.type is _S.CANCELLING or facts.state.type.is_terminal:
        return Ruling(Decision.ACCEPT, facts.state, facts.attempt, leases=facts.leased)
    kind = _S.CANCELLING if facts.leased else _S.CANCELLED
    state = StateRecord(kind, kind.value.capitalize(), facts.now, reason)
    return Ruling(Decision.ACCEPT, state, facts.attempt, enters=True, leases=facts.leased)


def _crash(facts: Facts, reason: str) -> Ruling:
    crashed = StateRecord(_S.CRASHED, "Crashed", facts.now, reason)
    return Ruling(Decision.ACCEPT, crashed, facts.attempt, enters=True, fences=True)
