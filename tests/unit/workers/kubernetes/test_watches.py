"""How the cluster is watched: from where it was left, through whatever drops, once for all runs; and what is asked of it."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

import pytest
from support.kubernetes.objects import Refused
from support.kubernetes.scenes import RUN_TOKEN, Play, Scene

from penstock.core.errors import InfrastructureError
from penstock.workers.kubernetes.configuration import FLOW_RUN_LABEL


def test_a_job_is_as_the_pool_says(play: Play) -> None:
    """The job has the run's labels, one pod that is never restarted, the command as words, and the namespace."""

    async def scene(one: Scene) -> None:
        run = one.begin(
            namespace="work",
            service_account_name="runner",
            finished_job_ttl=60,
            command="penstock flow-run execute 'a b'",
            labels={"team": "Data & Science!", "example.com/x": "y"},
        )
        await run.status._identifier
        job = one.cluster.job("work")
        spec, pod = job["spec"], job["spec"]["template"]["spec"]
        assert (spec["backoffLimit"], spec["ttlSecondsAfterFinished"], pod["restartPolicy"]) == (0, 60, "Never")
        assert pod["serviceAccountName"] == "runner"
        assert pod["containers"][0]["args"] == ["penstock", "flow-run", "execute", "a b"]
        labels = job["metadata"]["labels"]
        assert labels == spec["template"]["metadata"]["labels"]
        assert labels["penstock.io/flow-run-id"] == str(run.flow_run.id)
        assert labels["penstock.io/attempt"] == "3"
        assert (labels["team"], labels["example.com/x"]) == ("Data-Science", "y")
        assert labels["penstock.io/flow-run-name"] == "Brave-Otter-1"

    play(scene)


def test_a_token_is_in_the_jobs_own_secret(play: Play) -> None:
    """Neither the run's token nor what a deployment says in `env` stands in the job: a secret has it, and goes with the job."""

    async def scene(one: Scene) -> None:
        run = one.begin(env={"PASSWORD": "hunter2"})
        pod = await one.pod_of(run)
        await run.status._identifier
        secret = one.cluster.all("secrets")[0]
        assert secret["stringData"] == {"PENSTOCK_API_KEY": RUN_TOKEN, "PASSWORD": "hunter2"}
        shown = json.dumps(
            [one.cluster.all("jobs"), one.cluster.all("pods"), one.lines.texts, one.cluster.api.requests]
        )
        assert RUN_TOKEN not in shown
        assert "hunter2" not in shown
        one.cluster.kubelet.start(pod)
        await run.status._identifier
        await one.worker.kill_infrastructure(run.status.identifier or "", run.configuration, 5)
        await run.running
        assert [one.cluster.all(kind) for kind in ("jobs", "pods", "secrets")] == [[], [], []]

    play(scene)


def test_a_manifest_of_ones_own_is_kept(play: Play) -> None:
    """What a pool's manifest says beyond the template reaches the cluster, its variables too."""
    mounted = {"name": "FROM_ELSEWHERE", "valueFrom": {"secretKeyRef": {"name": "mine", "key": "it"}}}

    def manifest(job: Any) -> None:
        pod = job["spec"]["template"]["spec"]
        pod["nodeSelector"] = {"gpu": "yes"}
        pod["containers"][0] |= {"name": "main", "env": [mounted], "resources": {"limits": {"memory": "1Gi"}}}
        pod["containers"].append({"name": "beside", "image": "proxy"})

    async def scene(one: Scene) -> None:
        run = one.begin(manifest)
        await run.status._identifier
        pod = one.cluster.job()["spec"]["template"]["spec"]
        assert pod["nodeSelector"] == {"gpu": "yes"}
        assert pod["containers"][0]["resources"] == {"limits": {"memory": "1Gi"}}
        assert mounted in pod["containers"][0]["env"]
        assert run.configuration.container == "main"

    play(scene)


def test_a_lost_answer_makes_no_second_job(play: Play) -> None:
    """Where the answer to the making of a job gets lost, it is asked for again, and there is still one job."""

    async def scene(one: Scene) -> None:
        lost = iter([True, False])
        one.cluster.api.lost = lambda method, path: method == "POST" and path.endswith("jobs") and next(lost)
        run = one.begin()
        await one.clock.until_asleep(1)
        one.clock.move(1)
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        one.cluster.kubelet.end(pod)
        assert (await run.running).status_code == 0
        assert len(one.cluster.all("jobs")) == 1

    play(scene)


