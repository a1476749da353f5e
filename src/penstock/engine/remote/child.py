"""The life of a child process: it calls the functions of tasks, one after another, until its parent is done with it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextvars import copy_context
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from typing import Any

from penstock import settings
from penstock.context import FlowRunContext, TagsContext, TaskRunContext
from penstock.core.errors import SerializationError, TaskRunTimeoutError
from penstock.engine.arguments.inputs import futures_in, is_plain, states_for_futures
from penstock.engine.background import close_shared_task_runner
from penstock.engine.definitions.definition import Definition
from penstock.engine.invocation.effects import Invoke
from penstock.engine.remote.messages import (
    BEGUN,
    CALL,
    RAISED,
    RETURNED,
    SURROUNDINGS,
    UNREADABLE,
    Call,
    Greeting,
    Raised,
    Surroundings,
    Unreadable,
)
from penstock.engine.remote.pickling import MAIN, definition_named, dumps, loads
from penstock.engine.remote.relaying import Outbox, RelayHandler, RelayRecorder
from penstock.engine.remote.snapshots import flow_context_of, keep_results, occurrences_within, task_context_of
from penstock.engine.run_logs.prints import capture_prints
from penstock.reporting.log_lines import relay_logging
from penstock.reporting.recorder import use_recorder
from penstock.reporting.tracebacks import describe, traceback_text
from penstock.task_runners.child_process import END
from penstock.task_runners.event_loop import run_in_own_loop

# Here, what says that it stands in the main module came from the parent's and can't be imported.
_BY_VALUE = frozenset({MAIN})


def serve(pipe: Connection, greeting: bytes) -> None:
    """Call functions as the parent asks for it, until it closes the pipe."""
    die_with_parent()
    # An interrupt is for the parent to deal with. A function, for what this process starts would inherit SIG_IGN.
    signal.signal(signal.SIGINT, _leave_to_parent)
    outbox = Outbox(pipe)
    try:
        wishes: Greeting = loads(greeting)
        relay_logging(RelayHandler(outbox), wishes.levels)
        if wishes.initializer is not None:
            wishes.initializer(*wishes.initargs)
    except BaseException as error:
        outbox.send(f"its preparation failed with {describe(error)}.".encode())
        return
    outbox.send(b"")
    servant = Servant(outbox)
    while True:
        try:
            message = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        if message == END:
            return
        servant.take(message)


def _leave_to_parent(number: int, frame: Any) -> None:
    pass


def die_with_parent() -> None:
    """See to it that this process does not outlive its parent, however that ends."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="penstock-parent-watch", daemon=True).start()
    if sys.platform == "linux":
        _ask_for_death_signal()
    if os.getppid() != parent.pid:
        os._exit(1)


def _ask_for_death_signal() -> None:
    """Have the kernel kill this process when its parent ends, even where a C function keeps all threads waiting."""
    import ctypes

    set_parent_death_signal = 1
    try:
        ctypes.CDLL(None).prctl(set_parent_death_signal, int(signal.SIGKILL))
    except (OSError, AttributeError):
        pass


class Servant:
    """Calls functions in the surroundings it was last told of.

    Parameters:
        outbox: the way to the parent.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._settings: Any = None
        self._flow: FlowRunContext | None = None
        self._records = False
        self._tasks: dict[tuple[str, str], Definition] = {}

    def take(self, message: bytes) -> None:
        """Do what the parent asks for."""
        try:
            wish = loads(message)
            if message[:1] == CALL:
                wish = self._call(*wish)
        except BaseException as error:
            module = error.name if isinstance(error, ImportError) else None
            self._outbox.send(dumps(Unreadable(module, describe(error)), UNREADABLE))
            return
        if message[:1] == SURROUNDINGS:
            self._settle(wish)
        else:
            if wish.timeout_seconds is not None:
                self._outbox.send(BEGUN)
            answer = copy_context().run(self._answer, wish)
            _flush()
            self._outbox.send(answer)

    def _call(self, task: Any, *rest: Any) -> Call:
        if type(task) is tuple:
            if task not in self._tasks:
                self._tasks[task] = definition_named(*task)
            task = self._tasks[task]
        return Call(task, *rest)

    def _settle(self, surroundings: Surroundings) -> None:
        self._settings = surroundings.settings
        self._flow = flow_context_of(surroundings.flow)
        if not self._records:
            self._records = True
            with settings.use_settings(self._settings):
                use_recorder(RelayRecorder(self._outbox))

    def _answer(self, call: Call) -> bytes | memoryview:
        try:
            with settings.use_settings(self._settings):
                value = self._value(call)
        except BaseException as error:
            return _raised(error)
        try:
            return dumps(value, RETURNED, _BY_VALUE)
        except BaseException as error:
            return _raised(
                SerializationError(
                    f"Task {call.task.name!r} returned a {type(value).__name__} that can't be pickled, so it can't leave "
                    f"the process: {describe(error)}. Return what it can be made from, or use ThreadPoolTaskRunner."
                )
            )

    def _value(self, call: Call) -> Any:
        """Call the function; whatever it submitted ends before it does."""
        if call.trace is not None:
            from penstock.engine.tracing import continue_trace

            continue_trace(call.trace)
        context = task_context_of(call)
        TaskRunContext.__var__.set(context)
        TagsContext.__var__.set(call.tags)
        if self._flow is not None:
            FlowRunContext.__var__.set(self._flow)
            if self._flow.anew is not None and call.since is not None:
                self._flow.anew.note(context.task_run.id, call.since)
            if self._flow.durable:
                self._flow.occurrences = occurrences_within(context)
        keep_results(self._flow, context)
        if context.log_prints:
            capture_prints()
        completed = False
        try:
            value = _with_states(_invoked(call))
            completed = True
            return value
        finally:
            self._close_task_runners(cancel=not completed)

    def _close_task_runners(self, cancel: bool) -> None:
        flow = self._flow
        if flow is None:
            close_shared_task_runner(cancel)
        elif flow._task_runner is not None:
            flow._task_runner.close(cancel)
            flow._task_runner = None


def _invoked(call: Call) -> Any:
    from penstock.engine.task_engine import collecting

    task = call.task
    fn: Callable[..., Any] = task.fn
    if task.isgenerator and task.isasync:
        fn = collecting(fn)

    def overdue() -> TaskRunTimeoutError:
        context = TaskRunContext.get()
        return TaskRunTimeoutError(call.overdue, run_id=None if context is None else context.task_run.id)

    invoke = Invoke(fn, call.args, call.kwargs, call.timeout_seconds, overdue)
    if task.isasync:
        return run_in_own_loop(invoke.perform_async())
    return invoke.perform()


def _with_states(value: Any) -> Any:
    """Return `value` as it can travel: futures stay here, their states go."""
    if is_plain(value):
        return value
    futures = futures_in(value)
    if futures:
        for future in futures:
            future.wait()
        value = states_for_futures(value)
    return value


def _raised(error: BaseException) -> memoryview:
    try:
        pickled = bytes(dumps(error, b" ", _BY_VALUE))
    except BaseException:
        pickled = b""
    traceback = "" if error.__traceback__ is None else traceback_text(error)
    return dumps(Raised(pickled, describe(error), traceback), RAISED)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass
