"""What a cluster does by itself: jobs get pods and end with them, and what is deleted takes along what it owns."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from support.kubernetes.objects import Object, Objects, Refused, instant

FOREGROUND = "foregroundDeletion"


class Controllers:
    """The job controller and the garbage collector, each change handled as it comes.

    Parameters:
        objects: the objects.
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        objects.listen(self._changed)

    def delete(self, kind: str, namespace: str, name: str, policy: str, grace: int | None) -> Object:
        """Delete as the API does: at once, after what is owned, or after a pod's grace time."""
        objects = self._objects
        with objects.lock:
            one = objects.read(kind, namespace, name)
            if kind == "pods":
                return self._delete_pod(one, grace)
            if kind == "jobs" and policy == "Foreground":

                def mark(job: Object) -> None:
                    job["metadata"].setdefault("deletionTimestamp", instant())
                    job["metadata"]["finalizers"] = [FOREGROUND]

                one = objects.update(kind, namespace, name, mark)
                self._collect(one)
                return one
            objects.remove(kind, namespace, name)
            return one

    def _delete_pod(self, pod: Object, grace: int | None) -> Object:
        metadata = pod["metadata"]
        own = pod["spec"].get("terminationGracePeriodSeconds", 30)
        seconds = own if grace is None else grace
        if metadata.get("deletionTimestamp"):
            seconds = min(seconds, metadata["deletionGracePeriodSeconds"])
        is_bound = bool(pod["spec"].get("nodeName"))
        if seconds == 0 or not is_bound:
            self._objects.remove("pods", metadata["namespace"], metadata["name"])
            return pod

        def mark(one: Object) -> None:
            one["metadata"] |= {"deletionTimestamp": instant(), "deletionGracePeriodSeconds": seconds}

        return self._objects.update("pods", metadata["namespace"], metadata["name"], mark)

    def _changed(self, kind: str, namespace: str, change: str, one: Object) -> None:
        if kind == "jobs" and change == "ADDED":
            self._make_pod(one)
        elif kind == "jobs" and change == "DELETED":
            self._collect(one)
        elif kind == "pods":
            self._judge(namespace, one, gone=change == "DELETED")

    def _make_pod(self, job: Object) -> None:
        if job["spec"].get("suspend"):
            return
        template, metadata = job["spec"]["template"], job["metadata"]
        names = {"job-name": metadata["name"], "batch.kubernetes.io/job-name": metadata["name"]}
        self._objects.create(
            "pods",
            metadata["namespace"],
            {
                "metadata": {
                    "generateName": f"{metadata['name']}-",
                    "labels": {**template.get("metadata", {}).get("labels", {}), **names},
                    "ownerReferences": [{"kind": "Job", "name": metadata["name"], "uid": metadata["uid"]}],
                },
                "spec": template["spec"],
                "status": {"phase": "Pending"},
            },
        )

    def owned(self, kind: str, owner: Object) -> list[Object]:
        """Return the objects of a kind that something owns."""
        uid, namespace = owner["metadata"]["uid"], owner["metadata"]["namespace"]
        return [
            one
            for one in self._objects.all(kind, namespace)
            if any(reference["uid"] == uid for reference in one["metadata"].get("ownerReferences", []))
        ]

    def _collect(self, job: Object) -> None:
        """Delete what a deleted job owns, and the job itself once nothing of that is left."""
        namespace, name = job["metadata"]["namespace"], job["metadata"]["name"]
        for pod in self.owned("pods", job):
            if not pod["metadata"].get("deletionTimestamp"):
                self._delete_pod(pod, None)
        if self.owned("pods", job):
            return
        for secret in self.owned("secrets", job):
            self._objects.remove("secrets", namespace, secret["metadata"]["name"])
        self._objects.remove("jobs", namespace, name)

    def _judge(self, namespace: str, pod: Object, *, gone: bool) -> None:
        """Say of a job what its pod came to."""
        for reference in pod["metadata"].get("ownerReferences", []):
            try:
                job = self._objects.read("jobs", namespace, reference["name"])
            except Refused:
                continue
            if job["metadata"].get("deletionTimestamp"):
                if gone:
                    self._collect(job)
                continue
            phase = (pod.get("status") or {}).get("phase")
            if phase == "Succeeded":
                self._end(job, "Complete", "CompletionsReached", "Reached expected number of succeeded pods")
            elif phase == "Failed" or gone:
                self._end(job, "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit")

    def _end(self, job: Object, kind: str, reason: str, message: str) -> None:
        def end(one: Object) -> None:
            conditions: list[Any] = one.setdefault("status", {}).setdefault("conditions", [])
            if not any(known["type"] in {"Complete", "Failed"} for known in conditions):
                conditions.append({"type": kind, "status": "True", "reason": reason, "message": message})

        if any(known["type"] in {"Complete", "Failed"} for known in job.get("status", {}).get("conditions", [])):
            return
        self._objects.update("jobs", job["metadata"]["namespace"], job["metadata"]["name"], end)


class Changes:
    """Waits for objects to be as a test wants them.

    Parameters:
        objects: the objects.
    """

    def __init__(self, objects: Objects) -> None:
        self._changed = threading.Event()
        objects.listen(lambda *_: self._changed.set())

    def until(self, found: Callable[[], Any], seconds: float = 60.0) -> Any:
        """Return what a function finds, once it finds something."""
        until = time.monotonic() + seconds
        while True:
            self._changed.clear()
            result = found()
            if result:
                return result
            left = until - time.monotonic()
            assert left > 0, "the cluster never came to be as the test wants it"
            self._changed.wait(left)
