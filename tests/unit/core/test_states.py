"""States by themselves: makers, predicates, results, groups."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from penstock.core.state import StoredResult
from penstock.exceptions import CancelledRun, CrashedRun, FailedRun, MissingResult, PausedRun, UnfinishedRun
from penstock.states import (
    NO_RESULT,
    TERMINAL_STATES,
    AwaitingConcurrencySlot,
    AwaitingRetry,
    Cancelled,
    Cancelling,
    Completed,
    Crashed,
    Failed,
    Late,
    Paused,
    Pending,
    Retrying,
    Running,
    Scheduled,
    State,
    StateDetails,
    StateGroup,
    StateType,
    Suspended,
    get_state_exception,
    get_state_result,
    is_state,
    is_state_iterable,
    raise_state_exception,
)
from penstock.testing import moving_clock

MAKERS = {
    Scheduled: ("SCHEDULED", "Scheduled"),
    Late: ("SCHEDULED", "Late"),
    AwaitingRetry: ("SCHEDULED", "AwaitingRetry"),
    AwaitingConcurrencySlot: ("SCHEDULED", "AwaitingConcurrencySlot"),
    Pending: ("PENDING", "Pending"),
    Running: ("RUNNING", "Running"),
    Retrying: ("RUNNING", "Retrying"),
    Completed: ("COMPLETED", "Completed"),
    Failed: ("FAILED", "Failed"),
    Crashed: ("CRASHED", "Crashed"),
    Cancelling: ("CANCELLING", "Cancelling"),
    Cancelled: ("CANCELLED", "Cancelled"),
    Paused: ("PAUSED", "Paused"),
    Suspended: ("PAUSED", "Suspended"),
}
PREDICATES = [f"is_{kind.value.lower()}" for kind in StateType]


@pytest.mark.parametrize("maker", MAKERS)
def test_makers_and_predicates(maker: Any) -> None:
    """Each maker gives its type and name; one predicate is true of it, and `is_final` as its type says."""
    state = maker(message="m")
    kind, name = MAKERS[maker]
    assert (state.type.value, state.name, state.message) == (kind, name, "m")
    assert [one for one in PREDICATES if getattr(state, one)()] == [f"is_{kind.lower()}"]
    assert state.is_final() == (state.type in TERMINAL_STATES) == state.type.is_terminal
    assert isinstance(state.id, UUID)
    assert state.id == state.id
    assert state.timestamp.tzinfo is UTC


def test_types_are_texts() -> None:
    """A state type compares with, and prints as, its text; a state takes the text for the type."""
    assert StateType.FAILED == "FAILED"
    assert f"{StateType.FAILED}" == str(StateType.FAILED) == "FAILED"
    assert State("FAILED").type is StateType.FAILED  # type: ignore[arg-type]
    assert {kind.value for kind in TERMINAL_STATES} == {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
    with pytest.raises(ValueError, match="'ENDED' is not a valid StateType"):
        State("ENDED")  # type: ignore[arg-type]


def test_scheduled_and_paused_states_know_their_times() -> None:
    """A schedule without a time is for now; a pause ends after its bound."""
    at = datetime(2026, 1, 2, tzinfo=UTC)
    with moving_clock(at):
        assert Scheduled().state_details.scheduled_time == at
        assert Late(at + timedelta(1)).state_details.scheduled_time == at + timedelta(1)
        assert Paused(timeout_seconds=60).state_details.pause_timeout == at + timedelta(seconds=60)
        assert Suspended(pause_expiration_time=at, pause_key="k").state_details.pause_timeout == at
    assert Paused().state_details.pause_reschedule is False
    assert Suspended().state_details.pause_reschedule is True
    with pytest.raises(ValueError, match="^Give a pause either timeout_seconds or pause_expiration_time, not both.$"):
        Paused(timeout_seconds=1, pause_expiration_time=at)


def test_results() -> None:
    """A completed state gives its data, one within another the inner one's; others raise, or return the error."""
    assert Completed(data=5).result() == 5
    assert Completed(data=Completed(data=Completed(data=6))).result() == 6
    assert Completed().result() is None
    with pytest.raises(ValueError, match="^inner$"):
        Completed(data=Failed(data=ValueError("inner"))).result()
    error = ValueError("own")
    assert Failed(data=error).result(raise_on_failure=False) is error
    with pytest.raises(ValueError, match="^own$"):
        Failed(data=error).result()


@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        (Failed(message="m"), FailedRun, "m"),
        (Failed(data="text", message="m"), FailedRun, "text"),
        (Failed(), FailedRun, "The run ended in state 'Failed'."),
        (Failed(name="Odd"), FailedRun, "The run ended in state 'Odd'."),
        (Failed(data=17), FailedRun, "The run ended in state 'Failed'."),
        (Crashed(message="c"), CrashedRun, "c"),
        (Cancelled(message="x"), CancelledRun, "x"),
        (Paused(message="p"), PausedRun, "p"),
        (Failed(data=Crashed(message="inner")), CrashedRun, "inner"),
        (Failed(data=[Completed(), Crashed(message="first"), Failed()]), CrashedRun, "first"),
        (Failed(data=[Completed(), Running()], message="m"), FailedRun, "m"),
        (Failed(data=(Failed(data=KeyError("deep")),)), KeyError, "'deep'"),
    ],
)
def test_exceptions_of_states(state: State[Any], error: type[Exception], words: str) -> None:
    """The exception is the state's own, the first of the states it holds, or one named after its type."""
    for got in (get_state_exception(state), get_state_result(state, raise_on_failure=False)):
        assert type(got) is error
        assert str(got) == words
    with pytest.raises(error):
        raise_state_exception(state)
    with pytest.raises(error):
        state.result()


