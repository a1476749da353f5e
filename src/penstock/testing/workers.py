"""What every type of worker is held to: subclass `WorkerConformance` in a test file, and pytest runs it.

Nothing of pytest is imported here, and no server is needed.
"""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from penstock.testing.harness import penstock_test_harness

if TYPE_CHECKING:
    from penstock.wire.flow_runs import FlowRun
    from penstock.workers.base import BaseWorker, BaseWorkerResult, TaskStatus

__all__ = ["WorkerConformance"]

GOES_ON = "import threading; threading.Event().wait()"
"""A program that does not end by itself."""


class WorkerConformance:
    """Tests of the contract of `penstock.workers.base.BaseWorker`.

    Attributes:
        worker_type: the class of workers that is tested. A subclass names it.
        job_variables: what a deployment would have to say: an image, a namespace.
        python: the interpreter, as it is called where runs are carried out.
        patience_seconds: after how long a test is given up.
        grace_seconds: how long a run that is killed may take to end by itself.
    """

    worker_type: ClassVar[type[BaseWorker[Any, Any, Any]]]
    job_variables: ClassVar[dict[str, Any]] = {}
    python: ClassVar[str] = sys.executable
    patience_seconds: ClassVar[float] = 120.0
    grace_seconds: ClassVar[float] = 2.0

    def make_worker(self) -> BaseWorker[Any, Any, Any]:
        """Return the worker that is tested; a subclass may make it in its own way."""
        return self.worker_type(name="conformance")

    def left_over(self, flow_run_id: UUID) -> list[str]:
        """Return what is left on the infrastructure of a run that was ended: names for people.

        A subclass looks; as it stands nothing is looked for.
        """
        return []

    def test_a_run_succeeds(self) -> None:
        """A program that ends with 0 is a success, known by the identifier that was told when it began."""

        async def body(carrier: Carrier) -> None:
            result, status = await carrier.carry("pass")
            assert (bool(result), result.status_code, result.reason) == (True, 0, None)
            assert result.identifier
            assert result.identifier == status.identifier

        self._test(body)

    def test_a_failure_has_its_status(self) -> None:
        """What a program ends with is the result's status, and a reason says so."""

        async def body(carrier: Carrier) -> None:
            result, _ = await carrier.carry("raise SystemExit(3)")
            assert (bool(result), result.status_code) == (False, 3), result
            assert result.reason

        self._test(body)

    def test_a_run_finds_its_environment(self) -> None:
        """The process of a run is told which run it is, and what the deployment says, quotes and all."""
        said = 'it\'s "quoted" $HOME\n{{ not filled }}'
        program = (
            "import os\n"
            "told = os.environ['PENSTOCK__FLOW_RUN_ATTEMPT'], os.environ.get('SAID')\n"
            f"raise SystemExit(0 if told == ('1', {said!r}) and os.environ['PENSTOCK__FLOW_RUN_ID'] else 5)"
        )

        async def body(carrier: Carrier) -> None:
            result, _ = await carrier.carry(program, env={"SAID": said})
            assert result.status_code == 0, result

        self._test(body)

    def test_a_run_is_killed(self) -> None:
        """A run that is killed ends, without success; nothing of it is left."""

        async def body(carrier: Carrier) -> None:
            one = carrier.begin(GOES_ON)
            await carrier.started(one)
            assert not one.running.done()
            await carrier.kill(one)
            assert not await one.running
            assert self.left_over(one.flow_run.id) == []

        self._test(body)

    def test_what_is_gone_can_be_killed(self) -> None:
        """Killing what has ended already, or never was, is no error."""

        async def body(carrier: Carrier) -> None:
            one = carrier.begin("pass")
            await one.running
            await carrier.kill(one)
            await carrier.kill(one, identifier="999999999")

        self._test(body)

    def test_cancelled_while_it_starts_it_leaves_nothing(self) -> None:
        """A start that is cancelled at once, or a little later, leaves nothing."""

        async def body(carrier: Carrier) -> None:
            for turns in (0, 1, 5, 50):
                one = carrier.begin(GOES_ON)
                for _ in range(turns):
                    await asyncio.sleep(0)
                await carrier.cancel(one)
                assert self.left_over(one.flow_run.id) == [], f"cancelled after {turns} turns of the loop"

        self._test(body)

    def test_cancelled_when_it_has_started_it_leaves_nothing(self) -> None:
        """A run whose waiting is cancelled is ended."""

        async def body(carrier: Carrier) -> None:
            one = carrier.begin(GOES_ON)
            await carrier.started(one)
            await carrier.cancel(one)
            assert self.left_over(one.flow_run.id) == []

        self._test(body)

    def test_two_runs_at_once(self) -> None:
        """Two runs go on beside each other: one is killed, and the other ends as its program says."""

        async def body(carrier: Carrier) -> None:
            one, other = carrier.begin(GOES_ON), carrier.begin("raise SystemExit(4)")
            assert (await other.running).status_code == 4
            await carrier.started(one)
            assert one.status.identifier != other.status.identifier
            assert not one.running.done()
            await carrier.kill(one)
            assert not await one.running

        self._test(body)

    def test_it_can_be_set_up_again(self) -> None:
        """Once it has let go of what it made ready, it can begin anew."""

        async def body(carrier: Carrier) -> None:
            await carrier.worker.teardown()
            await carrier.worker.setup()

        self._test(body)

    def test_its_template_describes_its_variables(self) -> None:
        """The default template of a pool names its variables by a JSON schema, and all that it refers to is there."""
        template = self.worker_type.get_default_base_job_template()
        assert template["variables"]["type"] == "object"
        for name in ("env", "command", "name", "labels"):
            assert name in template["variables"]["properties"], f"{self.worker_type.__name__} has no variable {name!r}"
        assert self.worker_type.type

    def _test(self, body: Callable[[Carrier], Awaitable[None]]) -> None:
        async def whole() -> None:
            carrier = Carrier(self, self.make_worker())
            async with asyncio.timeout(self.patience_seconds):
                await carrier.worker.setup()
                try:
                    await body(carrier)
                finally:
                    await carrier.close()
                    await carrier.worker.teardown()

        with penstock_test_harness():
            asyncio.run(whole())


