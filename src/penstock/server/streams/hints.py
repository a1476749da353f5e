"""What wakes those who wait on this server: a commit of this process, or one of another that the database tells of."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable

from penstock.core.errors import PenstockException
from penstock.server.database.database import Database

_log = logging.getLogger("penstock.server")

_LISTENING_PAUSE_SECONDS = 1.0


class Hints:
    """Calls, in the event loop, whoever wants to know that something may have come. Hints may be lost.

    Parameters:
        database: whose commits are told.
    """

    def __init__(self, database: Database) -> None:
        self.closed = threading.Event()
        self._database = database
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hinted = False
        self._heard: list[tuple[Callable[[], None], Callable[[], bool]]] = []

    def follow(self, heard: Callable[[], None], is_wanted: Callable[[], bool]) -> None:
        """Have `heard` called from now on. Call this in the event loop.

        Parameters:
            heard: called in the event loop; several hints that come together may be one call.
            is_wanted: whether anybody waits at all; any thread may call it.
        """
        self._heard.append((heard, is_wanted))
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._database.told.append(self._told)
            threading.Thread(target=self._listen, name="penstock-listening", daemon=True).start()

    def close(self) -> None:
        """End. Call it in the event loop."""
        self.closed.set()
        if self._told in self._database.told:
            self._database.told.remove(self._told)

    def _told(self) -> None:
        """Wake those who wait; any thread may call this, and many calls come to one."""
        if not self._hinted and self._loop is not None and any(is_wanted() for _, is_wanted in self._heard):
            self._hinted = True
            try:
                self._loop.call_soon_threadsafe(self._hint)
            except RuntimeError:
                return  # the loop has ended

    def _hint(self) -> None:
        self._hinted = False
        for heard, _ in self._heard:
            heard()

    def _listen(self) -> None:
        while not self.closed.is_set():
            try:
                self._database.dialect.listen(self._told, self.closed)
                return
            except PenstockException as error:
                _log.warning("Other servers can't be heard at present: %s", error)
            except Exception as error:
                meaning = self._database.dialect.storage_error(error)
                _log.warning("Other servers can't be heard at present: %s", meaning or error)
            self.closed.wait(_LISTENING_PAUSE_SECONDS)
