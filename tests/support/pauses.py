"""Somebody who resumes runs as they pause."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from penstock.client.following import follow_events
from penstock.flow_runs import resume_flow_run
from penstock.wire.streams import EventsFollowed

PAUSED = EventsFollowed(events=["penstock.flow-run.Paused", "penstock.flow-run.Suspended"])


def paused_runs() -> Iterator[UUID]:
    """Yield the runs that pause, from the first one of the record on, as they do."""
    for event in follow_events(PAUSED, after=0):
        yield UUID(event.resource_id.rpartition(".")[2])


@contextmanager
def resuming(*inputs: dict[str, Any] | None, then: Callable[[UUID], Any] | None = None) -> Iterator[None]:
    """Resume runs as they pause within the block, one for each input; or have `then` done with the first one.

    What goes wrong is raised at the end of the block, which waits until all has been done.
    """
    errors: list[BaseException] = []

    def work() -> None:
        try:
            if then is not None:
                then(next(paused_runs()))
                return
            for given, flow_run_id in zip(inputs, paused_runs(), strict=False):
                resume_flow_run(flow_run_id, given)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work, name="resuming", daemon=True)
    thread.start()
    yield
    thread.join()
    if errors:
        raise errors[0]
