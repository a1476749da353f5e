"""The Kubernetes worker, as a user starts it: from a real server to pods that really run, and back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support.deploying.workers import Deployed, working
from support.kubernetes.cluster import FakeCluster, fake_cluster
from support.servers import Server

from penstock.client import Client
from penstock.client.http import HttpTransport
from penstock.core import clock
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.wire.bulk import CancelFlowRuns, SetFlowRunStates
from penstock.wire.deploying.work_pools import WorkPoolCreate
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.operations import FLOW_RUNS_CANCEL_MANY, FLOW_RUNS_SET_STATE_MANY, WORK_POOLS_CREATE
from penstock.wire.states import StateRecord

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
        "env": {"PENSTOCK_HOME": str(server.home), "HOME": str(server.home)},
    }
    return Deployed(server, flows, flow_name, work_pool_name="cluster", job_variables=variables)


def test_a_run_is_carried_out_in_a_pod(server: Server, flows: Path, cluster: FakeCluster) -> None:
    """A run that is asked for is claimed, made a job, run by its pod and Completed; what the pod prints is in its log."""
    deployed = _deployed(server, flows, "adds")
    with working(server, pool="cluster", KUBECONFIG=str(cluster.kubeconfig)) as worker, deployed.watched() as watching:
        run = deployed.run(number=4)
        job = cluster.job()
        ended = watching.ended(run)
        worker.end()
    assert (ended.state.type, ended.attempt, ended.run_count) == (StateType.COMPLETED, 1, 1)
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
        deployed.client.call(FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(FlowRunFilter(ids=[run.id]), dry_run=False))
        assert watching.ended(run).state.type is StateType.CANCELLED
        cluster.until(lambda: not any(cluster.all(kind) for kind in ("jobs", "pods", "secrets")))


def test_a_job_left_behind_is_removed(server: Server, flows: Path, cluster: FakeCluster, tmp_path: Path) -> None:
    """A worker that starts deletes the jobs of attempts that are over, and those alone: going ones, and others', stay."""
    deployed = _deployed(server, flows, "waits")
    more = {"pool": "cluster", "KUBECONFIG": str(cluster.kubeconfig)}
    with working(server, **more) as worker, deployed.watched() as watching:
        over, going = (deployed.run(fifo=str(_fifo(tmp_path, name))) for name in ("over", "going"))
        for run in (over, going):
            watching.is_in(run, "Running")
        worker.process.kill()
        worker.process.wait()
        cluster.kubelet.pause(str(_job_of(cluster, over.id)["metadata"]["name"]))  # so that it can't end by itself
        cancelled = StateRecord(StateType.CANCELLED, "Cancelled", clock.now())
        states = SetFlowRunStates(FlowRunFilter(ids=[over.id]), cancelled, force=True, dry_run=False)
        deployed.client.call(FLOW_RUNS_SET_STATE_MANY, states)
        assert deployed.read(over).state.type is StateType.CANCELLED
        labels = {**_job_of(cluster, going.id)["metadata"]["labels"], "penstock.io/flow-run-id": str(uuid7())}
        spec = {"suspend": True, "template": {"spec": {"containers": []}}}
        cluster.objects.create("jobs", "default", {"metadata": {"name": "foreign", "labels": labels}, "spec": spec})
        with working(server, **more):
            cluster.until(lambda: "deletionTimestamp" in _job_of(cluster, over.id)["metadata"])
        assert "deletionTimestamp" not in _job_of(cluster, going.id)["metadata"]
        assert [one["metadata"]["name"] for one in cluster.all("jobs")].count("foreign") == 1
        assert deployed.read(going).state.type is StateType.RUNNING


def _job_of(cluster: FakeCluster, run_id: UUID) -> Any:
    for job in cluster.all("jobs"):
        if job["metadata"]["labels"]["penstock.io/flow-run-id"] == str(run_id):
            return job
    raise AssertionError(f"There is no job of run {run_id}.")


def _fifo(folder: Path, name: str = "fifo") -> Path:
    os.mkfifo(folder / name)
    return folder / name