def test_a_name_that_is_taken_is_refused(play: Play) -> None:
    """A job of that name which is not this run's is left alone, and the run is not taken to be it."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        foreign = {
            "metadata": {"name": run.job_name},
            "spec": {"template": {"spec": {"containers": []}}, "suspend": True},
        }
        one.cluster.objects.create("jobs", "default", foreign)
        with pytest.raises(InfrastructureError, match="it is not this run's"):
            await run.running

    play(scene)


def test_many_runs_share_a_watch(play: Play) -> None:
    """Twenty runs in a namespace are watched by one watch each on jobs, pods and warnings."""

    async def scene(one: Scene) -> None:
        runs = [one.begin() for _ in range(20)]
        for run in runs:
            pod = await one.pod_of(run)
            one.cluster.kubelet.start(pod)
            one.cluster.kubelet.end(pod)
        assert [(await run.running).status_code for run in runs] == [0] * 20
        assert [len(one.watches(kind)) for kind in ("jobs", "pods", "events")] == [1, 1, 1]

    play(scene)


def _of_watches(lists: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the lists that watches begin with: not the last look at the pods of one job."""
    return [query for query in lists if query.get("labelSelector") == FLOW_RUN_LABEL]


def test_a_dropped_watch_goes_on_where_it_was(play: Play) -> None:
    """A watch that drops is taken up from the last version seen, bookmarks counting; nothing is listed again."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        await one.seen(run, lambda seen: seen["status"]["phase"] == "Running")
        one.cluster.objects.create("secrets", "default", {"metadata": {"name": "something-else"}})
        bookmarked = one.cluster.objects.version
        one.cluster.api.bookmark()
        watch = (await one.worker._view("default"))._pods
        while watch._version != str(bookmarked):  # noqa: ASYNC110 - a bookmark is told to nobody
            await asyncio.sleep(0)
        lists = len(_of_watches(one.lists("pods")))
        one.cluster.api.drop()
        while watch.is_live:  # noqa: ASYNC110 - a drop is told to nobody
            await asyncio.sleep(0)
        one.cluster.kubelet.end(pod, 3)
        await one.clock.move_until(run.running)
        assert (await run.running).status_code == 3
        assert one.watches("pods")[1]["resourceVersion"] == str(bookmarked)
        assert len(_of_watches(one.lists("pods"))) == lists

    play(scene)


def test_a_forgotten_version_is_listed_anew(play: Play) -> None:
    """410 Gone has all listed again: what happened meanwhile is noticed, a job that vanished too."""

    async def scene(one: Scene) -> None:
        ends, vanishes = one.begin(), one.begin()
        for run in (ends, vanishes):
            one.cluster.kubelet.start(await one.pod_of(run))
            await one.seen(run, lambda pod: pod["status"]["phase"] == "Running")
        lists = len(one.lists("jobs"))
        one.cluster.api.broken = lambda method, path: Refused(503, "ServiceUnavailable", "starting")
        one.cluster.api.drop()
        one.cluster.kubelet.end(await one.pod_of(ends))
        one.cluster.objects.remove("jobs", "default", vanishes.job_name)
        one.cluster.objects.forget()
        await one.clock.until_asleep(1)
        one.cluster.api.broken = lambda method, path: None
        for run in (ends, vanishes):
            await one.clock.move_until(run.running)
        assert (await ends.running).status_code == 0
        assert "was deleted by somebody else" in ((await vanishes.running).reason or "")
        assert len(one.lists("jobs")) > lists

    play(scene)


def test_pauses_grow_while_the_cluster_is_away(play: Play) -> None:
    """Watches that are refused are tried again after pauses that grow, to half a minute; a run is not ended for it."""

    async def scene(one: Scene) -> None:
        run = one.begin(pod_watch_timeout_seconds=60)
        pod = await one.pod_of(run)
        await run.status._identifier
        one.clock.slept.clear()
        one.cluster.api.broken = lambda method, path: Refused(503, "ServiceUnavailable", "away")
        one.cluster.api.drop()
        view = await one.worker._view("default")
        while view.is_live:  # noqa: ASYNC110 - a drop is told to nobody
            await asyncio.sleep(0)
        while not any(14 < seconds < 30 for seconds in one.clock.slept):
            await one.clock.until_asleep(30)
            one.clock.move(30)
            await asyncio.sleep(0)
        assert not run.running.done()
        limit_of_the_start = 60
        assert max(seconds for seconds in one.clock.slept if seconds != limit_of_the_start) <= 30
        one.cluster.api.broken = lambda method, path: None
        one.cluster.kubelet.start(pod)
        one.cluster.kubelet.end(pod)
        await one.clock.move_until(run.running)
        assert (await run.running).status_code == 0

    play(scene)


def test_lists_come_in_pages(play: Play) -> None:
    """More objects than a page holds are all seen."""

    async def scene(one: Scene) -> None:
        one.cluster.api.page = 2
        labels = {"penstock.io/flow-run-id": "another"}
        template: dict[str, Any] = {"spec": {"containers": []}}
        for number in range(7):
            job = {
                "metadata": {"name": f"job-{number}", "labels": labels},
                "spec": {"suspend": True, "template": template},
            }
            one.cluster.objects.create("jobs", "default", job)
        await one.worker.setup()
        view = await one.worker._view("default")
        assert sorted(view.jobs) == [f"job-{number}" for number in range(7)]
        assert len([query for query in one.lists("jobs") if "continue" in query]) == 3

    play(scene)


@pytest.mark.parametrize("kind", ["jobs", "pods"])
def test_missing_rights_are_told(play: Play, kind: str) -> None:
    """A worker whose account may not list what it must says so before anything is made."""

    async def scene(one: Scene) -> None:
        one.cluster.api.broken = lambda method, path: (
            Refused(403, "Forbidden", f"cannot list resource {kind}") if path.endswith(kind) else None
        )
        with pytest.raises(InfrastructureError, match=f"cannot list resource {kind}.*a role that allows it"):
            await one.begin().running
        assert not one.cluster.all("jobs")

    play(scene)


def test_warnings_are_a_gift(play: Play) -> None:
    """A worker whose account may not see events does without them."""

    async def scene(one: Scene) -> None:
        one.cluster.api.broken = lambda method, path: (
            Refused(403, "Forbidden", "cannot list resource events") if path.endswith("events") else None
        )
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        one.cluster.kubelet.end(pod)
        assert (await run.running).status_code == 0

    play(scene)


def test_a_log_is_kept_once(play: Play) -> None:
    """What a pod prints is in the log once and in order, although the connection drops between lines of one second."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        numbers = itertools.count()
        printed = []
        for _ in range(5):
            batch = [f"line {next(numbers)}" for _ in range(10)] + ["the same"] * 2
            printed += batch
            one.cluster.kubelet.write(pod, *batch)
            while len(one.lines.kept) < len(printed):
                one.lines.came.clear()
                await one.lines.came.wait()
            one.cluster.api.drop()
            await one.clock.until_asleep(1, 1)
            one.clock.move(1)
        one.cluster.kubelet.write(pod, "the last")
        one.cluster.kubelet.end(pod)
        await one.clock.move_until(run.running)
        assert one.lines.texts == [*printed, "the last"]
        assert {line.flow_run_id for line in one.lines.kept} == {run.flow_run.id}

    play(scene)


