"""The node of a fake cluster: pods live as a test says, or their containers' commands really run as processes here."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from support.kubernetes.objects import Object, Objects, Refused, instant

NODE = "node-1"


class Lines:
    """What a container has printed, with the instants of the lines.

    Attributes:
        kept: each line with its instant before it, as the API gives it out.
        ended: whether there will be no more.
    """

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.ended = False

    def add(self, line: bytes) -> None:
        """Keep a line."""
        now = datetime.now(UTC)
        stamp = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond:06d}".rstrip("0").rstrip(".")
        self.kept.append(f"{stamp}Z ".encode() + line)


class Kubelet:
    """Runs pods, all in one namespace unless told otherwise.

    Parameters:
        objects: the objects.
        runs_processes: whether containers' commands really run; else a test says what becomes of them.
        on_line: called whenever a container has printed something, or has ended.

    Attributes:
        obeys: whether containers end at once when they are asked to; else they are killed after the grace time.
        terminated: the pods that were asked to end, with the grace they were given.
    """

    def __init__(self, objects: Objects, *, runs_processes: bool, on_line: Callable[[], None]) -> None:
        self._objects = objects
        self._runs_processes = runs_processes
        self._on_line = on_line
        self._living: list[threading.Thread] = []
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.lines: dict[str, Lines] = defaultdict(Lines)
        self.obeys = True
        self.terminated: list[tuple[str, int]] = []
        objects.listen(self._changed)

    def _changed(self, kind: str, namespace: str, change: str, one: Object) -> None:
        if kind == "pods":
            if change == "ADDED" and self._runs_processes:
                self._living.append(threading.Thread(target=self._live, args=(one,), daemon=True))
                self._living[-1].start()
            elif change == "MODIFIED" and one["metadata"].get("deletionTimestamp"):
                self._asked_to_end(one)
            elif change == "DELETED":
                self._kill(one, signal.SIGKILL)

    def bind(self, name: str, namespace: str = "default") -> None:
        """Have a pod scheduled on the node."""

        def change(pod: Object) -> None:
            pod["spec"]["nodeName"] = NODE
            pod["status"] |= {"conditions": [{"type": "PodScheduled", "status": "True"}]}

        self._objects.update("pods", namespace, name, change)

    def start(self, name: str, namespace: str = "default") -> None:
        """Have a pod's container run."""
        self.bind(name, namespace)
        self._set_state(namespace, name, {"running": {"startedAt": instant()}}, phase="Running")

    def wait(self, name: str, reason: str, message: str = "", namespace: str = "default") -> None:
        """Have a pod's container wait for something."""
        self._set_state(namespace, name, {"waiting": {"reason": reason, "message": message}})

    def unschedulable(self, name: str, message: str, namespace: str = "default") -> None:
        """Have no node for a pod."""
        condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
        self._objects.update("pods", namespace, name, lambda pod: pod["status"].update(conditions=[condition]))

    def write(self, name: str, *lines: str) -> None:
        """Have a container print lines."""
        for line in lines:
            self.lines[name].add(line.encode())
        self._on_line()

    def end(
        self,
        name: str,
        code: int = 0,
        reason: str | None = None,
        namespace: str = "default",
        status: dict[str, Any] | None = None,
    ) -> None:
        """Have a pod's container end."""
        self.lines[name].ended = True
        self._on_line()
        ended = {"exitCode": code, "reason": reason or ("Error" if code else "Completed"), "finishedAt": instant()}
        phase = "Failed" if code else "Succeeded"
        pod = self._set_state(namespace, name, {"terminated": ended}, phase=phase, **(status or {}))
        if pod["metadata"].get("deletionTimestamp"):
            self._objects.remove("pods", namespace, name)

    def disrupt(self, name: str, reason: str, message: str, namespace: str = "default") -> None:
        """Mark a pod as one that has to go, and ask it to."""

        def change(pod: Object) -> None:
            condition = {"type": "DisruptionTarget", "status": "True", "reason": reason, "message": message}
            pod["status"].setdefault("conditions", []).append(condition)
            pod["metadata"] |= {"deletionTimestamp": instant(), "deletionGracePeriodSeconds": 30}

        self._objects.update("pods", namespace, name, change)

    def _set_state(self, namespace: str, name: str, state: Object, **status: Any) -> Object:
        def change(pod: Object) -> None:
            container = pod["spec"]["containers"][0]
            one = {"name": container["name"], "image": container["image"], "state": state}
            pod["status"] |= {"containerStatuses": [one], **status}

        return self._objects.update("pods", namespace, name, change)

    def _asked_to_end(self, pod: Object) -> None:
        name, grace = pod["metadata"]["name"], pod["metadata"]["deletionGracePeriodSeconds"]
        if (name, grace) in self.terminated:
            return
        self.terminated.append((name, grace))
        if self._runs_processes:
            self._kill(pod, signal.SIGTERM)
            timer = threading.Timer(grace, self._kill, (pod, signal.SIGKILL))
            timer.daemon = True
            timer.start()
        elif self.obeys:
            self.end(name, 143, namespace=pod["metadata"]["namespace"])

    def _kill(self, pod: Object, number: int) -> None:
        process = self._processes.get(pod["metadata"]["name"])
        if process is not None and process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)

    def pause(self, job: str) -> None:
        """Stop the process of a job's pod where it is."""
        for name, process in self._processes.items():
            if name.startswith(f"{job}-"):
                os.killpg(process.pid, signal.SIGSTOP)

    def _live(self, pod: Object) -> None:
        """Run a pod's container to its end."""
        namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
        container = pod["spec"]["containers"][0]
        try:
            self.bind(name, namespace)
            environment = self._environment(container, namespace, name)
            self._start_process(name, container, environment)
            self.start(name, namespace)
            process = self._processes[name]
            assert process.stdout is not None
            with process.stdout:
                for line in process.stdout:
                    self.lines[name].add(line.rstrip(b"\n"))
                    self._on_line()
            code = process.wait()
            self.end(name, code if code >= 0 else 128 - code, namespace=namespace)
        except Refused:
            self._kill(pod, signal.SIGKILL)  # the pod is gone
        except OSError as error:
            self.end(name, 128, "StartError", namespace=namespace, status={"message": str(error)})

    def _start_process(self, name: str, container: Object, environment: dict[str, str]) -> None:
        self._processes[name] = subprocess.Popen(
            [*container.get("command", []), *container.get("args", [])],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _environment(self, container: Object, namespace: str, pod: str) -> dict[str, str]:
        """Return the environment of a container; wait for secrets that it names, as a kubelet does."""
        found = {"PATH": os.environ["PATH"]}
        for one in container.get("env", []):
            reference = one.get("valueFrom", {}).get("secretKeyRef")
            found[one["name"]] = one.get("value", "") if reference is None else self._secret(reference, namespace, pod)
        return found

    def _secret(self, reference: Object, namespace: str, pod: str) -> str:
        came = threading.Event()
        end = self._objects.listen(lambda *_: came.set())
        try:
            while True:
                came.clear()
                try:
                    return str(
                        self._objects.read("secrets", namespace, reference["name"])["stringData"][reference["key"]]
                    )
                except Refused:
                    self._objects.read("pods", namespace, pod)
                came.wait(30)
        finally:
            end()

    def close(self) -> None:
        """End all pods, and wait until they have ended."""
        for pod in self._objects.all("pods", "default"):
            self._objects.remove("pods", "default", pod["metadata"]["name"])
        for process in list(self._processes.values()):
            with suppress(ProcessLookupError):  # its thread has reaped it
                os.killpg(process.pid, signal.SIGKILL)
        for thread in self._living:
            thread.join(30)
