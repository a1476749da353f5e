"""What users wrote, as errors repeat it."""

from __future__ import annotations

from typing import Any

_LENGTH = 80


def quoted(value: Any) -> str:
    """Return what stands for a value in an error: in quotes if it is a text, and no more than its beginning."""
    text = value if isinstance(value, str) else str(value)
    shown = text if len(text) <= _LENGTH else f"{text[: _LENGTH - 1]}…"
    return repr(shown) if isinstance(value, str) else shown
