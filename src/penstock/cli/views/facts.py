"""What is known of one run, as lines of a name and a value."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from penstock.cli.screen import states
from penstock.cli.screen.output import paint, print_line
from penstock.cli.screen.words import ago, duration, local, many_lines, one_line
from penstock.cli.views.run_tables import seconds_taken
from penstock.core import clock
from penstock.wire.flow_runs import FlowRun
from penstock.wire.states import ErrorRecord
from penstock.wire.task_runs import TaskRun

MAX_LINE_CHARS = 80
MAX_VALUE_CHARS = 1_000
MAX_TRACEBACK_LINES = 60

Fact = tuple[str, str]


def print_heading(run: FlowRun | TaskRun) -> None:
    """Print what run this is, how it ended and how long it took."""
    state = run.state
    whose = run.flow_name if isinstance(run, FlowRun) else run.task_name
    seconds = seconds_taken(run)
    took = "" if seconds is None else f" {'in' if run.end_time else 'for'} {duration(seconds)}"
    look = states.style(state.type, state.name).split()[0]
    words = f"{states.sign(state.type)} {one_line(state.name)}"
    print_line(f"{paint(words, fg=look, bold=True)}{took}  {one_line(whose)} / {paint(one_line(run.name), bold=True)}")


def print_facts(facts: Iterator[Fact]) -> None:
    """Print facts below one another, their values aligned."""
    lines = list(facts)
    width = max((len(name) for name, _ in lines), default=0)
    for name, value in lines:
        first, *rest = many_lines(value).split("\n")
        print_line(f"  {paint(name.ljust(width), dim=True)}  {first}")
        for line in rest:
            print_line(f"  {' ' * width}  {line}")


def times(run: FlowRun | TaskRun) -> Iterator[Fact]:
    """Yield when a run started; how long it took stands in the heading."""
    if run.start_time is not None:
        yield "started", f"{local(run.start_time)} ({ago(run.start_time, clock.now())})"


def tries(run: FlowRun | TaskRun) -> Iterator[Fact]:
    """Yield how often a run was tried, where that was more than once or may be."""
    if run.retries or run.run_count > 1:
        yield "tries", f"{run.run_count} of {max(run.retries + 1, run.run_count)}"
    if isinstance(run, FlowRun) and run.attempt > 1:
        yield "attempt", str(run.attempt)
    if isinstance(run, FlowRun) and run.repeats is not None:
        yield "repeats", str(run.repeats)


def origin(run: FlowRun | TaskRun) -> Iterator[Fact]:
    """Yield the tags of a run, where its arguments came from, and where its result lies."""
    if run.tags:
        yield "tags", ", ".join(sorted(run.tags))
    for parameter, sources in run.upstreams.items():
        yield f"{parameter} from", ", ".join(map(str, sources))
    if run.result is not None:
        yield "result", run.result


def parameters(run: FlowRun) -> Iterator[Fact]:
    """Yield the parameters of a flow run: on one line if they fit, else each on its own."""
    texts = [f"{name}={_value(value)}" for name, value in run.parameters.items() if name != "__types__"]
    if texts:
        one = ", ".join(texts)
        yield "parameters", one if len(one) <= MAX_LINE_CHARS else "\n".join(texts)


def _value(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_VALUE_CHARS else f"{text[:MAX_VALUE_CHARS]}…"


def why(run: FlowRun | TaskRun) -> Iterator[Fact]:
    """Yield the message of a run's state, unless its error says the same."""
    message = run.state.message
    if message and not (run.error and run.error.message and run.error.message in message):
        yield "message", message


def print_error(error: ErrorRecord | None) -> None:
    """Print what a run failed with, and its traceback: the end of it where it is long."""
    if error is None:
        return
    print_line()
    lines = error.traceback.rstrip().splitlines()
    if not lines:
        print_line(paint(many_lines(error.message or error.type), fg="red"))
        return
    if len(lines) > MAX_TRACEBACK_LINES:
        print_line(paint(f"  … {len(lines) - MAX_TRACEBACK_LINES} lines above (see --output json)", dim=True))
    shown = many_lines("\n".join(lines[-MAX_TRACEBACK_LINES:]))
    print_line(paint(shown, fg="red"))


def knows_unicode() -> bool:
    """Whether standard output takes more than ASCII."""
    return (getattr(sys.stdout, "encoding", None) or "ascii").lower().startswith("utf")
