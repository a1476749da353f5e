"""What a paused run waits for, as lines of a name and a value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from penstock.cli.screen.words import local
from penstock.cli.views.facts import MAX_VALUE_CHARS, Fact
from penstock.wire.flow_runs import FlowRun
from penstock.wire.pausing.pauses import Pause


def waiting(run: FlowRun) -> Iterator[Fact]:
    """Yield until when a run waits to be resumed, what whoever does so is to know, and what to give."""
    pause = run.pause
    if pause is None:
        return
    yield "waits", "for as long as it takes" if pause.expires is None else f"until {local(pause.expires)}"
    if pause.description:
        yield "asks", _cut(pause.description)
    if pause.input_schema is not None:
        yield "input", "\n".join(_fields(pause.input_schema)) or "{}"


def pause_json(pause: Pause) -> dict[str, Any]:
    """Return what a run waits for as JSON values."""
    return {
        "key": pause.key,
        "opened": pause.opened,
        "expires": pause.expires,
        "description": pause.description,
        "input_schema": pause.input_schema,
    }


def _fields(schema: dict[str, Any]) -> Iterator[str]:
    properties, required = schema.get("properties"), schema.get("required")
    for name, field in properties.items() if isinstance(properties, dict) else ():
        if not isinstance(field, dict):
            continue
        kind = field.get("type") or ("one of them" if "enum" in field else "see --output json")
        wanted = isinstance(required, list) and name in required
        default = f", else {json.dumps(field['default'], ensure_ascii=False)}" if "default" in field else ""
        yield _cut(f"{name}: {kind}{'' if wanted else default or ', if you like'}")


def _cut(text: str) -> str:
    return text if len(text) <= MAX_VALUE_CHARS else f"{text[:MAX_VALUE_CHARS]}…"
