"""Pauses of flow runs: what a run waits for, and how that stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from penstock.wire.states import StateRecord


class PauseWanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a flow run pauses for.

    Attributes:
        key: names the pause within the run. One that was resumed is not gone through again under the same key.
        timeout_seconds: how long the run waits for somebody to resume it, and then fails; None for as long as it takes.
        input_schema: the JSON Schema of the input that whoever resumes it is to give; None where none is wanted.
        description: what that person is to know, as Markdown.
    """

    key: str
    timeout_seconds: float | None = None
    input_schema: dict[str, Any] | None = None
    description: str | None = None


class Pause(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pause of a flow run.

    Attributes:
        key: names it within the run.
        opened: since when the run waits.
        expires: when the run fails unless somebody resumes it before; None where it waits for as long as it takes.
        input_schema: the JSON Schema of the input that is wanted; None where none is.
        description: what whoever resumes it is to know.
        ended: when it was over; None while the run waits.
        resumed_by: who resumed it; None where nobody has.
        input: what that person gave. Only `flow_runs.read_pause` shows it.
    """

    key: str
    opened: datetime
    expires: datetime | None = None
    input_schema: dict[str, Any] | None = None
    description: str | None = None
    ended: datetime | None = None
    resumed_by: str | None = None
    input: dict[str, Any] | None = None


class ReadPause(msgspec.Struct, frozen=True):
    """How a pause of a flow run stands.

    Attributes:
        id: the flow run.
        key: which pause.
    """

    id: UUID
    key: str


class PauseStanding(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a pause stands.

    Attributes:
        state: the state the flow run is in.
        pause: the pause; None where the run has not gone into it.
    """

    state: StateRecord
    pause: Pause | None = None
