"""The Kubernetes worker is held to the contract of workers, on a fake cluster that really runs what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import pytest
from support.kubernetes.cluster import FakeCluster, fake_cluster

from penstock.testing.workers import WorkerConformance
from penstock.workers.kubernetes import KubernetesWorker


class TestKubernetesWorker(WorkerConformance):
    worker_type = KubernetesWorker
    job_variables: ClassVar = {"image": "registry.example/flows:1"}
    cluster: FakeCluster

    @pytest.fixture(autouse=True)
    def _cluster(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        with fake_cluster(tmp_path / "kubeconfig", runs_processes=True) as self.cluster:
            monkeypatch.setenv("KUBECONFIG", str(self.cluster.kubeconfig))
            yield

    def left_over(self, flow_run_id: UUID) -> list[str]:
        """Return the objects that carry the run's id."""
        return [
            f"{kind}/{one['metadata']['name']}"
            for kind in ("jobs", "pods", "secrets")
            for one in self.cluster.all(kind)
            if one["metadata"].get("labels", {}).get("penstock.io/flow-run-id") == str(flow_run_id)
        ]
