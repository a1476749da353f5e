"""One claimed run, from its claim to the end of what was started for it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from penstock.client.clients import AsyncClient
from penstock.client.threads import in_thread
from penstock.core import clock
from penstock.core.errors import PenstockException, ServerError, StaleAttempt, StorageError
from penstock.core.state_type import TERMINAL_STATES, StateType
from penstock.reporting.recorder import current_recorder
from penstock.reporting.tracebacks import describe
from penstock.wire.deploying.work_pools import WorkPool
from penstock.wire.deploying.workers import ClaimedRun, HandBack
from penstock.wire.flow_runs import StateProposal
from penstock.wire.logs import LogRecord
from penstock.wire.operations import FLOW_RUNS_HAND_BACK, FLOW_RUNS_PROPOSE, FLOW_RUNS_READ
from penstock.wire.requests import ById, LeaseClaim, Propose
from penstock.wire.states import StateRecord
from penstock.workers import environment
from penstock.workers.base import BaseWorker, TaskStatus

_log = logging.getLogger("penstock.workers")

_PAUSE_SECONDS = 1.0

LINGER_SECONDS = 60.0
"""How long what was started for a run may go on once the run has ended, to send its last words."""

_LET_BE = frozenset({StateType.PAUSED, StateType.SCHEDULED}) | TERMINAL_STATES
"""States in which a run needs no process: nothing is said of one that ended in them."""


class Carrier:
    """Carries one run.

    Parameters:
        worker: what it is started by.
        client: the way to the server.
        claimed: the run, and how it is run.
        pool: the pool it was claimed from; None where its deployment is served.
        lease_seconds: for how long a server that does not answer is asked again how the run ended: after that its lease is
            over, and the server ends the run itself.

    Attributes:
        claim: the run, and the attempt that is ours.
    """

    def __init__(
        self,
        worker: BaseWorker[Any, Any, Any],
        client: AsyncClient,
        claimed: ClaimedRun,
        pool: WorkPool | None,
        lease_seconds: float = 45.0,
    ) -> None:
        self._lease_seconds = lease_seconds
        self._patient_until: float | None = None
        self._worker = worker
        self._client = client
        self._claimed = claimed
        self._pool = pool
        self._configuration: Any = None
        self._status: TaskStatus | None = None
        self._working: asyncio.Task[Any] | None = None
        self._ending: str | None = None
        self.claim = LeaseClaim(claimed.flow_run.id, claimed.flow_run.attempt)

    @property
    def has_started(self) -> bool:
        """Whether the infrastructure has taken the run."""
        return self._status is not None and self._status.identifier is not None

    async def carry(self) -> None:
        """Start the run, wait until what was started has ended, and say what that leaves unsaid."""
        run = self._claimed.flow_run
        try:
            self._configuration = self._prepared()
            self._status = TaskStatus()
            self._working = asyncio.create_task(
                self._worker.run(run, self._configuration, self._status), name=f"run {run.id}"
            )
            result = await self._working
            reason = result.reason or (None if result else f"What was started for it ended with {result.status_code}.")
        except asyncio.CancelledError:
            if self._ending is None:
                raise
            reason = self._ending
        except Exception as error:
            _log.warning("Flow run %r could not be started: %s", run.name, describe(error))
            reason = f"It could not be started. {describe(error)}"
        await self._settle(reason)

    def _prepared(self) -> Any:
        claimed, kind = self._claimed, self._worker.job_configuration
        template = self._worker.get_default_base_job_template() if self._pool is None else self._pool.base_job_template
        configuration = kind.from_template_and_values(template, claimed.job_variables)
        token = environment.token.set(claimed.token)
        try:
            configuration.prepare_for_flow_run(claimed.flow_run, claimed.deployment, self._pool, self._worker.name)
        finally:
            environment.token.reset(token)
        return configuration

    async def cancel(self, grace_seconds: float) -> None:
        """End what was started for the run, because the run is being cancelled."""
        await self._end("The flow run was cancelled.", grace_seconds)

    async def lose(self) -> None:
        """End what was started for the run, because it is no longer ours: it is told to stop, and nothing is said of it.

        A run that has ended is no longer anybody's. Its process tells the rest, and ends by itself within a while.
        """
        if self._working is not None and await self._has_ended():
            await asyncio.wait({self._working}, timeout=LINGER_SECONDS)
            if self._working.done():
                return
        await self._end("", 0.0)

    async def _has_ended(self) -> bool:
        run_id, attempt = self._mine()
        try:
            run = await self._client.call(FLOW_RUNS_READ, ById(run_id))
        except PenstockException:
            return False  # a run that is lost does not go on for as long as nobody answers
        return run.attempt == attempt and run.state.type in _LET_BE

    async def stop(self, grace_seconds: float) -> None:
        """End what was started for the run, because the worker ends."""
        await self._end("The worker that carried it on was stopped.", grace_seconds)

    async def _end(self, reason: str, grace_seconds: float) -> None:
        if self._ending is not None or self._working is None:
            self._ending = self._ending or reason
            return
        self._ending = reason
        identifier = None if self._status is None else self._status.identifier
        try:
            if identifier is not None:
                await self._worker.kill_infrastructure(identifier, self._configuration, grace_seconds)
            else:
                self._working.cancel()
        except Exception as error:
            _log.warning("What was started for flow run %s can't be ended: %s", self.claim.flow_run_id, describe(error))
            self._working.cancel()

    async def hand_back(self, reason: str) -> bool:
        """Give the run back, if nothing was started for it; whether that was so."""
        if self._working is not None:
            return False
        self._ending = reason
        await self._tell(lambda: self._client.call(FLOW_RUNS_HAND_BACK, HandBack(*self._mine(), reason)))
        return True

    def _mine(self) -> tuple[Any, int]:
        return self.claim.flow_run_id, self.claim.attempt

    async def _settle(self, reason: str | None) -> None:
        """Say how the run ended where its process could not: it was killed, or never came to it."""
        if self._ending == "":
            return
        run_id, attempt = self._mine()
        run = await self._tell(lambda: self._client.call(FLOW_RUNS_READ, ById(run_id)))
        if run is None or run.attempt != attempt or run.state.type in _LET_BE:
            return
        reason = reason or "Its process ended without a word."
        if run.state.type is StateType.CANCELLING:
            state = StateRecord(StateType.CANCELLED, "Cancelled", clock.now(), reason)
        else:
            state = StateRecord(StateType.CRASHED, "Crashed", clock.now(), reason)
        self._note(reason)
        await in_thread(current_recorder().flush, self._client.threads)  # its last words come before its end
        await self._tell(lambda: self._client.call(FLOW_RUNS_PROPOSE, Propose(run_id, StateProposal(state, attempt))))

    def _note(self, reason: str) -> None:
        line = LogRecord(clock.now(), logging.ERROR, "penstock.workers", reason, self.claim.flow_run_id, None)
        current_recorder().log(line)

    async def _tell(self, ask: Any) -> Any:
        """Ask the server, until it answers or the run's lease would be over anyway; None where it refuses."""
        if self._patient_until is None:
            self._patient_until = clock.current().monotonic() + self._lease_seconds
        while True:
            try:
                return await ask()
            except StaleAttempt:
                return None
            except (StorageError, ServerError) as error:
                if clock.current().monotonic() >= self._patient_until:
                    _log.warning("The end of flow run %s can't be told: %s", self.claim.flow_run_id, error)
                    return None
            except PenstockException as error:
                _log.warning("The end of flow run %s is not taken: %s", self.claim.flow_run_id, error)
                return None
            await clock.current().sleep_async(_PAUSE_SECONDS)
