"""What holds of a record after any fault, by what is in the database and by what servers acknowledged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import Connection, select
from support.load import Created, Ended, EventKept, LineKept, Notes, Started, TaskRunKept

from penstock.core.state_type import StateType
from penstock.server.database.database import Database
from penstock.server.database.tables import events, flow_runs, logs, task_runs

MOST_SHOWN = 20


def check(database: Database, notes: list[Notes]) -> None:
    """Find everything that was acknowledged, and no run that has two live attempts or ends, lost or doubled events.

    Parameters:
        database: what is left, with no run under way.
        notes: what was acknowledged.

    Raises:
        AssertionError: what is broken.
    """
    with database.read() as connection:
        broken = [
            *_of_flow_runs(connection, notes),
            *_of_attempts(connection, notes),
            *_of_events(connection, notes),
            *_of_task_runs(connection, notes),
            *_of_lines(connection, notes),
            *_of_the_file(connection),
        ]
    shown = "\n".join(broken[:MOST_SHOWN])
    assert not broken, f"{len(broken)} things are broken, among them:\n{shown}"


def _of_flow_runs(connection: Connection, notes: list[Notes]) -> Iterator[str]:
    ends: dict[UUID, list[str]] = {}
    for run in connection.execute(select(flow_runs)):
        ends[run.id] = [state.type.value for state in run.states if state.type.is_terminal]
        if len(ends[run.id]) != 1 or run.states[-1].type.value != ends[run.id][0] or run.end_time is None:
            yield f"Flow run {run.id} does not end once: {[state.name for state in run.states]}."
        if run.state_type != run.states[-1].type.value:
            yield f"Flow run {run.id} is {run.state_type}, and its history ends with {run.states[-1].name}."
    for note in notes:
        if isinstance(note, Created) and note.id not in ends:
            yield f"Flow run {note.id} was acknowledged and is lost."
        if isinstance(note, Ended) and ends.get(note.id) != [note.state]:
            yield f"Flow run {note.id} was acknowledged as {note.state} and ended as {ends.get(note.id)}."


def _of_attempts(connection: Connection, notes: list[Notes]) -> Iterator[str]:
    for run in connection.execute(select(flow_runs)):
        running = [state.type for state in run.states].count(StateType.RUNNING)
        if running != run.attempt or running != run.run_count:
            yield f"Flow run {run.id} was Running {running} times, in {run.attempt} attempts, {run.run_count} counted."
        if run.lease_expires is not None:
            yield f"Flow run {run.id} has ended, and an attempt of it is live."
    started = [note for note in notes if isinstance(note, Started)]
    for (run_id, attempt), times in Counter((note.id, note.attempt) for note in started).items():
        if times > 1:
            yield f"Attempt {attempt} of flow run {run_id} was given to {times} processes."
    for run_id, times in Counter(note.id for note in started).items():
        if times > 1:
            yield f"Flow run {run_id} was given to {times} processes, and none of them died."


def _of_events(connection: Connection, notes: list[Notes]) -> Iterator[str]:
    told = connection.execute(select(events.c.id, events.c.resource_id, events.c.event)).all()
    yield from _not_once(Counter(event.id for event in told), "Event")
    yield from _lost(notes, EventKept, {event.id for event in told}, "Event")
    of_runs = Counter(
        (event.resource_id, event.event) for event in told if event.resource_id.startswith("penstock.flow-run.")
    )
    states = Counter(
        (f"penstock.flow-run.{run.id}", f"penstock.flow-run.{state.name}")
        for run in connection.execute(select(flow_runs))
        for state in run.states
    )
    for resource, name in states - of_runs:
        yield f"{resource} entered a state without an event: {name}."
    for resource, name in of_runs - states:
        yield f"{resource} has an event without a state: {name}."


def _of_task_runs(connection: Connection, notes: list[Notes]) -> Iterator[str]:
    found: dict[UUID, list[str]] = {}
    runs = set(connection.execute(select(flow_runs.c.id)).scalars())
    for run in connection.execute(select(task_runs)):
        found[run.id] = [state.type.value for state in run.states if state.type.is_terminal]
        if run.flow_run_id not in runs:
            yield f"Task run {run.id} is of flow run {run.flow_run_id}, which is lost."
    for note in notes:
        if isinstance(note, TaskRunKept) and found.get(note.id) != [note.state]:
            yield f"Task run {note.id} was acknowledged as {note.state} and ended as {found.get(note.id)}."


def _of_lines(connection: Connection, notes: list[Notes]) -> Iterator[str]:
    messages = Counter(connection.execute(select(logs.c.message)).scalars())
    yield from _not_once(messages, "Log line")
    yield from _lost(notes, LineKept, {UUID(message) for message in messages}, "Log line")


def _of_the_file(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if said != "ok":
        yield f"The file is damaged: {said}"


def _not_once(found: Counter[object] | Counter[UUID] | Counter[str], what: str) -> Iterator[str]:
    return (f"{what} {one} is there {times} times." for one, times in found.items() if times > 1)


def _lost(notes: Iterable[Notes], kind: type[EventKept | LineKept], found: set[UUID], what: str) -> Iterator[str]:
    return (
        f"{what} {note.id} was acknowledged and is lost."
        for note in notes
        if isinstance(note, kind) and note.id not in found
    )
