"""The step `pip_install_requirements`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, ClassVar

from penstock.core.errors import StepExecutionError
from penstock.deployment_steps.program import run_program
from penstock.deployment_steps.step import Step, Tell


class PipInstallRequirements(Step, frozen=True, kw_only=True):
    """Install what a file of requirements lists into the Python that carries the step out."""

    name: ClassVar[str] = "pip_install_requirements"

    directory: str | None = None
    requirements_file: str = "requirements.txt"
    stream_output: bool = True

    def run(self, tell: Tell) -> dict[str, Any]:
        """Install it.

        Returns:
            `stdout` and `stderr`: what pip wrote.

        Raises:
            StepExecutionError: there is no such file, or pip failed.
        """
        folder = Path(self.directory or ".").absolute()
        file = folder / self.requirements_file
        if not file.is_file():
            raise StepExecutionError(f"There is no file {str(file)!r} to install from. Check the name.")
        written = run_program(
            [sys.executable, "-m", "pip", "install", "--no-input", "--requirement", str(file)],
            what="pip",
            environment=os.environ,
            folder=folder,
            tell=tell if self.stream_output else None,
        )
        return {"stdout": written.stdout.strip(), "stderr": written.stderr.strip()}
