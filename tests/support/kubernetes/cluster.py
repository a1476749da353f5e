"""A fake Kubernetes cluster in this process, reached over HTTP like a real one."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from support.kubernetes.api import Api
from support.kubernetes.controllers import Changes, Controllers
from support.kubernetes.kubelet import Kubelet
from support.kubernetes.objects import Object, Objects, instant

TOKEN = "the-workers-own-token"


class FakeCluster:
    """A cluster of one node, with what tests do to it.

    Parameters:
        kubeconfig: where the file is written that names it.
        runs_processes: whether containers' commands really run.
    """

    def __init__(self, kubeconfig: Path, *, runs_processes: bool) -> None:
        self.objects = Objects()
        self.kubeconfig = kubeconfig
        controllers = Controllers(self.objects)
        self.api = Api(self.objects, controllers, TOKEN)
        self.kubelet = Kubelet(self.objects, runs_processes=runs_processes, on_line=self.api.wake)
        self.api.kubelet = self.kubelet
        self._changes = Changes(self.objects)
        self._socket = socket.create_server(("127.0.0.1", 0))
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # dropped connections are what is wanted
        config = uvicorn.Config(self.api.application(), log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        self._write_kubeconfig(f"http://127.0.0.1:{self._socket.getsockname()[1]}")

    def _write_kubeconfig(self, url: str) -> None:
        context = {"name": "fake", "context": {"cluster": "fake", "user": "worker", "namespace": "default"}}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "fake",
            "clusters": [{"name": "fake", "cluster": {"server": url}}],
            "users": [{"name": "worker", "user": {"token": TOKEN}}],
            "contexts": [context],
        }
        self.kubeconfig.write_text(json.dumps(config))

    def close(self) -> None:
        """End it, and whatever runs in it."""
        self.kubelet.close()
        self.api.close()
        self._server.should_exit = True
        self._thread.join(30)
        self._socket.close()

    def all(self, kind: str, namespace: str = "default") -> list[Object]:
        """Return all objects of a kind."""
        return self.objects.all(kind, namespace)

    def until(self, found: Any) -> Any:
        """Return what a function finds, once it finds something."""
        return self._changes.until(found)

    def pod(self, namespace: str = "default", place: int = 0) -> str:
        """Return the name of a pod, once there is one."""
        pods = self.until(lambda: self.all("pods", namespace)[place:])
        return str(pods[0]["metadata"]["name"])

    def job(self, namespace: str = "default") -> Object:
        """Return the job, once there is one."""
        jobs: list[Object] = self.until(lambda: self.all("jobs", namespace))
        return jobs[0]

    def warn(self, about: str, reason: str, message: str, kind: str = "Pod", namespace: str = "default") -> None:
        """Have the cluster warn of something."""
        event = {
            "metadata": {"generateName": f"{about[:50]}."},
            "type": "Warning",
            "reason": reason,
            "message": message,
            "involvedObject": {"kind": kind, "name": about, "namespace": namespace},
            "lastTimestamp": instant(),
        }
        self.objects.create("events", namespace, event)


@contextmanager
def fake_cluster(kubeconfig: Path, *, runs_processes: bool = False) -> Iterator[FakeCluster]:
    """Have a cluster for the block."""
    cluster = FakeCluster(kubeconfig, runs_processes=runs_processes)
    try:
        yield cluster
    finally:
        cluster.close()
