"""What the server counts about itself, for Prometheus."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.process_collector import ProcessCollector

from penstock.core.version import __version__
from penstock.server.http.lanes import Lanes
from penstock.server.ledger import Ledger
from penstock.server.purger import Purger
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
        self.crashes = Counter(
            "penstock_runs_declared_crashed", "Runs whose process was found to be gone.", registry=self._registry
        )
        self.failed_sweeps = Counter(
            "penstock_sweeps_failed", "Sweeps for dead processes that the database refused.", registry=self._registry
        )
        self.live_leases = Gauge(
            "penstock_live_leases",
            "Flow runs in the database whose process lives, at the last sweep; at most 10,000.",
            registry=self._registry,
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
