"""The options that say from where a run is carried out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from uuid import UUID

Command = TypeVar("Command", bound=Callable[..., Any])


def from_where_options(command: Command) -> Command:
    """Add `--from-start` and `--from-task` to a command, which takes `from_start` and `from_task`."""
    command = click.option(
        "--from-task",
        metavar="TASK_RUN",
        help="Do this task run again, what depends on it, and what it called: its name or id.",
    )(command)
    return click.option("--from-start", is_flag=True, help="Do everything again, also what completed.")(command)


def check_from_where(from_start: bool, from_task: str | None) -> None:
    """Refuse to go on where both options are given.

    Raises:
        UsageError: they are.
    """
    if from_start and from_task:
        raise click.UsageError("Give either --from-start or --from-task.")


def task_run_of(flow_run_id: UUID, reference: str) -> UUID:
    """Return the id of the task run that is meant: one of the flow run by its name, or any by its id.

    Raises:
        ObjectNotFound: there is none.
        InvalidRequest: it could mean several calls; one that was carried out by several attempts is one.
    """
    from penstock.cli.finding import find_task_run
    from penstock.client import transport
    from penstock.core.names.calls import call_name
    from penstock.wire.operations import TASK_RUNS_LIST
    from penstock.wire.requests import TaskRunQuery
    from penstock.wire.sorts import TaskRunSort
    from penstock.wire.task_runs import TaskRunFilter

    conditions = TaskRunFilter(name=reference, flow_run_ids=[flow_run_id])
    found = transport.call(TASK_RUNS_LIST, TaskRunQuery(conditions, sort=TaskRunSort.ID_DESC)).items
    if len({call_name("task", run.task_name, run.cache_key) for run in found}) == 1:
        return found[0].id
    return find_task_run(reference).id
