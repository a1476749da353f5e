"""One call of a flow: its arguments, its run, and what the server decides about its states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import UUID

from penstock import settings
from penstock.client.owner import owner_id
from penstock.context import FlowRunContext, TagsContext, TaskRunContext, run_here
from penstock.core import clock
from penstock.core.errors import RecursionTooDeep, StaleAttempt
from penstock.core.ids import uuid7
from penstock.core.state import State
from penstock.core.state_type import StateType
from penstock.engine.arguments.inputs import is_plain, listed, upstreams_of
from penstock.engine.names import run_name, slug
from penstock.engine.recorded_parameters import recorded
from penstock.engine.runs import FlowRun
from penstock.reporting.error_records import error_record
from penstock.reporting.log_lines import configure_logging
from penstock.reporting.recorder import current_recorder
from penstock.task_runners.main_module import end_unguarded_import
from penstock.wire.flow_runs import Decision, FlowRunCreate, FlowRunStart, StateProposal
from penstock.wire.flow_runs import FlowRun as FlowRunRecord
from penstock.wire.states import StateRecord

if TYPE_CHECKING:
    from penstock.engine.anew import AnewCalls
    from penstock.engine.definitions.flow_definition import FlowDefinition
    from penstock.wire.pausing.pauses import PauseWanted


def _is_traced() -> bool:
    if not settings.current().tracing.enabled:
        return False
    # Where what it needs is missing, that is said before anything is recorded.
    import penstock.engine.tracing  # noqa: F401

    return True


class FlowCall:
    """A flow with its arguments and the context it is called from, ready to run once.

    Parameters:
        flow: the flow.
        parameters: the arguments by name; futures and states may be among them.
        wait_for: futures, states and results to wait for, whose values are not needed.
        flow_run_id: an existing run to start, or to start again, in place of a new one.
        attempt: under which a worker claimed that run for this process.
        anew: whether that run is carried out from the start, whatever results are kept, or the task run it is carried out from.

    Attributes:
        pause: what the run waits for, where it is suspended.
    """

    pause: PauseWanted | None = None

    def __init__(
        self,
        flow: FlowDefinition,
        parameters: dict[str, Any],
        wait_for: Iterable[Any] | None = None,
        flow_run_id: UUID | None = None,
        attempt: int | None = None,
        anew: bool | UUID = False,
    ) -> None:
        end_unguarded_import()
        self.flow = flow
        self.parameters = parameters
        self.wait_for = wait_for = listed(wait_for)
        self.value: Any = None
        self.unready: Exception | None = None
        self._started: datetime | None = None
        self._settling = Lock()
        self._begun = False
        self._crash: State[Any] | None = None
        self.result_location: str | None = None
        configure_logging(run_here)
        self.recorder = current_recorder()
        self.parent = FlowRunContext.get()
        self.caller = TaskRunContext.get()
        self.continues = flow_run_id is not None
        self._claimed_attempt = attempt
        self._anew = anew
        self.plain = wait_for is None and all(map(is_plain, parameters.values()))
        self._upstreams = upstreams_of(
            {**parameters, "wait_for": wait_for}, None if self.parent is None else self.parent.origins
        )
        now = clock.now()
        run = FlowRun(flow_run_id or uuid7(), slug(), flow.name, State(StateType.PENDING, timestamp=now), now)
        self.context = FlowRunContext(flow, run, parameters, now)
        self.context.traced = _is_traced()
        self._place_under_parent(run)
        run.tags = sorted(TagsContext.__var__.get())
        run.flow_version = flow.version
        self.run = run

    def _place_under_parent(self, run: FlowRun) -> None:
        outer = self.caller or self.parent
        self.context.parent = self.parent
        self.context.depth = 1 if outer is None else outer.depth + 1
        if self.parent is not None:
            run.parent_flow_run_id = self.parent.flow_run.id
            run.root_flow_run_id = self.parent.flow_run.root_flow_run_id
        if self.caller is not None:
            run.parent_task_run_id = self.caller.task_run.id
        bound = settings.current().flows.max_depth
        if self.context.depth > bound:
            raise RecursionTooDeep(
                f"Flow {self.flow.name!r} was called {self.context.depth} runs deep; flows and tasks may lie within one "
                f"another {bound} deep (setting flows.max_depth). Look for a flow or task that calls itself without end."
            )

    def keeps_results(self) -> bool:
        """Whether the flow says anything of how results are kept, so that a store of its own is to be in use."""
        flow, persist = self.flow, self.context.persist_result
        return persist is not None or flow.result_storage is not None or flow.result_serializer is not None

    def begin(self) -> State[Any] | None:
        """Create the run and start it, or start the existing one again; record that it runs.

        Returns:
            The final state of the run where an earlier attempt of the flow run around it brought it to its end.
        """
        ended = self._begin()
        with self._settling:
            self._begun = True
        if self._crash is not None:
            # Whoever called has gone meanwhile: a cancelled coroutine does not stop the thread that begins its run.
            self.propose(self._crash)
        return ended

    def _begin(self) -> State[Any] | None:
        run = self.run
        if self.flow.flow_run_name is not None and not self.continues and self.unready is None:
            run.name = run_name(self.flow.flow_run_name, self.parameters, run.name)
        run.parameters = recorded(self.parameters)
        if self.continues:
            earlier = self.recorder.restart(
                run.id,
                self._claimed_attempt,
                recoveries=self.flow.recoveries,
                retries=self.flow.retries,
                anew=self._anew,
            )
            self._go_on_with(earlier)
        else:
            key = self._key_within_parent()
            parent = self.parent
            if parent is not None and parent.anew is not None:
                return self._begin_anew(parent.anew, key)
            return self._begin_within(key)
        self._note(State(StateType.RUNNING, timestamp=self._started))
        return None

    def _begin_anew(self, anew: AnewCalls, key: str | None) -> State[Any] | None:
        """Begin in a retried flow run around this one, of which something is carried out anew: perhaps this."""
        caller_id = None if self.caller is None else self.caller.task_run.id
        since = anew.since("flow", self.flow.name, key, self._upstreams, caller_id)
        if since.own and key is not None:
            key = anew.key_since(since.own, key)
        self.context.anew = anew.within(since)
        ended = self._begin_within(key)
        anew.note(self.run.id, since)
        return ended

    def _begin_within(self, key: str | None) -> State[Any] | None:
        created = self.recorder.begin(self._creation(key))
        if created is not None and created.id != self.run.id:
            return self._take_up(created)
        self.context.attempt = 0 if created is None else created.attempt
        self._note(State(StateType.RUNNING, timestamp=self._started))
        return None

    def _take_up(self, earlier: FlowRunRecord) -> State[Any] | None:
        """Go on with the run that an earlier attempt of the flow run around this one has begun."""
        run = self.run
        run.id = earlier.id
        if earlier.state.type is StateType.COMPLETED and earlier.result is not None:
            from penstock.engine.memory import flow_result_at

            result = flow_result_at(earlier.result, self.flow)
            if result is not None:
                self._note(State(StateType.COMPLETED, "Cached", data=result))
                return run.state
        if earlier.state.type in (StateType.COMPLETED, StateType.CANCELLED):
            # It ended and left nothing to take: this call is a run of its own.
            run.id = uuid7()
            created = self.recorder.begin(self._creation(key=None))
            self.context.attempt = 0 if created is None else created.attempt
        else:
            self._go_on_with(self.recorder.restart(run.id))
        self._note(State(StateType.RUNNING))
        return None

    def _go_on_with(self, earlier: FlowRunRecord) -> None:
        run = self.run
        run.name, run.tags, run.run_count = earlier.name, earlier.tags, earlier.run_count - 1
        run.start_time, run.expected_start_time = earlier.start_time, earlier.expected_start or earlier.created
        self.context.attempt = earlier.attempt
        if earlier.anew and self.context.anew is None:
            from penstock.engine.anew import AnewCalls

            self.context.anew = AnewCalls(run.id, earlier.anew)

    def _creation(self, key: str | None) -> FlowRunCreate:
        run, flow = self.run, self.flow
        self._started = clock.now()
        start = FlowRunStart(owner_id(), self._started, settings.current().recording.lease_seconds)
        return FlowRunCreate(
            run.id,
            flow.name,
            run.name,
            [StateRecord.of(run.state)],
            parameters=run.parameters,
            tags=run.tags,
            start=start,
            parent_flow_run_id=run.parent_flow_run_id,
            parent_task_run_id=run.parent_task_run_id,
            upstreams=self._upstreams,
            flow_version=run.flow_version,
            retries=flow.retries,
            recoveries=flow.recoveries,
            idempotency_key=key,
        )

    def _key_within_parent(self) -> str | None:
        """Return what names this call among those of a durable flow run, the same in each of its attempts."""
        parent = self.parent
        if parent is None or not parent.durable:
            return None
        from penstock.hashing import HashError, stable_hash

        try:
            key = f"{parent.flow_run.id}:{stable_hash(self.flow.name, self.parameters)}"
        except HashError:
            return None
        return f"{key}:{next(parent.occurrences[key])}"

    def propose(self, state: State[Any]) -> State[Any]:
        """Propose `state` for the run; return the state that the run is in now.

        Raises:
            StaleAttempt: another attempt has taken the run over.
        """
        error = error_record(state) if state.type in (StateType.FAILED, StateType.CRASHED) else None
        proposal = StateProposal(
            StateRecord.of(state),
            self.context.attempt,
            error=error,
            result=self.result_location,
            pause=self.pause if state.type is StateType.PAUSED else None,
        )
        verdict = self.recorder.propose(self.run.id, proposal)
        if verdict is not None and verdict.decision is not Decision.ACCEPT:
            if verdict.attempt != self.context.attempt:
                raise StaleAttempt(
                    f"Flow run {self.run.name!r} was taken over by attempt {verdict.attempt}; this process ran attempt "
                    f"{self.context.attempt} and stops."
                )
            state = verdict.state.to_state()
        self._note(state)
        return state

    def is_being_cancelled(self) -> bool:
        """Whether somebody has asked for the run, or for the outermost one around it, to be cancelled."""
        outermost = self.context
        while outermost.parent is not None:
            outermost = outermost.parent
        return any(self.recorder.is_being_cancelled(run_id) for run_id in {self.run.id, outermost.flow_run.id})

    def crash(self, state: State[Any]) -> None:
        """Propose the crash of the run; where it is just being created, as soon as it is."""
        with self._settling:
            self._crash = state
            if not self._begun:
                return
        self.propose(state)

    def _note(self, state: State[Any]) -> None:
        run = self.run
        run.state = state
        if state.type is StateType.RUNNING:
            run.run_count += 1
            run.start_time = run.start_time or state.timestamp
        elif state.is_final():
            run.end_time = state.timestamp
