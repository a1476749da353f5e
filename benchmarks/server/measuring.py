"""What is measured of one server on one filled database, one thing after another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import trial
from peers import PENSTOCK
from server.asking import Asker, until
from server.fill import DAYS
from server.following import follow
from server.questions import AIM_MS, Known, ask_all, known, questions
from server.results import Results, Row
from server.sizes import Size
from server.stores import Store
from server.watching import Watch
from servers import Running, running
from sqlalchemy import select

from penstock.server.database.tables import deletions
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.bulk import DeleteFlowRuns
from penstock.wire.flow_runs import FlowRunFilter

WATCHED_AIM_MS = 250.0
_LEAST_PATIENCE_SECONDS = 60.0
_PATIENCE_SECONDS_A_TASK_RUN = 0.001
_DELETED_ONE_BY_ONE = 30
_PURGED_RUNS = 2_000
_MOST_PURGED_SHARE = 0.1
_REPORTERS = 2

Say = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """How much is asked.

    Attributes:
        rounds: how often each question is asked.
        clients: how many follow a stream.
        seconds: for how long task runs are reported.
    """

    rounds: int
    clients: int
    seconds: float


class Measuring:
    """Measures one server on one database, which is changed by it.

    Parameters:
        store: the database; it is filled.
        size: how much it holds.
        home: a folder for what the servers write.
        column: what the figures are called.
        effort: how much is asked.
        results: where figures go.
        say: shows what is going on.
    """

    def __init__(
        self, store: Store, size: Size, home: Path, column: str, effort: Effort, results: Results, say: Say
    ) -> None:
        self._store = store
        self._purged_share = min(_MOST_PURGED_SHARE, _PURGED_RUNS / size.flow_runs)
        self._patience_seconds = _LEAST_PATIENCE_SECONDS + _PATIENCE_SECONDS_A_TASK_RUN * size.task_runs
        self._home = home
        self._column = column
        self._effort = effort
        self._results = results
        self._say = say

    def measure(self) -> None:
        """Measure everything: first what only reads, then what writes and deletes."""
        self._results.one(self._column, Row("the database on the disk", "MB"), self._store.size_bytes())
        with self._server() as server:
            pass  # it brings the schema up, where the database is of an earlier version
        with self._server() as server:
            self._results.one(self._column, Row("start to ready", "s", 1.5), server.ready_seconds)
            asker = Asker(server.url)
            its = known(asker)
            self._ask(asker, its)
            self._follow(server)
            self._memory("memory after questions and streams", server)
            asker.close()
        with self._server(**self._keeping(its.now)) as server:
            asker = Asker(server.url)
            self._purge(asker, server, its)
            self._delete(asker, server, its)
            self._report(server)
            for question in self._untouched(its):
                asker.seconds(question.operation, question.requests[0])
            self._memory("memory after all", server)
            asker.close()

    def _server(self, **more: str) -> Any:
        environment = trial.environment_of(PENSTOCK, self._home) | {"PENSTOCK_DATABASE_URL": self._store.url} | more
        return running(PENSTOCK, self._home, environment)

    def _keeping(self, now: datetime) -> dict[str, str]:
        """Let a part of the time that the runs are spread over be past, and look for it at once."""
        days = DAYS * (1 - self._purged_share) + (datetime.now(now.tzinfo) - now).total_seconds() / 86_400
        names = ("FLOW_RUNS", "TASK_RUNS", "LOGS", "EVENTS")
        return {f"PENSTOCK_RETENTION_{name}_DAYS": f"{days:.3f}" for name in names} | {
            "PENSTOCK_RETENTION_INTERVAL_SECONDS": "2"
        }

    def _ask(self, asker: Asker, its: Known) -> None:
        self._say(f"{self._column}: questions")
        asked = questions(its)
        first = ask_all(asker, asked, 1)
        times = ask_all(asker, asked, self._effort.rounds)
        for question in asked:
            row = Row(question.title, "ms", AIM_MS)
            self._results.many(self._column, row, [*first[question.title], *times[question.title]])

    def _follow(self, server: Running) -> None:
        self._say(f"{self._column}: {self._effort.clients} streams")
        times, connected = follow(server.url, self._effort.clients)
        self._results.many(self._column, Row(f"a change reaches {self._effort.clients:,} streams", "ms"), times)
        self._results.one(self._column, Row("  until they were connected", "s"), connected)

    def _memory(self, title: str, server: Running) -> None:
        self._results.one(self._column, Row(title, "MB", 200), server.memory_bytes())
        self._results.one(self._column, Row("  at most", "MB"), server.most_memory_bytes())

    def _watched(self, server: Running, its: Known, what: str) -> Any:
        return _Watched(self._results, self._column, Watch(server.url, self._untouched(its)), what)

    def _untouched(self, its: Known) -> list[Any]:
        """Return the questions that can be asked while runs vanish."""
        return [
            one
            for one in questions(its)
            if one.group in {"list", "filter", "count", "histogram", "search"} and its.largest not in _named(one)
        ]

    def _purge(self, asker: Asker, server: Running, its: Known) -> None:
        self._say(f"{self._column}: purging")
        cutoff = its.now - timedelta(days=DAYS * (1 - self._purged_share) + 0.01)
        due = r.FlowRunCountQuery(FlowRunFilter(ended_before=cutoff))
        began = time.perf_counter()
        with self._watched(server, its, "while purging"):
            gone = until(lambda: asker.call(op.FLOW_RUNS_COUNT, due).count == 0, self._patience_seconds, 0.5)
            if not (gone and until(self._nothing_is_being_deleted, self._patience_seconds, 0.5)):
                self._results.notes.append(f"{self._column}: purging was not over after {self._patience_seconds:g} s")
        self._results.one(
            self._column, Row("  until what was past its time was gone", "s"), time.perf_counter() - began
        )

    def _delete(self, asker: Asker, server: Running, its: Known) -> None:
        self._say(f"{self._column}: deleting")
        with self._watched(server, its, "while deleting runs"):
            for run in its.runs[: min(_DELETED_ONE_BY_ONE, len(its.runs) // 2)]:
                asker.seconds(op.FLOW_RUNS_DELETE, r.ById(run))
            some = FlowRunFilter(tags_all=["team-7"])
            answer = asker.call(op.FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(some, dry_run=False))
            self._say(f"{self._column}: {answer.affected} runs deleted by one request")
        began = time.perf_counter()
        with self._watched(server, its, "while deleting the largest run"):
            asker.call(op.FLOW_RUNS_DELETE, r.ById(its.largest))
            answered = time.perf_counter() - began
            until(self._nothing_is_being_deleted, self._patience_seconds, 0.2)
        self._results.one(self._column, Row("  until that was answered", "s"), answered)
        self._results.one(self._column, Row("  until nothing was left of it", "s"), time.perf_counter() - began)

    def _nothing_is_being_deleted(self) -> bool:
        database = self._store.open()
        try:
            with database.read() as connection:
                return connection.execute(select(deletions.c.flow_run_id).limit(1)).first() is None
        finally:
            database.close()

    def _report(self, server: Running) -> None:
        self._say(f"{self._column}: reporting for {self._effort.seconds:g} s")
        reporters = [_Reporter(server.url, self._effort.seconds) for _ in range(_REPORTERS)]
        before = server.processor_seconds()
        for reporter in reporters:
            reporter.begin()
        answers = [reporter.answer() for reporter in reporters]
        rate = sum(answer["records"] / answer["seconds"] for answer in answers)
        self._results.one(self._column, Row(f"task runs reported, for {self._effort.seconds:g} s", "/s", 10_000), rate)
        took = server.processor_seconds() - before
        row = Row("  processor time of the server, a task run", "ms", 0.1)
        self._results.one(self._column, row, took / sum(answer["records"] for answer in answers))
        times = [took for answer in answers for took in answer["times"]]
        self._results.many(self._column, Row("  a batch of 2,000", "ms"), times)


class _Reporter:
    """A process that reports, and waits for others before it begins."""

    def __init__(self, url: str, seconds: float) -> None:
        program = Path(__file__).with_name("append.py")
        self._process = subprocess.Popen(
            [sys.executable, str(program), url, str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ},
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def begin(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        output, _ = self._process.communicate()
        if self._process.returncode:
            raise RuntimeError(f"a reporting process ended with {self._process.returncode}")
        answer: dict[str, Any] = json.loads(output)
        return answer


class _Watched:
    """Has requests go on for a block, and takes in how long they took."""

    def __init__(self, results: Results, column: str, watch: Watch, what: str) -> None:
        self._results, self._column, self._watch, self._what = results, column, watch, what
        self._going_on = watch.going_on()

    def __enter__(self) -> None:
        self._going_on.__enter__()

    def __exit__(self, *raised: object) -> None:
        self._going_on.__exit__(*raised)
        for verb, times in (("reading", self._watch.reading), ("writing", self._watch.writing)):
            row = Row(f"{verb} {self._what}", "ms", WATCHED_AIM_MS, judged="max")
            self._results.many(self._column, row, times)
        took, title = self._watch.slowest
        if took * 1_000 > WATCHED_AIM_MS:
            self._results.notes.append(f"{self._column}: slowest {self._what}: {title}, {took * 1_000:.0f} ms")


def _named(question: Any) -> set[Any]:
    named: set[Any] = set()
    for request in question.requests:
        named.add(getattr(request, "id", None))
        named.update(getattr(getattr(request, "filter", None), "flow_run_ids", None) or ())
    return named
