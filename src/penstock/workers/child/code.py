"""The code of a deployment: brought here by its pull steps, with its folder as the working directory, and the flow found."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from penstock.core.errors import ConfigurationError
from penstock.engine.definitions.flow_definition import FlowDefinition
from penstock.engine.entrypoints import load_flow_from_entrypoint
from penstock.wire.deploying.deployments import DeploymentSpec


def load_flow(spec: DeploymentSpec) -> FlowDefinition:
    """Bring the code here, go into its folder, and return the flow.

    Raises:
        ConfigurationError: the deployment does not say where its flow is, or its folder is not here.
        SourceError: the code can't be had.
        MissingFlowError: there is no such flow in it.
        ScriptError: it raised while it was imported.
    """
    if spec.entrypoint is None:
        raise ConfigurationError(
            f"Deployment '{spec.flow_name}/{spec.name}' has no entrypoint. Deploy it again: it says where the flow is."
        )
    folder = pulled(spec)
    if folder is not None:
        go_into(folder)
    return load_flow_from_entrypoint(spec.entrypoint)


def pulled(spec: DeploymentSpec) -> Path | None:
    """Carry out the pull steps; return the folder that is to be gone into, if there is one."""
    if not spec.pull_steps:
        return None if spec.path is None else Path(spec.path)
    from penstock.deployment_steps.running import run_steps

    outputs = run_steps(spec.pull_steps)
    directory = outputs.get("directory")
    return Path(directory) if directory else (None if spec.path is None else Path(spec.path))


def go_into(folder: Path) -> None:
    """Make `folder` the working directory, and the first place that modules are looked for in.

    Raises:
        ConfigurationError: it is not here.
    """
    folder = folder.expanduser()
    try:
        os.chdir(folder)
    except OSError as error:
        raise ConfigurationError(
            f"The folder of the deployment's code, {str(folder)!r}, can't be gone into: {error.strerror or error}. Is it on "
            "this machine? Pull steps bring code from elsewhere."
        ) from error
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
