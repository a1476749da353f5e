"""A worker at work, with a server that says what the test has it say."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from penstock.client.clients import AsyncClient
from penstock.core.errors import Forbidden, ObjectNotFound, ServerError, ServerUnreachable, Unauthorized
from penstock.core.state_type import StateType
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
        await WorkerService(Ending("pool"), options, AsyncClient(server)).run()

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
