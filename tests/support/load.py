"""Load on servers that are killed meanwhile: programs that make runs and note on disk whatever was acknowledged.

As a program: `python -m support.load URL FILE SEED`. It notes in the file, says so by a byte on standard output, and ends
what it began once its standard input is closed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import msgspec
from support.programs import TIMEOUT_SECONDS, environment
from support.requests import batch, flow_run, line, proposal, task_run

from penstock.client.http import HttpTransport
from penstock.core import clock
from penstock.core.errors import StaleAttempt
from penstock.core.ids import uuid7
from penstock.wire import operations as op
from penstock.wire.events import Event
from penstock.wire.flow_runs import Decision, FlowRunCreate, Verdict
from penstock.wire.requests import EventBatch, StartFlowRun

THREADS = 4
PATIENCE_SECONDS = 60.0
TESTS = Path(__file__).parents[1]
USERS_EVENT = "load.told"


class Note(msgspec.Struct, frozen=True, tag=True):
    """What a server acknowledged.

    Attributes:
        id: of what it did: a flow run, a task run, an event; the message of a log line.
    """

    id: UUID


class Created(Note, frozen=True):
    """A flow run was created."""


class Started(Note, frozen=True):
    """A flow run may be run by this owner, as this attempt."""

    owner: str
    attempt: int


class Ended(Note, frozen=True):
    """A flow run entered a state that is final."""

    state: str


class TaskRunKept(Note, frozen=True):
    """A task run's record was taken, in this state."""

    state: str


class LineKept(Note, frozen=True):
    """A log line was taken."""


class EventKept(Note, frozen=True):
    """A user's event was taken."""


Notes = Created | Started | Ended | TaskRunKept | LineKept | EventKept


def noted(file: Path) -> list[Notes]:
    """Return what a program noted."""
    return [msgspec.json.decode(one, type=Notes) for one in file.read_bytes().splitlines()]


class Load:
    """Programs that work on servers, until they are told to end.

    Parameters:
        urls: of the servers; one program for each.
        folder: where the programs note what was acknowledged.
        seed: of what they do.
    """

    def __init__(self, urls: list[str], folder: Path, seed: int) -> None:
        self._files = [folder / f"noted-{number}.jsonl" for number in range(len(urls))]
        self._more = threading.Condition()
        self._count = 0
        self._over = False
        self._programs = [
            self._started(url, file, f"{seed}-{number}")
            for number, (url, file) in enumerate(zip(urls, self._files, strict=True))
        ]
        self._readers = [threading.Thread(target=self._listen, args=(program,)) for program in self._programs]
        for reader in self._readers:
            reader.start()

    def await_more(self, count: int) -> None:
        """Return once so many more things have been acknowledged."""
        with self._more:
            wanted = self._count + count
            self._more.wait_for(lambda: self._over or self._count >= wanted, TIMEOUT_SECONDS)
            if self._count < wanted:
                raise AssertionError(f"Nothing more is acknowledged, after {self._count} things.\n{self._errors()}")

    def finish(self) -> list[Notes]:
        """Have the programs end what they began; return all that was acknowledged."""
        for program in self._programs:
            assert program.stdin is not None
            program.stdin.close()
        for program in self._programs:
            assert program.wait(TIMEOUT_SECONDS) == 0, self._errors()
        for reader in self._readers:
            reader.join(TIMEOUT_SECONDS)
        return [note for file in self._files for note in noted(file)]

    def stop(self) -> None:
        """End the programs at once, if they are still there."""
        for program in self._programs:
            if program.poll() is None:
                program.kill()
            program.wait(TIMEOUT_SECONDS)

    @staticmethod
    def _started(url: str, file: Path, seed: str) -> subprocess.Popen[bytes]:
        with file.with_suffix(".err").open("wb") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", "support.load", url, str(file), seed],
                env=environment(file.parent),
                cwd=TESTS,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def _listen(self, program: subprocess.Popen[bytes]) -> None:
        assert program.stdout is not None
        with program.stdout:
            while told := os.read(program.stdout.fileno(), 4_096):
                with self._more:
                    self._count += len(told)
                    self._more.notify_all()
        with self._more:
            self._over = True
            self._more.notify_all()

    def _errors(self) -> str:
        return "\n".join(file.with_suffix(".err").read_text() for file in self._files)


