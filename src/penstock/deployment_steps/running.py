"""Carrying steps out, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.core.errors import PenstockException, StepExecutionError
from penstock.deployment_steps.naming import check_required, find_step
from penstock.deployment_steps.own_function import OwnFunction
from penstock.deployment_steps.step import Tell
from penstock.sources.references import resolve

MOST_STEPS = 100


def run_steps(
    steps: Sequence[Mapping[str, Any]], outputs: Mapping[str, Any] | None = None, tell: Tell = print
) -> dict[str, Any]:
    """Carry steps out in order, in this process.

    A step is a dict with its name as the one key, and its inputs as the value. Inputs may be references to environment
    variables, and to what earlier steps returned: `{{ output }}`, or `{{ id.output }}` where the step has an `id` among
    its inputs. `requires` among them names packages that must be there.

    Parameters:
        steps: the steps.
        outputs: what they may refer to from the start.
        tell: called with each line that they have to say.

    Returns:
        All outputs: each by its name, and those of a step with an `id` also by that.

    Raises:
        StepExecutionError: one failed; those after it were not begun.
    """
    known = dict(outputs or {})
    if len(steps) > MOST_STEPS:
        raise StepExecutionError(f"There are {len(steps)} steps, and may be {MOST_STEPS}.")
    for number, step in enumerate(steps, start=1):
        if not step:
            continue
        name, inputs = _parted(step, number)
        tell(f" > Running {name.rpartition('.')[2]} step...")
        output = _run(name, inputs, known, tell)
        if isinstance(output, Mapping):
            if inputs.get("id"):
                known[str(inputs["id"])] = dict(output)
            known.update(output)
    return known


def run_step(step: Mapping[str, Any], outputs: Mapping[str, Any] | None = None, tell: Tell = print) -> Any:
    """Carry one step out, and return what it returns. See `run_steps`."""
    name, inputs = _parted(step, 1)
    return _run(name, inputs, outputs or {}, tell)


def _parted(step: Any, number: int) -> tuple[str, dict[str, Any]]:
    if not isinstance(step, Mapping) or len(step) != 1:
        raise StepExecutionError(
            f"Step {number} is none: it must be the name of a step with its inputs below it, and nothing beside the name."
        )
    ((name, inputs),) = step.items()
    if inputs is not None and not isinstance(inputs, Mapping):
        raise StepExecutionError(f"The inputs of step {number}, {name}, are no names with values.")
    return str(name), dict(inputs or {})


def _run(name: str, inputs: dict[str, Any], known: Mapping[str, Any], tell: Tell) -> Any:
    try:
        check_required(inputs.get("requires"))
        own = {key: value for key, value in inputs.items() if key not in {"id", "requires"}}
        found = find_step(name)
        resolved = resolve(own, known)
        return found.run(resolved) if isinstance(found, OwnFunction) else found.of(resolved).run(tell)
    except StepExecutionError:
        raise
    except PenstockException as error:
        raise StepExecutionError(f"Step {name} failed: {error}") from error
    except Exception as error:
        raise StepExecutionError(f"Step {name} raised {type(error).__name__}: {error}") from error
