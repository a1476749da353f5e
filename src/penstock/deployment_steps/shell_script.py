"""The step `run_shell_script`."""

from __future__ import annotations

import os
import shlex
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from penstock.core.errors import StepExecutionError
from penstock.deployment_steps.program import run_program
from penstock.deployment_steps.step import Step, Tell


class RunShellScript(Step, frozen=True, kw_only=True):
    """Run commands, one a line, on the machine that carries the step out, until one fails."""

    name: ClassVar[str] = "run_shell_script"

    script: str
    directory: str | None = None
    env: dict[str, str] | None = None
    stream_output: bool = True
    expand_env_vars: bool = False
    shell: bool = False

    def run(self, tell: Tell) -> dict[str, Any]:
        """Run them.

        Returns:
            `stdout` and `stderr`: what they wrote, without white space at the ends.

        Raises:
            StepExecutionError: one failed, or is none.
        """
        environment = {**os.environ, **(self.env or {})}
        written = [
            run_program(
                command,
                what=f"the script's command {command[0]!r}" if not self.shell else "the script's command",
                environment=environment,
                folder=None if self.directory is None else Path(self.directory),
                tell=tell if self.stream_output else None,
            )
            for command in self._commands(environment)
        ]
        return {
            "stdout": "".join(one.stdout for one in written).strip(),
            "stderr": "".join(one.stderr for one in written).strip(),
        }

    def _commands(self, environment: dict[str, str]) -> Iterator[list[str]]:
        for line in self.script.replace("\\\n", " ").splitlines():
            command = line.strip()
            if not command or command.startswith("#"):
                continue
            if self.expand_env_vars:
                command = string.Template(command).safe_substitute(environment)
            yield ["/bin/sh", "-c", command] if self.shell else _words_of(command)


def _words_of(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise StepExecutionError(f"A line of the script is no command: {error}. Look at its quotes.") from None
    if not words or not words[0]:
        raise StepExecutionError("A line of the script has no command. Look at its quotes.")
    return words
