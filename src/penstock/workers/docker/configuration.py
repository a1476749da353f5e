"""How the container of a run is described, and what an engine is asked for."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from penstock.workers.base import BaseJobConfiguration

if TYPE_CHECKING:
    from penstock.wire.deploying.deployments import Deployment
    from penstock.wire.deploying.work_pools import WorkPool
    from penstock.wire.flow_runs import FlowRun

PullPolicy = Literal["IfNotPresent", "Always", "Never"]

HOST = "host.docker.internal"
"""By this name a container reaches the machine it is on."""

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_.-]+")
_LONGEST_NAME = 128


class DockerJobConfiguration(BaseJobConfiguration):
    """How the container of one run is started."""

    image: str | None = None
    image_pull_policy: PullPolicy | None = None
    networks: list[str] = Field(default_factory=list)
    network_mode: str | None = None
    volumes: list[str] = Field(default_factory=list)
    auto_remove: bool = True
    stream_output: bool = True
    mem_limit: str | None = None
    memswap_limit: str | None = None
    cpus: float | None = None
    privileged: bool = False
    time_limit_seconds: float | None = None
    container_create_kwargs: dict[str, Any] = Field(default_factory=dict)

    @field_validator("volumes")
    @classmethod
    def _are_volumes(cls, volumes: list[str]) -> list[str]:
        for volume in volumes:
            if ":" not in volume:
                raise ValueError(f"volumes: {volume!r} is not of the form SOURCE:TARGET or SOURCE:TARGET:ro.")
        return volumes

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
        if self.network_mode != "host":
            self._lead_to_host()

    def _lead_to_host(self) -> None:
        url = self.env.get("PENSTOCK_API_URL")
        if url and urlsplit(url).hostname in _LOCAL:
            host = urlsplit(url).hostname or ""
            self.env["PENSTOCK_API_URL"] = url.replace(f"[{host}]" if ":" in host else host, HOST, 1)

    def pulls(self, *, is_there: bool) -> bool:
        """Whether the image is to be pulled first.

        Parameters:
            is_there: whether the engine has it.
        """
        policy = self.image_pull_policy
        if policy is None:
            name, _, tag = (self.image or "").rpartition(":")
            is_latest = not name or "/" in tag or tag == "latest"
            policy = "Always" if is_latest and not is_there else "IfNotPresent"
        return policy == "Always" or (policy == "IfNotPresent" and not is_there)

    def as_arguments(self) -> dict[str, Any]:
        """Return the arguments of docker-py's `containers.create`, but for the name."""
        arguments: dict[str, Any] = {
            "image": self.image,
            "command": shlex.split(self.command or ""),
            "environment": {name: value for name, value in self.env.items() if value is not None},
            "labels": self.labels,
            "volumes": self.volumes,
            "privileged": self.privileged,
            "detach": True,
        }
        if self.network_mode is not None:
            arguments["network_mode"] = self.network_mode
        elif self.networks:
            arguments["network"] = self.networks[0]
        if self.network_mode != "host":
            arguments["extra_hosts"] = {HOST: "host-gateway"}
        if self.mem_limit is not None:
            arguments["mem_limit"] = self.mem_limit
        if self.memswap_limit is not None:
            arguments["memswap_limit"] = self.memswap_limit
        if self.cpus is not None:
            arguments["nano_cpus"] = round(self.cpus * 1_000_000_000)
        return arguments | self.container_create_kwargs

    def names(self) -> list[str]:
        """Return names to try for the container, the best first: another one may have it already."""
        plain = _NOT_IN_NAMES.sub("-", self.name or "").strip("-._") or "penstock"
        base = plain[: _LONGEST_NAME - 4]
        return [base, *(f"{base}-{number}" for number in range(1, 20))]
