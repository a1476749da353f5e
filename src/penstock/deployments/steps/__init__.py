"""Steps of deployments: named actions that build, push or pull code, as `penstock.yaml` and deployments list them."""

from __future__ import annotations

from penstock.deployments.steps.core import StepExecutionError as StepExecutionError
from penstock.deployments.steps.core import run_step as run_step
from penstock.deployments.steps.core import run_steps as run_steps
from penstock.deployments.steps.pull import git_clone as git_clone
from penstock.deployments.steps.pull import pull_from_remote_storage as pull_from_remote_storage
from penstock.deployments.steps.pull import set_working_directory as set_working_directory
from penstock.deployments.steps.scripts import pip_install_requirements as pip_install_requirements
from penstock.deployments.steps.scripts import run_shell_script as run_shell_script

__all__ = [
    "StepExecutionError",
    "git_clone",
    "pip_install_requirements",
    "pull_from_remote_storage",
    "run_shell_script",
    "run_step",
    "run_steps",
    "set_working_directory",
]
