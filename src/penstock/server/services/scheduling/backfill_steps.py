"""Backfills, carried on: as some of their runs end, the next ones are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import literal_column, select, update

from penstock.core.errors import InvalidRequest
from penstock.server.context import Context
from penstock.server.database.tables import backfills, deployments
from penstock.server.rules.backfill_plan import Progress, is_over, next_instants
from penstock.server.rules.schedule_keys import key_of
from penstock.server.services.deployments.rows import DeploymentRow
from penstock.server.services.deployments.running import place_of
from penstock.server.services.made_runs import NewRun, make_runs
from penstock.server.services.scheduling.backfill_rows import BackfillRow, counts_of, tell_of_backfill, unfinished_in
from penstock.server.services.scheduling.ranges import instants_of
from penstock.wire.deploying.backfills import BackfillCreate, BackfillStatus
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.deploying.deployments import DeploymentSpec

BACKFILL = "backfill"
"""The tag of runs that belong to a backfill."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk through the backfills is.

    Attributes:
        after: the last one that was looked at; None where there are no more.
        runs: how many runs were made.
        problems: why some could not be carried on.
    """

    after: UUID | None
    runs: int
    problems: dict[UUID, str]


def is_any_running(context: Context) -> bool:
    """Return whether there is a backfill to carry on."""
    return context.connection.execute(_running(None, context).limit(1)).first() is not None


def carry_on(after: UUID | None, limit: int, context: Context) -> Place:
    """Make the runs of some backfills that may begin now, and end those of which all runs have ended.

    Parameters:
        after: the last one that was looked at; None for the beginning.
        limit: the most backfills.
        context: of the write.
    """
    rows = (
        context.connection.execute(_running(after, context).limit(limit).with_for_update(skip_locked=True))
        .mappings()
        .all()
    )
    counts = counts_of([row["id"] for row in rows], context)
    owners = _deployments_of(rows, context)
    runs, problems = 0, {}
    for row in rows:
        unfinished = unfinished_in(counts.get(row["id"], {}))
        try:
            with context.connection.begin_nested():
                runs += _carry_on(row, owners.get(row["deployment_id"]), unfinished, context)
        except Exception as error:
            if context.dialect.storage_error(error) is not None or context.dialect.passes(error):
                raise
            problems[row["id"]] = f"{type(error).__name__}: {error}"
    return Place(rows[-1]["id"] if len(rows) == limit else None, runs, problems)


def _running(after: UUID | None, context: Context) -> Any:
    # Spelled as the partial index has it, so that the planner sees that it may use it.
    conditions = [
        backfills.c.workspace_id == context.workspace_id,
        backfills.c.status == literal_column("'RUNNING'"),
    ]
    if after is not None:
        conditions.append(backfills.c.id > after)
    return select(backfills).where(*conditions).order_by(backfills.c.id)


def _deployments_of(rows: Sequence[BackfillRow], context: Context) -> dict[UUID, DeploymentRow]:
    ids = sorted({row["deployment_id"] for row in rows})
    if not ids:
        return {}
    its = deployments.c.workspace_id == context.workspace_id, deployments.c.id.in_(ids)
    return {row["id"]: row for row in context.connection.execute(select(deployments).where(*its)).mappings()}


def _carry_on(row: BackfillRow, owner: DeploymentRow | None, unfinished: int, context: Context) -> int:
    request, schedule = row["request"], row["schedule"]
    said = None if owner is None else owner["spec"]
    if owner is None or request is None or schedule is None or not isinstance(said, DeploymentSpec):
        raise InvalidRequest("What it asks for, or what its deployment says, can't be read.")
    progress = Progress(row["made"], unfinished, request.concurrency, request.newest_first)
    if is_over(row["total"], progress):
        _end(row, context)
        return 0
    instants = next_instants(instants_of(schedule.schedule, request.start, request.end).instants, progress)
    if not instants:
        return 0
    now = context.now()
    made = make_runs([_new_run(row, request, owner, said, instant, now, context) for instant in instants], context)
    _write(row, {"made": row["made"] + len(instants)}, context)
    return len(made)


def _new_run(
    row: BackfillRow,
    request: BackfillCreate,
    owner: DeploymentRow,
    said: DeploymentSpec,
    instant: datetime,
    now: datetime,
    context: Context,
) -> NewRun:
    schedule: ScheduleSpec = row["schedule"]
    parameters = {**said.parameters, **schedule.parameters, **request.parameters}
    if request.instant_parameter is not None:
        parameters[request.instant_parameter] = instant.isoformat()
    return NewRun(
        flow_id=owner["flow_id"],
        deployment_id=owner["id"],
        deployment_version=owner["version_number"],
        parameters=parameters,
        tags=[*said.tags, BACKFILL],
        scheduled_time=now,
        late_after_seconds=context.scheduling.late_after_seconds,
        further={
            **place_of(said),
            "job_variables": schedule.job_variables,
            "backfill_id": row["id"],
            "idempotency_key": key_of("backfill", row["id"], instant),
        },
    )


def _end(row: BackfillRow, context: Context) -> None:
    values = {"status": BackfillStatus.COMPLETED.value, "ended": context.now()}
    _write(row, values, context)
    tell_of_backfill("completed", {**row, **values}, context)


def _write(row: BackfillRow, values: dict[str, Any], context: Context) -> None:
    its = backfills.c.workspace_id == context.workspace_id, backfills.c.id == row["id"]
    context.connection.execute(update(backfills).where(*its).values(values))
