"""Events of one's own: `emit_event` tells the server that something happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from penstock.core import clock
from penstock.core.ids import uuid7

if TYPE_CHECKING:
    from penstock.wire.events import Event

__all__ = ["Event", "emit_event"]

_ANOTHER_PREFIX = "prefect.resource."
_PREFIX = "penstock.resource."


def __getattr__(name: str) -> Any:
    # Loaded when it is asked for: a flow that tells nothing need not pay for it.
    if name == "Event":
        from penstock.wire.events import Event

        return Event
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def emit_event(
    event: str,
    resource: Mapping[str, str],
    occurred: datetime | None = None,
    related: Sequence[Mapping[str, str]] | None = None,
    payload: Mapping[str, Any] | None = None,
    id: UUID | None = None,
    follows: Event | None = None,
) -> Event:
    """Tell that something happened. It is sent in the background: this neither waits nor fails when no server answers.

    Within a flow run or a task run, these are added to what it relates to.

    Parameters:
        event: what happened, such as `orders.order.shipped`.
        resource: labels of what it happened to, with `penstock.resource.id` among them. (Labels that begin with
            `prefect.resource.` are taken for their `penstock.resource.` counterparts.)
        occurred: when; by default now. Without a time zone it is in the local one.
        related: labels of what else it concerns: each with `penstock.resource.id` and `penstock.resource.role`.
        payload: more about it: anything that JSON can hold.
        id: of the event; an event told twice with one id is kept once.
        follows: the event that led to it.

    Returns:
        The event as it is told.

    Raises:
        ValueError: it has no name or no resource, or holds what JSON can't, or too much.

    Example:
        emit_event("orders.order.shipped", {"penstock.resource.id": "order.1001"}, payload={"weight": 2.5})
    """
    from penstock.reporting.recorder import current_recorder
    from penstock.wire.events import Event

    if not event.strip():
        raise ValueError("The name of an event is empty. Give it one, such as 'orders.order.shipped'.")
    told = Event(
        id=id or uuid7(),
        occurred=clock.now() if occurred is None else occurred.astimezone(UTC),
        event=event,
        resource=_labels(resource, event),
        related=[*(_labels(one, event) for one in related or ()), *_surroundings()],
        payload=_plain(payload, event),
        follows=None if follows is None else follows.id,
    )
    _check_size(told)
    current_recorder().emit(told)
    return told


def _labels(labels: Mapping[str, str], event: str) -> dict[str, str]:
    from penstock.wire.events import RESOURCE_ID

    plain = {str(name).replace(_ANOTHER_PREFIX, _PREFIX, 1): str(value) for name, value in labels.items()}
    if not plain.get(RESOURCE_ID, "").strip():
        raise ValueError(f"Event {event!r} names a resource without an id. Give its labels a {RESOURCE_ID!r}.")
    return plain


def _plain(payload: Mapping[str, Any] | None, event: str) -> dict[str, Any]:
    import msgspec

    try:
        # A copy: what the program does with it later is no part of what happened.
        plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(dict(payload or {})))
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise ValueError(
            f"The payload of event {event!r} is no JSON: {error}. Convert what JSON can't hold."
        ) from error
    return plain


def _check_size(told: Event) -> None:
    import msgspec

    from penstock.wire.events import EVENT_LIMIT_CHARS, RELATED_LIMIT

    if len(told.related) > RELATED_LIMIT:
        raise ValueError(
            f"Event {told.event!r} relates to {len(told.related)} resources; give it {RELATED_LIMIT} at most."
        )
    size = len(msgspec.json.encode(told))
    if size > EVENT_LIMIT_CHARS:
        raise ValueError(
            f"Event {told.event!r} takes {size:,} bytes as JSON, and may take {EVENT_LIMIT_CHARS:,}. Put the data "
            "elsewhere, and where into the payload."
        )


def _surroundings() -> list[dict[str, str]]:
    """Return what runs here."""
    from penstock.context import FlowRunContext, TaskRunContext

    found = []
    flow_context, task_context = FlowRunContext.get(), TaskRunContext.get()
    if flow_context is not None:
        found.append(_run("flow-run", flow_context.flow_run))
        found += [
            {f"{_PREFIX}id": f"penstock.tag.{tag}", f"{_PREFIX}role": "tag"} for tag in flow_context.flow_run.tags
        ]
    if task_context is not None:
        found.append(_run("task-run", task_context.task_run))
    return found


def _run(kind: str, run: Any) -> dict[str, str]:
    return {f"{_PREFIX}id": f"penstock.{kind}.{run.id}", f"{_PREFIX}role": kind, f"{_PREFIX}name": run.name}
