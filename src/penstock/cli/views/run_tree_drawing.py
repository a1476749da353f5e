"""Drawing a run's tree: with bars on a terminal, as plain lines anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from penstock.cli.screen import states
from penstock.cli.screen.columns import terminal_width
from penstock.cli.screen.output import draw_grid, on_terminal, paint, print_line
from penstock.cli.screen.words import duration, first_line, one_line, plural
from penstock.cli.views import facts
from penstock.cli.views.pauses import waiting
from penstock.cli.views.run_fold import Fold, folded
from penstock.cli.views.run_tables import seconds_taken
from penstock.cli.views.run_tree import COUNTED_UP_TO, RunTree, is_capped
from penstock.cli.views.time_bar import TimeBar
from penstock.core import clock
from penstock.core.state_type import StateType
from penstock.wire.flow_runs import FlowRun
from penstock.wire.task_runs import TaskRun

BAR_WIDTHS = (10, 32)
_SAID_BY_SIGN = {"Completed", "Failed", "Running"}


class Row(NamedTuple):
    """One line of the tree.

    Attributes:
        branches: the lines that lead to it from above.
        tree: the run it shows, or the many it stands for; None where it tells of hidden ones.
        words: what it tells then.
    """

    branches: str
    tree: RunTree | Fold | None
    words: str = ""


class Strokes(NamedTuple):
    """What branches are drawn with."""

    fork: str
    last: str
    past: str
    blank: str


UNICODE_STROKES = Strokes("├─ ", "└─ ", "│  ", "   ")
ASCII_STROKES = Strokes("|- ", "`- ", "|  ", "   ")


def print_tree(tree: RunTree) -> None:
    """Print a flow run: what is known of it, its tree, and its error."""
    run = tree.run
    assert isinstance(run, FlowRun)
    facts.print_heading(run)
    facts.print_facts(_facts(run))
    rows = list(_rows(tree, UNICODE_STROKES if facts.knows_unicode() else ASCII_STROKES))
    if rows:
        print_line()
        if on_terminal():
            _draw(rows, _bar(tree))
        else:
            _write(rows)
        print_line()
        print_line(_summary(tree))
    facts.print_error(run.error)


def _facts(run: FlowRun) -> Iterator[facts.Fact]:
    yield "id", str(run.id)
    yield from facts.times(run)
    yield from facts.tries(run)
    if run.parent_flow_run_id is not None:
        yield "called by", str(run.parent_flow_run_id)
    yield from facts.parameters(run)
    yield from facts.origin(run)
    yield from facts.why(run)
    yield from waiting(run)


def _rows(tree: RunTree, strokes: Strokes, branches: str = "") -> Iterator[Row]:
    hidden = _hidden_words(tree)
    children = list(folded(tree.children))
    for index, child in enumerate(children):
        is_last = index == len(children) - 1 and not hidden
        yield Row(branches + (strokes.last if is_last else strokes.fork), child)
        if isinstance(child, RunTree):
            yield from _rows(child, strokes, branches + (strokes.blank if is_last else strokes.past))
    if hidden:
        yield Row(branches + strokes.last, None, hidden)


def _hidden_words(tree: RunTree) -> str:
    parts = []
    if tree.hidden_task_runs:
        more = plural(tree.hidden_task_runs, "more task run")
        parts.append(f"at least {more}" if is_capped(tree.counts) else more)
    if tree.hidden_flow_runs:
        parts.append("more flow runs")
    return f"… {' and '.join(parts)} (see --limit)" if parts else ""


def _summary(tree: RunTree) -> str:
    """Return how many task runs are in which state."""
    total = sum(tree.counts.values())
    if not total:
        return paint("no task runs of its own", dim=True)
    parts = [
        f"{count:,}{'+' if count >= COUNTED_UP_TO else ''} {kind.value.lower()}"
        for kind in states.LOOKS
        if (count := tree.counts.get(kind.value, 0))
    ]
    words = plural(total, "task run")
    if is_capped(tree.counts):
        words = words.replace(" ", "+ ", 1)
    return paint(f"{words}: {', '.join(parts)}", dim=True)


def _note(run: FlowRun | TaskRun) -> str:
    """Return what is worth saying of a run beside what its sign says."""
    parts = [] if run.state.name in _SAID_BY_SIGN else [run.state.name]
    if run.run_count > 1:
        parts.append(f"{run.run_count} tries")
    if run.error is not None:
        parts.append(run.error.message or run.error.type)
    elif run.state.message and run.state.type in states.TROUBLE:
        parts.append(run.state.message)
    return " · ".join(map(first_line, parts))


def _label(run: FlowRun | TaskRun) -> str:
    return one_line(f"{run.flow_name} / {run.name}" if isinstance(run, FlowRun) else run.name)


def _took(run: FlowRun | TaskRun) -> str:
    seconds = seconds_taken(run)
    return "" if seconds is None else duration(seconds)


class Shown(NamedTuple):
    """What a line tells of one run, or of many."""

    type: StateType
    state_name: str
    label: str
    took: str
    note: str


def _shown(below: RunTree | Fold) -> Shown:
    if isinstance(below, Fold):
        label = one_line(below.label)
        return Shown(StateType.COMPLETED, "Completed", label, duration(below.seconds), below.note)
    run = below.run
    return Shown(run.state.type, run.state.name, _label(run), _took(run), _note(run))


def _write(rows: list[Row]) -> None:
    """Print the tree as plain lines: nothing is cut, and nothing depends on the width of a terminal."""
    for branches, below, words in rows:
        if below is None:
            print_line(f"{branches}{words}")
            continue
        shown = _shown(below)
        parts = [f"{states.sign(shown.type)} {shown.label}", shown.took, shown.note]
        print_line(branches + "  ".join(part for part in parts if part))


def _draw(rows: list[Row], bar: TimeBar) -> None:
    """Draw the tree over the width of the terminal: names, notes, durations, and bars over the time of the root."""
    from rich.text import Text

    now = clock.now()
    cells = []
    for branches, below, words in rows:
        if below is None:
            cells.append([Text.assemble((branches, "dim"), (words, "dim italic"))])
            continue
        shown = _shown(below)
        style = states.style(shown.type, shown.state_name)
        label = Text.assemble((branches, "dim"), (states.sign(shown.type), style), " ", shown.label)
        drawn = bar.draw_span(*below.span) if isinstance(below, Fold) else bar.draw(below.run, now)
        cells.append([label, Text(shown.note, style=style), Text(shown.took), Text(drawn, style=style)])
    draw_grid(cells, keep=[False, False, True, True], right=[False, False, True, False])


def _bar(tree: RunTree) -> TimeBar:
    narrowest, widest = BAR_WIDTHS
    width = min(max(terminal_width() // 4, narrowest), widest)
    runs = [below.run for below in tree.walk()]
    starts = [run.start_time for run in runs if run.start_time is not None]
    ends = [run.end_time or clock.now() for run in runs if run.start_time is not None]
    start, end = (min(starts), max(ends)) if starts else (clock.now(), clock.now())
    return TimeBar(start, end, width, ascii_only=not facts.knows_unicode())
