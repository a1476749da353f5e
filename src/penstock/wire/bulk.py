"""What is done to many flow runs at once, and the record of who did it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.states import StateRecord

BULK_LIMIT = 200
"""The most flow runs that one request acts on."""


class DeleteFlowRuns(msgspec.Struct, frozen=True, omit_defaults=True):
    """Delete flow runs, with everything recorded of them and of the runs they called.

    Attributes:
        filter: which flow runs are meant.
        dry_run: only count them.
        limit: how many are acted on, at most 200, in the order of their making.
        after: the `next` of the request before, to go on with the others.
    """

    filter: FlowRunFilter
    dry_run: bool = True
    limit: int = 100
    after: str | None = None


class CancelFlowRuns(msgspec.Struct, frozen=True, omit_defaults=True):
    """Cancel those of the flow runs that have not ended: where a process runs one it is told, and ends it.

    Attributes:
        filter: which flow runs are meant.
        dry_run: only count them.
        limit: how many are acted on, at most 200, in the order of their making.
        after: the `next` of the request before, to go on with the others.
    """

    filter: FlowRunFilter
    dry_run: bool = True
    limit: int = 100
    after: str | None = None


class SetFlowRunStates(msgspec.Struct, frozen=True, omit_defaults=True):
    """Have flow runs enter a state, as far as the rules let a person do that.

    Attributes:
        filter: which flow runs are meant.
        state: the state.
        force: whatever the rules say, but for Running, which only a start makes.
        dry_run: only count them.
        limit: how many are acted on, at most 200, in the order of their making.
        after: the `next` of the request before, to go on with the others.
    """

    filter: FlowRunFilter
    state: StateRecord
    force: bool = False
    dry_run: bool = True
    limit: int = 100
    after: str | None = None


class Refusal(msgspec.Struct, frozen=True):
    """A flow run that was left as it is, and why."""

    id: UUID
    reason: str


class BulkOutcome(msgspec.Struct, frozen=True):
    """What became of an action on many flow runs.

    Attributes:
        matched: how many flow runs were meant before it; the count stops at 10,000.
        is_capped: whether there are more.
        affected: how many were acted on, with the runs that were deleted along with their callers.
        refused: those that the rules left as they are.
        next: where to go on, if some are left.
        subflows: of a deletion, how many flow runs that were called by those that were meant go along with them.
        is_subflows_capped: whether there are more: they count towards the 10,000.
    """

    matched: int
    is_capped: bool = False
    affected: int = 0
    refused: list[Refusal] = msgspec.field(default_factory=list)
    next: str | None = None
    subflows: int = 0
    is_subflows_capped: bool = False


class AuditLine(msgspec.Struct, frozen=True):
    """Who did what.

    Attributes:
        id: its id, in the order of time.
        occurred: when; UTC.
        principal: who.
        action: the name of the operation.
        affected: how many objects it touched.
        details: what was asked for.
    """

    id: UUID
    occurred: datetime
    principal: str
    action: str
    affected: int
    details: dict[str, Any] = msgspec.field(default_factory=dict)


class AuditQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of the audit, newest first. `after` is the `next` of the page before."""

    limit: int = 50
    after: str | None = None


class AuditPage(msgspec.Struct, frozen=True):
    """Some lines of the audit, and where the next page begins."""

    items: list[AuditLine]
    next: str | None = None
