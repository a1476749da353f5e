"""The rules of a flow run's life, without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.requests import NOON, OTHER, OWNER, state

from penstock.core.state_type import TERMINAL_STATES, StateType
from penstock.server.rules.flow_run_life import NEXT_STATES, Facts, decide, decide_expiry, decide_start
from penstock.wire.flow_runs import Decision, StateProposal

S = StateType


def facts(kind: StateType | str, name: str | None = None, **fields: object) -> Facts:
    """Return facts of a run of attempt 1, held by OWNER unless it has ended."""
    present = state(kind, name, NOON, **fields.pop("state", {}))  # type: ignore[arg-type]
    values = {"attempt": 1, "lease_owner": OWNER, "leased": not present.type.is_terminal, "now": NOON} | fields
    return Facts(present, **values)  # type: ignore[arg-type]


def propose(present: Facts, kind: StateType | str, name: str | None = None, **fields: object) -> Decision:
    values = {"attempt": 1} | fields
    return decide(present, StateProposal(state(kind, name), **values)).decision  # type: ignore[arg-type]


def test_the_table_speaks_of_every_type() -> None:
    """Each type of state has its row; terminal states lead nowhere, and a run can end from wherever it is."""
    assert set(NEXT_STATES) == set(S)
    for kind, following in NEXT_STATES.items():
        assert following == set() if kind in TERMINAL_STATES else following >= TERMINAL_STATES


@pytest.mark.parametrize("kind", [kind for kind in S if not kind.is_terminal])
@pytest.mark.parametrize("proposed", list(S))
def test_its_own_attempt_moves_a_run_as_the_table_says(kind: StateType, proposed: StateType) -> None:
    """What the table allows is entered; what it does not is rejected, and says from where to where."""
    ruling = decide(facts(kind), StateProposal(state(proposed, "Other"), attempt=1))
    allowed = proposed in NEXT_STATES[kind]
    assert ruling.decision is (Decision.ACCEPT if allowed else Decision.REJECT)
    assert ruling.enters is allowed
    assert ruling.leases is not (allowed and proposed.is_terminal)
    assert (ruling.reason is None) is allowed


@pytest.mark.parametrize("kind", sorted(TERMINAL_STATES))
@pytest.mark.parametrize("proposed", list(S))
@pytest.mark.parametrize("attempt", [1, None])
def test_an_end_is_final(kind: StateType, proposed: StateType, attempt: int | None) -> None:
    """An ended run enters nothing more without force; its process is told to stop, and why."""
    ruling = decide(facts(kind), StateProposal(state(proposed, "Other"), attempt=attempt))
    assert ruling.decision in (Decision.ABORT, Decision.REJECT)
    assert not ruling.enters
    assert ruling.state.type is kind
    assert ruling.reason


@pytest.mark.parametrize("kind", list(S))
def test_the_same_state_again_changes_nothing(kind: StateType) -> None:
    """A repeated proposal, as after a lost answer, is accepted and not written again."""
    ruling = decide(facts(kind), StateProposal(state(kind), attempt=1))
    assert (ruling.decision, ruling.enters) == (Decision.ACCEPT, False)


def test_another_time_is_another_state() -> None:
    """AwaitingRetry for another instant is no repetition."""
    waiting = facts(S.SCHEDULED, "AwaitingRetry", state={"scheduled_time": NOON})
    later = state(S.SCHEDULED, "AwaitingRetry", scheduled_time=NOON + timedelta(hours=1))
    assert decide(waiting, StateProposal(later, attempt=1)).enters
    same = state(S.SCHEDULED, "AwaitingRetry", scheduled_time=NOON)
    assert not decide(waiting, StateProposal(same, attempt=1)).enters


@pytest.mark.parametrize("kind", list(S))
@pytest.mark.parametrize("proposed", list(S))
def test_other_attempts_are_stale(kind: StateType, proposed: StateType) -> None:
    """A former or invented attempt, and one that was declared dead, enters nothing, whatever it proposes."""
    dead = facts(kind, lease_owner=None, leased=False)
    for present, attempt in ((facts(kind, attempt=2), 1), (facts(kind), 2), (facts(kind), 0), (dead, 1)):
        for force in (False, True):
            ruling = decide(present, StateProposal(state(proposed), attempt=attempt, force=force))
            assert ruling.stale
            assert not ruling.enters
            assert ruling.reason


def test_an_attempt_that_let_go_does_not_come_back() -> None:
    """A run that was ended or suspended and waits for its next start takes nothing from the attempt before."""
    for present in (facts(S.SCHEDULED, leased=False), facts(S.PAUSED, "Suspended", leased=False)):
        for kind in (S.PENDING, S.CANCELLING, S.COMPLETED):
            assert decide(present, StateProposal(state(kind), attempt=1)).stale
        again = StateProposal(state(present.state.type, present.state.name), attempt=1)
        assert decide(present, again).decision is Decision.ACCEPT


def test_nobody_runs_without_a_lease() -> None:
    """Running is entered by a start only, not even by force."""
    unstarted = facts(S.PENDING, attempt=0, lease_owner=None, leased=False)
    for force in (False, True):
        for attempt in (0, None):
            assert propose(unstarted, S.RUNNING, attempt=attempt, force=force) is Decision.REJECT


@pytest.mark.parametrize("kind", list(S))
@pytest.mark.parametrize("proposed", [kind for kind in S if kind is not S.RUNNING])
def test_force_enters_anything_else(kind: StateType, proposed: StateType) -> None:
    """A person may put a run into any state but Running; an end takes its lease away, another state leaves it."""
    ruling = decide(facts(kind), StateProposal(state(proposed, "Set"), force=True))
    assert (ruling.decision, ruling.enters, ruling.attempt) == (Decision.ACCEPT, True, 1)
    assert ruling.leases is not (kind.is_terminal or proposed.is_terminal)


def test_an_outsider_steers_but_does_not_speak_for_the_process() -> None:
    """Without an attempt, a held run can be cancelled or suspended; one that nobody holds is ended or scheduled at once."""
    held, free = facts(S.RUNNING), facts(S.PENDING, attempt=0, lease_owner=None, leased=False)
    assert propose(held, S.CANCELLING, attempt=None) is Decision.ACCEPT
    assert propose(held, S.PAUSED, "Suspended", attempt=None) is Decision.ACCEPT
    assert propose(held, S.PAUSED, attempt=None) is Decision.REJECT
    for kind in (S.COMPLETED, S.FAILED, S.CANCELLED, S.CRASHED, S.SCHEDULED, S.PENDING):
        assert propose(held, kind, attempt=None) is Decision.REJECT
    assert propose(facts(S.CANCELLING), S.PAUSED, attempt=None) is Decision.REJECT
    assert propose(free, S.CANCELLING, attempt=None) is Decision.REJECT
    for kind in (S.CANCELLED, S.SCHEDULED, S.PAUSED):
        assert propose(free, kind, attempt=None) is Decision.ACCEPT


def test_suspending_lets_go_of_the_run() -> None:
    """A suspended run's process ends, so its lease does too; a paused one keeps it."""
    for kind, name, leases in (
        (S.PAUSED, "Suspended", False),
        (S.PAUSED, "Paused", True),
        (S.RUNNING, "Suspended", True),
    ):
        assert decide(facts(S.RUNNING), StateProposal(state(kind, name), attempt=1)).leases is leases