@pytest.mark.parametrize("maker", [Scheduled, Pending, Running, Cancelling])
def test_states_without_a_result(maker: Any) -> None:
    """A run that has not ended has no result, and no exception."""
    state = maker()
    words = f"^The run is in state '{state.name}' and has no result yet. Wait for it to end.$"
    for raise_on_failure in (True, False):
        with pytest.raises(UnfinishedRun, match=words):
            state.result(raise_on_failure=raise_on_failure)
    raise_state_exception(state)
    with pytest.raises(ValueError, match="has no exception: the run did not fail"):
        get_state_exception(state)


def test_results_that_lie_elsewhere() -> None:
    """A stored result is loaded when it is asked for; one that was not kept says what to do."""
    loads: list[int] = []

    class Stored(StoredResult):
        def load(self) -> Any:
            loads.append(1)
            return "stored"

    state = Completed(data=Stored())
    assert loads == []
    assert (state.result(), state.result(), len(loads)) == ("stored", "stored", 2)
    assert asyncio.run(state.aresult()) == "stored"
    with pytest.raises(MissingResult, match="Give the flow or task persist_result=True to be able to read it later.$"):
        Completed(data=NO_RESULT).result()
    assert repr(NO_RESULT) == "<not kept>"


def test_results_in_async_code_are_awaited() -> None:
    """Within a running event loop `result()` gives an awaitable; elsewhere the value."""

    async def ask() -> Any:
        got = Completed(data=5).result()
        assert asyncio.iscoroutine(got)
        return await got

    assert asyncio.run(ask()) == 5
    assert asyncio.run(Completed(data=6).aresult()) == 6


def test_copies() -> None:
    """A copy has a new id and time, the same content, and what is updated."""
    state = Completed(message="before", data=1, state_details=StateDetails(cache_key="k"))
    copy = state.model_copy(update={"message": "after"})
    assert (copy.message, copy.data, copy.state_details.cache_key) == ("after", 1, "k")
    assert copy.id != state.id
    assert state.message == "before"
    assert state.fresh_copy().message == "before"


def test_equality() -> None:
    """States are equal that say the same of the same moment about the same object."""
    at, thing = datetime(2026, 1, 1, tzinfo=UTC), object()
    assert Completed(timestamp=at, data=thing) == Completed(timestamp=at, data=thing)
    assert Completed(timestamp=at) != Failed(timestamp=at)
    assert Completed(timestamp=at, data=object()) != Completed(timestamp=at, data=object())
    assert Completed(timestamp=at) != "Completed"
    assert len({Completed(timestamp=at), Completed(timestamp=at), Failed(timestamp=at)}) == 2


def test_how_states_are_shown() -> None:
    """`str` leaves out what goes without saying; `repr` shows the result."""
    assert str(Completed()) == "Completed()"
    assert str(Failed(message="why")) == "Failed('why')"
    assert str(Failed(message="why", name="Odd")) == "Odd('why', type=FAILED)"
    assert repr(Completed(data=[1])) == "Completed(message=None, type=COMPLETED, result=[1])"
    assert repr(StateDetails(cache_key="k")) == "StateDetails(cache_key='k')"
    with pytest.raises(TypeError, match="^StateDetails has no field 'colour'.$"):
        StateDetails(colour="red")


def test_what_is_a_state() -> None:
    """Only states, and lists, tuples and sets of nothing but states."""
    assert is_state(Completed())
    assert not is_state("Completed")
    for several in ([Completed()], (Completed(), Failed()), {Completed()}):
        assert is_state_iterable(several)
    for other in ([], [Completed(), 1], {"a": Completed()}, iter([Completed()]), "text"):
        assert not is_state_iterable(other)


@pytest.mark.parametrize(
    ("makers", "kind", "message"),
    [
        ([Completed, Completed], "COMPLETED", "All states completed."),
        ([Completed, Failed, Crashed], "FAILED", "2/3 states failed."),
        ([Failed, Cancelled, Paused], "CANCELLED", "1/3 states cancelled."),
        ([Failed, Paused], "PAUSED", "1/2 states paused."),
        ([Completed, Running, Pending], "FAILED", "2/3 states are not final."),
        ([], "COMPLETED", "All states completed."),
    ],
)
def test_groups(makers: list[Any], kind: str, message: str) -> None:
    """Several states are summed up: cancelled before paused before failed before not ended."""
    states = [maker() for maker in makers]
    group = StateGroup(states)
    summary = group.summary()
    assert (summary.type.value, summary.message, summary.data) == (kind, message, states)
    assert group.all_completed() == (kind == "COMPLETED")
    assert group.any_failed() == any(state.is_failed() or state.is_crashed() for state in states)
    assert group.any_cancelled() == (Cancelled in makers)
    assert group.any_paused() == (Paused in makers)
    assert group.all_final() == all(state.is_final() for state in states)
    assert repr(group).startswith(f"StateGroup<total: {len(states)}")
