"""Flow runs that wait to be resumed: in their process, or in none."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from penstock.client.run_news import RunNews
from penstock.client.transport import call
from penstock.context import FlowRunContext, TaskRunContext
from penstock.core import clock
from penstock.core.errors import (
    FlowPauseTimeout,
    MissingContextError,
    Pause,
    PauseError,
    ServerUnreachable,
    StaleAttempt,
    StorageError,
)
from penstock.core.state import State
from penstock.core.state_makers import Paused, Running, Suspended
from penstock.core.state_type import StateType
from penstock.core.steps import Block, Steps
from penstock.engine.invocation.effects import Sleep
from penstock.engine.run_logs.run_loggers import flow_run_logger
from penstock.futures import standing_aside
from penstock.reporting.recorder import current_recorder
from penstock.transactions import get_transaction
from penstock.wire.flow_runs import StateProposal, Verdict
from penstock.wire.operations import FLOW_RUNS_PROPOSE, FLOW_RUNS_READ_PAUSE
from penstock.wire.pausing import pauses as wire
from penstock.wire.requests import Propose
from penstock.wire.states import StateRecord

_FIRST_REST_SECONDS = 0.5
_LONGEST_REST_SECONDS = 10.0


class AwaitNews:
    """Wait until there may be something new about a flow run; another task may have this one's place meanwhile.

    Parameters:
        news: of the run.
        seconds: how long at the most.
    """

    __slots__ = ("news", "seconds")

    def __init__(self, news: RunNews, seconds: float) -> None:
        self.news = news
        self.seconds = seconds

    def perform(self) -> None:
        """Wait in this thread."""
        with standing_aside():
            self.news.wait(self.seconds)

    async def perform_async(self) -> None:
        """Wait in this coroutine."""
        with standing_aside():
            await self.news.wait_async(self.seconds)


def next_key(action: str) -> str:
    """Return what names the next pause of the flow run that runs here: the same one in each of its processes.

    Parameters:
        action: what is to be done, as in `paused`.

    Raises:
        MissingContextError: no flow run runs here.
    """
    return str(next(_flow_run_here(action, in_tasks=True).occurrences["pause"]) + 1)


def pause_steps(wanted: wire.PauseWanted) -> Steps[wire.Pause]:
    """Have the flow run that runs here wait until somebody resumes it; return what it was resumed with.

    Raises:
        PauseError: it is not recorded, or a task in another process asks for it.
        MissingContextError: no flow run runs here.
        FlowPauseTimeout: nobody has resumed it in time.
    """
    context = _flow_run_here("paused", in_tasks=True)
    log = flow_run_logger(context)
    log.info("Pausing flow run %r, which goes on once it is resumed.", context.flow_run.name)
    waiting = _Waiting(context, wanted)
    with RunNews(context.flow_run.id) as news:
        pause = None
        while pause is None:
            paused = Paused(wanted.timeout_seconds, pause_key=wanted.key, message=_why(wanted))
            verdict = yield from waiting.ask(lambda: waiting.propose(paused, wanted))  # noqa: B023
            waiting.note(verdict.state)
            pause = yield from _resumed(waiting, news)
    log.info("Resumed by %s.", pause.resumed_by)
    return pause


def suspend_steps(wanted: wire.PauseWanted) -> Steps[wire.Pause]:
    """Have the flow run that runs here end its process, and go on in another once somebody has resumed it.

    Returns:
        What it was resumed with, in the process that goes on.

    Raises:
        Pause: in the process that ends; it is not to be caught.
        PauseError: it can't be suspended here.
        MissingContextError: no flow run runs here.
    """
    context = _flow_run_here("suspended")
    name = context.flow_run.name
    if context.parent is not None:
        raise PauseError(
            f"Flow run {name!r} was called by another one, whose process carries it out. Suspend that one; or pause this "
            "one, by pause_flow_run()."
        )
    if get_transaction() is not None:
        raise PauseError(
            f"Flow run {name!r} is in a transaction, which its end would roll back. Suspend it outside of that."
        )
    waiting = _Waiting(context, wanted)
    standing = yield from waiting.ask(waiting.standing)
    pause: wire.Pause | None = standing.pause
    if pause is not None and pause.resumed_by is not None:
        flow_run_logger(context).info("Resumed by %s.", pause.resumed_by)
        return pause
    if not context.persist_result:
        flow_run_logger(context).warning(
            "The results of tasks are not persisted, so they run again once flow run %r is resumed. Give the flow "
            "persist_result=True.",
            name,
        )
    suspended = Suspended(wanted.timeout_seconds, pause_key=wanted.key, message=_why(wanted))
    raise Pause(f"Flow run {name!r} is being suspended.", state=suspended, pause=wanted)


def _flow_run_here(action: str, *, in_tasks: bool = False) -> FlowRunContext:
    if not in_tasks and TaskRunContext.get() is not None:
        raise PauseError(f"A task run can't be {action}. Do it in the flow.")
    context = FlowRunContext.get()
    if context is None:
        raise MissingContextError(f"No flow run is running here that could be {action}. Call this from within a flow.")
    return context


def _why(wanted: wire.PauseWanted) -> str | None:
    return None if wanted.input_schema is None else "It waits for input."


class _Waiting:
    """One pause of the flow run that runs here.

    Parameters:
        context: of the flow run.
        wanted: the pause.

    Attributes:
        until: when its time is over, by the process's monotonic clock.
    """

    def __init__(self, context: FlowRunContext, wanted: wire.PauseWanted) -> None:
        self.context = context
        self.wanted = wanted
        seconds = wanted.timeout_seconds
        self.until = inf if seconds is None else clock.current().monotonic() + seconds
        self._recorder = current_recorder()

    @property
    def left_seconds(self) -> float:
        """How long it still waits."""
        return self.until - clock.current().monotonic()

    def ask(self, question: Callable[[], Any]) -> Steps[Any]:
        """Ask the server, again and again while it does not answer and the time is not over; return what it answers.

        Raises:
            PauseError: the run is not recorded.
            StorageError: there was no answer in time.
        """
        rest_seconds = _FIRST_REST_SECONDS
        while True:
            try:
                return (yield Block(lambda: self._asked(question)))
            except StorageError as error:
                if self.left_seconds <= 0:
                    raise
                if rest_seconds == _FIRST_REST_SECONDS:
                    flow_run_logger(self.context).warning("Waiting for the record of the pause. %s", error)
            yield Sleep(min(rest_seconds, max(self.left_seconds, 0.0)))
            rest_seconds = min(2 * rest_seconds, _LONGEST_REST_SECONDS)

    def _asked(self, question: Callable[[], Any]) -> Any:
        run, recorder = self.context.flow_run, self._recorder
        lease = recorder.heartbeat.leases.get(run.id)
        if recorder.journal.closed or not self.context.attempt:
            raise PauseError(
                f"Flow run {run.name!r} is not recorded, so nobody could resume it. Set PENSTOCK_RECORDING_ENABLED=true, and "
                "see what was said when the run began."
            )
        if lease is None:
            raise PauseError(
                f"This process does not hold flow run {run.name!r}, so it can't pause it. Where a task runs in another "
                "process, do it in the flow."
            )
        if not recorder.flush() or not lease.known:
            raise ServerUnreachable("The server has not been told yet of all that the run did.")
        return question()

    def propose(self, state: State[Any], wanted: wire.PauseWanted | None = None) -> Verdict:
        """Propose a state for the run.

        Raises:
            StaleAttempt: another attempt has taken the run over.
        """
        proposal = StateProposal(StateRecord.of(state), self.context.attempt, pause=wanted)
        return call(FLOW_RUNS_PROPOSE, Propose(self.context.flow_run.id, proposal))

    def standing(self) -> wire.PauseStanding:
        """Return how the pause stands."""
        return call(FLOW_RUNS_READ_PAUSE, wire.ReadPause(self.context.flow_run.id, self.wanted.key))

    def note(self, state: StateRecord) -> None:
        """Let the run's code see the state that the run is in."""
        self.context.flow_run.state = state.to_state()


