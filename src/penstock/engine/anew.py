"""Which calls of a retried flow run are carried out anew, though results of them may have been kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID

from penstock.core.names.calls import call_name, key_from
from penstock.wire.flow_runs import Anew

if TYPE_CHECKING:
    from penstock.engine.task_call import TaskCall


class Since(NamedTuple):
    """From which attempt on results of a call count; 0 where any does.

    Attributes:
        own: results of the call itself.
        within: results of what it calls.
    """

    own: int = 0
    within: int = 0


class AnewCalls:
    """What of a flow run is carried out anew: the calls it was retried from, what depends on them, and what they call.

    It is told of each call before that looks for its result, so it knows of a call's upstreams what it needs to know.

    Parameters:
        flow_run_id: the run that was retried.
        parts: what its record says of that.
    """

    def __init__(self, flow_run_id: UUID, parts: Iterable[Anew]) -> None:
        self.flow_run_id = flow_run_id
        self.parts = list(parts)
        self._all = max((part.attempt for part in self.parts if part.call is None), default=0)
        self._chosen: dict[str, int] = {}
        self._callers: dict[str, int] = {}
        for part in sorted(self.parts, key=lambda part: part.attempt):
            if part.call is not None:
                self._chosen[part.call] = part.attempt
                self._callers.update(dict.fromkeys(part.callers, part.attempt))
        self._noted: dict[UUID, Since] = {}

    def __reduce__(self) -> tuple[type[AnewCalls], tuple[UUID, list[Anew]]]:
        return AnewCalls, (self.flow_run_id, self.parts)

    def since(
        self,
        kind: Literal["task", "flow"],
        name: str,
        key: str | None,
        upstreams: Mapping[str, Iterable[UUID]],
        caller_id: UUID | None,
    ) -> Since:
        """Return from which attempt on results of a call count.

        Parameters:
            kind: what is called.
            name: that of the task or flow.
            key: the key that its result would be found by.
            upstreams: the runs its arguments came from.
            caller_id: the task run that calls it.
        """
        noted, none = self._noted, Since()
        names = {call_name(kind, name, None), call_name(kind, name, key)}
        within = max(self._all, *(self._chosen.get(one, 0) for one in names))
        if noted:
            within = max(
                within,
                0 if caller_id is None else noted.get(caller_id, none).within,
                *(noted.get(run_id, none).own for run_ids in upstreams.values() for run_id in run_ids),
            )
        return Since(max(within, *(self._callers.get(one, 0) for one in names)), within)

    def note(self, run_id: UUID, since: Since) -> None:
        """Remember what `since` said of the call that became this run, for what depends on it."""
        if since.own > self._all:
            self._noted[run_id] = since

    def noted(self, run_id: UUID) -> Since:
        """Return what was noted of a run."""
        return self._noted.get(run_id, Since(self._all, self._all))

    def key_since(self, attempt: int, key: str) -> str:
        """Return the key under which results that count from `attempt` on are kept."""
        return key_from(attempt, self.flow_run_id, key)

    def within(self, since: Since) -> AnewCalls | None:
        """Return what is carried out anew within a subflow: all of it or, where `since` says nothing, what it says itself."""
        return AnewCalls(self.flow_run_id, [Anew(since.within)]) if since.within else None


def task_since(call: TaskCall, key: str | None) -> int:
    """Return from which attempt on results of a task's call count, and note it; 0 where any does.

    Parameters:
        call: in a flow run of which something is carried out anew, or not.
        key: the key that its result would be found by.
    """
    flow_context = call.flow_context
    anew = None if flow_context is None else flow_context.anew
    if anew is None:
        return 0
    record = call.run.record
    since = anew.since("task", record.task_name, key, record.upstreams, record.parent_task_run_id)
    anew.note(record.id, since)
    return since.own
