"""A worker at work, with a server that says what the test has it say."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from msgspec import structs

from penstock.core.errors import Forbidden, ObjectNotFound, ServerError, ServerUnreachable, Unauthorized
from penstock.core.state_type import StateType
from penstock.settings import temporary_settings
from penstock.testing.clock import moving_clock
from penstock.wire.deploying.deployments import Deployment, DeploymentSpec
from penstock.wire.deploying.workers import Claimed, ClaimedRun, WorkerOrders
from penstock.wire.flow_runs import Decision, FlowRun, Verdict
from penstock.wire.requests import Done
from penstock.wire.states import StateRecord
from penstock.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult, TaskStatus
from penstock.workers.service.options import WorkerOptions
from penstock.workers.service.service import WorkerService

NOW = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


class Ending(BaseWorker[BaseJobConfiguration, BaseVariables, BaseWorkerResult]):
    """Its infrastructure ends by itself, without a word of the run."""

    type = "ending"

    async def run(
        self, flow_run: FlowRun, configuration: BaseJobConfiguration, task_status: TaskStatus | None = None
    ) -> BaseWorkerResult:
        return BaseWorkerResult(identifier="1", status_code=9, reason="It fell.")

    async def kill_infrastructure(self, identifier: str, configuration: Any, grace_seconds: float = 30.0) -> None:
        raise AssertionError("there is nothing to kill")


class Scripted:
    """Answers by the name of the operation: what is next in its line, the last of which stays. Errors are raised."""

    def __init__(self, **lines: list[Any]) -> None:
        self._lines = {name: deque(line) for name, line in lines.items()}
        self.asked: list[tuple[str, Any]] = []

    def call(self, operation: Any, request: Any) -> Any:
        self.asked.append((operation.name, request))
        line = self._lines[operation.name.replace(".", "_")]
        answer = line.popleft() if len(line) > 1 else line[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def download(self, download: Any, request: Any) -> Iterator[bytes]:
        raise AssertionError("nothing is downloaded")

    def close(self) -> None:
        """There is nothing to let go of."""

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]


def _claimed() -> ClaimedRun:
    state = StateRecord(StateType.RUNNING, "Running", NOW)
    run = FlowRun(uuid4(), uuid4(), "flow", "run", state, NOW, attempt=1)
    spec = DeploymentSpec("flow", "deployment")
    return ClaimedRun(run, Deployment(uuid4(), run.flow_id, spec, 1, 1, NOW, NOW), {})


def _work(server: Scripted) -> None:
    async def work() -> None:
        options = WorkerOptions("pool", run_once=True)
        await WorkerService(Ending("pool"), options, server).run()

    asyncio.run(work())


def test_a_forgotten_worker_says_again_who_it_is() -> None:
    """A worker that the server does not know any more makes itself known, and one that fails once is asked again."""
    server = Scripted(
        workers_heartbeat=[WorkerOrders()],
        workers_delete=[Done(1)],
        flow_runs_claim=[ObjectNotFound("The server knows no worker."), ServerError("It failed."), Claimed()],
    )
    _work(server)
    claims = [index for index, name in enumerate(server.names()) if name == "flow_runs.claim"]
    assert len(claims) == 3
    assert "workers.heartbeat" in server.names()[claims[0] : claims[1]]


@pytest.mark.parametrize("refusal", [Unauthorized("The API key is wrong."), Forbidden("It may not.")])
def test_a_key_that_is_changed_ends_no_worker(refusal: Exception) -> None:
    """A worker that is refused while it works asks again; one that is refused when it starts ends with that."""
    server = Scripted(
        workers_heartbeat=[WorkerOrders()], workers_delete=[Done(1)], flow_runs_claim=[refusal, refusal, Claimed()]
    )
    with moving_clock():
        _work(server)
    assert server.names().count("flow_runs.claim") == 3
    refused = Scripted(workers_heartbeat=[refusal], workers_delete=[refusal])
    with pytest.raises(type(refusal)):
        _work(refused)


def test_a_server_that_is_away_at_the_start_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    """A worker that starts while its server is away or fails asks again, and says once that it waits.

    Without a server, where the record on this machine fails, it ends with that.
    """
    away = [ServerUnreachable("Nobody answers."), ServerError("It failed."), ServerUnreachable("Nobody answers.")]
    server = Scripted(
        workers_heartbeat=[*away, WorkerOrders()], workers_delete=[Done(1)], flow_runs_claim=[Claimed(), Claimed()]
    )
    with moving_clock(), temporary_settings({"api.url": "http://127.0.0.1:9/api"}):
        _work(server)
    assert server.names()[:5] == [*["workers.heartbeat"] * 4, "flow_runs.claim"]
    assert [line for line in caplog.messages if "waits" in line] == [
        "Nobody answers. Until it answers, this worker waits."
    ]
    with temporary_settings({"api.url": None}), pytest.raises(ServerUnreachable):
        _work(Scripted(workers_heartbeat=[away[0]], workers_delete=[Done(1)]))


class Stuck(Scripted):
    """Answers nothing about runs until heartbeats have gone on for a while."""

    def __init__(self, **lines: list[Any]) -> None:
        super().__init__(**lines)
        self._asking, self._beats = 0, 0
        self._goes_on = threading.Condition()

    def call(self, operation: Any, request: Any) -> Any:
        with self._goes_on:
            if operation.name == "workers.heartbeat" and self._asking:
                self._beats += 1
            elif operation.name == "flow_runs.read":
                self._asking += 1
                assert self._goes_on.wait_for(lambda: self._beats > 2, 60), "no heartbeat came through"
            self._goes_on.notify_all()
        return super().call(operation, request)


def test_heartbeats_wait_behind_no_run() -> None:
    """However many runs have something to ask of a server that does not answer, the worker goes on saying that it lives."""
    claimed = [_claimed() for _ in range(100)]
    ended = StateRecord(StateType.COMPLETED, "Completed", NOW)
    server = Stuck(
        workers_heartbeat=[WorkerOrders()],
        workers_delete=[Done(1)],
        flow_runs_claim=[Claimed(claimed), Claimed()],
        flow_runs_read=[structs.replace(claimed[0].flow_run, state=ended)],
    )

    async def work() -> None:
        options = WorkerOptions("pool", run_once=True, heartbeat_seconds=0.01)
        await WorkerService(Ending("pool"), options, server).run()

    asyncio.run(work())
    assert server.names().count("flow_runs.read") == len(claimed)


def test_the_end_of_a_run_is_told_once_the_server_is_back() -> None:
    """A run whose process died while the server was away is Crashed with how it died, as soon as the server answers."""
    claimed = _claimed()
    away = ServerUnreachable("Nobody answers.")
    verdict = Verdict(Decision.ACCEPT, claimed.flow_run.state, 1)
    server = Scripted(
        workers_heartbeat=[WorkerOrders()],
        workers_delete=[Done(1)],
        flow_runs_claim=[Claimed([claimed]), Claimed()],
        flow_runs_read=[away, away, claimed.flow_run],
        flow_runs_propose=[away, verdict],
    )
    with moving_clock():
        _work(server)
    told = [request.proposal for name, request in server.asked if name == "flow_runs.propose"]
    assert len(told) == 2
    assert (told[-1].state.type, told[-1].state.message) == (StateType.CRASHED, "It fell.")
