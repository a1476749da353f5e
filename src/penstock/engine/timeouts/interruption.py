"""What is raised inside a block whose time is up, and the moments at which it may be."""

from __future__ import annotations

import os
import sys
import threading
from functools import lru_cache
from itertools import compress, starmap, tee
from operator import attrgetter, eq, is_, itemgetter
from time import monotonic
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from penstock.core.interruptible import is_interruptible

if TYPE_CHECKING:
    from penstock.engine.timeouts.deadline import Deadline

REPEAT_SECONDS = 1.0
"""After how long a block that went on nevertheless, because something swallowed the interruption, is interrupted again."""

RETRY_SECONDS = 0.001
"""After how long an interruption that came at a bad moment is first tried again; then after longer and longer."""

LONGEST_RETRY_SECONDS = 0.03

_PYTHON = os.path.dirname(os.__file__)
_FRAGILE = {
    os.path.join(_PYTHON, *path.split("/"))
    for path in (
        "_weakrefset.py",
        "concurrent/futures/_base.py",
        "concurrent/futures/thread.py",
        "contextlib.py",
        "logging/__init__.py",
        "queue.py",
        "threading.py",
        "weakref.py",
    )
} | {"<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>"}
"""Files of Python whose functions, torn apart, leave locks held that others wait for."""

_JOINS: set[CodeType] = {
    threading.Thread.join.__code__,
    getattr(threading.Thread, "_wait_for_tstate_lock", threading.Thread.join).__code__,  # up to Python 3.12
}
"""Functions of them that lose nothing if an exception meets them anywhere."""

_STAYS_SECONDS = 0.0 if sys.version_info < (3, 13) else 0.02
"""How long a thread must have been at one step to be known to wait there.

From Python 3.13 on, an exception raised in a thread that runs, but was not given its turn, meets it a step later.
"""


class Interrupted(BaseException):
    """Raised inside a block whose time is up, or the time of a block around it.

    It is no `Exception`, so users' `except Exception` lets it pass. The block whose time it is turns it into the
    error that its caller asked for.
    """

    def __str__(self) -> str:
        return "the time limit of this run, or of one around it, has passed"


class ThreadState:
    """What must be known of a thread to interrupt it.

    Attributes:
        ident: the thread.
        blocks: the blocks with a time limit that it is in, outermost first.
        seen_at: where it was when it was last looked at, and since when: a frame, and the step in it.
        forks_elsewhere: whether it forks the process and is not the main thread.
    """

    __slots__ = ("blocks", "forks_elsewhere", "ident", "seen_at")

    def __init__(self) -> None:
        self.ident = threading.get_ident()
        self.blocks: list[Deadline] = []
        self.seen_at: tuple[FrameType, int, float] | None = None
        self.forks_elsewhere = False

    def stays_in(self, frame: FrameType) -> float | None:
        """Return for how many seconds the thread has been seen at one step of `frame`; None where it was not seen there."""
        before, now = self.seen_at, monotonic()
        if before is not None and before[0] is frame and before[1] == frame.f_lasti:
            return now - before[2]
        self.seen_at = (frame, frame.f_lasti, now)
        return None


_local = threading.local()


def this_thread() -> ThreadState:
    """Return the state of the calling thread."""
    try:
        return _local.state  # type: ignore[no-any-return]
    except AttributeError:
        state = _local.state = ThreadState()
        return state


def may_raise_here(state: ThreadState, frame: FrameType) -> bool:
    """Tell whether a signal handler may raise in the thread that it interrupted in `frame`.

    An exception ends a call into C that waits, whatever it waits for, and nothing else is torn apart there. A thread
    that is seen at one step twice waits.
    """
    waits = state.stays_in(frame) is not None
    return (waits or not _is_fragile(frame.f_code)) and is_interruptible(frame)


def strike(state: ThreadState) -> bool:
    """Have `Interrupted` raised in another thread at its next step; tell whether this is a good moment for it."""
    frame = sys._current_frames().get(state.ident)
    if frame is None:  # the thread has ended
        return False
    step, stays_seconds = frame.f_lasti, state.stays_in(frame)
    if _is_fragile(frame.f_code) and not _survives(frame.f_code, step, stays_seconds):
        return False
    return is_interruptible(frame) and _raise_in(state.ident, frame, step)


def _is_fragile(code: CodeType) -> bool:
    return code.co_filename in _FRAGILE


def _survives(code: CodeType, step: int, stays_seconds: float | None) -> bool:
    """Tell whether Python's own code puts things right if an exception meets it at a step, right after it waited there."""
    if code in _JOINS:
        return True
    if code is not threading.Condition.wait.__code__ or step not in _waiting_steps(code):
        return False
    return not _STAYS_SECONDS or (stays_seconds is not None and stays_seconds >= _STAYS_SECONDS)


@lru_cache(1)
def _waiting_steps(code: CodeType) -> frozenset[int]:
    """Return the steps of `Condition.wait` at which it waits for its lock: its `finally` cleans up after them."""
    import dis

    steps: set[int] = set()
    acquires = False
    for instruction in dis.get_instructions(code):
        if instruction.opname.startswith("LOAD_") and instruction.argval == "acquire":
            acquires = True
        elif instruction.opname == "CALL" and acquires:
            steps.add(instruction.offset)
            acquires = False
    return frozenset(steps)


def _raise_in(ident: int, frame: FrameType, step: int) -> bool:
    """Have `Interrupted` raised in a thread if it is still at the same step; tell whether it is.

    The thread must not move between the look and the blow. So both are parts of one call into C, during which no other
    thread can go on: the iterators below run within `next`.
    """
    import ctypes

    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    raise_in.argtypes = [ctypes.c_ulong, ctypes.py_object]
    frames, same_frames = tee(map(itemgetter(ident), starmap(sys._current_frames, ((),))))
    same_frame = map(is_, frames, (frame,))
    same_step = map(eq, map(attrgetter("f_lasti"), same_frames), (step,))
    targets = compress(compress((ident,), same_frame), same_step)
    try:
        return bool(next(map(raise_in, targets, (Interrupted,)), 0))
    except KeyError:  # the thread has ended
        return False


def is_unwinding(handled: BaseException | None, kind: type[BaseException] = Interrupted) -> bool:
    """Tell whether the exception that a thread handles now is, or came of, one of a kind: then it is cleaning up."""
    seen: set[int] = set()
    while handled is not None and id(handled) not in seen:
        if isinstance(handled, kind):
            return True
        seen.add(id(handled))
        handled = handled.__context__
    return False


def handled_in(state: ThreadState) -> BaseException | None:
    """Return the exception that a thread handles now."""
    handled: Any = sys._current_exceptions().get(state.ident)
    error = handled[1] if isinstance(handled, tuple) else handled  # a tuple up to Python 3.11
    return error if isinstance(error, BaseException) else None
