"""The step `set_working_directory`."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from penstock.core.errors import StepExecutionError
from penstock.deployment_steps.step import Step, Tell


class SetWorkingDirectory(Step, frozen=True, kw_only=True):
    """Make a folder the working directory of this process."""

    name: ClassVar[str] = "set_working_directory"

    directory: str

    def run(self, tell: Tell) -> dict[str, Any]:
        """Go there.

        Returns:
            `directory`, its absolute path.

        Raises:
            StepExecutionError: there is no such folder.
        """
        try:
            os.chdir(os.path.expanduser(self.directory))
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or error
            raise StepExecutionError(
                f"{self.directory!r} can't be the working directory: {said}. Name a folder of this machine."
            ) from error
        return {"directory": os.getcwd()}
