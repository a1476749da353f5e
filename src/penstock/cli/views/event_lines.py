"""Printing events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from penstock.cli.screen.output import Cell, Column, on_terminal, print_table
from penstock.cli.screen.words import ago, local, one_line
from penstock.core import clock
from penstock.wire.events import RESOURCE_NAME, Event


def as_json(one: Event) -> dict[str, Any]:
    """Return an event as JSON values."""
    return {
        "id": str(one.id),
        "position": one.position,
        "occurred": one.occurred.isoformat(),
        "event": one.event,
        "resource": one.resource,
        "related": one.related,
        "payload": one.payload,
        "follows": None if one.follows is None else str(one.follows),
    }


def json_line(one: Event) -> str:
    """Return an event as one line of JSON."""
    return json.dumps(as_json(one))


def line(one: Event) -> str:
    """Return an event as one line of text."""
    name = one.resource.get(RESOURCE_NAME)
    named = f" {name!r}" if name else ""
    return one_line(f"{local(one.occurred)}  {one.event}  {one.resource_id}{named}")


def print_table_of(found: Sequence[Event]) -> None:
    """Print a table of events."""
    columns = [
        Column("POSITION", keep=True, right=True, style="dim"),
        Column("OCCURRED", keep=True, style="dim"),
        Column("EVENT"),
        Column("RESOURCE"),
    ]
    now = clock.now()
    rows = [
        (
            str(one.position),
            ago(one.occurred, now) if on_terminal() else one.occurred.isoformat(),
            Cell(one_line(one.event), "bold"),
            one_line(one.resource.get(RESOURCE_NAME) or one.resource_id),
        )
        for one in found
    ]
    print_table(columns, rows)
