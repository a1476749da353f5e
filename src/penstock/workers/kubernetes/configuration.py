"""How the job of a run is described: a manifest of the pool's, completed for one run."""

from __future__ import annotations

import re
import shlex
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, field_validator

from penstock.workers.base import BaseJobConfiguration
from penstock.workers.environment import ATTEMPT, FLOW_RUN_ID
from penstock.workers.kubernetes.cluster import own_namespace

if TYPE_CHECKING:
    from penstock.wire.deploying.deployments import Deployment
    from penstock.wire.deploying.work_pools import WorkPool
    from penstock.wire.flow_runs import FlowRun

FLOW_RUN_LABEL = "penstock.io/flow-run-id"
ATTEMPT_LABEL = "penstock.io/attempt"
POOL_LABEL = "penstock.io/work-pool-name"

LONGEST_NAME = 57
"""A pod's name is its job's and six characters, and at most 63 are its host name."""

_LONGEST_LABEL = 63
_LABEL = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")
_NOT_IN_LABELS = re.compile(r"[^A-Za-z0-9_.-]+")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_VARIABLE = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")
_OPEN = frozenset({FLOW_RUN_ID, ATTEMPT, "PENSTOCK_API_URL", "PENSTOCK_LOGGING_TO_CONSOLE"})
"""Variables that stand in the manifest. All others may be secret: they are in a secret that the job owns."""


class KubernetesJobConfiguration(BaseJobConfiguration):
    """How the job of one run is started.

    Attributes:
        job_name: the name of the run's job, which no other attempt has.
        secrets: the variables whose values are not in the manifest.
    """

    namespace: str = ""
    job_manifest: dict[str, Any] = Field(default_factory=dict)
    pod_watch_timeout_seconds: float = Field(60.0, gt=0)
    job_watch_timeout_seconds: float | None = Field(None, gt=0)
    stream_output: bool = True

    job_name: str = ""
    secrets: dict[str, str] = Field(default_factory=dict)
    _kept: ClassVar[tuple[str, ...]] = ("job_name", "secrets")

    @field_validator("job_manifest")
    @classmethod
    def _is_of_a_job(cls, manifest: dict[str, Any]) -> dict[str, Any]:
        kind = (manifest.get("apiVersion"), manifest.get("kind"))
        if kind != ("batch/v1", "Job"):
            raise ValueError(f"job_manifest: it is of {kind[0]} {kind[1]}, and is to be of batch/v1 Job.")
        containers = _part(manifest, "spec", "template", "spec").get("containers")
        if not isinstance(containers, list) or not containers or not all(isinstance(one, dict) for one in containers):
            raise ValueError("job_manifest: spec.template.spec.containers is to be a list of at least one container.")
        if not containers[0].get("image"):
            raise ValueError(
                "job_manifest: the first container has no image. Give the deployment, or its pool, the job variable `image`."
            )
        return manifest

    @property
    def container(self) -> str:
        """The name of the container that the run is in: the first one."""
        return str(self._pod["containers"][0]["name"])

    @property
    def secret_name(self) -> str:
        """The name of the secret that the job owns."""
        return self.job_name

    @property
    def _pod(self) -> dict[str, Any]:
        return _part(self.job_manifest, "spec", "template", "spec")

    def prepare_for_flow_run(
        self,
        flow_run: FlowRun,
        deployment: Deployment | None = None,
        work_pool: WorkPool | None = None,
        worker_name: str | None = None,
    ) -> None:
        """Settle what depends on the run. See `BaseJobConfiguration.prepare_for_flow_run`."""
        super().prepare_for_flow_run(flow_run, deployment, work_pool, worker_name)
        self.env.setdefault("PENSTOCK_LOGGING_TO_CONSOLE", "false")  # its lines are in the log already
        self.labels = {_label_name(name): label_value(value) for name, value in self.labels.items()}
        self.job_name = job_name(self.name or "", flow_run)
        self.job_manifest = deepcopy(self.job_manifest)
        self._complete_metadata()
        self._complete_spec()

    def _complete_metadata(self) -> None:
        metadata = self.job_manifest.setdefault("metadata", {})
        metadata.pop("generateName", None)
        metadata["name"] = self.job_name
        metadata["namespace"] = self.namespace = str(metadata.get("namespace") or self.namespace or own_namespace())
        template = self.job_manifest["spec"]["template"].setdefault("metadata", {})
        for one in (metadata, template):
            own = {_label_name(name): label_value(value) for name, value in (one.get("labels") or {}).items()}
            one["labels"] = {**own, **self.labels}

    def _complete_spec(self) -> None:
        spec = self.job_manifest["spec"]
        spec.setdefault("backoffLimit", 0)
        self._pod.setdefault("restartPolicy", "Never")
        container = self._pod["containers"][0]
        container.setdefault("name", "penstock-job")
        command = container.get("args")
        if not isinstance(command, list):
            container["args"] = shlex.split(command or self.command or "")
        own = container.get("env")
        variables: list[Any] = list(own) if isinstance(own, list) else []
        named = {one.get("name") for one in variables if isinstance(one, dict)}
        env = {name: value for name, value in self.env.items() if value is not None and name not in named}
        for name in env:
            if not _VARIABLE.fullmatch(name):
                raise ValueError(f"env: {name!r} can't be the name of a variable in a container.")
        self.secrets = {name: value for name, value in env.items() if name not in _OPEN}
        container["env"] = [*(self._variable(name, value) for name, value in env.items()), *variables]

    def _variable(self, name: str, value: str) -> dict[str, Any]:
        if name in _OPEN:
            return {"name": name, "value": value}
        return {"name": name, "valueFrom": {"secretKeyRef": {"name": self.secret_name, "key": name}}}

    def secret_of(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return the secret that goes with a job, and is deleted with it.

        Parameters:
            job: the job, as the cluster has it.
        """
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": self.job_name, "uid": job["metadata"]["uid"]}
        return {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": self.secret_name,
                "namespace": self.namespace,
                "labels": self.labels,
                "ownerReferences": [{**owner, "blockOwnerDeletion": False, "controller": False}],
            },
            "type": "Opaque",
            "stringData": self.secrets,
            "immutable": True,
        }


def job_name(name: str, flow_run: FlowRun) -> str:
    """Return the name of the job of an attempt: always the same one, so that an attempt can't have two."""
    end = f"{flow_run.id.hex[-12:]}-{flow_run.attempt}"
    plain = _NOT_IN_NAMES.sub("-", name.lower())[: LONGEST_NAME - len(end) - 1].strip("-")
    return f"{plain if plain[:1].isalpha() else f'run-{plain}'[: LONGEST_NAME - len(end) - 1].strip('-')}-{end}"


def label_value(value: Any) -> str:
    """Return what a label may hold of a value: at most 63 letters, digits, dots, hyphens and underscores."""
    text = str(value)
    if _LABEL.fullmatch(text):
        return text
    return _NOT_IN_LABELS.sub("-", text)[:_LONGEST_LABEL].strip("-_.")


def _label_name(name: str) -> str:
    prefix, slash, last = name.rpartition("/")
    return (
        f"{_NOT_IN_NAMES.sub('-', prefix.lower().replace('.', '0dot0')).replace('0dot0', '.').strip('-.')}{slash}"
        * bool(prefix)
        + (label_value(last) or "label")
    )


def _part(whole: dict[str, Any], *path: str) -> dict[str, Any]:
    found: Any = whole
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
