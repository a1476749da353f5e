"""Deployments: flows that run on time, on the right infrastructure, without anyone watching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.deployments.flow_runs import arun_deployment as arun_deployment
    from penstock.deployments.flow_runs import run_deployment as run_deployment
    from penstock.deployments.runner import RunnerDeployment as RunnerDeployment
    from penstock.deployments.runner import deploy as deploy

__all__ = ["RunnerDeployment", "arun_deployment", "deploy", "run_deployment"]

_PLACES = {
    "RunnerDeployment": "penstock.deployments.runner",
    "arun_deployment": "penstock.deployments.flow_runs",
    "deploy": "penstock.deployments.runner",
    "run_deployment": "penstock.deployments.flow_runs",
}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        from importlib import import_module

        value = globals()[name] = getattr(import_module(_PLACES[name]), name)
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
