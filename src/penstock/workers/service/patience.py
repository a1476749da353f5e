"""Waiting for a server that is away when a worker starts."""

from __future__ import annotations

import logging

from penstock.client.transport import reports_to_server
from penstock.core.errors import PenstockException, ServerError, StorageError

_log = logging.getLogger("penstock.workers")

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 10.0


class Patience:
    """How long to wait until a server that does not answer, or fails, is asked again. It says once that it waits.

    A refusal is no server that is away: a wrong key, or a pool of another type, ends what asked.
    """

    def __init__(self) -> None:
        self._pause_seconds = 0.0

    def seconds_after(self, error: PenstockException) -> float:
        """Return how long to wait after a failure.

        Raises:
            PenstockException: the error itself, where it does not pass by itself.
        """
        if not isinstance(error, StorageError | ServerError) or not reports_to_server():
            raise error
        if not self._pause_seconds:
            _log.warning("%s Until it answers, this worker waits.", error)
        self._pause_seconds = min(2 * self._pause_seconds or _FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS)
        return self._pause_seconds
