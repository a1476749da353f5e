"""What a shell may put in for the name of a deployment, a work pool or a work queue. Never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from penstock.cli.completing import RECENT

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from penstock.wire.operations import Operation


def complete_deployments(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of deployments."""
    from penstock.wire.deploying.deployments import DeploymentQuery
    from penstock.wire.operations import DEPLOYMENTS_LIST

    found = _items(DEPLOYMENTS_LIST, DeploymentQuery(limit=RECENT))
    return _matching([f"{one.spec.flow_name}/{one.spec.name}" for one in found], begun)


def complete_pools(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of work pools."""
    from penstock.wire.deploying.work_pools import WorkPoolQuery
    from penstock.wire.operations import WORK_POOLS_LIST

    return _matching([one.name for one in _items(WORK_POOLS_LIST, WorkPoolQuery(limit=RECENT))], begun)


def complete_queues(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the names of work queues: those of the pool that the command names, where it does."""
    from penstock.wire.deploying.work_pools import WorkQueueQuery
    from penstock.wire.operations import WORK_QUEUES_LIST

    pool = context.params.get("pool")
    found = _items(WORK_QUEUES_LIST, WorkQueueQuery([pool] if pool else None, limit=RECENT))
    return _matching(sorted({one.name for one in found}), begun)


def _items(operation: Operation[Any, Any], query: Any) -> list[Any]:
    from penstock.client import transport
    from penstock.core.errors import PenstockException

    try:
        return list(transport.call(operation, query).items)
    except PenstockException:
        return []


def _matching(names: list[str], begun: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in names if name.startswith(begun) and name.isprintable()]
