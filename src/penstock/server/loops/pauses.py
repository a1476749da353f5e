"""The loop that fails paused runs which nobody has resumed in time."""

from __future__ import annotations

import logging
from functools import partial

from penstock.core.errors import StorageError
from penstock.server.dispatcher import Dispatcher
from penstock.server.loop import Loop, Turn
from penstock.server.services.pauses.expiry import ExpiredPause, end, expired

_log = logging.getLogger("penstock.server")


class ExpiredPauses(Loop):
    """Looks every few seconds for pauses whose time is over, in bounded steps.

    One that can't be ended, such as one whose run is damaged, is set aside, and the others are not.

    Parameters:
        server: what carries it out.
        interval_seconds: how often it looks.
        pauses_at_once: the most pauses of one transaction.
    """

    name = "pauses"

    def __init__(self, server: Dispatcher, interval_seconds: float, pauses_at_once: int = 50) -> None:
        self.interval_seconds = interval_seconds
        self._server = server
        self._pauses_at_once = pauses_at_once

    def run_once(self, turn: Turn) -> None:
        """End all pauses whose time is over."""
        seen: set[ExpiredPause] = set()
        while not turn.is_over:
            # What was looked at in this turn and is still there, others hold at this moment.
            found = [
                one for one in self._server.ask(partial(expired, self._pauses_at_once + len(seen))) if one not in seen
            ]
            if not found:
                return
            self._end(found)
            seen.update(found)

    def _end(self, pauses: list[ExpiredPause]) -> int:
        try:
            return self._server.write(lambda context: sum(end(pause, context) for pause in pauses))
        except StorageError:
            raise
        except Exception as error:
            if len(pauses) > 1:
                return sum(self._end([pause]) for pause in pauses)
            _log.error("The pause of run %s can't be ended and is set aside.", pauses[0].flow_run_id, exc_info=error)
            return 0
