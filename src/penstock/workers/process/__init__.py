"""Workers that run each flow run in a process of its own on their machine."""

from __future__ import annotations

from penstock.workers.process.worker import (
    ProcessJobConfiguration,
    ProcessWorker,
    ProcessWorkerResult,
)

__all__ = ["ProcessJobConfiguration", "ProcessWorker", "ProcessWorkerResult"]
