"""Runs of schedules, made ahead: some schedules at a time, and one that can't be carried out does not hold up the others."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update

from penstock.core.errors import PenstockException
from penstock.server.bounds import MESSAGE_LIMIT, cut
from penstock.server.context import Context
from penstock.server.database.tables import deployment_schedules, deployments
from penstock.server.rules.schedule_keys import key_of
from penstock.server.rules.schedule_plan import Facts, Plan, plan
from penstock.server.services.deployments.rows import DeploymentRow
from penstock.server.services.deployments.running import place_of
from penstock.server.services.made_runs import NewRun, make_runs
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.deploying.deployments import DeploymentSpec
from penstock.wire.timetables import timetable

AUTO_SCHEDULED = "auto-scheduled"
"""The tag of runs that were made for a schedule."""

SET_ASIDE = timedelta(minutes=5)
"""For how long a schedule is left alone that can't be carried out."""

RUNS_AT_ONCE = 1_000
"""About how many runs one transaction makes."""

_log = logging.getLogger("penstock.server")

ScheduleRow = Mapping[Any, Any]

_COLUMNS = deployment_schedules.c
_WRITE = update(deployment_schedules).where(
    _COLUMNS.workspace_id == bindparam("its_workspace"), _COLUMNS.id == bindparam("its_id")
)


