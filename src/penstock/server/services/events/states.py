"""The events that tell of states: those of flow runs are written with the state, those of task runs derived from the record."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any
from uuid import UUID

from penstock.server.context import Context
from penstock.server.database.types import to_microseconds
from penstock.server.rules.history import HISTORY_LIMIT
from penstock.server.services.events.rows import related_to, tell
from penstock.server.services.events.work import related_work
from penstock.wire.events import RESOURCE_ID, RESOURCE_NAME, Event
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun

_VERSION_AND_VARIANT_BITS = (0xF << 76) | (3 << 62)
_VERSION_AND_VARIANT = (8 << 76) | (2 << 62)


def tell_states(row: Mapping[Any, Any], states: list[StateRecord], first: int, context: Context) -> None:
    """Have the states of a flow run told.

    Parameters:
        row: the run's columns: its id, its name and what it belongs to.
        states: its history, oldest first.
        first: the first of them that is new.
        context: of the transaction that writes them.
    """
    related = [related_to("flow", row["flow_id"], "flow")]
    parent = row["parent_flow_run_id"]
    if parent is not None:
        related.append(related_to("flow-run", parent, "parent-flow-run"))
    if row["deployment_id"] is not None:
        related += [related_to("deployment", row["deployment_id"], "deployment"), *related_work(row)]
        if row["repeats"] is not None:
            related.append(related_to("flow-run", row["repeats"], "repeated-flow-run"))
    related += [related_to("tag", tag, "tag") for tag in row["tags"] or ()]
    for number in range(first, len(states)):
        tell(_event("flow-run", row["id"], row["name"], states, number, related), context)


def tell_deletion(flow_run_id: UUID, context: Context) -> None:
    """Have the deletion of a flow run told."""
    now = context.now()
    event_id = _id_from(flow_run_id, b"deleted")
    tell(Event(event_id, now, "penstock.flow-run.deleted", {RESOURCE_ID: f"penstock.flow-run.{flow_run_id}"}), context)


def events_of(run: TaskRun) -> list[Event]:
    """Return the events that tell of a task run's states; the same each time."""
    related = [related_to("tag", tag, "tag") for tag in run.tags]
    if run.flow_run_id is not None:
        related.insert(0, related_to("flow-run", run.flow_run_id, "flow-run"))
    return [_event("task-run", run.id, run.name, run.states, number, related) for number in range(len(run.states))]


def _event(
    kind: str, id: UUID, name: str, states: list[StateRecord], number: int, related: list[dict[str, str]]
) -> Event:
    state = states[number]
    before = states[number - 1] if number else None
    resource = {
        RESOURCE_ID: f"penstock.{kind}.{id}",
        RESOURCE_NAME: name,
        "penstock.state-type": state.type.value,
        "penstock.state-name": state.name,
        "penstock.state-timestamp": state.timestamp.isoformat(),
    }
    payload = {
        "intended": {"from": None if before is None else before.type.value, "to": state.type.value},
        "initial_state": _plain(before),
        "validated_state": _plain(state),
    }
    # In a history without its middle, the numbers no longer say which state came before.
    follows = None if before is None or number >= HISTORY_LIMIT // 2 else _id_of(id, number - 1, before)
    return Event(
        _id_of(id, number, state), state.timestamp, f"penstock.{kind}.{state.name}", resource, related, payload, follows
    )


def _id_of(run_id: UUID, number: int, state: StateRecord) -> UUID:
    """Return the id of the event of a state: made from the state, so that it need not be kept."""
    said = f"{number} {to_microseconds(state.timestamp)} {state.name}".encode("utf-8", "replace")
    return _id_from(run_id, said)


def _id_from(run_id: UUID, said: bytes) -> UUID:
    """Return a UUID of version 8 (RFC 9562, section 5.8): a hash."""
    number = int.from_bytes(blake2b(run_id.bytes + said, digest_size=16).digest(), "big")
    return UUID(int=number & ~_VERSION_AND_VARIANT_BITS | _VERSION_AND_VARIANT)


def _plain(state: StateRecord | None) -> dict[str, str | None] | None:
    return None if state is None else {"type": state.type.value, "name": state.name, "message": state.message}
