"""Requests to delete flow runs: begun in one transaction, and carried on in as many as it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from penstock.core import clock
from penstock.server.context import Context
from penstock.server.services.bulk import audit
from penstock.server.services.deletion import marks, parts
from penstock.server.services.flow_run_rows import row_to_change
from penstock.server.steps import Steps
from penstock.wire.requests import ById, Done

_FIRST_ROWS = 500
_FEWEST_ROWS, _MOST_ROWS = 500, 2_000
_LONG_SECONDS = 0.05
"""A transaction that took longer makes the next one smaller: others wait for it."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """How a deletion stands after a transaction.

    Attributes:
        audit_id: the line of the audit of it.
        flow_runs: how many are gone.
        is_done: whether nothing is left.
    """

    audit_id: UUID
    flow_runs: int
    is_done: bool


def delete_flow_run(request: ById, steps: Steps) -> Done:
    """Delete a flow run, the flow runs it called, their task runs and their log lines.

    The run is gone from every list at once. What was recorded of a large one goes in many small transactions; what is left
    after some seconds, the server deletes by and by.

    Raises:
        ObjectNotFound: there is no such flow run.
    """

    def begin(context: Context) -> UUID:
        row_to_change(request.id, context)
        return marks.begin([request.id], "flow_runs.delete", request, context)

    return Done(carry_out(begin, [request.id], steps))


def carry_out(begin: Callable[[Context], UUID], locks: list[UUID], steps: Steps) -> int:
    """Delete what `begin` begins to delete; return how many flow runs are gone, with those they called.

    Parameters:
        begin: returns the id of the line of the audit.
        locks: the flow runs it begins with, where they are known.
        steps: what carries out transactions, and says how long to go on.
    """
    until = clock.current().monotonic() + steps.patience_seconds
    stand = steps.write(lambda context: _stand(begin(context), _FIRST_ROWS, context), locks)
    limit = _FIRST_ROWS
    while not stand.is_done and clock.current().monotonic() < until:
        stand, limit = _next(stand.audit_id, limit, steps)
    if not steps.is_helped:
        _finish_others(steps, limit)
    return stand.flow_runs


def _finish_others(steps: Steps, limit: int) -> None:
    """Delete what killed processes left, where no loop of a server does it."""
    while steps.write(lambda context: parts.go_on(limit, context)) >= limit:
        pass


def _next(audit_id: UUID, limit: int, steps: Steps) -> tuple[_Stand, int]:
    """Do one transaction and rest as long as it took; return how it stands now, and how large the next one should be."""
    began = clock.current().monotonic()
    stand = steps.write(lambda context: _stand(audit_id, limit, context))
    seconds = clock.current().monotonic() - began
    clock.current().sleep(min(seconds, _LONG_SECONDS))
    larger = limit // 2 if seconds > _LONG_SECONDS else limit * 2 if seconds < _LONG_SECONDS / 2 else limit
    return stand, max(_FEWEST_ROWS, min(larger, _MOST_ROWS))


def _stand(audit_id: UUID, limit: int, context: Context) -> _Stand:
    is_done = parts.go_on(limit, context, audit_id) < limit
    return _Stand(audit_id, audit.affected_by(audit_id, context), is_done)
