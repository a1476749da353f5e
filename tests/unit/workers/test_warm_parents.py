"""Warm parents and what may happen in the instant of a fork."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from penstock.core.errors import InfrastructureError
from penstock.workers.environment import FLOW_RUN_ID, local_environment
from penstock.workers.process import warm
from penstock.workers.process.messages import Forked
from penstock.workers.process.warm import Code, ForkedProcess, WarmParentDied, WarmParentHandle, WarmParents

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


class Watched(WarmParentHandle):
    """A warm parent of which something becomes as soon as it has said that it forked."""

    once_forked: Callable[[], Any]

    def _take(self, message: Any) -> None:
        super()._take(message)
        if isinstance(message, Forked):
            self.once_forked()


@pytest.fixture
def silent() -> Iterator[str]:
    """Give the address of a server that takes connections, and never answers: a run's process waits for it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api"


async def _fork(parent: WarmParentHandle, url: str) -> ForkedProcess:
    environment = {**local_environment(), "PENSTOCK_API_URL": url, FLOW_RUN_ID: str(uuid4())}
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        return await parent.fork(environment, None, (nothing, nothing))
    finally:
        os.close(nothing)


def test_a_parent_that_dies_as_it_has_forked(silent: str) -> None:
    """A process whose parent's end is read along with its beginning counts as ended: nobody waits for it for ever."""

    async def forked() -> int:
        parent = await Watched.start(local_environment())
        parent.once_forked = parent._died
        child = await _fork(parent, silent)
        await child.ended.wait()
        await parent.close()
        return child.status

    assert asyncio.run(forked()) == -signal.SIGTERM


def test_a_run_that_is_cancelled_as_its_process_comes(silent: str) -> None:
    """A process that comes in the instant in which its run is cancelled is killed: nobody would watch it."""

    async def forked() -> int:
        parent = await Watched.start(local_environment())
        forking = asyncio.create_task(_fork(parent, silent))
        children: list[ForkedProcess] = []

        def cancel() -> None:
            children.extend(parent.children.values())
            forking.cancel()

        parent.once_forked = cancel
        with pytest.raises(asyncio.CancelledError):
            await forking
        await children[0].ended.wait()
        await parent.close()
        return children[0].status

    assert asyncio.run(forked()) == -signal.SIGKILL


def test_a_parent_that_does_not_come_up_leaves_nothing() -> None:
    """A parent that is given up while it starts has ended."""

    async def given_up() -> int | None:
        made: list[WarmParentHandle] = []

        class Late(WarmParentHandle):
            async def _await_ready(self) -> Any:
                made.append(self)
                raise InfrastructureError("given up")

        with pytest.raises(InfrastructureError, match="given up"):
            await Late.start(local_environment())
        return made[0]._process.returncode

    assert asyncio.run(given_up()) == -signal.SIGTERM


def test_a_deaf_parent_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parent whose flow's module does not heed the signal, and never ends, does not keep its worker."""
    monkeypatch.setattr(warm, "CLOSE_SECONDS", 0.1)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nopen('fifo', 'w').close()\nsignal.pause()\n"
    (tmp_path / "deaf.py").write_text(deaf)

    async def closed() -> int | None:
        parent = await WarmParentHandle.start(local_environment())
        warming = asyncio.create_task(parent.warm(str(tmp_path), "deaf.py:flow"))
        await asyncio.to_thread(fifo.read_text)  # returns once the module is at work
        await parent.close()
        with pytest.raises(InfrastructureError):
            await warming
        return parent._process.returncode

    assert asyncio.run(closed()) == -signal.SIGKILL


def test_more_deployments_at_once_than_parents_are_kept(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parent that is about to fork is not closed for those that begin beside it, however few are kept."""
    monkeypatch.setattr(warm, "MOST_PARENTS", 1)

    async def forked_by_each() -> list[bool]:
        parents = WarmParents()
        together = asyncio.Barrier(4)

        async def fork_one(number: int) -> bool:
            code = Code(None, None, tuple({**local_environment(), "NUMBER": str(number)}.items()))
            async with parents.using(code) as parent:
                await together.wait()  # all of them are there, and only one is kept
                child = await _fork(parent, silent)
            os.kill(child.pid, signal.SIGKILL)
            await child.ended.wait()
            return child.status == -signal.SIGKILL

        try:
            return await asyncio.gather(*(fork_one(number) for number in range(4)))
        finally:
            await parents.close()

    assert asyncio.run(forked_by_each()) == [True] * 4


def _code(number: int) -> Code:
    return Code(None, None, tuple({**local_environment(), "NUMBER": str(number)}.items()))


def test_a_parent_that_is_not_kept_ends_at_once(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parent in whose place another was started ends as soon as it has no children, without another being started."""
    monkeypatch.setattr(warm, "MOST_PARENTS", 1)

    async def ends() -> list[int | None]:
        parents = WarmParents()
        async with parents.using(_code(1)) as busy:
            child = await _fork(busy, silent)
        async with parents.using(_code(2)) as idle:
            assert busy.is_alive
        os.kill(child.pid, signal.SIGKILL)
        await busy._process.wait()
        async with parents.using(_code(3)):
            await idle._process.wait()
        await parents.close()
        return [busy._process.returncode, idle._process.returncode]

    assert asyncio.run(ends()) == [-signal.SIGTERM] * 2


def test_a_parent_that_is_dead_is_told_of(silent: str) -> None:
    """Who asks a dead parent for a fork is told that there is none, and the next who asks is given another parent."""

    async def asked() -> bool:
        parents = WarmParents()
        async with parents.using(_code(1)) as dead:
            os.kill(dead._process.pid, signal.SIGKILL)
            with pytest.raises(WarmParentDied):
                await _fork(dead, silent)
        async with parents.using(_code(1)) as fresh:
            child = await _fork(fresh, silent)
            os.kill(child.pid, signal.SIGKILL)
            await child.ended.wait()
        await parents.close()
        return fresh is not dead

    assert asyncio.run(asked())