def _resumed(waiting: _Waiting, news: RunNews) -> Steps[wire.Pause | None]:
    """Wait until the pause is over; return it, or None where the run goes on because another pause of it was resumed."""
    while True:
        standing: wire.PauseStanding = yield from waiting.ask(waiting.standing)
        pause, kind = standing.pause, standing.state.type
        if pause is not None and pause.resumed_by is not None:
            waiting.note(standing.state)
            return pause
        if kind.is_terminal:
            name = waiting.context.flow_run.name
            raise StaleAttempt(f"Flow run {name!r} was ended as {standing.state.name} while it was paused.")
        if kind is StateType.RUNNING:
            return None
        if waiting.left_seconds <= 0:
            return (yield from _time_out(waiting))
        yield AwaitNews(news, waiting.left_seconds)


def _time_out(waiting: _Waiting) -> Steps[wire.Pause]:
    """Have the run go on, with an error; return the pause where somebody has resumed it in the last moment."""
    seconds = waiting.wanted.timeout_seconds or 0
    message = f"Nobody resumed it within {seconds:g} second(s)."
    verdict = yield from waiting.ask(lambda: waiting.propose(Running(message=message)))
    waiting.note(verdict.state)
    standing: wire.PauseStanding = yield from waiting.ask(waiting.standing)
    if standing.pause is not None and standing.pause.resumed_by is not None:
        return standing.pause
    raise FlowPauseTimeout(
        f"Flow run {waiting.context.flow_run.name!r} was paused for {seconds:g} second(s). {message}"
    )
