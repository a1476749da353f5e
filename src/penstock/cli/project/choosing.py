"""Which deployments of a project are meant."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

import click

from penstock.cli.project.file import ProjectFile
from penstock.cli.project.words import DeploymentEntry
from penstock.cli.screen.words import one_line
from penstock.settings.names import nearest


def chosen(file: ProjectFile, names: Sequence[str], *, every: bool) -> list[int]:
    """Return the positions of the deployments that are meant.

    Parameters:
        file: the project's file.
        names: names, or patterns with `*`, `?` and `[…]`; `<flow>/<name>` for one of a certain flow. By default the only one.
        every: whether all are.

    Raises:
        ClickException: a name means none, or it is not said which of several is meant.
    """
    entries = file.project.deployments or []
    if not entries:
        raise click.ClickException(
            f"{file.path.name} has no deployments. Add some, or name a flow: penstock deploy FILE.py:FLOW"
        )
    if every:
        return list(range(len(entries)))
    if not names:
        if len(entries) == 1:
            return [0]
        listed = ", ".join(one_line(one.name or "(no name)") for one in entries[:20])
        raise click.UsageError(f"Say which to deploy: --all, or --name with one or more of {listed}.")
    found: set[int] = set()
    for name in names:
        matching = {index for index, entry in enumerate(entries) if _matches(entry, name)}
        if not matching:
            known = [entry.name for entry in entries if entry.name]
            close = nearest(name, known)
            hint = f"Did you mean {close!r}?" if close else f"It has {', '.join(known)}."
            raise click.ClickException(f"{file.path.name} has no deployment {name!r}. {hint}")
        found |= matching
    return sorted(found)


def _matches(entry: DeploymentEntry, pattern: str) -> bool:
    name = entry.name or ""
    flow_name, slash, own = pattern.rpartition("/")
    if not slash:
        return fnmatchcase(name, pattern)
    return fnmatchcase(name, own) and any(fnmatchcase(one, flow_name) for one in _flow_names(entry))


def _flow_names(entry: DeploymentEntry) -> list[str]:
    """Return what the entry's flow may be called: as it says, or after its function. Nothing is imported for that."""
    function = (entry.entrypoint or "").rpartition(":")[2].rpartition(".")[2]
    return [name for name in (entry.flow_name, function, function.replace("_", "-")) if name]