@dataclass(slots=True)
class Step:
    """What one transaction did.

    Attributes:
        schedules: how many schedules were looked at.
        runs: how many runs were made.
        problems: why some were set aside, by the address of their deployments and their slugs.
    """

    schedules: int = 0
    runs: int = 0
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A schedule that was looked at: what is written of it, and the runs that are made."""

    row: ScheduleRow
    values: dict[str, Any]
    runs: list[NewRun]


def is_any_due(context: Context) -> bool:
    """Return whether there is a schedule to look at."""
    return context.connection.execute(_due(context.now(), context).limit(1)).first() is not None


def make_ahead(limit: int, context: Context) -> Step:
    """Look at schedules whose time has come, and make their runs.

    Those that another server looks at in this moment are left to it.

    Parameters:
        limit: the most schedules.
        context: of the write.

    Returns:
        What was done: fewer than `limit` schedules were looked at only where there are no more.
    """
    now = context.now()
    rows = (
        context.connection.execute(_due(now, context).limit(limit).with_for_update(skip_locked=True)).mappings().all()
    )
    # Read once the schedules are locked: whoever changes a deployment locks them, too, so what it says now is what it goes by.
    owners = _deployments_of(rows, context)
    outcomes = []
    for row in rows:
        outcomes.append(_outcome(row, owners.get(row["deployment_id"]), now, context))
        if sum(len(one.runs) for one in outcomes) >= RUNS_AT_ONCE:
            break
    step = Step(len(outcomes))
    _carry_out(outcomes, step, now, context)
    for outcome in outcomes:
        if outcome.values.get("problem") is not None:
            _note_problem(outcome, owners, step)
    return step


def _due(now: datetime, context: Context) -> Any:
    return (
        select(deployment_schedules)
        .where(_COLUMNS.workspace_id == context.workspace_id, _COLUMNS.look_at <= now)
        .order_by(_COLUMNS.look_at, _COLUMNS.id)
    )


def _deployments_of(rows: Sequence[ScheduleRow], context: Context) -> dict[UUID, DeploymentRow]:
    ids = sorted({row["deployment_id"] for row in rows})
    if not ids:
        return {}
    its = deployments.c.workspace_id == context.workspace_id, deployments.c.id.in_(ids)
    return {row["id"]: row for row in context.connection.execute(select(deployments).where(*its)).mappings()}


def _outcome(row: ScheduleRow, owner: DeploymentRow | None, now: datetime, context: Context) -> _Outcome:
    try:
        spec, said = row["spec"], None if owner is None else owner["spec"]
        if owner is None or not isinstance(spec, ScheduleSpec) or not isinstance(said, DeploymentSpec):
            return _set_aside(row, "What it says, or what its deployment says, can't be read. Deploy it again.", now)
        planned = plan(_facts(row, spec, now, context), timetable(spec.schedule))
        runs = [_new_run(row, spec, owner, said, one, context) for one in planned.runs]
        return _Outcome(row, _place(planned), runs)
    except Exception as error:
        words = str(error) if isinstance(error, PenstockException) else f"{type(error).__name__}: {error}"
        return _set_aside(row, words, now)


def _facts(row: ScheduleRow, spec: ScheduleSpec, now: datetime, context: Context) -> Facts:
    defaults = context.scheduling
    return Facts(
        schedule_id=row["id"],
        now=now,
        scheduled_until=row["scheduled_until"] or now,
        max_scheduled_runs=spec.max_scheduled_runs or defaults.max_scheduled_runs,
        horizon=timedelta(days=defaults.horizon_days),
        jitter_seconds=spec.jitter_seconds,
        missed=spec.missed,
        missed_limit=spec.missed_limit,
        late_after_seconds=_patience(spec, context),
    )


def _patience(spec: ScheduleSpec, context: Context) -> float:
    return context.scheduling.late_after_seconds if spec.late_after_seconds is None else spec.late_after_seconds


def _place(planned: Plan) -> dict[str, Any]:
    return {"scheduled_until": planned.scheduled_until, "look_at": planned.look_at, "problem": None}


def _set_aside(row: ScheduleRow, problem: str, now: datetime) -> _Outcome:
    values = {
        "scheduled_until": row["scheduled_until"],
        "look_at": now + SET_ASIDE,
        "problem": cut(problem, MESSAGE_LIMIT),
    }
    return _Outcome(row, values, [])


def _new_run(
    row: ScheduleRow,
    spec: ScheduleSpec,
    owner: DeploymentRow,
    said: DeploymentSpec,
    instants: tuple[datetime, datetime],
    context: Context,
) -> NewRun:
    instant, start = instants
    return NewRun(
        flow_id=owner["flow_id"],
        deployment_id=owner["id"],
        deployment_version=owner["version_number"],
        parameters={**said.parameters, **spec.parameters},
        tags=[*said.tags, AUTO_SCHEDULED],
        scheduled_time=start,
        late_after_seconds=_patience(spec, context),
        further={
            **place_of(said),
            "job_variables": spec.job_variables,
            "schedule_id": row["id"],
            "idempotency_key": key_of("schedule", row["id"], instant),
        },
    )


def _carry_out(outcomes: list[_Outcome], step: Step, now: datetime, context: Context) -> None:
    """Write all that was decided; where that fails for one, write the others without it."""
    try:
        with context.connection.begin_nested():
            step.runs += _write(outcomes, context)
    except Exception as error:
        if context.dialect.storage_error(error) is not None or context.dialect.passes(error):
            raise
        if len(outcomes) == 1:
            outcomes[0] = _set_aside(outcomes[0].row, f"Its runs can't be written: {type(error).__name__}.", now)
            _log.warning("The runs of schedule %s can't be written.", outcomes[0].row["id"], exc_info=error)
            _write(outcomes, context)
            return
        for place, outcome in enumerate(outcomes):
            alone = [outcome]
            _carry_out(alone, step, now, context)
            outcomes[place] = alone[0]


def _write(outcomes: Sequence[_Outcome], context: Context) -> int:
    if not outcomes:
        return 0
    made = make_runs([run for outcome in outcomes for run in outcome.runs], context)
    places = [
        outcome.values | {"its_workspace": context.workspace_id, "its_id": outcome.row["id"]} for outcome in outcomes
    ]
    context.connection.execute(_WRITE, places)
    return len(made)


def _note_problem(outcome: _Outcome, owners: dict[UUID, DeploymentRow], step: Step) -> None:
    owner = owners.get(outcome.row["deployment_id"])
    address = outcome.row["deployment_id"] if owner is None else f"{owner['flow_name']}/{owner['name']}"
    step.problems[f"{address} ({outcome.row['slug']})"] = outcome.values["problem"]