class Carried:
    """A run that a worker was given.

    Attributes:
        flow_run: the run.
        configuration: how it is started.
        status: by which the worker says that it has begun.
        running: the worker's `run`.
    """

    def __init__(self, worker: BaseWorker[Any, Any, Any], flow_run: FlowRun, configuration: Any) -> None:
        from penstock.workers.base import TaskStatus

        self.flow_run = flow_run
        self.configuration = configuration
        self.status = TaskStatus()
        self.running: asyncio.Task[BaseWorkerResult] = asyncio.create_task(
            worker.run(flow_run, configuration, self.status)
        )


class Carrier:
    """Gives a worker runs, as the service of workers does.

    Parameters:
        suite: says how.
        worker: the worker.
    """

    def __init__(self, suite: WorkerConformance, worker: BaseWorker[Any, Any, Any]) -> None:
        self._suite = suite
        self._all: list[Carried] = []
        self.worker = worker

    def begin(self, program: str, **variables: Any) -> Carried:
        """Have a Python program run."""
        flow_run = _flow_run()
        command = f"{shlex.quote(self._suite.python)} -c {shlex.quote(program)}"
        values = {**self._suite.job_variables, "command": command, **variables}
        kind = self._suite.worker_type
        configuration = kind.job_configuration.from_template_and_values(kind.get_default_base_job_template(), values)
        configuration.prepare_for_flow_run(flow_run, worker_name=self.worker.name)
        self._all.append(Carried(self.worker, flow_run, configuration))
        return self._all[-1]

    async def carry(self, program: str, **variables: Any) -> tuple[BaseWorkerResult, TaskStatus]:
        """Have a program run, and wait until it has ended."""
        one = self.begin(program, **variables)
        return await one.running, one.status

    async def started(self, one: Carried) -> None:
        """Wait until the infrastructure has taken a run."""
        beginning = asyncio.ensure_future(asyncio.shield(one.status._identifier))
        await asyncio.wait((beginning, one.running), return_when=asyncio.FIRST_COMPLETED)
        if one.running.done():
            raise AssertionError(f"The run ended before it was said to have started: {one.running.result()}")

    async def kill(self, one: Carried, identifier: str | None = None) -> None:
        """Have what was started for a run killed, or something else by its identifier."""
        known = identifier or one.status.identifier
        assert known is not None
        await self.worker.kill_infrastructure(known, one.configuration, self._suite.grace_seconds)

    async def cancel(self, one: Carried) -> None:
        """Wait for a run no longer."""
        one.running.cancel()
        with suppress(asyncio.CancelledError):
            await one.running

    async def close(self) -> None:
        """End what a failed test left."""
        for one in self._all:
            if not one.running.done():
                await self.cancel(one)


def _flow_run() -> FlowRun:
    from penstock.core import clock
    from penstock.core.ids import uuid7
    from penstock.core.state_type import StateType
    from penstock.wire.flow_runs import FlowRun
    from penstock.wire.states import StateRecord

    now = clock.now()
    pending = StateRecord(StateType.PENDING, "Pending", now)
    return FlowRun(uuid7(), uuid7(), "conformance", "A run, of (conformance)!", pending, now, attempt=1)
