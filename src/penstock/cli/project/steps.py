"""The build and push steps of a project, carried out once for all deployments that share them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from penstock.cli.screen.output import say
from penstock.core.errors import PenstockException
from penstock.deployment_steps.running import run_steps


class ProjectSteps:
    """Carries steps out, and remembers what they returned.

    Parameters:
        project: what the project's file says, by name.
    """

    def __init__(self, project: Mapping[str, Any]) -> None:
        self._project = project
        self._done: list[tuple[Any, dict[str, Any]]] = []

    def outputs_for(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the steps for a deployment return, each by its name and by its `id`.

        Raises:
            ClickException: one failed; those after it were not begun.
        """
        steps = [*self._of("build", entry), *self._of("push", entry)]
        for earlier, outputs in self._done:
            if earlier == steps:
                return outputs
        try:
            outputs = run_steps(steps, tell=say) if steps else {}
        except PenstockException as error:
            raise click.ClickException(f"Nothing was deployed: {error}") from error
        self._done.append((steps, outputs))
        return outputs

    def pull_steps_for(self, entry: Mapping[str, Any]) -> list[dict[str, Any]] | None:
        """Return the pull steps of a deployment, references and all; None where there are none."""
        return self._of("pull", entry) or None

    def _of(self, kind: str, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
        own = entry.get(kind)
        return [step for step in (self._project.get(kind) if own is None else own) or () if step]
