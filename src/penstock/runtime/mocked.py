"""Values that a test gives the runtime's attributes through the environment."""

from __future__ import annotations

import os
from typing import Any


def mocked(kind: str, attribute: str, empty: Any) -> Any:
    """Return the value of `PENSTOCK__RUNTIME__<kind>__<attribute>` as the type of `empty`, or `empty` itself."""
    text = os.environ.get(f"PENSTOCK__RUNTIME__{kind}__{attribute.upper()}")
    if text is None:
        return empty.copy() if isinstance(empty, (list, dict)) else empty
    if isinstance(empty, (int, list, dict)):
        import json

        return json.loads(text)
    return text
