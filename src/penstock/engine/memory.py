"""Remember what runs returned: results are looked up before a task runs, written when it completes, undone on rollback."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from penstock.cache_policies import RECOVERY
from penstock.core import clock
from penstock.core.errors import FailedRun, ResultTooLarge, SerializationError
from penstock.core.state import State, StoredResult
from penstock.core.state_type import StateType
from penstock.engine.outcomes import failed
from penstock.engine.run_logs.run_loggers import flow_run_logger, task_run_logger
from penstock.results.current import enter_result_scope, get_result_store, leave_result_scope
from penstock.results.record import ResultRecord
from penstock.results.store import ResultStore
from penstock.transactions.base import BaseTransaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from penstock.context import FlowRunContext
    from penstock.core.steps import Steps
    from penstock.engine.flow_call import FlowCall
    from penstock.engine.task_call import TaskCall


def remembered_steps(call: TaskCall, run: Steps[State[Any]]) -> Steps[State[Any]]:
    """Return the remembered result of `call` as a state, or carry out `run` and remember what it returns."""
    context = call.context
    store = get_result_store().update_for_task(call.task, lambda: _variables(call))
    context.result_store = store
    token = enter_result_scope(store, context.persist_result)
    try:
        transaction = _transaction(call, store)
        yield from transaction.enter_steps()
        try:
            state = yield from _recall(call, transaction)
            if state is None:
                state = yield from run
                state = _stage(call, transaction, store, state)
        except BaseException as error:
            yield from transaction.exit_steps(error)
            raise
        # A failed run undoes the transaction around it too, whether or not its error is raised there.
        failure = None if state.type is StateType.COMPLETED else FailedRun(state.message or state.name)
        yield from transaction.exit_steps(failure)
        return _settled(call, transaction, state)
    finally:
        leave_result_scope(token)


def _variables(call: TaskCall) -> dict[str, Any]:
    """Return what a `result_storage_key` may name."""
    flow_context = call.flow_context
    flow_run = None if flow_context is None else flow_context.flow_run
    return {"parameters": call.context.parameters, "task_run": call.run, "flow_run": flow_run}


def _transaction(call: TaskCall, store: ResultStore) -> BaseTransaction:
    task, persists = call.task, call.context.persist_result
    key = _cache_key(call) if persists else None
    overwrite = _refreshes(call)
    flow_context = call.flow_context
    if flow_context is not None and flow_context.anew is not None:
        from penstock.engine.anew import task_since

        attempt = task_since(call, key)
        if attempt and key is not None:
            key = flow_context.anew.key_since(attempt, key)
        overwrite = overwrite or (attempt > 0 and key is None)
    call.run.record.cache_key = key
    if key is None and persists:
        key = store.storage_key_fn()
        # A key that the task names is one to be found by; a new one can't have a result yet.
        overwrite = overwrite or task.result_storage_key is None
    return BaseTransaction(
        store,
        key,
        isolation_level=None if task.cache_policy is None else task.cache_policy.isolation_level,
        overwrite=overwrite,
        write_on_commit=persists,
        logger=task_run_logger(call.context),
    )


def _refreshes(call: TaskCall) -> bool:
    from penstock import settings

    refresh = call.task.refresh_cache
    return settings.current().tasks.refresh_cache if refresh is None else refresh


def _cache_key(call: TaskCall) -> str | None:
    task, flow_context = call.task, call.flow_context
    policy = task.cache_policy
    if policy is None:
        return None
    more: dict[str, Any] = {}
    if flow_context is not None and flow_context.durable and not task.chose_policy:
        policy = RECOVERY
        more["occurrence"] = _counter(flow_context)
    flow_parameters = {} if flow_context is None else flow_context.parameters
    try:
        return policy.compute_key(call.context, call.context.parameters, flow_parameters, **more)
    except Exception:
        task_run_logger(call.context).exception(
            "The cache key of task %r could not be computed; its result is not looked up.", task.name
        )
        return None


def _counter(flow_context: FlowRunContext) -> Callable[[str], int]:
    """Return a function that tells how many calls with a key came before, in this attempt of the flow run."""

    def occurrence(key: str) -> int:
        # One step of the interpreter, so that threads get different numbers.
        return next(flow_context.occurrences[key])

    return occurrence


def _recall(call: TaskCall, transaction: BaseTransaction) -> Steps[State[Any] | None]:
    if not transaction.is_committed():
        return None
    record = yield from transaction.read_steps()
    if record is None:
        return None
    call.run.record.result = record.metadata.location
    return State(
        StateType.COMPLETED,
        name="Cached",
        message="The result of an earlier run with the same cache key was taken.",
        data=_kept(call.task.cache_result_in_memory, record),
    )


def _kept(in_memory: bool, record: ResultRecord[Any]) -> Any:
    return record.result if in_memory else record.metadata


def _stage(call: TaskCall, transaction: BaseTransaction, store: ResultStore, state: State[Any]) -> State[Any]:
    if state.type is not StateType.COMPLETED:
        return state
    task = call.task
    value: Any = state.data
    if transaction.write_on_commit and not isinstance(value, StoredResult):
        value = store.create_result_record(value, transaction.key, _expiration(task.cache_expiration))
        call.run.record.result = store.result_storage.location(value.metadata.storage_key)
    transaction.stage(value, task.on_rollback_hooks, task.on_commit_hooks)
    transaction.when_rolled_back = call.roll_back
    if not task.cache_result_in_memory and isinstance(value, ResultRecord):
        value.metadata.storage = store.result_storage
        state.data = value.metadata
    return state


def _expiration(cache_expiration: timedelta | None) -> datetime | None:
    return None if cache_expiration is None else clock.now() + cache_expiration


def _settled(call: TaskCall, transaction: BaseTransaction, state: State[Any]) -> State[Any]:
    error = transaction.commit_error
    if error is None or state.type is not StateType.COMPLETED:
        return state
    call.run.record.result = None
    if isinstance(error, (SerializationError, ResultTooLarge)):
        return failed(type(error)(f"The result of task {call.task.name!r} could not be persisted. {error}"))
    return failed(error)


def persist_flow_result(call: FlowCall, state: State[Any]) -> State[Any]:
    """Write the result of a completed flow run to its storage; return the state to enter.

    A result that can't be written fails the run: somebody counts on finding it.
    """
    if isinstance(state.data, StoredResult):
        return state
    store = get_result_store().update_for_flow(call.flow)
    try:
        record = store.create_result_record(state.data)
        store.persist_result_record(record)
    except (SerializationError, ResultTooLarge) as error:
        flow_run_logger(call.context).error("The result could not be persisted. %s", error)
        return failed(type(error)(f"The result of flow {call.flow.name!r} could not be persisted. {error}"))
    call.result_location = record.metadata.location
    if not call.flow.cache_result_in_memory:
        state.data = record.metadata
    return state


def flow_result_at(location: str, flow: Any) -> StoredResult | None:
    """Return the persisted result of an earlier run of `flow`, or None where it is not there any more."""
    record = get_result_store().update_for_flow(flow).find(location)
    return None if record is None else record.metadata


def enter_flow_scope(call: FlowCall) -> Any:
    """Put the result store of a flow run in use; hand what is returned to `leave_result_scope`."""
    store = get_result_store().update_for_flow(call.flow)
    call.context.result_store = store
    return enter_result_scope(store, call.context.persist_result)
