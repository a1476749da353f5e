"""Spans of OpenTelemetry around flow runs and task runs. Loaded only where tracing is on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from penstock.core.errors import ConfigurationError, ProcessDied
from penstock.core.state import State
from penstock.core.state_type import StateType
from penstock.core.version import __version__
from penstock.engine.invocation.effects import TakenEnough
from penstock.engine.outcomes import crashed, failed, returned, taken

try:
    from opentelemetry import propagate, trace
    from opentelemetry.context import attach, detach
    from opentelemetry.trace import Span, Status, StatusCode
except ImportError as error:
    raise ConfigurationError(
        f"tracing.enabled is set, and the package it needs can't be imported ({error}). Install it: "
        "pip install 'penstock[otel]', or unset PENSTOCK_TRACING_ENABLED."
    ) from error

if TYPE_CHECKING:
    from penstock.core.steps import Effect, Steps
    from penstock.engine.flow_call import FlowCall
    from penstock.engine.task_call import TaskCall

# Stands for whichever provider the program sets, also later.
_tracer = trace.get_tracer("penstock", __version__)


def traced_flow_run(call: FlowCall, steps: Steps[State[Any]]) -> Steps[State[Any]]:
    """Carry out `steps`, which bring the flow run from Running to its end, within a span."""
    run = call.run
    attributes = {
        **_attributes("flow", run, call.parameters),
        "penstock.flow.name": run.flow_name,
        "penstock.run.attempt": call.context.attempt,
    }
    if run.flow_version is not None:
        attributes["penstock.flow.version"] = run.flow_version
    with _span(run.name, attributes) as span:
        try:
            state = yield from steps
        except BaseException as raised:
            _end_in(span, crashed(raised))
            raise
        _end_in(span, state)
        return state


def traced_attempt(call: TaskCall, invocation: Effect) -> Steps[State[Any]]:
    """Carry out the `invocation` of the task's function within a span; return the state that comes of it."""
    run, flow_context = call.run, call.flow_context
    attributes = {
        **_attributes("task", run, call.parameters),
        "penstock.task.name": call.task.name,
        "penstock.task.key": run.task_key,
        "penstock.run.count": run.run_count,
    }
    if flow_context is not None:
        attributes["penstock.flow.name"] = flow_context.flow_run.flow_name
        attributes["penstock.flow_run.id"] = str(flow_context.flow_run.id)
    with _span(run.name, attributes) as span:
        try:
            call.value = yield invocation
            state = yield from returned(call.value)
        except BaseException as raised:
            _end_in(span, _ended_by(raised, call))
            raise
        _end_in(span, call.run.state if call.run.state.is_final() else state)
        return state


def trace_carrier() -> dict[str, str]:
    """Return what says, to another process, which span it goes on in."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier


def continue_trace(carrier: dict[str, str]) -> None:
    """Go on, for the rest of this context, in the span that `carrier` names."""
    attach(propagate.extract(carrier))


def _attributes(kind: str, run: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "penstock.run.type": kind,
        "penstock.run.id": str(run.id),
        "penstock.run.name": run.name,
        "penstock.tags": run.tags,
        # The types, not the values: those may be secret, and as long as they like.
        **{f"penstock.run.parameter.{name}": type(value).__name__ for name, value in parameters.items()},
    }


@contextmanager
def _span(name: str, attributes: dict[str, Any]) -> Iterator[Span]:
    span = _tracer.start_span(name, attributes=attributes)
    token = attach(trace.set_span_in_context(span))
    try:
        yield span
    finally:
        detach(token)
        span.end()


def _ended_by(raised: BaseException, call: TaskCall) -> State[Any]:
    if call.run.state.is_final():
        return call.run.state
    if isinstance(raised, TakenEnough):
        return taken()
    if isinstance(raised, Exception) and not isinstance(raised, ProcessDied):
        return failed(raised, call.run.record.id)
    return crashed(raised)


def _end_in(span: Span, state: State[Any]) -> None:
    if not span.is_recording():
        return
    span.set_attribute("penstock.state.type", state.type.value)
    span.set_attribute("penstock.state.name", state.name)
    if state.type is StateType.COMPLETED:
        span.set_status(Status(StatusCode.OK))
    elif state.type in (StateType.FAILED, StateType.CRASHED):
        span.set_status(Status(StatusCode.ERROR, state.message))
        if isinstance(state.data, BaseException):
            span.record_exception(state.data)
