"""Carrying steps out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.core.errors import StepExecutionError as StepExecutionError
from penstock.deployment_steps import running

__all__ = ["StepExecutionError", "run_step", "run_steps"]


async def run_step(step: Mapping[str, Any], upstream_outputs: Mapping[str, Any] | None = None) -> Any:
    """Carry one step out, in this process.

    Parameters:
        step: a dict with the name of the step as its one key, and its inputs as the value.
        upstream_outputs: what its inputs may refer to, as `{{ name }}`.

    Returns:
        What the step returns.

    Raises:
        StepExecutionError: it failed.
    """
    import asyncio

    return await asyncio.to_thread(running.run_step, step, upstream_outputs)


async def run_steps(
    steps: Sequence[Mapping[str, Any]],
    upstream_outputs: Mapping[str, Any] | None = None,
    print_function: Any = print,
    deployment: Any = None,
    flow_run: Any = None,
    logger: Any = None,
) -> dict[str, Any]:
    """Carry steps out in order, in this process.

    Inputs may be references: `{{ $NAME }}` to an environment variable, `{{ output }}` to what an earlier step returned, and
    `{{ id.output }}` to what the step with that `id` among its inputs did. `requires` among a step's inputs names packages
    that must be installed.

    Parameters:
        steps: dicts with the name of a step as the one key, and its inputs as the value.
        upstream_outputs: what inputs may refer to from the start.
        print_function: called with each line that the steps have to say.
        deployment, flow_run: accepted for programs written for Prefect.
        logger: logs those lines at INFO, in the place of `print_function`.

    Returns:
        All outputs, each by its name; those of a step with an `id` also by that.

    Raises:
        StepExecutionError: one failed; those after it were not begun.
    """
    import asyncio

    tell = print_function if logger is None else logger.info
    return await asyncio.to_thread(running.run_steps, steps, upstream_outputs, tell)
