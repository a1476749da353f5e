"""What a flow run is told, by keys: what `send_input` and `receive_input` stand on."""

from __future__ import annotations

from collections.abc import Collection, Coroutine, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from penstock.client.transport import call
from penstock.context import run_here
from penstock.core.dispatch import in_async_code
from penstock.core.errors import MissingContextError
from penstock.core.steps import Block, Steps, drive, drive_async
from penstock.wire.events import FLOW_RUN_PREFIX
from penstock.wire.operations import FLOW_RUNS_DELETE_INPUT, FLOW_RUNS_LIST_INPUTS, FLOW_RUNS_SEND_INPUT
from penstock.wire.pausing.inputs import FlowRunInput, InputByKey, InputQuery, SendInput

_INPUTS_AT_ONCE = 200


def create_flow_run_input(key: str, value: Any, flow_run_id: UUID | None = None, sender: str | None = None) -> Any:
    """Tell a flow run something under a key. In async code await what this returns.

    Parameters:
        key: tells it from all else that the run is told; under one that is known, nothing new is told.
        value: what JSON can hold, or pydantic can make that of.
        flow_run_id: the flow run; by default the one that this is called in.
        sender: who tells it.

    Raises:
        ObjectNotFound: there is no such flow run.
        ObjectLimitReached: it is too large, or the run was told too much.
        MissingContextError: no flow run is named, and none runs here.
    """
    return _carried_out(create_steps(key, value, flow_run_id, sender))


def acreate_flow_run_input(
    key: str, value: Any, flow_run_id: UUID | None = None, sender: str | None = None
) -> Coroutine[Any, Any, None]:
    """Do as `create_flow_run_input` does, as a coroutine wherever it is called."""
    return drive_async(create_steps(key, value, flow_run_id, sender))


def create_flow_run_input_from_model(
    key: str, model_instance: BaseModel, flow_run_id: UUID | None = None, sender: str | None = None
) -> Any:
    """Tell a flow run what a pydantic model holds, as `create_flow_run_input` does.

    The sender is the flow run that this is called in, unless it is given.
    """
    return _carried_out(create_steps(key, model_instance, flow_run_id, sender or sender_here()))


def acreate_flow_run_input_from_model(
    key: str, model_instance: BaseModel, flow_run_id: UUID | None = None, sender: str | None = None
) -> Coroutine[Any, Any, None]:
    """Do as `create_flow_run_input_from_model` does, as a coroutine wherever it is called."""
    return drive_async(create_steps(key, model_instance, flow_run_id, sender or sender_here()))


def filter_flow_run_input(
    key_prefix: str, limit: int = 1, exclude_keys: set[str] | None = None, flow_run_id: UUID | None = None
) -> Any:
    """Return what a flow run was told under keys that begin so, in its order. In async code await what this returns.

    Parameters:
        key_prefix: how the keys begin.
        limit: how many at most.
        exclude_keys: what has one of these keys is left out.
        flow_run_id: the flow run; by default the one that this is called in.
    """
    return _carried_out(_filter_steps(key_prefix, limit, exclude_keys, flow_run_id))


def afilter_flow_run_input(
    key_prefix: str, limit: int = 1, exclude_keys: set[str] | None = None, flow_run_id: UUID | None = None
) -> Coroutine[Any, Any, list[FlowRunInput]]:
    """Do as `filter_flow_run_input` does, as a coroutine wherever it is called."""
    return drive_async(_filter_steps(key_prefix, limit, exclude_keys, flow_run_id))


def read_flow_run_input(key: str, flow_run_id: UUID | None = None) -> Any:
    """Return what a flow run was told under a key; None if it was told nothing. In async code await what this returns.

    Parameters:
        key: the key.
        flow_run_id: the flow run; by default the one that this is called in.
    """
    return _carried_out(_read_steps(key, flow_run_id))


def aread_flow_run_input(key: str, flow_run_id: UUID | None = None) -> Coroutine[Any, Any, Any]:
    """Do as `read_flow_run_input` does, as a coroutine wherever it is called."""
    return drive_async(_read_steps(key, flow_run_id))


def delete_flow_run_input(key: str, flow_run_id: UUID | None = None) -> Any:
    """Delete what a flow run was told under a key. In async code await what this returns.

    Parameters:
        key: the key.
        flow_run_id: the flow run; by default the one that this is called in.

    Raises:
        ObjectNotFound: it was told nothing under the key.
    """
    return _carried_out(_delete_steps(key, flow_run_id))


def adelete_flow_run_input(key: str, flow_run_id: UUID | None = None) -> Coroutine[Any, Any, None]:
    """Do as `delete_flow_run_input` does, as a coroutine wherever it is called."""
    return drive_async(_delete_steps(key, flow_run_id))


def create_steps(key: str, value: Any, flow_run_id: UUID | None, sender: str | None) -> Steps[None]:
    """Tell a flow run something, as `create_flow_run_input` does."""
    own_id = told_here(flow_run_id)
    request = SendInput(own_id, key, to_jsonable_python(value, by_alias=True), sender)
    yield Block(lambda: call(FLOW_RUNS_SEND_INPUT, request))


def sender_here() -> str | None:
    """Return what the flow run that runs here calls itself as a sender."""
    here, _ = run_here()
    return None if here is None else f"{FLOW_RUN_PREFIX}{here}"


def told_here(flow_run_id: UUID | str | None) -> UUID:
    """Return the flow run that is meant: by default the one that runs here.

    Raises:
        MissingContextError: none does.
    """
    if flow_run_id is not None:
        return UUID(str(flow_run_id))
    here, _ = run_here()
    if here is None:
        raise MissingContextError("No flow run is running here that could be told anything. Give flow_run_id.")
    return here


def _filter_steps(
    key_prefix: str, limit: int, exclude_keys: set[str] | None, flow_run_id: UUID | None
) -> Steps[list[FlowRunInput]]:
    excluded = exclude_keys or set()
    own_id = told_here(flow_run_id)
    return (yield Block(lambda: list(islice(_told(own_id, key_prefix, excluded), limit))))  # type: ignore[no-any-return]


def _read_steps(key: str, flow_run_id: UUID | None) -> Steps[Any]:
    own_id = told_here(flow_run_id)
    found = yield Block(lambda: next((one for one in _told(own_id, key) if one.key == key), None))
    return None if found is None else found.value


def _told(flow_run_id: UUID, key_prefix: str, excluded: Collection[str] = ()) -> Iterator[FlowRunInput]:
    """Yield what a run was told, page by page."""
    query = InputQuery(flow_run_id, key_prefix, limit=_INPUTS_AT_ONCE)
    while items := call(FLOW_RUNS_LIST_INPUTS, query).items:
        yield from (one for one in items if one.key not in excluded)
        query = InputQuery(flow_run_id, key_prefix, items[-1].position, _INPUTS_AT_ONCE)


def _delete_steps(key: str, flow_run_id: UUID | None) -> Steps[None]:
    request = InputByKey(told_here(flow_run_id), key)
    yield Block(lambda: call(FLOW_RUNS_DELETE_INPUT, request))


def _carried_out(steps: Steps[Any]) -> Any:
    return drive_async(steps) if in_async_code() else drive(steps)
