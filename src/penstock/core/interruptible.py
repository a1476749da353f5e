"""Where a run may be interrupted: in what users wrote, and where we do nothing but wait.

A time limit raises an exception between any two steps of Python. In the midst of our own work that would leave a lock
held or a record half written. So our frames are left alone, except the functions that are marked here: those that
call users' code, and those that only wait. A thread that is found in the midst of our work is asked to interrupt
itself at its next `checkpoint`, which stands where users' code calls ours.
"""

from __future__ import annotations

import gc
import os
from _thread import get_ident
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_OUR_FOLDER = os.path.dirname(os.path.dirname(__file__)) + os.sep
_marked: set[int] = set()
_left_to_callers: set[int] = set()
_asked: dict[int, Callable[[], None]] = {}


def interruptible(function: F) -> F:
    """Mark a function of ours that may be interrupted while it, or what it called of users' code, runs."""
    _marked.add(id(function.__code__))
    return function


def left_to_caller(function: F) -> F:
    """Mark a function of ours that may be interrupted where its caller may be."""
    _left_to_callers.add(id(function.__code__))
    return function


def is_interruptible(frame: FrameType | None) -> bool:
    """Tell whether a thread may be interrupted that is in `frame`: the first of our frames on its stack decides.

    It may not where Python disposes of something: an exception is lost there.
    """
    collecting = [getattr(callback, "__code__", None) for callback in gc.callbacks]
    while frame is not None:
        code = frame.f_code
        if id(code) in _marked:
            return True
        if code.co_filename.startswith(_OUR_FOLDER) and id(code) not in _left_to_callers:
            return False
        if code.co_name == "__del__" or code in collecting:
            return False
        frame = frame.f_back
    return True


def ask(thread: int, interrupt: Callable[[], None]) -> None:
    """Ask a thread to call `interrupt` at its next checkpoint."""
    _asked[thread] = interrupt


def ask_no_more(thread: int) -> None:
    """Take back what a thread was asked for."""
    _asked.pop(thread, None)


def checkpoint() -> None:
    """Let the calling thread be interrupted here, if it was asked for that."""
    if _asked:
        interrupt = _asked.pop(get_ident(), None)
        if interrupt is not None:
            interrupt()
