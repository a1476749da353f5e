"""Workers that run each flow run in a container, by a Docker-compatible engine."""

from __future__ import annotations

from penstock.workers.docker.configuration import DockerJobConfiguration
from penstock.workers.docker.worker import DockerWorker, DockerWorkerResult

__all__ = ["DockerJobConfiguration", "DockerWorker", "DockerWorkerResult"]
