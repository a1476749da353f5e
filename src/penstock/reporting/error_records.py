"""What a run failed with, as it is recorded."""

from __future__ import annotations

from typing import Any

from penstock.core.state import State, state_exception
from penstock.reporting.tracebacks import describe, traceback_text
from penstock.wire.states import ErrorRecord


def error_record(state: State[Any]) -> ErrorRecord | None:
    """Return what a failed or crashed run is recorded to have failed with."""
    try:
        error = state_exception(state)
    except Exception:
        return None
    kind = type(error)
    return ErrorRecord(f"{kind.__module__}.{kind.__qualname__}", describe(error), traceback_text(error))
