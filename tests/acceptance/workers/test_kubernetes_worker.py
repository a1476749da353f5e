"""The Kubernetes worker, as a user starts it: from a real server to pods that really run, and back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.deploying.workers import Deployed, working
from support.kubernetes.cluster import FakeCluster, fake_cluster
from support.servers import Server

from penstock.client import Client
from penstock.client.http import HttpTransport
from penstock.core.state_type import StateType
from penstock.wire.bulk import CancelFlowRuns
from penstock.wire.deploying.work_pools import WorkPoolCreate
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.operations import FLOW_RUNS_CANCEL_MANY, WORK_POOLS_CREATE

COMMAND = f"{sys.executable} -m penstock flow-run execute"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[FakeCluster]:
    """Have a cluster whose pods really run."""
    with fake_cluster(tmp_path / "kubeconfig", runs_processes=True) as one:
        yield one


def _deployed(server: Server, flows: Path, flow_name: str) -> Deployed:
    client = Client(HttpTransport(server.url, None))
    client.call(WORK_POOLS_CREATE, WorkPoolCreate("cluster", "kubernetes", overwrite=True))
    variables = {
        "image": "registry.example/flows:1",
        "command": COMMAND,
        "namespace": "flows",
        "env": {"PENSTOCK_HOME": str(server.home), "HOME": str(server.home)},
    }
    return Deployed(server, flows, flow_name, work_pool_name="cluster", job_variables=variables)


def test_a_run_is_carried_out_in_a_pod(server: Server, flows: Path, cluster: FakeCluster) -> None:
    """A run that is asked for is claimed, made a job, run by its pod and Completed; what the pod prints is in its log."""
    deployed = _deployed(server, flows, "adds")
    with working(server, pool="cluster", KUBECONFIG=str(cluster.kubeconfig)) as worker, deployed.watched() as watching:
        run = deployed.run(number=4)
        ended = watching.ended(run)
        worker.end()
    assert (ended.state.type, ended.attempt, ended.run_count) == (StateType.COMPLETED, 1, 1)
    job = cluster.all("jobs", "flows")[0]
    assert job["metadata"]["labels"]["penstock.io/flow-run-id"] == str(run.id)
    assert job["metadata"]["labels"]["penstock.io/work-pool-name"] == "cluster"
    logged = deployed.logged(run)
    assert f"adding in {flows.parent}" in logged
    assert "printed by the process" in logged


def test_a_dead_pod_is_told_of(server: Server, flows: Path, cluster: FakeCluster) -> None:
    """A run whose container dies is Crashed by its worker, with how it died."""
    deployed = _deployed(server, flows, "dies")
    with working(server, pool="cluster", KUBECONFIG=str(cluster.kubeconfig)), deployed.watched() as watching:
        ended = watching.ended(deployed.run())
    assert ended.state.type is StateType.CRASHED
    assert "Its container ended with exit code 137 (SIGKILL)" in (ended.state.message or "")


def test_a_run_is_cancelled(server: Server, flows: Path, cluster: FakeCluster, tmp_path: Path) -> None:
    """A run that is cancelled ends as Cancelled, and its job, pod and secret are gone."""
    deployed = _deployed(server, flows, "waits")
    with working(server, pool="cluster", KUBECONFIG=str(cluster.kubeconfig)), deployed.watched() as watching:
        run = deployed.run(fifo=str(_fifo(tmp_path)))
        watching.is_in(run, "Running")
        deployed.client.call(FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(FlowRunFilter(ids=[run.id])))
        assert watching.ended(run).state.type is StateType.CANCELLED
        cluster.until(lambda: not any(cluster.all(kind, "flows") for kind in ("jobs", "pods", "secrets")))


def test_a_job_left_behind_is_removed(server: Server, flows: Path, cluster: FakeCluster, tmp_path: Path) -> None:
    """A worker that starts deletes the jobs of attempts that are over, and those alone: others', and going ones, stay."""
    deployed = _deployed(server, flows, "waits")
    more = {"pool": "cluster", "KUBECONFIG": str(cluster.kubeconfig)}
    with working(server, **more) as worker, deployed.watched() as watching:
        over, going = (deployed.run(fifo=str(_fifo(tmp_path, name))) for name in ("over", "going"))
        for run in (over, going):
            watching.is_in(run, "Running")
        worker.process.kill()
        worker.process.wait()
        pod = next(
            one["metadata"]["name"]
            for one in cluster.all("pods", "flows")
            if one["metadata"]["labels"]["penstock.io/flow-run-id"] == str(over.id)
        )
        cluster.kubelet.pause(pod)
        deployed.client.call(FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(FlowRunFilter(ids=[over.id]), force=True))
        assert watching.ended(over).state.type is StateType.CANCELLED
        foreign = {"metadata": {"name": "foreign", "labels": dict(_labels(cluster, going.id))}}
        foreign["metadata"]["labels"]["penstock.io/flow-run-id"] = "019ad000-0000-7000-8000-000000000000"
        cluster.objects.create(
            "jobs", "flows", foreign | {"spec": {"suspend": True, "template": {"spec": {"containers": []}}}}
        )
        with working(server, **more):
            # The pool's own namespace is looked through first; a run of the deployment's brings the worker to its.
            deployed.run(fifo=str(_fifo(tmp_path, "third")))
            cluster.until(lambda: str(over.id) not in _run_ids(cluster))
            assert {str(going.id), "019ad000-0000-7000-8000-000000000000"} <= _run_ids(cluster)


def _labels(cluster: FakeCluster, run_id: object) -> dict[str, str]:
    jobs = [one["metadata"]["labels"] for one in cluster.all("jobs", "flows")]
    return next(labels for labels in jobs if labels["penstock.io/flow-run-id"] == str(run_id))


def _run_ids(cluster: FakeCluster) -> set[str]:
    return {one["metadata"]["labels"]["penstock.io/flow-run-id"] for one in cluster.all("jobs", "flows")}


def _fifo(folder: Path, name: str = "fifo") -> Path:
    import os

    os.mkfifo(folder / name)
    return folder / name
