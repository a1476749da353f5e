"""What a project's file may say: its names, the types of their values, and what they mean."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Steps = Annotated[
    list[dict[str, dict[str, Any] | None] | None],
    Meta(description="Steps, carried out in order: the name of each with its inputs below it.", max_length=100),
]
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class ScheduleEntry(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """When a deployment runs: a cron expression, an interval or a recurrence rule."""

    cron: Annotated[str | None, Meta(description="A cron expression, such as `0 9 * * 1-5`.")] = None
    interval: Annotated[float | None, Meta(description="Every so many seconds.")] = None
    rrule: Annotated[str | None, Meta(description="A recurrence rule, such as `FREQ=WEEKLY;BYDAY=MO`.")] = None
    timezone: Annotated[str | None, Meta(description="Whose clock is meant, such as `Europe/Berlin`.")] = None
    anchor_date: Annotated[str | None, Meta(description="What an interval is counted from, as ISO 8601.")] = None
    day_or: Annotated[bool, Meta(description="Whether either of a cron's days of month and week is enough.")] = True
    active: Annotated[bool, Meta(description="Whether it makes runs.")] = True
    slug: Annotated[str | None, Meta(description="Its name within the deployment.")] = None
    parameters: Annotated[dict[str, Any], Meta(description="Over those of the deployment, by name.")] = {}
    job_variables: Annotated[dict[str, Any], Meta(description="Over those of the deployment, by name.")] = {}
    max_scheduled_runs: Annotated[int | None, Meta(description="How many runs to come are made ahead.")] = None
    jitter_seconds: Annotated[float, Meta(description="Each run is put off by a part of this.")] = 0.0
    missed: Annotated[
        Literal["skip", "latest", "all"], Meta(description="What becomes of times at which no server could make runs.")
    ] = "latest"
    missed_limit: Annotated[int, Meta(description="How many of those are made up for at most, where all are.")] = 10
    overlap: Annotated[
        Literal["allow", "enqueue", "skip", "cancel_older"],
        Meta(description="What becomes of a run that is due while an earlier one has not ended."),
    ] = "allow"
    late_after_seconds: Annotated[float | None, Meta(description="When a run that has not started is Late.")] = None


class WorkPoolEntry(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """Where a deployment's runs are carried out."""

    name: Annotated[str | None, Meta(description="The work pool.")] = None
    work_queue_name: Annotated[str | None, Meta(description="Which of its queues; by default `default`.")] = None
    job_variables: Annotated[dict[str, Any], Meta(description="Values for the pool's base job template.")] = {}


class ConcurrencyLimit(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """How many runs of a deployment may go on at once, and what becomes of the others."""

    limit: Annotated[int, Meta(description="How many.")]
    collision_strategy: Annotated[
        Literal["ENQUEUE", "CANCEL_NEW"], Meta(description="Whether the others wait or are cancelled.")
    ] = "ENQUEUE"
    grace_period_seconds: Annotated[
        float, Meta(description="How long a claimed run may take to begin before its slot is another's.")
    ] = 600.0


class DeploymentEntry(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """One deployment."""

    name: Annotated[Name | None, Meta(description="Unique among the deployments of its flow.")] = None
    entrypoint: Annotated[
        str | None, Meta(description="Where the flow is: `path/to/file.py:flow` or `package.module:flow`.")
    ] = None
    version: Annotated[
        str | int | float | None, Meta(description="A word for this version; by default the flow's.")
    ] = None
    tags: Annotated[list[str] | str | None, Meta(description="Words that its runs bear.")] = None
    description: Annotated[str | None, Meta(description="What it is for, as Markdown; by default the flow's.")] = None
    flow_name: Annotated[str | None, Meta(description="The flow's name, as a check that it is the right one.")] = None
    parameters: Annotated[dict[str, Any] | None, Meta(description="What runs are called with, by name.")] = None
    enforce_parameter_schema: Annotated[
        bool | None, Meta(description="Whether runs with parameters that the flow does not take are refused.")
    ] = None
    concurrency_limit: Annotated[
        int | ConcurrencyLimit | None, Meta(description="How many of its runs may go on at once.")
    ] = None
    schedule: Annotated[ScheduleEntry | None, Meta(description="When it runs.")] = None
    schedules: Annotated[
        Annotated[list[ScheduleEntry], Meta(max_length=100)] | None, Meta(description="When it runs, in several ways.")
    ] = None
    paused: Annotated[bool, Meta(description="Whether all its schedules rest.")] = False
    work_pool: Annotated[WorkPoolEntry | None, Meta(description="Where its runs are carried out.")] = None
    build: Annotated[Steps | None, Meta(description="Instead of the project's build steps.")] = None
    push: Annotated[Steps | None, Meta(description="Instead of the project's push steps.")] = None
    pull: Annotated[Steps | None, Meta(description="Instead of the project's pull steps.")] = None
    triggers: Annotated[list[Any] | None, Meta(description="Not carried out yet; Prefect's files have it.")] = None
    sla: Annotated[Any, Meta(description="Not carried out yet; Prefect's files have it.")] = None


class Project(
    msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, rename={"prefect_version": "prefect-version"}
):
    """A project of Penstock: how its code is built, pushed and pulled, and its deployments. `penstock deploy` reads it."""

    name: Annotated[str | None, Meta(description="The project.")] = None
    prefect_version: Annotated[str | None, Meta(description="Prefect's files have it; it means nothing here.")] = None
    definitions: Annotated[
        Any, Meta(description="Whatever is repeated elsewhere, as anchors: `&name` here, `*name` or `<<: *name` there.")
    ] = None
    build: Annotated[Steps | None, Meta(description="Carried out by `penstock deploy`: they make what runs need.")] = (
        None
    )
    push: Annotated[
        Steps | None, Meta(description="Carried out by `penstock deploy`: they take it where runs find it.")
    ] = None
    pull: Annotated[Steps | None, Meta(description="Carried out before each run: they bring the code there.")] = None
    deployments: Annotated[
        Annotated[list[DeploymentEntry], Meta(max_length=1_000)] | None, Meta(description="The deployments.")
    ] = None
