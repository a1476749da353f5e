"""Steps of users' own: any function that can be imported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from inspect import signature
from typing import Any

from penstock.core.errors import StepExecutionError
from penstock.core.steps import run_to_end


class OwnFunction:
    """A function, sync or async, that a deployment names as `package.module.function`.

    Parameters:
        name: that name.

    Raises:
        StepExecutionError: there is no such function.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._function = _imported(name)

    def run(self, inputs: Mapping[str, Any]) -> Any:
        """Call it with the inputs, and return what it returns.

        Raises:
            StepExecutionError: they do not fit its signature.
        """
        try:
            signature(self._function).bind(**inputs)
        except TypeError as error:
            raise StepExecutionError(f"The inputs of step {self.name} are wrong: {error}.") from None
        outcome = self._function(**inputs)
        return run_to_end(outcome) if isinstance(outcome, Awaitable) else outcome


def _imported(name: str) -> Callable[..., Any]:
    module_name, _, function_name = name.rpartition(".")
    if not module_name or not all(part.isidentifier() for part in name.split(".")):
        raise StepExecutionError(
            f"There is no step {name!r}. Name one of penstock.deployments.steps, or a function as package.module.function."
        )
    try:
        found = getattr(import_module(module_name), function_name, None)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise
        raise StepExecutionError(
            f"There is no step {name!r}: there is no module {error.name!r} here. Install it, or correct the name."
        ) from None
    if not callable(found):
        raise StepExecutionError(f"There is no step {name!r}: {module_name} has no such function. Correct the name.")
    function: Callable[..., Any] = found
    return function
