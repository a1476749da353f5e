"""In which namespace runs are started where nobody says so: the worker's own, for which the chart gives it its role."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from penstock.core.state_type import StateType
from penstock.wire.deploying.job_templates import TEMPLATES
from penstock.wire.flow_runs import FlowRun
from penstock.wire.states import StateRecord
from penstock.workers.kubernetes.configuration import KubernetesJobConfiguration
from penstock.workers.kubernetes.worker import _namespace_of

NOW = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
TEMPLATE = TEMPLATES["kubernetes"]


@pytest.fixture
def kubeconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kubeconfig whose context is in the namespace `flows`."""
    context = {"cluster": "one", "user": "worker", "namespace": "flows"}
    config: dict[str, Any] = {
        "clusters": [{"name": "one", "cluster": {"server": "http://127.0.0.1:9"}}],
        "users": [{"name": "worker", "user": {}}],
        "contexts": [{"name": "here", "context": context}],
        "current-context": "here",
    }
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(config))
    monkeypatch.setenv("KUBECONFIG", str(file))
    return file


def _prepared(**variables: Any) -> KubernetesJobConfiguration:
    made = KubernetesJobConfiguration.from_template_and_values(TEMPLATE, {"image": "flows:1", **variables})
    state = StateRecord(StateType.PENDING, "Pending", NOW)
    made.prepare_for_flow_run(FlowRun(uuid4(), uuid4(), "flow", "run", state, NOW, attempt=1))
    return made


def test_a_run_is_started_where_its_worker_is(kubeconfig: Path) -> None:
    """Where neither the pool nor the deployment names one, the job is made in the worker's namespace, which is swept, too."""
    made = _prepared()
    assert made.namespace == made.job_manifest["metadata"]["namespace"] == "flows"
    assert _namespace_of(TEMPLATE) == "flows"


def test_a_namespace_that_is_named(kubeconfig: Path) -> None:
    """A deployment's namespace, and that of a pool's template, go before the worker's own."""
    made = _prepared(namespace="elsewhere")
    assert made.namespace == made.job_manifest["metadata"]["namespace"] == "elsewhere"
    assert _namespace_of({"variables": {"properties": {"namespace": {"default": "pool"}}}}) == "pool"


def test_without_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing says it, it is `default`, as everywhere in Kubernetes."""
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    assert _prepared().namespace == "default"
