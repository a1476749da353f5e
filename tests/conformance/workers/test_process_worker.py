"""The process worker is held to the contract of workers."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from penstock.testing.workers import WorkerConformance
from penstock.workers.process import ProcessWorker


class TestProcessWorker(WorkerConformance):
    worker_type = ProcessWorker

    def left_over(self, flow_run_id: UUID) -> list[str]:
        """Return the processes that have the run in their environment."""
        mark, found = f"PENSTOCK__FLOW_RUN_ID={flow_run_id}".encode(), []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                alive = (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
                if alive and mark in (process / "environ").read_bytes():
                    found.append(process.name)
            except OSError:
                continue
        return found
