"""Call a task's function in a child process."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from penstock import settings
from penstock.core import clock
from penstock.core.errors import PenstockException, SerializationError
from penstock.engine.invocation.overdue import GRACE_SECONDS
from penstock.engine.remote.child import serve
from penstock.engine.remote.messages import (
    BEGUN,
    CALL,
    EVENT,
    LOG,
    RAISED,
    RETURNED,
    SURROUNDINGS,
    TASK_RUN,
    UNREADABLE,
    Greeting,
    Raised,
    Unreadable,
)
from penstock.engine.remote.pickling import MAIN, dumps, loads
from penstock.engine.remote.relayed import RelayedRuns, relay_line
from penstock.engine.remote.snapshots import call_of, surroundings_of
from penstock.reporting.tracebacks import describe
from penstock.task_runners.child_process import ChildProcess

if TYPE_CHECKING:
    from penstock.engine.task_call import TaskCall
    from penstock.task_runners.process_pool import ProcessPool

_ANSWERS = (RETURNED, RAISED, UNREADABLE)
REMEDY = "Give it what that is made from, such as a path or an address, or use ThreadPoolTaskRunner."


class RemoteInvoke:
    """Call the user's function in the child process of this thread, and hand on what it logs and records meanwhile.

    Parameters:
        call: the call of the task.
        args: the positional arguments of its function.
        kwargs: those by name.
        timeout_seconds: how long the function may take. A child that does not keep to it is killed.
        overdue: makes the error of a function that took longer.
    """

    __slots__ = ("_runs", "args", "call", "kwargs", "overdue", "pool", "timeout_seconds")

    def __init__(
        self,
        call: TaskCall,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        timeout_seconds: float | None,
        overdue: Callable[[], BaseException],
    ) -> None:
        self.call = call
        self.args = args
        self.kwargs = kwargs
        self.timeout_seconds = timeout_seconds
        self.overdue = overdue
        self.pool: ProcessPool = call.processes
        self._runs = RelayedRuns(call.recorder)

    def perform(self) -> Any:
        """Call the function and return its result.

        Raises:
            ProcessDied: the child ended before the function did.
            SerializationError: an argument or the result can't be pickled.
        """
        by_value = self.pool.by_value
        answer = self._ask(by_value)
        while answer[:1] == UNREADABLE:
            by_value = self._more_by_value(loads(answer), by_value)
            answer = self._ask(by_value)
        if answer[:1] == RAISED:
            raise _exception(loads(answer))
        try:
            return loads(answer)
        except Exception as error:
            raise SerializationError(
                f"What task {self.call.task.name!r} returned can't be read from the process that ran it: "
                f"{describe(error)}."
            ) from error

    async def perform_async(self) -> Any:
        """Call the function; the event loop around it has nothing else to do."""
        return self.perform()

    def _ask(self, by_value: frozenset[str]) -> bytes:
        request = self._request(by_value)
        child = self.pool.child(start_child)
        answered = False
        try:
            self._tell_surroundings(child, by_value)
            child.send(request)
            answer = self._answer(child)
            answered = True
            return answer
        finally:
            if not answered:
                self.pool.drop_child(kill=True)
                self._runs.crash()

    def _request(self, by_value: frozenset[str]) -> memoryview:
        overdue = "" if self.timeout_seconds is None else str(self.overdue())
        request = call_of(self.call, self.args, self.kwargs, self.timeout_seconds, overdue, by_value)
        try:
            return dumps(tuple(request), CALL, by_value)
        except Exception as error:
            raise self._unsendable(error, by_value) from error

    def _unsendable(self, error: Exception, by_value: frozenset[str]) -> SerializationError:
        task = self.call.task
        for name, value in self.call.parameters.items():
            try:
                dumps(value, by_value=by_value)
            except Exception as reason:
                return SerializationError(
                    f"Task {task.name!r} can't be sent to a process: its argument {name!r}, of type "
                    f"{type(value).__name__}, can't be pickled: {describe(reason)}. {REMEDY}"
                )
        module = getattr(task.fn, "__module__", None)
        remedy = "Define it at the top of a module"
        if module in by_value and module != MAIN:
            remedy = (
                f"A process can't import {module!r}, so that all has to be sent: make it a module that can be imported"
            )
        return SerializationError(
            f"Task {task.name!r} can't be sent to a process: its function, or something that it refers to, can't be "
            f"pickled: {describe(error)}. {remedy}, or use ThreadPoolTaskRunner."
        )

    def _tell_surroundings(self, child: ChildProcess, by_value: frozenset[str]) -> None:
        flow_context = self.call.flow_context
        known = (flow_context, settings.current(), 0 if flow_context is None else flow_context.flow_run.run_count)
        told = child.surroundings
        if told is None or told[0] is not known[0] or told[1] is not known[1] or told[2] != known[2]:
            child.send(dumps(surroundings_of(flow_context, known[1], by_value), SURROUNDINGS, by_value))
            child.surroundings = known

    def _answer(self, child: ChildProcess) -> bytes:
        deadline: float | None = None
        while True:
            left = None if deadline is None else deadline - clock.current().monotonic()
            message = None if left is not None and left < 0 else child.receive(left)
            if message is None:
                raise self.overdue()
            kind = message[:1]
            if kind in _ANSWERS:
                return message
            if kind == LOG:
                relay_line(loads(message))
            elif kind == TASK_RUN:
                self._runs.record(message)
            elif kind == EVENT:
                self._runs.emit(message)
            elif kind == BEGUN and self.timeout_seconds is not None:
                deadline = clock.current().monotonic() + self.timeout_seconds + GRACE_SECONDS

    def _more_by_value(self, unreadable: Unreadable, by_value: frozenset[str]) -> frozenset[str]:
        """Return the modules to send whole now that the child could not import one; raise where it was sent so."""
        named = (unreadable.module, getattr(self.call.task.fn, "__module__", None), MAIN)
        wanted = {name for name in named if name is not None}
        if wanted <= by_value:
            raise SerializationError(
                f"Task {self.call.task.name!r} can't be read by a process for tasks: {unreadable.text}. Define what it "
                "needs at the top of a module that can be imported."
            )
        self.pool.by_value |= wanted
        return by_value | wanted


def start_child(pool: ProcessPool) -> ChildProcess:
    """Start a process for tasks."""
    levels = {name: logging.getLogger(name).level for name in ("penstock", "penstock.flow_runs", "penstock.task_runs")}
    greeting = Greeting(pool.initializer, pool.initargs, levels)
    return ChildProcess(serve, bytes(dumps(greeting, b" ", pool.by_value)))


def _exception(raised: Raised) -> BaseException:
    try:
        unpickled = loads(raised.pickled)
    except Exception:
        unpickled = None
    error = unpickled if isinstance(unpickled, BaseException) else PenstockException(raised.text)
    if raised.traceback:
        error.add_note(f"In the process that ran it:\n{raised.traceback.rstrip()}")
    return error
