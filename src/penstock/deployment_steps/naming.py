"""Which step is meant by a name."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from typing import Any

from penstock.core.errors import StepExecutionError
from penstock.deployment_steps.own_function import OwnFunction
from penstock.deployment_steps.step import Step

PREFIX = "penstock.deployments.steps."

_PLACES = {
    "git_clone": ("git_clone", "GitClone"),
    "pip_install_requirements": ("requirements_file", "PipInstallRequirements"),
    "pull_from_remote_storage": ("remote_storage", "PullFromRemoteStorage"),
    "run_shell_script": ("shell_script", "RunShellScript"),
    "set_working_directory": ("working_directory", "SetWorkingDirectory"),
}
_OURS = re.compile(r"(?:penstock|prefect)\.deployments\.steps\.(?:core\.|pull\.|utility\.|scripts\.)?(\w+)")
_IMAGES = re.compile(r"(?:(?:penstock|prefect_docker)\.deployments\.steps)\.((?:build|push)_docker_image)")
_PACKAGE = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def find_step(name: str) -> type[Step] | OwnFunction:
    """Return the step of a name.

    Parameters:
        name: one of ours after `penstock.deployments.steps.` (or, as Prefect has it, `prefect.deployments.steps.` and
            `prefect_docker.deployments.steps.`), or a function as `package.module.function`.

    Raises:
        StepExecutionError: there is none.
    """
    of_image = _IMAGES.fullmatch(name)
    if of_image is not None:
        return OwnFunction(f"penstock.docker.{of_image[1]}")
    ours = _OURS.fullmatch(name)
    if ours is None:
        return OwnFunction(name)
    if ours[1] not in _PLACES:
        known = ", ".join(f"{PREFIX}{one}" for one in sorted(_PLACES))
        raise StepExecutionError(f"There is no step {name!r}. There is {known}.")
    module, kind = _PLACES[ours[1]]
    step: type[Step] = getattr(import_module(f"penstock.deployment_steps.{module}"), kind)
    return step


def check_required(requires: Any) -> None:
    """See that the packages a step requires are there. None is installed, and versions are not compared.

    Parameters:
        requires: a requirement such as `s3fs>=2025.2`, or a list of them.

    Raises:
        StepExecutionError: one is missing, or is no requirement.
    """
    for requirement in [requires] if isinstance(requires, str) else requires or ():
        found = _PACKAGE.match(requirement) if isinstance(requirement, str) else None
        if found is None:
            raise StepExecutionError(f"{requirement!r} is no requirement. Write one such as 's3fs>=2025.2'.")
        if not _is_there(found[1]):
            raise StepExecutionError(
                f"The package {found[1]!r}, which this step requires, is not installed. Install {requirement!r}."
            )


def _is_there(package: str) -> bool:
    try:
        distribution(package)
    except PackageNotFoundError:
        module = package.replace("-", "_").replace(".", "_")
        return find_spec(module) is not None
    return True
