"""The loop that finds runs whose process is gone, and declares them Crashed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from penstock.server.context import Context
from penstock.server.dispatcher import Dispatcher
from penstock.server.grace import Grace
from penstock.server.loop import Loop, Turn
from penstock.server.services import leases
from penstock.server.services.leases import HeldRun
from penstock.server.sweep import Judge

_log = logging.getLogger("penstock.server")

_SHORTENED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Judges:
    """What makes a judge for one sweep.

    Attributes:
        judge_at: makes one from the present instant by the database's clock.
        by_leases_alone: whether all whose lease has not ended are alive to it, so that they need not be looked at.
    """

    judge_at: Callable[[datetime], Judge]
    by_leases_alone: bool = False


class Sweeper(Loop):
    """Looks every few seconds for leases that have ended.

    A lease that ended while nobody could renew it proves nothing: after the start, and after the clock has jumped, the machine
    has slept or no server has led for a while, leases are given time to be renewed first.

    Parameters:
        server: what carries the sweep out.
        judges: makes a judge for each sweep.
        interval_seconds: how often it sweeps.
        grace_seconds: how long leases are given to be renewed.

    Attributes:
        live_leases: how many flow runs' processes lived at the last sweep; the count stops at 10,000.
        declared: called with how many runs a sweep declared Crashed.
    """

    name = "sweep"

    def __init__(self, server: Dispatcher, judges: Judges, interval_seconds: float, grace_seconds: float) -> None:
        self.interval_seconds = interval_seconds
        self.live_leases = 0
        self.declared: Callable[[int], None] = _untold
        self._server = server
        self._judges = judges
        self._grace = Grace(interval_seconds, grace_seconds, grace_seconds)
        self._grace_time = timedelta(seconds=grace_seconds)

    def take_over(self, led_until: datetime | None) -> None:
        """Learn until when others swept."""
        self._grace.take_over(led_until)

    def run_once(self, turn: Turn) -> None:
        """Sweep once."""
        self.sweep()

    def sweep(self) -> int:
        """Sweep once; return how many runs were declared Crashed.

        Raises:
            StorageError: the database refused.
        """
        database = self._server.database
        now = database.ask(database.dialect.now)
        set_back = self._grace.look(now)
        if set_back:
            self._shorten(now + max(set_back, self._grace_time), now + self._grace_time)
        count = self._sweep(now)
        self.live_leases = database.ask(
            lambda connection: leases.count_live(now, Context(connection, database.dialect))
        )
        if count:
            self.declared(count)
            _log.warning("%d run(s) declared Crashed: their processes are gone.", count)
        return count

    def _sweep(self, now: datetime) -> int:
        judge, in_grace = self._judges.judge_at(now), self._grace.lasts

        def patient(run: HeldRun) -> str | None:
            if in_grace and run.expires is not None and run.expires < now:
                return None
            return judge(run)

        if not self._judges.by_leases_alone:
            return self._server.sweep(patient)
        return 0 if in_grace else self._server.sweep(judge, expired_before=now)

    def _shorten(self, later_than: datetime, to: datetime) -> None:
        """Have no lease last for longer because the clock was set back."""
        dialect, shortened = self._server.database.dialect, _SHORTENED_AT_ONCE
        while shortened == _SHORTENED_AT_ONCE:
            shortened = self._server.ledger.write(
                lambda connection: leases.shorten(later_than, to, _SHORTENED_AT_ONCE, Context(connection, dialect))
            )


def _untold(runs: int) -> None: ...
