"""What a shell may put in for a word that the user has begun. Where that can't be found out, nothing: never an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    Completion = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

RECENT = 200


def complete_settings(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the settings, by path and by environment variable."""
    from click.shell_completion import CompletionItem

    from penstock.settings.table import SETTINGS

    names = [(name, one.description) for one in SETTINGS.values() for name in (one.name, one.path)]
    return [CompletionItem(name, help=words) for name, words in names if name.startswith(begun)]


def complete_profiles(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the profiles."""
    from click.shell_completion import CompletionItem

    from penstock import settings
    from penstock.core.errors import PenstockException

    try:
        return [CompletionItem(name) for name in settings.load_profiles() if name.startswith(begun)]
    except PenstockException:
        return []


def complete_flow_runs(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of recent flow runs."""
    from click.shell_completion import CompletionItem

    from penstock.client import transport
    from penstock.core.errors import PenstockException
    from penstock.wire.operations import FLOW_RUNS_LIST
    from penstock.wire.requests import FlowRunQuery

    try:
        runs = transport.call(FLOW_RUNS_LIST, FlowRunQuery(limit=RECENT)).items
    except PenstockException:
        return []
    matching = {run.name: run for run in runs if run.name.startswith(begun) and run.name.isprintable()}
    return [CompletionItem(name, help=f"{run.flow_name}, {run.state.name}") for name, run in matching.items()]


def complete_files(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Leave it to the shell, which knows files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="file")]
