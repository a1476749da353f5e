"""What a deployment may say: bounded, nothing in it contradicts the rest, and its schedules have slugs."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from penstock.core.errors import InvalidRequest, InvalidScheduleError, ObjectLimitReached
from penstock.server import bounds
from penstock.server.json_schema import check_schema, check_values
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.deploying.deployments import DeploymentSpec
from penstock.wire.schedules import anchored
from penstock.wire.timetables import validate

SCHEDULES_LIMIT = 100
"""The most schedules of one deployment."""

SPEC_LIMIT_CHARS = 512 * 1024
"""The most characters of what one deployment says, as JSON."""

DESCRIPTION_LIMIT = 20_000
"""The most characters of a description."""

LABELS_LIMIT = 100
PULL_STEPS_LIMIT = 50
MOST_SCHEDULED_RUNS = 100
MOST_MADE_UP = 1_000
LONGEST_JITTER_SECONDS = 24 * 3600.0
LONGEST_LATENESS_SECONDS = 30 * 24 * 3600.0
LONGEST_GRACE_SECONDS = 24 * 3600.0
GREATEST_LIMIT = 1_000_000

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_BANNED = "/%&<>"
_REMEDY = "Give a value that fits the schema, or deploy with enforce_parameter_schema=False."


def checked(spec: DeploymentSpec, now: datetime, present: DeploymentSpec | None = None) -> DeploymentSpec:
    """Return `spec` as it is to be kept: each of its schedules with a slug, each interval with an anchor.

    Parameters:
        spec: what a deployment is to say.
        now: the present instant, from which an interval is counted where nobody says from when.
        present: what it says until now.

    Raises:
        InvalidRequest: something in it makes no sense.
        ObjectLimitReached: it is too large.
    """
    spec = _as_kept(spec)
    _check_texts(spec)
    _check_numbers(spec)
    bounds.check_count(spec.schedules, SCHEDULES_LIMIT, "schedules of a deployment")
    tags = list(dict.fromkeys(spec.tags))
    spec = msgspec.structs.replace(spec, schedules=_with_slugs(spec.schedules, present, now), tags=tags)
    for schedule in spec.schedules:
        _check_schedule(schedule, address_of(spec))
    _check_all_parameters(spec)
    return spec


def address_of(spec: DeploymentSpec) -> str:
    """Return what people call a deployment: the names of its flow and its own."""
    return f"{spec.flow_name}/{spec.name}"


def check_parameters(spec: DeploymentSpec, parameters: dict[str, Any], *, partial: bool = False) -> None:
    """Check what a run of a deployment is called with, if that is to be checked.

    Parameters:
        spec: what the deployment says.
        parameters: by name, those of the deployment among them.
        partial: whether others come to them.

    Raises:
        InvalidRequest: a value does not fit the schema.
    """
    bounds.check_nesting(parameters, "parameters")
    if spec.enforce_parameter_schema:
        owner = f"deployment {address_of(spec)!r}"
        check_values(spec.parameter_schema, parameters, "parameter", owner, _REMEDY, partial=partial)


def _check_texts(spec: DeploymentSpec) -> None:
    bounds.check_name(spec.flow_name, "flow")
    bounds.check_name(spec.name, "deployment")
    banned = [character for character in _BANNED if character in spec.name]
    if banned:
        raise InvalidRequest(
            f"The name of a deployment can't hold {' '.join(banned)}, as {spec.name!r} does: addresses are made "
            "of it. Use - or _ instead."
        )
    for text, what in (
        (spec.version, "version"),
        (spec.work_pool_name, "work pool"),
        (spec.work_queue_name, "work queue"),
    ):
        if text is not None:
            bounds.check_name(text, what)
    if spec.work_queue_name is not None and spec.work_pool_name is None:
        raise InvalidRequest(
            f"Deployment {address_of(spec)!r} names a work queue and no work pool. Name the pool, too."
        )
    bounds.check_count(spec.tags, bounds.TAGS_LIMIT, "tags")
    for tag in spec.tags:
        bounds.check_name(tag, "tag")
    bounds.check_count(spec.labels, LABELS_LIMIT, "labels")
    for name, value in spec.labels.items():
        bounds.check_name(name, "label")
        _check_text(value, bounds.NAME_LIMIT, f"label {name!r}")
    for long, what, limit in (
        (spec.description, "description", DESCRIPTION_LIMIT),
        (spec.entrypoint, "entrypoint", bounds.LOCATION_LIMIT),
        (spec.path, "path", bounds.LOCATION_LIMIT),
    ):
        _check_text(long, limit, what)


def _check_text(text: str | None, limit: int, what: str) -> None:
    if text is None:
        return
    if len(text) > limit:
        raise ObjectLimitReached(
            f"The {what} of a deployment has {len(text):,} characters; at most {limit:,} are kept."
        )
    if bounds.storable(text) != text:
        raise InvalidRequest(
            f"The {what} of a deployment holds a character that can't be stored, such as NUL. Leave it out."
        )


def _check_numbers(spec: DeploymentSpec) -> None:
    if spec.concurrency_limit is not None:
        _check_range(spec.concurrency_limit, 1, GREATEST_LIMIT, "concurrency_limit of a deployment")
    _check_range(spec.grace_seconds, 0, LONGEST_GRACE_SECONDS, "grace_seconds of a deployment")
    bounds.check_count(spec.pull_steps, PULL_STEPS_LIMIT, "pull steps")


def _check_range(number: float, least: float, most: float, what: str) -> None:
    if not least <= number <= most:
        raise InvalidRequest(f"The {what} is from {least:,.0f} to {most:,.0f}, not {number}.")


def _check_schedule(spec: ScheduleSpec, address: str) -> None:
    if spec.slug is None or not _SLUG.fullmatch(spec.slug):
        raise InvalidRequest(
            f"{str(spec.slug)[:100]!r} can't be the slug of a schedule of {address!r}: it has from 1 to 100 letters, "
            "digits, dots, dashes "
            "and underscores, and begins with a letter or a digit."
        )
    what = f"of a schedule of {address!r}"
    try:
        validate(spec.schedule)
    except InvalidScheduleError as error:
        raise InvalidRequest(f"Schedule {spec.slug!r} of {address!r}: {error}") from error
    if spec.max_scheduled_runs is not None:
        _check_range(spec.max_scheduled_runs, 1, MOST_SCHEDULED_RUNS, f"max_scheduled_runs {what}")
    _check_range(spec.jitter_seconds, 0, LONGEST_JITTER_SECONDS, f"jitter_seconds {what}")
    _check_range(spec.missed_limit, 0, MOST_MADE_UP, f"missed_limit {what}")
    if spec.late_after_seconds is not None:
        _check_range(spec.late_after_seconds, 0, LONGEST_LATENESS_SECONDS, f"late_after_seconds {what}")


def _with_slugs(schedules: list[ScheduleSpec], present: DeploymentSpec | None, now: datetime) -> list[ScheduleSpec]:
    """Return `schedules` with slugs: what says the same gets the same one, so that a schedule is known again."""
    given = Counter(one.slug for one in schedules if one.slug is not None)
    double = next((slug for slug, count in given.items() if count > 1), None)
    if double is not None:
        raise InvalidRequest(f"Two schedules of a deployment have the slug {double!r}. Give each its own.")
    before = {one.slug: one.schedule for one in present.schedules} if present is not None else {}
    taken, named = set(given), []
    for one in schedules:
        slug = one.slug or _slug_of(one, taken)
        taken.add(slug)
        named.append(msgspec.structs.replace(one, slug=slug, schedule=anchored(one.schedule, now, before.get(slug))))
    return named


def _slug_of(spec: ScheduleSpec, taken: set[str]) -> str:
    kind = type(spec.schedule).__struct_config__.tag
    said = blake2b(msgspec.json.encode(spec.schedule, order="deterministic"), digest_size=4).hexdigest()
    slug, number = f"{kind}-{said}", 1
    while slug in taken:
        number += 1
        slug = f"{kind}-{said}-{number}"
    return slug


def _as_kept(spec: DeploymentSpec) -> DeploymentSpec:
    for value, what in (
        (spec.parameters, "parameters"),
        (spec.parameter_schema, "parameter schema"),
        (spec.job_variables, "job variables"),
        (spec.pull_steps, "pull steps"),
        *((one.parameters, "parameters of a schedule") for one in spec.schedules),
        *((one.job_variables, "job variables of a schedule") for one in spec.schedules),
    ):
        bounds.check_nesting(value, what)
    try:
        text = msgspec.json.encode(spec)
        # As it will be read again: so that what is said twice is found to be the same.
        spec = msgspec.json.decode(text, type=DeploymentSpec)
    except (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError) as error:
        raise InvalidRequest(f"What deployment {address_of(spec)!r} says is no JSON: {error}.") from error
    if len(text) > SPEC_LIMIT_CHARS:
        raise ObjectLimitReached(
            f"What deployment {address_of(spec)!r} says takes {len(text):,} bytes as JSON; at most "
            f"{SPEC_LIMIT_CHARS:,} are kept."
        )
    return spec


def _check_all_parameters(spec: DeploymentSpec) -> None:
    check_schema(spec.parameter_schema, f"the parameters of deployment {address_of(spec)!r}")
    check_parameters(spec, spec.parameters, partial=True)
    for one in spec.schedules:
        # One that rests may be unfinished; it is looked at again when it is switched on.
        rests = spec.paused or not one.active
        try:
            check_parameters(spec, {**spec.parameters, **one.parameters}, partial=rests)
        except InvalidRequest as error:
            raise InvalidRequest(f"With schedule {one.slug!r}: {error}") from error