def test_warnings_of_a_pod_are_in_the_log(play: Play) -> None:
    """What the cluster warns of about a run's pod is in its log once; what it says of others is not."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.warn("another-pod-12345", "Unhealthy", "not ours")
        for _ in range(2):
            one.cluster.warn(pod, "FailedMount", "no such volume")
        one.cluster.warn(pod, "Unhealthy", "no answer")
        await one.lines.until("Unhealthy: no answer")
        assert one.lines.texts == ["FailedMount: no such volume", "Unhealthy: no answer"]
        one.cluster.kubelet.start(pod)
        one.cluster.kubelet.end(pod)
        await run.running

    play(scene)


def test_a_kill_gives_the_grace_time(play: Play) -> None:
    """A job is deleted in the foreground, its pod is told the grace time it has, and then all is gone."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        one.cluster.kubelet.obeys = False
        identifier = await run.status._identifier
        killing = asyncio.create_task(one.worker.kill_infrastructure(identifier, run.configuration, 7))
        await asyncio.to_thread(one.cluster.until, lambda: (pod, 7) in one.cluster.kubelet.terminated)
        assert not killing.done()
        one.cluster.kubelet.end(pod, 143)
        await killing
        assert (await run.running).reason == "Its job was ended by its worker."
        deletes = [query for method, path, query in one.cluster.api.requests if method == "DELETE"]
        assert deletes[0] == {"propagationPolicy": "Foreground"}
        assert deletes[1]["gracePeriodSeconds"] == "7"

    play(scene)


def test_a_pod_that_does_not_end_is_deleted_by_force(play: Play) -> None:
    """A pod on a node that does not answer is deleted without waiting for it, once its time is over."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        one.cluster.kubelet.obeys = False
        identifier = await run.status._identifier
        killing = asyncio.create_task(one.worker.kill_infrastructure(identifier, run.configuration, 7))
        await asyncio.to_thread(one.cluster.until, lambda: (pod, 7) in one.cluster.kubelet.terminated)
        await one.clock.move_until(killing)
        await killing
        assert not await run.running
        assert not one.cluster.all("pods")

    play(scene)