class _Client:
    """One thread of the program: it makes one flow run after another.

    Parameters:
        transport: to the server.
        out: the file that notes go to.
        owner: what this thread calls itself.
        seed: of what it does.
    """

    def __init__(self, transport: HttpTransport, out: int, owner: str, seed: str) -> None:
        self._transport = transport
        self._out = out
        self._owner = owner
        self._random = random.Random(seed)
        self._batches = 0

    def work_until(self, told: threading.Event) -> None:
        """Make runs, each from its start to its end."""
        with ThreadPoolExecutor(2) as pool:
            while not told.is_set():
                run_id = self._begin_contended(pool) if self._random.random() < 0.3 else self._begin()
                for _ in range(self._random.randint(1, 3)):
                    self._journal(run_id)
                if self._random.random() < 0.5:
                    self._tell()
                self._end(run_id)

    def _note(self, *notes: Notes) -> None:
        os.write(self._out, b"".join(msgspec.json.encode(note) + b"\n" for note in notes))
        os.write(sys.stdout.fileno(), b"." * len(notes))

    def _create(self, asked: FlowRunCreate) -> UUID:
        answer = self._transport.call(op.FLOW_RUNS_CREATE, asked)
        assert answer.id == asked.id
        self._note(Created(asked.id))
        return asked.id

    def _begin(self) -> UUID:
        run_id = uuid7()
        self._create(flow_run(owner=self._owner, id=run_id, idempotency_key=str(run_id)))
        self._note(Started(run_id, self._owner, 1))
        return run_id

    def _begin_contended(self, pool: ThreadPoolExecutor) -> UUID:
        """Have two processes ask for the same run at once; the one that is refused does as if it were not."""
        run_id = self._create(flow_run(owner=None))
        owners = [self._owner, f"{self._owner}-rival"]
        asked = [pool.submit(self._start, run_id, owner) for owner in owners]
        accepted = [future.result().decision for future in asked].count(Decision.ACCEPT)
        assert accepted == 1, f"{accepted} processes may run {run_id}."
        try:
            self._transport.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "CRASHED", attempt=2))
        except StaleAttempt:
            return run_id
        raise AssertionError(f"An attempt that was never given ended {run_id}.")

    def _start(self, run_id: UUID, owner: str) -> Verdict:
        verdict = self._transport.call(op.FLOW_RUNS_START, StartFlowRun(run_id, owner, idempotency_key=owner))
        if verdict.decision is Decision.ACCEPT:
            self._note(Started(run_id, owner, verdict.attempt))
        return verdict

    def _journal(self, run_id: UUID) -> None:
        self._batches += 1
        kinds = ["PENDING RUNNING COMPLETED", "PENDING RUNNING FAILED"]
        runs = [task_run(run_id, self._random.choice(kinds)) for _ in range(self._random.randint(1, 4))]
        message = uuid7()
        sent = batch(*runs, line(run_id, str(message)), number=self._batches, owner=self._owner)
        receipt = self._transport.call(op.JOURNAL_APPEND, sent)
        assert [*receipt.stale, *receipt.refused, receipt.refused_lines] == [0], receipt
        self._note(*(TaskRunKept(run.id, run.states[-1].type.value) for run in runs), LineKept(message))

    def _tell(self) -> None:
        event = Event(uuid7(), clock.now(), USERS_EVENT, {"penstock.resource.id": "load"})
        assert not self._transport.call(op.EVENTS_APPEND, EventBatch([event])).refused
        self._note(EventKept(event.id))

    def _end(self, run_id: UUID) -> None:
        state = self._random.choice(["COMPLETED", "FAILED", "CANCELLED"])
        verdict = self._transport.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, state, idempotency_key="end"))
        assert verdict.decision is Decision.ACCEPT, verdict
        self._note(Ended(run_id, state))


def _main(url: str, file: str, seed: str) -> None:
    transport = HttpTransport(url, retry_seconds=PATIENCE_SECONDS)
    out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    told = threading.Event()

    def work(number: int) -> None:
        try:
            _Client(transport, out, f"load:{os.getpid()}:{seed}-{number}", f"{seed}-{number}").work_until(told)
        finally:
            told.set()

    with ThreadPoolExecutor(THREADS) as pool:
        done = [pool.submit(work, number) for number in range(THREADS)]
        while sys.stdin.buffer.read(1):
            pass
        told.set()
        for one in done:
            one.result()


if __name__ == "__main__":
    _main(*sys.argv[1:])
