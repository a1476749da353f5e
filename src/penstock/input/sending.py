"""Telling something to a flow run while it goes on."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from penstock.client.transport import call
from penstock.context import run_here
from penstock.core.dispatch import in_async_code
from penstock.core.ids import uuid7
from penstock.core.steps import Block, Steps, drive, drive_async
from penstock.input.run_input import RunInput, key_prefix_of, run_input_subclass_from_type
from penstock.wire.events import FLOW_RUN_PREFIX
from penstock.wire.operations import FLOW_RUNS_SEND_INPUT
from penstock.wire.pausing.inputs import SendInput


def send_input(run_input: Any, flow_run_id: UUID, sender: str | None = None, key_prefix: str | None = None) -> Any:
    """Tell something to a flow run, whether it is receiving already or will later. In async code await what this returns.

    Parameters:
        run_input: a `RunInput`, a pydantic model, or a value of any type that pydantic knows.
        flow_run_id: the flow run.
        sender: who tells it; by default the flow run that this is called in, which then can be answered.
        key_prefix: how its key begins; by default as receivers of its type look for it.

    Raises:
        ObjectNotFound: there is no such flow run.
        ObjectLimitReached: it is too large, or the run was told too much.
    """
    steps = _send_steps(run_input, flow_run_id, sender, key_prefix)
    return drive_async(steps) if in_async_code() else drive(steps)


def asend_input(
    run_input: Any, flow_run_id: UUID, sender: str | None = None, key_prefix: str | None = None
) -> Coroutine[Any, Any, None]:
    """Do as `send_input` does, as a coroutine wherever it is called."""
    return drive_async(_send_steps(run_input, flow_run_id, sender, key_prefix))


def _send_steps(run_input: Any, flow_run_id: UUID, sender: str | None, key_prefix: str | None) -> Steps[None]:
    made = _as_run_input(run_input)
    here, _ = run_here()
    if sender is None and here is not None:
        sender = f"{FLOW_RUN_PREFIX}{here}"
    key = f"{key_prefix or key_prefix_of(type(made))}-{uuid7()}"
    value = made.model_dump(mode="json", by_alias=True)
    request = SendInput(UUID(str(flow_run_id)), key, value, sender)
    yield Block(lambda: call(FLOW_RUNS_SEND_INPUT, request))


def _as_run_input(value: Any) -> RunInput:
    if isinstance(value, RunInput):
        return value
    model = run_input_subclass_from_type(type(value))
    return model.model_validate(value.model_dump() if isinstance(value, BaseModel) else {"value": value})
