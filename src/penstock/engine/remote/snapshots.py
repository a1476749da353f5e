"""What a child process is told of a flow run and a task run, and what it makes of that."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import partial
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Any

import msgspec

from penstock.context import FlowRunContext, TagsContext, TaskRunContext
from penstock.core.names.calls import key_of_first
from penstock.engine.definitions.flow_definition import FlowDefinition
from penstock.engine.remote.messages import Call, FlowSnapshot, Surroundings
from penstock.engine.remote.pickling import dumps, is_sent_by_name, loads
from penstock.engine.runs import TaskRun
from penstock.results.current import enter_result_scope, get_result_store
from penstock.wire.task_runs import TaskRun as TaskRunRecord

if TYPE_CHECKING:
    from penstock.engine.task_call import TaskCall

_FLOW_FIELDS = ("start_time", "log_prints", "persist_result", "attempt", "depth", "durable", "traced", "anew")
_FLOW_OPTIONS = (
    "cache_result_in_memory",
    "isasync",
    "isgenerator",
    "log_prints",
    "name",
    "persist_result",
    "recoveries",
    "result_serializer",
    "result_storage",
    "retries",
    "retry_delay_seconds",
    "should_validate_parameters",
    "timeout_seconds",
)
# Only the parent calls these; they need not be picklable.
_HOOKS = (
    "on_commit_hooks",
    "on_completion_hooks",
    "on_failure_hooks",
    "on_rollback_hooks",
    "on_running_hooks",
)
_CALLED_IN_PARENT = ("cache_key_fn", "cache_policy", "retry_condition_fn", "task_run_name")

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(TaskRunRecord)


def surroundings_of(context: FlowRunContext | None, settings: Any, by_value: AbstractSet[str]) -> Surroundings:
    """Return what calls in this flow run have in common."""
    if context is None:
        return Surroundings(settings, None)
    flow = context.flow
    options = {name: getattr(flow, name) for name in _FLOW_OPTIONS}
    options |= {"_version": flow.version, "_description": flow.description}
    fields = {name: getattr(context, name) for name in _FLOW_FIELDS}
    snapshot = FlowSnapshot(
        _pickled(options, by_value), context.flow_run, _pickled(context.parameters, by_value), fields
    )
    return Surroundings(settings, snapshot)


def _pickled(values: dict[str, Any], by_value: AbstractSet[str]) -> dict[str, bytes]:
    """Return each value pickled; those that can't be are left out: a task must not fail for what it may never read."""
    pickled = {}
    for name, value in values.items():
        with suppress(Exception):
            pickled[name] = bytes(dumps(value, b" ", by_value))
    return pickled


def _unpickled(values: dict[str, bytes]) -> dict[str, Any]:
    unpickled = {}
    for name, value in values.items():
        with suppress(Exception):
            unpickled[name] = loads(value)
    return unpickled


def flow_context_of(snapshot: FlowSnapshot | None) -> FlowRunContext | None:
    """Return the flow run's context for a child. Its task runner is one of threads: processes do not multiply."""
    if snapshot is None:
        return None
    flow = FlowDefinition.__new__(FlowDefinition)
    flow.__dict__.update(dict.fromkeys(("result_serializer", "result_storage", "_task_runner")))
    flow.__dict__.update(_unpickled(snapshot.options))
    context = FlowRunContext(flow, snapshot.run, _unpickled(snapshot.parameters), snapshot.run.expected_start_time)
    for name, value in snapshot.fields.items():
        setattr(context, name, value)
    return context


def call_of(
    call: TaskCall,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    timeout_seconds: float | None,
    overdue: str,
    by_value: AbstractSet[str],
) -> Call:
    """Return what a child needs to know to call the function of a task."""
    context, task = call.context, call.task
    # As plain as can be: what has a class of its own costs its pickler microseconds.
    return Call(
        (task.fn.__module__, task.fn.__qualname__) if is_sent_by_name(task, by_value) else _without_what_stays(task),
        args,
        kwargs,
        call.parameters,
        _encoder.encode(call.run.record),
        (context.log_prints, context.persist_result, context.depth),
        _since(call),
        TagsContext.__var__.get(),
        timeout_seconds,
        overdue,
        _trace() if call.is_traced() else None,
    )


def _since(call: TaskCall) -> Any:
    flow_context = call.flow_context
    if flow_context is None or flow_context.anew is None:
        return None
    return flow_context.anew.noted(call.run.record.id)


def _trace() -> dict[str, str]:
    from penstock.engine.tracing import trace_carrier

    return trace_carrier()


def _without_what_stays(task: Any) -> Any:
    twin = copy.copy(task)
    twin.__dict__.update(dict.fromkeys(_CALLED_IN_PARENT))
    twin.__dict__.update({name: [] for name in _HOOKS})
    twin.__dict__.update({"_options": {}, "_source_code": None})
    return twin


def task_context_of(call: Call) -> TaskRunContext:
    """Return the task run's context for a child."""
    record = _decoder.decode(call.record)
    log_prints, persist_result, depth = call.fields
    run = TaskRun(record, record.state.to_state(data=None))
    context = TaskRunContext(call.task, run, call.parameters, record.states[0].timestamp, depth)
    context.log_prints = log_prints
    context.persist_result = persist_result
    return context


def occurrences_within(context: TaskRunContext) -> defaultdict[str, Iterator[int]]:
    """Return how calls with the same cache key are numbered within a task run of a durable flow run.

    The numbers begin where no other task run's do: a result may be found by the same call in the next attempt, and by
    no other call in this one.
    """
    record = context.task_run.record
    key = str(record.id) if record.cache_key is None else key_of_first(record.cache_key)
    digest = sha256(key.encode()).digest()
    return defaultdict(partial(count, int.from_bytes(digest[:8], "big")))


def keep_results(flow_context: FlowRunContext | None, context: TaskRunContext) -> None:
    """Put the result store of a task run in use, or that of its flow run, where they say how results are kept."""
    if flow_context is not None:
        flow = flow_context.flow
        persist_result = flow_context.persist_result
        if persist_result is not None or flow.result_storage is not None or flow.result_serializer is not None:
            flow_context.result_store = get_result_store().update_for_flow(flow)
            enter_result_scope(flow_context.result_store, persist_result)
    if context.persist_result:
        context.result_store = get_result_store().update_for_task(context.task)
        enter_result_scope(context.result_store, persist_result=True)
