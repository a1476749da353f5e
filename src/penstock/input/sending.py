"""Telling something to a flow run while it goes on."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from penstock.core.dispatch import in_async_code
from penstock.core.ids import uuid7
from penstock.core.steps import Steps, drive, drive_async
from penstock.input.actions import create_steps, sender_here
from penstock.input.run_input import RunInput, key_prefix_of, run_input_subclass_from_type


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
    key = f"{key_prefix or key_prefix_of(type(made))}-{uuid7()}"
    yield from create_steps(key, made, flow_run_id, sender or sender_here())


def _as_run_input(value: Any) -> RunInput:
    if isinstance(value, RunInput):
        return value
    model = run_input_subclass_from_type(type(value))
    return model.model_validate(value.model_dump() if isinstance(value, BaseModel) else {"value": value})