def test_who_is_suspended_by_others_lets_go_itself() -> None:
    """The run stays its process's until that ends the run or lets go; all else that it proposes is rejected."""
    asked = decide(facts(S.RUNNING), StateProposal(state(S.PAUSED, "Suspended")))
    assert (asked.enters, asked.leases) == (True, True)
    forced = decide(facts(S.RUNNING), StateProposal(state(S.PAUSED, "Suspended"), force=True))
    assert forced.leases
    present = facts(S.PAUSED, "Suspended")
    for kind, name in ((S.PAUSED, "Suspended"), (S.CRASHED, None)):
        ruling = decide(present, StateProposal(state(kind, name), attempt=1))
        assert (ruling.state.type, ruling.state.name) == (S.PAUSED, "Suspended")
        assert (ruling.decision, ruling.enters, ruling.leases) == (Decision.ACCEPT, True, False)
    for kind in (S.COMPLETED, S.FAILED, S.CANCELLED):
        assert propose(present, kind) is Decision.ACCEPT
    for kind in (S.RUNNING, S.SCHEDULED, S.PAUSED, S.PENDING):
        assert propose(present, kind) is Decision.REJECT
    assert propose(present, S.CANCELLING, attempt=None) is Decision.ACCEPT


def test_what_another_process_carries_out_is_not_suspended() -> None:
    """A subflow run ends with the process of the run around it: it can pause, and that run can be suspended."""
    for attempt in (1, None):
        assert propose(facts(S.RUNNING, nested=True), S.PAUSED, "Suspended", attempt=attempt) is Decision.REJECT
    assert propose(facts(S.RUNNING, nested=True), S.PAUSED) is Decision.ACCEPT


