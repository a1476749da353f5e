"""Workers that run each flow run as a job of a Kubernetes cluster."""

from __future__ import annotations

from penstock.workers.kubernetes.configuration import KubernetesJobConfiguration
from penstock.workers.kubernetes.worker import KubernetesWorker, KubernetesWorkerResult

__all__ = ["KubernetesJobConfiguration", "KubernetesWorker", "KubernetesWorkerResult"]
