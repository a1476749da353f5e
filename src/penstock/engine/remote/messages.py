"""What a parent and its child process say to each other: the first byte of every message tells its kind."""

from __future__ import annotations

from typing import Any, NamedTuple

from penstock.engine.runs import FlowRun

# To the child.
SURROUNDINGS = b"s"
CALL = b"c"

# From the child: the answer to a call is RETURNED, RAISED or UNREADABLE; the others come before it.
BEGUN = b"b"
LOG = b"l"
TASK_RUN = b"t"
EVENT = b"n"
RETURNED = b"v"
RAISED = b"e"
UNREADABLE = b"u"


class Greeting(NamedTuple):
    """What a child needs to know before anything else.

    Attributes:
        initializer: called first; None for nothing.
        initargs: its arguments.
        levels: the levels of the loggers of runs, by name.
    """

    initializer: Any
    initargs: tuple[Any, ...]
    levels: dict[str, int]


class Surroundings(NamedTuple):
    """What the calls that follow have in common.

    Attributes:
        settings: the settings in use.
        flow: the flow run that the tasks belong to; None outside of flows.
    """

    settings: Any
    flow: FlowSnapshot | None


class FlowSnapshot(NamedTuple):
    """What a child knows of the flow run around its tasks.

    Attributes:
        options: the flow's options, each pickled; those that can't be are missing.
        run: its run.
        parameters: its arguments, in the same way.
        fields: what stands in its context beside them.
    """

    options: dict[str, bytes]
    run: FlowRun
    parameters: dict[str, bytes]
    fields: dict[str, Any]


class Call(NamedTuple):
    """A call of a task's function.

    Attributes:
        task: the task, or the module and the qualified name that it has there.
        args: the positional arguments of its function.
        kwargs: those by name.
        parameters: all arguments by name.
        record: the task run's record, encoded.
        fields: what stands in its context beside these.
        since: from which attempt of its flow run on results of what it calls count; None where any does.
        tags: the tags in force.
        timeout_seconds: how long the function may take.
        overdue: what is said of one that took longer.
        trace: which span it is called in, for the propagator of traces; None where none is made.
    """

    task: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    parameters: dict[str, Any]
    record: bytes
    fields: tuple[Any, ...]
    since: Any
    tags: frozenset[str]
    timeout_seconds: float | None
    overdue: str
    trace: dict[str, str] | None


class Raised(NamedTuple):
    """What a function raised.

    Attributes:
        pickled: the exception; empty where it can't be pickled.
        text: its class and message.
        traceback: the traceback, formatted.
    """

    pickled: bytes
    text: str
    traceback: str


class Unreadable(NamedTuple):
    """Why a call could not be unpickled.

    Attributes:
        module: the module that could not be imported, where that was it.
        text: the error.
    """

    module: str | None
    text: str