def test_a_pause_that_is_over_fails_the_run() -> None:
    """It says when; a process that should still wait is fenced off."""
    waiting, gone = facts(S.PAUSED), facts(S.PAUSED, "Suspended", leased=False)
    for present in (waiting, gone):
        ruling = decide_expiry(present, NOON)
        assert (ruling.state.type, ruling.enters, ruling.leases) == (S.FAILED, True, False)
        assert ruling.fences is present.leased
        assert "2026-11-20T12:00:00+00:00" in (ruling.state.message or "")


@pytest.mark.parametrize(
    ("present", "name", "attempt"),
    [
        (facts(S.PENDING, attempt=0, lease_owner=None, leased=False), "Running", 1),
        (facts(S.SCHEDULED, attempt=0, lease_owner=None, leased=False, state={"scheduled_time": NOON}), "Running", 1),
        (facts(S.FAILED), "Retrying", 2),
        (facts(S.CRASHED, lease_owner=None), "Retrying", 2),
        (facts(S.SCHEDULED, "AwaitingRetry", leased=False), "Retrying", 2),
        (facts(S.PAUSED, "Suspended", leased=False), "Running", 2),
        (facts(S.PENDING, lease_owner=OTHER), "Retrying", 2),
    ],
)
def test_who_may_start(present: Facts, name: str, attempt: int) -> None:
    """A run that nobody holds, or that waits in the hands of who asks, is given away under a higher attempt."""
    ruling = decide_start(present, OTHER)
    assert (ruling.decision, ruling.enters, ruling.leases) == (Decision.ACCEPT, True, True)
    assert (ruling.state.type, ruling.state.name, ruling.attempt) == (S.RUNNING, name, attempt)
    assert ruling.state.timestamp == NOON


@pytest.mark.parametrize(
    ("present", "decision"),
    [
        (facts(S.COMPLETED), Decision.ABORT),
        (facts(S.CANCELLED), Decision.ABORT),
        (facts(S.CANCELLING, leased=False), Decision.ABORT),
        (facts(S.RUNNING), Decision.ABORT),
        (facts(S.RUNNING, lease_owner=OTHER), Decision.ABORT),
        (facts(S.PENDING), Decision.ABORT),
        (facts(S.PAUSED), Decision.ABORT),
        (facts(S.SCHEDULED, leased=False, state={"scheduled_time": NOON + timedelta(seconds=5)}), Decision.WAIT),
    ],
)
def test_who_may_not_start(present: Facts, decision: Decision) -> None:
    """A run that has ended well, is being cancelled, is held by another process, or is not due is not given away."""
    ruling = decide_start(present, OTHER)
    assert (ruling.decision, ruling.enters, ruling.attempt) == (decision, False, 1)
    assert ruling.reason
    assert ruling.retry_after_seconds == (5.0 if decision is Decision.WAIT else 0.0)
