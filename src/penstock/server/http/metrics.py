"""What the server counts about itself, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from penstock.core.version import __version__
from penstock.server.caretaker import Caretaker
from penstock.server.http.lanes import Lanes
from penstock.server.ledger import Ledger
from penstock.server.loops.purger import Purger
from penstock.server.loops.sweeper import Sweeper
from penstock.server.polls.waiters import Waiters
from penstock.server.streams.hub import Hub

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_WORKS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)


class Metrics:
    """The server's own numbers.

    Parameters:
        lanes: whose queues are measured.
    """

    def __init__(self, lanes: Lanes) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "penstock_http_requests", "Requests answered.", ("operation", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "penstock_http_request_seconds",
            "How long requests took.",
            ("operation",),
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._records = Counter(
            "penstock_journal_records", "Task runs and log lines taken in.", ("kind",), registry=self._registry
        )
        inside = Gauge(
            "penstock_requests_in_core", "Requests at work or waiting for a thread.", ("lane",), registry=self._registry
        )
        for lane in (lanes.reading, lanes.writing):
            inside.labels(lane.name).set_function(lambda lane=lane: lane.inside)  # type: ignore[misc]
        Gauge("penstock_build", "Which Penstock this is.", ("version",), registry=self._registry).labels(
            __version__
        ).set(1)

    def watch_streams(self, hub: Hub) -> None:
        """Measure how many clients follow streams."""
        clients = Gauge("penstock_stream_clients", "Clients that follow a stream.", registry=self._registry)
        clients.set_function(lambda: hub.clients)

    def watch_waiters(self, waiters: Waiters) -> None:
        """Measure how many workers wait for runs."""
        waiting = Gauge("penstock_workers_waiting", "Workers that wait for runs.", registry=self._registry)
        waiting.set_function(lambda: waiters.count)

    def watch_ledger(self, ledger: Ledger) -> None:
        """Measure its transactions, and what waits for them."""
        works = Histogram(
            "penstock_ledger_batch_works",
            "How many requests' writes one transaction took.",
            registry=self._registry,
            buckets=_WORKS,
        )
        seconds = Histogram(
            "penstock_ledger_commit_seconds",
            "How long transactions took until they were committed, with waiting for other processes and tries again.",
            registry=self._registry,
            buckets=_SECONDS,
        )
        waiting = Gauge(
            "penstock_ledger_waiting", "Writes that wait for the next transaction.", registry=self._registry
        )
        waiting.set_function(lambda: ledger.waiting)

        def committed(count: int, took: float) -> None:
            works.observe(count)
            seconds.observe(took)

        ledger.committed = committed

    def watch_sweeper(self, sweeper: Sweeper) -> None:
        """Measure whose processes live, and whose are found to be gone."""
        live = Gauge(
            "penstock_live_leases",
            "Flow runs in the database whose process lives, at the last sweep of this server; at most 10,000.",
            registry=self._registry,
        )
        live.set_function(lambda: sweeper.live_leases)
        crashes = Counter(
            "penstock_runs_declared_crashed", "Runs whose process was found to be gone.", registry=self._registry
        )
        sweeper.declared = crashes.inc

    def watch_loops(self, caretaker: Caretaker) -> None:
        """Measure what the server does by itself."""
        self._registry.register(_Loops(caretaker))

    def watch_purger(self, purger: Purger) -> None:
        """Measure how far behind it is."""
        lag = Gauge(
            "penstock_purge_lag_seconds",
            "How long ago nothing was left in the database that is past its time.",
            registry=self._registry,
        )
        lag.set_function(lambda: purger.lag_seconds)

    def answered(self, operation: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        self._requests.labels(operation, status).inc()
        self._seconds.labels(operation).observe(seconds)

    def journaled(self, batch: Any) -> None:
        """Count what a committed journal batch held."""
        self._records.labels("task_run").inc(len(batch.task_runs))
        self._records.labels("log").inc(len(batch.logs))

    def as_text(self) -> bytes:
        """Return all numbers in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Loops(Collector):
    """The numbers of the loops, read when they are asked for.

    Parameters:
        caretaker: which runs them.
    """

    def __init__(self, caretaker: Caretaker) -> None:
        self._caretaker = caretaker

    def collect(self) -> Iterator[Metric]:
        """Yield a number of each kind for each loop, and whether this server leads."""
        leads = GaugeMetricFamily("penstock_leads", "Whether this server runs the loops.")
        leads.add_metric((), float(self._caretaker.leader.leads))
        runs = CounterMetricFamily("penstock_loop_runs", "Runs of a loop that have ended.", labels=("loop",))
        failures = CounterMetricFamily("penstock_loop_failures", "Runs of a loop that failed.", labels=("loop",))
        seconds = GaugeMetricFamily("penstock_loop_seconds", "How long a loop's last run took.", labels=("loop",))
        lag = GaugeMetricFamily(
            "penstock_loop_lag_seconds", "How much later than it was due a loop's last run began.", labels=("loop",)
        )
        for report in self._caretaker.reports:
            runs.add_metric((report.name,), report.runs)
            failures.add_metric((report.name,), report.failures)
            seconds.add_metric((report.name,), report.last_seconds)
            lag.add_metric((report.name,), report.lag_seconds)
        yield from (leads, runs, failures, seconds, lag)
