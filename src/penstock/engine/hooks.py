"""Call users' hooks; a broken one is logged and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from logging import Logger, LoggerAdapter
from typing import Any

from penstock.core.state import State
from penstock.core.steps import RunHook, Steps

Log = Logger | LoggerAdapter[Any]


def call_hooks(hooks: Iterable[Callable[..., Any]], of: Any, run: Any, state: State[Any], logger: Log) -> Steps[None]:
    """Call each hook with the flow or task, its run and the state that was entered."""
    for hook in hooks:
        name = getattr(hook, "__name__", None) or repr(hook)
        try:
            logger.debug("Running hook %r in response to entering state %r", name, state.name)
            yield RunHook(lambda hook=hook: hook(of, run, state))  # type: ignore[misc]
        except Exception:
            logger.exception("The hook %r failed when the run entered %r; the run goes on.", name, state.name)
