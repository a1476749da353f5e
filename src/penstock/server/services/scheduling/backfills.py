"""Backfills: asked for, found, cancelled."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import insert, select, update

from penstock.core.errors import InvalidRequest, InvalidScheduleError, ObjectAlreadyExists, ObjectLimitReached
from penstock.core.schedules.occurrences import Occurrences
from penstock.core.state_type import StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import backfills, flow_runs
from penstock.server.pages import page_of, split_page
from penstock.server.rules.claims import decide_cancel
from penstock.server.services.bulk import audit
from penstock.server.services.deployments.checks import address_of, check_parameters
from penstock.server.services.deployments.rows import DeploymentRow, kept_row, spec_of
from penstock.server.services.flow_run_rows import enter_all, facts_of, outcome_columns
from penstock.server.services.scheduling.backfill_rows import (
    backfills_of,
    find_backfill,
    read_backfill,
    tell_of_backfill,
)
from penstock.server.services.scheduling.ranges import INSTANTS_LIMIT, instants_of
from penstock.wire.deploying.backfills import Backfill, BackfillCreate, BackfillPage, BackfillQuery, BackfillStatus
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.deploying.deployments import DeploymentSpec
from penstock.wire.requests import ById
from penstock.wire.schedules import Schedule, anchored
from penstock.wire.timetables import validate

MOST_AT_ONCE = 1_000
"""The most runs of one backfill that are under way at once."""


def create(request: BackfillCreate, context: Context) -> Backfill:
    """Have a deployment run for every instant of a past range; the same id again gives the first backfill back.

    Raises:
        ObjectNotFound: there is no such deployment.
        InvalidRequest: the range, the schedule or a parameter makes no sense.
        ObjectLimitReached: the range has too many instants, or the parameters are too large.
        ObjectAlreadyExists: the id is that of another deployment's backfill.
    """
    there = find_backfill(request.id, context)
    if there is not None:
        if there["deployment_id"] != request.deployment_id:
            raise ObjectAlreadyExists(
                f"There is a backfill {request.id} already, of another deployment. Make a new id."
            )
        return backfills_of([there], context)[0]
    _check(request, context)
    deployment = kept_row(request.deployment_id, context)
    spec = spec_of(deployment)
    of = _schedule_of(request, spec)
    of = msgspec.structs.replace(of, schedule=anchored(of.schedule, request.start))
    found = _instants(request, of.schedule, spec)
    request = _as_json(request)
    parameters = {**spec.parameters, **of.parameters, **request.parameters}
    if request.instant_parameter is not None and found.instants:
        parameters[request.instant_parameter] = found.instants[0].isoformat()
    check_parameters(spec, parameters)
    row = _row(request, of, len(found.instants), context)
    if not request.dry_run:
        _begin(row, deployment, context)
    return backfills_of([row], context)[0]


def read(request: ById, context: Context) -> Backfill:
    """Return a backfill, and how far it is.

    Raises:
        ObjectNotFound: there is none.
    """
    return backfills_of([read_backfill(request.id, context)], context)[0]


def list_(query: BackfillQuery, context: Context) -> BackfillPage:
    """Return a page of backfills, newest first.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: the cursor is none, or the limit out of bounds.
    """
    statement = select(backfills).where(backfills.c.workspace_id == context.workspace_id)
    for column, some in (
        (backfills.c.deployment_id, query.deployment_ids),
        (backfills.c.status, None if query.statuses is None else [one.value for one in query.statuses]),
    ):
        bounds.check_count(some, bounds.FILTER_LIMIT, f"values of {column.name}")
        if some is not None:
            statement = statement.where(column.in_(some))
    keys = [backfills.c.id]
    page = page_of(statement, keys, query.after, query.limit, descending=True)
    rows, following = split_page(context.connection.execute(page).all(), keys, query.limit)
    return BackfillPage(backfills_of([row._mapping for row in rows], context), following)


def cancel(request: ById, context: Context) -> Backfill:
    """Have a backfill make no more runs, and cancel those of them that wait; those that have begun go on.

    Raises:
        ObjectNotFound: there is none.
    """
    row = read_backfill(request.id, context, to_change=True)
    if row["status"] != BackfillStatus.RUNNING.value:
        return backfills_of([row], context)[0]
    now = context.now()
    reason = f"The backfill was cancelled by {context.principal.name}."
    waiting = (
        select(flow_runs)
        .where(
            flow_runs.c.workspace_id == context.workspace_id,
            flow_runs.c.backfill_id == request.id,
            flow_runs.c.state_type == StateType.SCHEDULED.value,
            flow_runs.c.lease_expires.is_(None),
        )
        .order_by(flow_runs.c.id)
        .with_for_update()
    )
    rulings = [
        (run, decide_cancel(facts_of(run, now), reason)) for run in context.connection.execute(waiting).mappings().all()
    ]
    enter_all([(run, ruling, outcome_columns(ruling.state, None, None)) for run, ruling in rulings], context)
    values = {"status": BackfillStatus.CANCELLED.value, "ended": now}
    its = backfills.c.workspace_id == context.workspace_id, backfills.c.id == request.id
    context.connection.execute(update(backfills).where(*its).values(values))
    changed = {**row, **values}
    tell_of_backfill("cancelled", changed, context)
    audit.record("backfills.cancel", len(rulings), {"id": request.id}, context)
    return backfills_of([changed], context)[0]


def _check(request: BackfillCreate, context: Context) -> None:
    for instant, what in ((request.start, "start"), (request.end, "end")):
        bounds.check_instant(instant, f"{what} of a backfill")
    if request.start >= request.end:
        raise InvalidRequest(
            f"A backfill from {request.start.isoformat()} to {request.end.isoformat()} has no length. Give an "
            "end after the start."
        )
    now = context.now()
    if request.end > now:
        raise InvalidRequest(
            f"A backfill makes up for what is past, and {request.end.isoformat()} is to come: it is "
            f"{now.isoformat(timespec='seconds')}. "
            "Give an earlier end."
        )
    if not 1 <= request.concurrency <= MOST_AT_ONCE:
        raise InvalidRequest(
            f"From 1 to {MOST_AT_ONCE:,} runs of a backfill are under way at once, not {request.concurrency:,}."
        )
    if request.schedule is not None and request.schedule_slug is not None:
        raise InvalidRequest("A backfill has one schedule: give schedule_slug or schedule, not both.")


def _schedule_of(request: BackfillCreate, spec: DeploymentSpec) -> ScheduleSpec:
    if request.schedule is not None:
        return ScheduleSpec(request.schedule)
    known = {one.slug: one for one in spec.schedules}
    slugs = ", ".join(repr(slug) for slug in list(known)[:10]) or "none"
    if request.schedule_slug is not None:
        if request.schedule_slug not in known:
            raise InvalidRequest(
                f"Deployment {address_of(spec)!r} has no schedule {request.schedule_slug[:100]!r}; it has "
                f"{slugs}. Name one of them."
            )
        return known[request.schedule_slug]
    if len(known) != 1:
        raise InvalidRequest(
            f"Deployment {address_of(spec)!r} has {len(known)} schedules, {slugs}: say which is meant by "
            "schedule_slug, or give another "
            "one as schedule."
        )
    return next(iter(known.values()))


def _instants(request: BackfillCreate, schedule: Schedule, spec: DeploymentSpec) -> Occurrences:
    try:
        validate(schedule)
        found = instants_of(schedule, request.start, request.end)
    except InvalidScheduleError as error:
        raise InvalidRequest(f"The schedule of a backfill of {address_of(spec)!r}: {error}") from error
    if found.is_capped:
        raise ObjectLimitReached(
            f"From {request.start.isoformat()} to {request.end.isoformat()} a backfill of {address_of(spec)!r} has more than "
            f"{INSTANTS_LIMIT:,} instants. Split the range."
        )
    return found


def _as_json(request: BackfillCreate) -> BackfillCreate:
    """Return `request` with the parameters that it has as JSON."""
    bounds.check_nesting(request.parameters, "parameters")
    if request.instant_parameter is not None:
        bounds.check_name(request.instant_parameter, "parameter")
    try:
        text = msgspec.json.encode(request.parameters).decode()
        bounds.check_json(text, "parameters")
        parameters = msgspec.json.decode(text, type=dict[str, Any])
    except (TypeError, ValueError, OverflowError, msgspec.MsgspecError) as error:
        raise InvalidRequest(f"The parameters of a backfill are no JSON: {error}.") from error
    return msgspec.structs.replace(request, parameters=parameters)


def _row(request: BackfillCreate, schedule: ScheduleSpec, total: int, context: Context) -> dict[str, Any]:
    is_over = total == 0
    now = context.now()
    return {
        "workspace_id": context.workspace_id,
        "id": request.id,
        "deployment_id": request.deployment_id,
        "status": (BackfillStatus.COMPLETED if is_over else BackfillStatus.RUNNING).value,
        "created": now,
        "author": context.principal.name,
        "request": request,
        "schedule": schedule,
        "total": total,
        "made": 0,
        "ended": now if is_over else None,
    }


def _begin(row: dict[str, Any], deployment: DeploymentRow, context: Context) -> None:
    context.connection.execute(insert(backfills), row)
    tell_of_backfill("created", row, context)
    details = {
        "id": row["id"],
        "deployment": f"{deployment['flow_name']}/{deployment['name']}",
        "start": row["request"].start,
        "end": row["request"].end,
        "total": row["total"],
    }
    audit.record("backfills.create", row["total"], details, context)
