"""One worker that waits for runs."""

from __future__ import annotations

import asyncio

from penstock.server.context import Principal
from penstock.server.services.work.outlook import Place
from penstock.wire.deploying.workers import Claimed, ClaimRuns


class Waiter:
    """One worker that waits for runs, or for something of its own to be cancelled.

    Parameters:
        request: what it asks for.
        principal: who it is.
        place: where its runs wait; None where it takes none.

    Attributes:
        answer: what it is told in the end.
        is_being_served: whether runs are claimed for it at this moment: it must not leave without them.
        entered: after how many looks it came.
        is_late: whether the time it would wait is over.
        is_gone: whether nobody takes its answer any more.
    """

    def __init__(self, request: ClaimRuns, principal: Principal, place: Place | None) -> None:
        self.request = request
        self.principal = principal
        self.place = place
        self.answer: asyncio.Future[Claimed] = asyncio.get_running_loop().create_future()
        self.is_being_served = False
        self.entered = 0
        self.is_late = False
        self.is_gone = False

    def tell(self, claimed: Claimed) -> None:
        """Give it its answer, unless it has one."""
        if not self.answer.done():
            self.answer.set_result(claimed)

    def fail(self, error: Exception) -> None:
        """Give it an error for an answer, unless it has one."""
        if not self.answer.done():
            self.answer.set_exception(error)
            self.answer.exception()  # seen, even where nobody waits for it any more
