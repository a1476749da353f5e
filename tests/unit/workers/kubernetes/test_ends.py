"""How a run's job may end, and what the worker says of it."""

from __future__ import annotations

from typing import Any

import pytest
from support.kubernetes.scenes import Play, Scene, Started


def test_a_job_that_completes_is_a_success(play: Play) -> None:
    """The result is 0, and known by the namespace and name of the job."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        one.cluster.kubelet.end(pod)
        result = await run.running
        assert (result.status_code, result.reason) == (0, None)
        assert result.identifier == f"default/{run.job_name}" == run.status.identifier

    play(scene)


@pytest.mark.parametrize(
    ("code", "reason", "status", "words"),
    [
        (3, None, {}, "ended with exit code 3."),
        (137, None, {}, "exit code 137 (SIGKILL)"),
        (137, "OOMKilled", {}, "ran out of memory, and was killed. Raise its memory limit"),
        (128, "StartError", {"message": "no such file"}, "exit code 128"),
        (
            137,
            None,
            {"reason": "Evicted", "message": "The node was low on resource: memory."},
            "evicted (node node-1): The node was low on resource: memory.",
        ),
        (143, None, {"reason": "NodeLost"}, "The node of its pod was lost (node node-1)."),
    ],
)
def test_a_failed_pod_has_a_reason(play: Play, code: int, reason: str | None, status: Any, words: str) -> None:
    """What a pod failed with is the result's status; why, stands in plain words."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        one.cluster.kubelet.end(pod, code, reason, status=status)
        result = await run.running
        assert result.status_code == code
        assert words in (result.reason or "")

    play(scene)


def _waits(one: Scene, pod: str, reason: str) -> None:
    one.cluster.kubelet.wait(pod, reason, 'image "registry.example/flows:1" is not there')


@pytest.mark.parametrize("reason", ["InvalidImageName", "ErrImageNeverPull"])
def test_an_impossible_image_ends_a_run_at_once(play: Play, reason: str) -> None:
    """An image that can't be had by waiting is not waited for, and nothing stays in the cluster."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        _waits(one, await one.pod_of(run), reason)
        result = await run.running
        assert result.reason == (
            f'The image of its pod can\'t be had ({reason}): image "registry.example/flows:1" is not there.'
        )
        one.cluster.until(lambda: not one.cluster.all("jobs"))

    play(scene)


@pytest.mark.parametrize("reason", ["ErrImagePull", "ImagePullBackOff", "CreateContainerConfigError"])
def test_trouble_that_lasts_ends_a_run(play: Play, reason: str) -> None:
    """What may pass by itself is waited for, for half a minute."""

    async def scene(one: Scene) -> None:
        run = one.begin(pod_watch_timeout_seconds=600)
        _waits(one, await one.pod_of(run), reason)
        await one.clock.until_asleep(30, 29)
        one.clock.move(29)
        await one.seen(run, lambda pod: "containerStatuses" in pod["status"])
        assert not run.running.done()
        one.clock.move(1)
        result = await run.running
        assert f"({reason})" in (result.reason or "")
        one.cluster.until(lambda: not one.cluster.all("jobs"))

    play(scene)


def test_trouble_that_passes_does_no_harm(play: Play) -> None:
    """A registry that answers at the second try costs nothing."""

    async def scene(one: Scene) -> None:
        run = one.begin(pod_watch_timeout_seconds=600)
        pod = await one.pod_of(run)
        _waits(one, pod, "ErrImagePull")
        await one.clock.until_asleep(30, 29)
        one.clock.move(29)
        one.cluster.kubelet.start(pod)
        await one.seen(run, lambda pod: pod["status"]["phase"] == "Running")
        one.clock.move(600)
        one.cluster.kubelet.end(pod)
        assert (await run.running).status_code == 0

    play(scene)


def test_a_pod_that_does_not_start_ends_a_run(play: Play) -> None:
    """A pod no node has room for is given up after the pool's limit; the scheduler's words are in the reason."""

    async def scene(one: Scene) -> None:
        run = one.begin(pod_watch_timeout_seconds=90)
        one.cluster.kubelet.unschedulable(await one.pod_of(run), "0/3 nodes are available: 3 Insufficient memory.")
        await one.seen(run, lambda pod: "conditions" in pod["status"])
        await one.clock.until_asleep(90, 89)
        one.clock.move(90)
        assert (await run.running).reason == (
            "Its pod did not start within pod_watch_timeout_seconds=90: "
            "Unschedulable: 0/3 nodes are available: 3 Insufficient memory."
        )
        one.cluster.until(lambda: not one.cluster.all("jobs"))

    play(scene)


def test_a_job_without_a_pod_ends_a_run(play: Play) -> None:
    """Where no pod can be made, the cluster's warning says why, and is in the run's log."""

    async def scene(one: Scene) -> None:
        run = one.begin(lambda manifest: manifest["spec"].update(suspend=True))
        await run.status._identifier
        one.cluster.warn(run.job_name, "FailedCreate", "exceeded quota: pods=0", kind="Job")
        await one.lines.until("FailedCreate: exceeded quota: pods=0")
        one.cluster.objects.update("jobs", "default", run.job_name, lambda job: job["spec"].update(suspend=False))
        await one.clock.until_asleep(60, 59)
        one.clock.move(60)
        reason = (await run.running).reason or ""
        assert reason == (
            "No pod was made for its job within pod_watch_timeout_seconds=60: FailedCreate: exceeded quota: pods=0."
        )

    play(scene)


def test_a_suspended_job_has_all_the_time(play: Play) -> None:
    """A job that a queue of the cluster holds back is not held to the limit of its pod's start."""

    async def scene(one: Scene) -> None:
        run = one.begin(lambda manifest: manifest["spec"].update(suspend=True))
        await run.status._identifier
        one.clock.move(10_000)
        one.cluster.objects.remove("jobs", "default", run.job_name)
        assert "was deleted by somebody else" in ((await run.running).reason or "")

    play(scene)


