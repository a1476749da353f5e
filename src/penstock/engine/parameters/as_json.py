"""Parameters as JSON has them."""

from __future__ import annotations

from typing import Any

from penstock.core.state import State
from penstock.futures import PenstockFuture


def as_json(value: Any) -> Any:
    """Return `value` as JSON has it; of a future, a state, and what JSON can't say, the name of its class in `<>`."""
    from pydantic_core import to_jsonable_python

    if not isinstance(value, (PenstockFuture, State)):
        try:
            return to_jsonable_python(value)
        except (TypeError, ValueError, RecursionError):  # what pydantic raises of its own is a ValueError
            pass
    return f"<{type(value).__name__}>"
