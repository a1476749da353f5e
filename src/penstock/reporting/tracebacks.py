"""Errors as text: bounded, without our own frames, and shown even where they can't show themselves."""

from __future__ import annotations

from os.path import dirname
from typing import Any

from penstock.core.errors import PenstockException

MESSAGE_LIMIT = 2_000
TRACEBACK_LIMIT = 20_000
_FRAMES_LIMIT = 50
_OWN_FOLDER = dirname(dirname(__file__))


def describe(error: BaseException) -> str:
    """Return the class and text of `error` in one bounded piece; our own errors speak for themselves, without the class."""
    kind = type(error).__name__
    try:
        text = str(error)
    except Exception as broken:
        text = f"<its message can't be shown: __str__ raised {type(broken).__name__}>"
    speaks_for_itself = isinstance(error, PenstockException)
    shown = text if text and speaks_for_itself else f"{kind}: {text}" if text else kind
    return shown if len(shown) <= MESSAGE_LIMIT else shown[: MESSAGE_LIMIT - 1] + "…"


def traceback_text(error: BaseException) -> str:
    """Return the formatted traceback of `error`; empty where it can't be formatted."""
    import traceback

    try:
        formatted = traceback.TracebackException.from_exception(error, limit=-_FRAMES_LIMIT)
        _drop_own_frames(formatted)
        text = "".join(formatted.format())
    except Exception:
        return ""
    return text if len(text) <= TRACEBACK_LIMIT else "…" + text[-TRACEBACK_LIMIT:]


def _drop_own_frames(formatted: Any) -> None:
    kept = [frame for frame in formatted.stack if not frame.filename.startswith(_OWN_FOLDER)]
    if kept:
        formatted.stack[:] = kept