def test_a_job_may_not_take_longer_than_is_said(play: Play) -> None:
    """`job_watch_timeout_seconds` ends a job that goes on."""

    async def scene(one: Scene) -> None:
        run = one.begin(job_watch_timeout_seconds=500)
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        await one.clock.until_asleep(500, 499)
        one.clock.move(500)
        assert (await run.running).reason == "Its job ran for longer than job_watch_timeout_seconds=500."
        one.cluster.until(lambda: not one.cluster.all("jobs"))

    play(scene)


def test_a_lost_node_ends_a_run(play: Play) -> None:
    """A pod that is evicted and never ends, because nothing answers on its node, is given up after its grace time."""

    async def scene(one: Scene) -> None:
        one.cluster.kubelet.obeys = False
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        one.cluster.kubelet.disrupt(pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint")
        await one.clock.until_asleep(60, 59)
        one.clock.move(60)
        reason = (await run.running).reason or ""
        assert reason == "The node of its pod was lost (node node-1): nothing there says that the pod has ended."

    play(scene)


def test_a_preempted_pod_is_said_to_be_one(play: Play) -> None:
    """A pod that made way for another ends its run with that reason, whatever its exit code."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        one.cluster.kubelet.disrupt(pod, "PreemptionByScheduler", "preempted by pod x")
        reason = (await run.running).reason or ""
        assert reason == "Its pod made way for one of a higher priority (node node-1): preempted by pod x."

    play(scene)


def test_a_deleted_job_ends_a_run(play: Play) -> None:
    """A job that somebody deletes ends its run, with that reason."""

    async def scene(one: Scene) -> None:
        run: Started = one.begin()
        one.cluster.kubelet.start(await one.pod_of(run))
        one.cluster.api._controllers.delete("jobs", "default", run.job_name, "Foreground", None)
        reason = (await run.running).reason
        assert reason == f"Its job default/{run.job_name} was deleted by somebody else."

    play(scene)


def test_a_deleted_pod_ends_a_run(play: Play) -> None:
    """So does a pod that somebody deletes: the job fails, and no second one is made."""

    async def scene(one: Scene) -> None:
        run = one.begin()
        pod = await one.pod_of(run)
        one.cluster.kubelet.start(pod)
        one.cluster.api._controllers.delete("pods", "default", pod, "Background", 0)
        result = await run.running
        assert result.status_code == 1
        assert "BackoffLimitExceeded" in (result.reason or "")

    play(scene)
