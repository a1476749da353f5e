"""The rules of claims, retries and resumes, without a database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from support.requests import NOON, OWNER, state

from penstock.core.state_type import TERMINAL_STATES, StateType
from penstock.server.rules import claims as c
from penstock.server.rules.flow_run_life import Facts, decide, decide_resume, decide_retry, decide_start
from penstock.wire.flow_runs import Decision, StateProposal

S = StateType
WORKER = "there:7:worker"


def facts(kind: StateType, name: str | None = None, **fields: Any) -> Facts:
    """Return facts of a deployed run of attempt 1, held by its process unless it has ended or waits."""
    present = state(kind, name, NOON)
    leased = kind in {S.RUNNING, S.PENDING, S.CANCELLING}
    values = {"attempt": 1, "lease_owner": OWNER, "leased": leased, "now": NOON, "deployed": True, "worker_id": WORKER}
    return Facts(present, **values | fields)


def claimed(kind: StateType = S.PENDING, **fields: Any) -> Facts:
    """Return facts of a run that a worker holds for a process that has not begun."""
    return facts(kind, lease_owner=WORKER, ran=False, **fields)


def waiting(due: datetime | None = NOON, **fields: Any) -> Facts:
    return facts(S.SCHEDULED, due=due, **fields)


def test_who_may_be_claimed() -> None:
    """A run that waits and is due, and that nobody holds, under the next attempt."""
    ruling = c.decide_claim(waiting(), "w")
    assert (ruling.decision, ruling.enters, ruling.leases, ruling.attempt) == (Decision.ACCEPT, True, True, 2)
    assert (ruling.state.type, ruling.state.message) == (S.PENDING, "Claimed by the worker 'w'.")


@pytest.mark.parametrize(
    "present",
    [
        waiting(NOON + timedelta(microseconds=1)),
        waiting(None),
        waiting(leased=True),
        *[facts(kind, due=NOON) for kind in S if kind is not S.SCHEDULED],
    ],
)
def test_who_may_not_be_claimed(present: Facts) -> None:
    """Nothing else: not what is not due, what a process waits for itself, or what is in another state."""
    assert not c.decide_claim(present, "w").enters
    assert not c.decide_wait(present, "why").enters or present.state.type is S.SCHEDULED
    assert not c.decide_refusal(present, S.CANCELLED, "why").enters or present.state.type is S.SCHEDULED


@pytest.mark.parametrize(
    ("ran", "resumes", "name"), [(False, False, "Running"), (True, False, "Retrying"), (True, True, "Running")]
)
def test_a_process_takes_over_what_was_claimed(ran: bool, resumes: bool, name: str) -> None:
    """It runs under the attempt that was claimed; asking again is answered the same, and enters nothing more."""
    present = facts(S.PENDING, lease_owner=WORKER, ran=ran, resumes=resumes)
    ruling = decide_start(present, OWNER, claimed_attempt=1)
    assert (ruling.decision, ruling.enters, ruling.leases, ruling.attempt) == (Decision.ACCEPT, True, True, 1)
    assert (ruling.state.type, ruling.state.name) == (S.RUNNING, name)
    again = decide_start(facts(S.RUNNING), OWNER, claimed_attempt=1)
    assert (again.decision, again.enters, again.leases) == (Decision.ACCEPT, False, True)


@pytest.mark.parametrize(
    ("present", "attempt", "is_stale"),
    [
        (claimed(attempt=2), 1, True),
        (claimed(), 2, True),
        (waiting(lease_owner=None), 1, True),
        (facts(S.RUNNING, lease_owner="another"), 1, False),
        (claimed(S.CANCELLING), 1, False),
        (facts(S.PAUSED, "Suspended", leased=False), 1, False),
        *[(facts(kind), 1, False) for kind in sorted(TERMINAL_STATES)],
    ],
)
def test_what_is_not_taken_over(present: Facts, attempt: int, is_stale: bool) -> None:
    """A former attempt, one given back, one that another process runs, and what has ended or is to."""
    ruling = decide_start(present, OWNER, claimed_attempt=attempt)
    assert (ruling.decision, ruling.enters, ruling.stale) == (Decision.ABORT, False, is_stale)
    assert ruling.reason


def test_handing_back() -> None:
    """What was claimed waits again, or is Cancelled where that was wanted; its attempt is fenced off; repeating is harmless."""
    later = NOON + timedelta(minutes=1)
    back = c.decide_hand_back(claimed(), 1, "why", later)
    assert (back.state.type, back.state.scheduled_time, back.attempt) == (S.SCHEDULED, later, 1)
    assert (back.enters, back.leases, back.fences) == (True, False, True)
    ended = c.decide_hand_back(claimed(S.CANCELLING), 1, "why", later)
    assert (ended.state.type, ended.fences) == (S.CANCELLED, True)
    repeated = c.decide_hand_back(waiting(lease_owner=None), 1, "why", later)
    assert (repeated.decision, repeated.enters) == (Decision.ACCEPT, False)
    assert c.decide_hand_back(claimed(attempt=2), 1, "why", later).stale
    for kind in (S.RUNNING, S.COMPLETED, S.PAUSED):
        refused = c.decide_hand_back(facts(kind), 1, "why", later)
        assert (refused.decision, refused.enters) == (Decision.REJECT, False)


@pytest.mark.parametrize(
    ("present", "kind", "name"),
    [
        (claimed(), S.SCHEDULED, "AwaitingWorker"),
        (claimed(lost_claims=c.MOST_LOST_CLAIMS - 1), S.CRASHED, "Crashed"),
        (claimed(recoveries_left=1), S.SCHEDULED, "AwaitingWorker"),
        (facts(S.RUNNING), S.CRASHED, "Crashed"),
        (facts(S.RUNNING, recoveries_left=1), S.SCHEDULED, "AwaitingRecovery"),
        (facts(S.PAUSED, leased=True, recoveries_left=1), S.SCHEDULED, "AwaitingRecovery"),
        (facts(S.RUNNING, recoveries_left=1, deployed=False), S.CRASHED, "Crashed"),
        (facts(S.CANCELLING, recoveries_left=1), S.CANCELLED, "Cancelled"),
        (claimed(S.CANCELLING), S.CANCELLED, "Cancelled"),
        (facts(S.CANCELLING, deployed=False), S.CRASHED, "Crashed"),
    ],
)
def test_the_holder_dies(present: Facts, kind: StateType, name: str) -> None:
    """A claim is given to another, a run is recovered where that is left, what was being cancelled is; else it is Crashed."""
    ruling = c.decide_death(present, "It is gone.")
    assert (ruling.state.type, ruling.state.name) == (kind, name)
    assert (ruling.enters, ruling.leases, ruling.fences, ruling.attempt) == (True, False, True, 1)
    assert ruling.state.message is not None
    assert ruling.state.message.startswith("It is gone.")


def test_a_process_tells_of_its_crash() -> None:
    """Who says that it crashes is recovered as well; a person, or force, is taken at their word."""
    present, crash = facts(S.RUNNING, recoveries_left=2), StateProposal(state(S.CRASHED, message="Killed."), 1)
    recovered = decide(present, crash)
    assert (recovered.state.name, recovered.fences, recovered.leases) == ("AwaitingRecovery", True, False)
    assert recovered.state.message == "Killed. Another process takes it up; 1 more recoveries are left."
    for proposal in (StateProposal(crash.state, 1, force=True), StateProposal(state(S.FAILED), 1)):
        assert decide(present, proposal).state.type is proposal.state.type
    assert decide(facts(S.CANCELLING, recoveries_left=1), crash).state.type is S.CRASHED


def test_what_nobody_follows_up() -> None:
    """After its time a claim is taken back and a cancellation is over; before, and otherwise, nothing is done."""
    late, early = NOON, NOON + timedelta(seconds=1)
    taken = c.decide_overdue(claimed(due=late))
    assert taken is not None
    assert taken.state.name == "AwaitingWorker"
    over = c.decide_overdue(facts(S.CANCELLING, due=late))
    assert over is not None
    assert (over.state.type, over.fences) == (S.CANCELLED, True)
    for present in (
        claimed(due=early),
        claimed(due=None),
        facts(S.CANCELLING, due=early),
        facts(S.RUNNING, due=late),
        facts(S.PENDING, due=late),
        waiting(late),
    ):
        assert c.decide_overdue(present) is None


@pytest.mark.parametrize("kind", list(S))
def test_retrying_by_hand(kind: StateType) -> None:
    """What has ended badly is carried out again from a moment on; what has not, or what nothing deployed, is not."""
    later = NOON + timedelta(minutes=1)
    ruling = decide_retry(facts(kind), later, "why")
    assert ruling.enters is (kind in {S.FAILED, S.CRASHED, S.CANCELLED})
    assert not decide_retry(facts(kind, deployed=False), later, "why").enters
    if ruling.enters:
        assert (ruling.state.name, ruling.state.scheduled_time, ruling.leases) == ("AwaitingRetry", later, False)


@pytest.mark.parametrize("kind", S)
def test_what_is_carried_out_anew(kind: S) -> None:
    """However it ended, a run may be carried out anew; what has not ended may not, and is told to be cancelled first."""
    ruling = decide_retry(facts(kind), NOON, "why", anew=True)
    assert ruling.enters is (kind in TERMINAL_STATES)
    if not ruling.enters:
        assert "Cancel it first" in (ruling.reason or "")
    if kind in TERMINAL_STATES:
        assert decide_start(facts(kind), OWNER, anew=True).attempt == 2
    assert not decide_start(facts(S.COMPLETED), OWNER).enters
    assert not decide_start(facts(S.CANCELLING), OWNER, anew=True).enters


def test_resuming() -> None:
    """Where a process waits, it goes on there; else the run waits for a worker, if one can find it."""
    here = decide_resume(facts(S.PAUSED, leased=True), "why")
    assert (here.state.type, here.leases, here.attempt) == (S.RUNNING, True, 1)
    elsewhere = decide_resume(facts(S.PAUSED, "Suspended"), "why")
    assert (elsewhere.state.type, elsewhere.state.name, elsewhere.leases) == (S.SCHEDULED, "Resuming", False)
    by_hand = decide_resume(facts(S.PAUSED, "Suspended", deployed=False), "why.")
    assert (by_hand.state.name, by_hand.leases) == ("Resuming", False)
    assert "--recover" in (by_hand.state.message or "")
    not_yet = decide_resume(facts(S.PAUSED, "Suspended", leased=True), "why")
    assert (not_yet.decision, not_yet.enters, not_yet.leases) == (Decision.WAIT, False, True)
    for kind in set(S) - {S.PAUSED}:
        assert not decide_resume(facts(kind), "why").enters


def test_a_suspended_run_outlives_its_process() -> None:
    """Whose process dies when it is to let go is suspended, and not crashed; the process is fenced off."""
    ruling = c.decide_death(facts(S.PAUSED, "Suspended", leased=True, recoveries_left=1), "gone")
    assert (ruling.state.type, ruling.state.name) == (S.PAUSED, "Suspended")
    assert (ruling.enters, ruling.leases, ruling.fences) == (True, False, True)


def test_a_claimed_run_is_not_paused() -> None:
    """Who is about to start it could not be told to wait."""
    pause, cancel = (StateProposal(state(kind)) for kind in (S.PAUSED, S.CANCELLING))
    assert decide(claimed(), pause).decision is Decision.REJECT
    assert decide(claimed(), cancel).decision is Decision.ACCEPT
    assert decide(facts(S.RUNNING), StateProposal(state(S.PAUSED, "Suspended"))).decision is Decision.ACCEPT


def test_a_policy_cancels() -> None:
    """What nobody holds is Cancelled at once, what somebody holds is told to him, what ends anyway is left."""
    assert c.decide_cancel(waiting(), "why").state.type is S.CANCELLED
    assert c.decide_cancel(facts(S.RUNNING), "why").state.type is S.CANCELLING
    for kind in (S.CANCELLING, S.COMPLETED):
        assert not c.decide_cancel(facts(kind), "why").enters
