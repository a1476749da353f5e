"""Deployments: a flow, how it is called, when, and where; every change is a version that stays."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

from penstock.wire.deploying.deployment_schedules import DeploymentSchedule, ScheduleSpec
from penstock.wire.flow_runs import FlowRun


class CollisionStrategy(str, Enum):
    """What becomes of a run that is due while its deployment runs as often as it may."""

    ENQUEUE = "ENQUEUE"
    CANCEL_NEW = "CANCEL_NEW"


class SourceVersion(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which state of the code a version of a deployment was made from.

    Attributes:
        kind: where it is kept: `git`, or a word of the user's.
        commit: the commit, in full where it is of git.
        branch: the branch it was on.
        message: the first line of what the commit says.
        url: where it can be looked at.
        is_dirty: whether there were changes that are in no commit.
    """

    kind: str
    commit: str | None = None
    branch: str | None = None
    message: str | None = None
    url: str | None = None
    is_dirty: bool = False


class DeploymentSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """All that a version of a deployment says.

    Attributes:
        flow_name: the flow, made known by this if it is new.
        name: unique among the deployments of the flow.
        entrypoint: where the flow is found in the code: `path/to/file.py:flow` or `package.module:flow`.
        path: the folder that relative paths begin in; what pull steps leave where there are any.
        pull_steps: how the code comes to where it runs; None where it is there already.
        parameters: what runs are called with, by name, as JSON values; schedules and callers may say otherwise.
        parameter_schema: the JSON Schema of the flow's parameters.
        enforce_parameter_schema: whether runs with other parameters are refused.
        tags: words that its runs bear too.
        description: what it is for, as Markdown.
        work_pool_name: where its runs are carried out; None where a process of the user's serves it.
        work_queue_name: which queue of that pool; by default the pool's own.
        job_variables: values for the pool's base job template.
        concurrency_limit: how many of its runs may be carried out at once; None for any number.
        collision_strategy: what becomes of those that are due beyond that.
        grace_seconds: for how long a claimed run may be on its way to run, before its slot is another's.
        version: a word of the user's for the version.
        source: which state of the code the version was made from.
        labels: further facts, by name.
        schedules: when it runs; no two with the same slug.
        paused: whether all its schedules rest.
    """

    flow_name: str
    name: str
    entrypoint: str | None = None
    path: str | None = None
    pull_steps: list[dict[str, Any]] | None = None
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    parameter_schema: dict[str, Any] = msgspec.field(default_factory=dict)
    enforce_parameter_schema: bool = True
    tags: list[str] = msgspec.field(default_factory=list)
    description: str | None = None
    work_pool_name: str | None = None
    work_queue_name: str | None = None
    job_variables: dict[str, Any] = msgspec.field(default_factory=dict)
    concurrency_limit: int | None = None
    collision_strategy: CollisionStrategy = CollisionStrategy.ENQUEUE
    grace_seconds: float = 600.0
    version: str | None = None
    source: SourceVersion | None = None
    labels: dict[str, str] = msgspec.field(default_factory=dict)
    schedules: list[ScheduleSpec] = msgspec.field(default_factory=list)
    paused: bool = False


class Deployment(msgspec.Struct, frozen=True):
    """A deployment, as the server knows it.

    Attributes:
        id: made by the server.
        flow_id: the flow.
        spec: what its present version says.
        version_number: which version that is, from 1.
        newest_version: the number of the newest one; a greater one has not been promoted.
        schedules: its schedules, with what is known of each.
        created: when it was made.
        updated: when its present version became that.
        last_polled: when somebody last asked for runs of it; None before that.
    """

    id: UUID
    flow_id: UUID
    spec: DeploymentSpec
    version_number: int
    newest_version: int
    created: datetime
    updated: datetime
    schedules: list[DeploymentSchedule] = msgspec.field(default_factory=list)
    last_polled: datetime | None = None


class DeploymentVersion(msgspec.Struct, frozen=True):
    """One version of a deployment: what it said, since when, and who said so.

    Attributes:
        deployment_id: the deployment.
        number: counts its versions, from 1.
        created: when it was made.
        author: who made it.
        note: what was done, in a few words, such as that an earlier version was taken back.
        spec: what it says.
        is_current: whether runs go by it.
    """

    deployment_id: UUID
    number: int
    created: datetime
    author: str
    note: str | None
    spec: DeploymentSpec
    is_current: bool


class ApplyDeployment(msgspec.Struct, frozen=True, omit_defaults=True):
    """Make a deployment, or change the one of that flow and name. What changes nothing makes no version.

    Attributes:
        spec: what it is to say.
        author: who says so, where the server does not know: it is what a client claims, and shown as that.
        note: why, in a few words.
        promote: whether runs go by the new version at once; the first version is always promoted.
        keep_schedules: whether schedules and pauses stay as they are, whatever `spec` says.
    """

    spec: DeploymentSpec
    author: str | None = None
    note: str | None = None
    promote: bool = True
    keep_schedules: bool = False


class DeploymentByName(msgspec.Struct, frozen=True):
    """One deployment, by the names of its flow and its own."""

    flow_name: str
    name: str


class DeploymentChanges(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is to be different in a deployment; what is left out stays as it is. It makes a version.

    Attributes:
        id: the deployment.
        author: who says so, as in `ApplyDeployment`.
        note: why, in a few words.
        expected_version: refuse it where the present version is another one, as somebody else was quicker.
        parameters: instead of those there are.
        tags: instead of those there are.
        description: instead of what there is.
        work_pool_name: another pool.
        work_queue_name: another queue.
        job_variables: instead of those there are.
        concurrency_limit: another limit; None for none.
        collision_strategy: another one.
        enforce_parameter_schema: whether it is enforced.
        paused: whether all its schedules rest.
        schedules: instead of those there are.
    """

    id: UUID
    author: str | None = None
    note: str | None = None
    expected_version: int | None = None
    parameters: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    tags: list[str] | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    work_pool_name: str | msgspec.UnsetType | None = msgspec.UNSET
    work_queue_name: str | msgspec.UnsetType | None = msgspec.UNSET
    job_variables: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    concurrency_limit: int | msgspec.UnsetType | None = msgspec.UNSET
    collision_strategy: CollisionStrategy | msgspec.UnsetType = msgspec.UNSET
    enforce_parameter_schema: bool | msgspec.UnsetType = msgspec.UNSET
    paused: bool | msgspec.UnsetType = msgspec.UNSET
    schedules: list[ScheduleSpec] | msgspec.UnsetType = msgspec.UNSET


class ReadVersion(msgspec.Struct, frozen=True):
    """One version of a deployment, by its number."""

    id: UUID
    number: int


class PromoteVersion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Have runs go by a version of a deployment: a newer one that was held back, or an earlier one again.

    Attributes:
        id: the deployment.
        number: the version.
        author: who says so, as in `ApplyDeployment`.
    """

    id: UUID
    number: int
    author: str | None = None


class DeploymentFilter(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which deployments are meant; all conditions must hold. One that is left out always holds, an empty list never does.

    Attributes:
        ids: one of these.
        flow_ids: of one of these flows.
        flow_names: of one of these flows, by name.
        names: one of these names.
        text: the name or that of its flow contains this text, upper and lower case alike.
        tags_all: with every one of these tags; an empty list always holds.
        work_pool_names: in one of these pools.
        work_queue_names: in one of these queues.
        paused: whether it is paused.
        all: each of these holds as well; an empty list always holds.
        any: at least one of these holds as well.
        not_: this does not hold; `not` in JSON.
    """

    ids: list[UUID] | None = None
    flow_ids: list[UUID] | None = None
    flow_names: list[str] | None = None
    names: list[str] | None = None
    text: str | None = None
    tags_all: list[str] | None = None
    work_pool_names: list[str] | None = None
    work_queue_names: list[str] | None = None
    paused: bool | None = None
    all: list[DeploymentFilter] | None = None
    any: list[DeploymentFilter] | None = None
    not_: DeploymentFilter | None = msgspec.field(default=None, name="not")


class DeploymentQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of deployments, by the name of their flow and their own. `after` is the `next` of the page before."""

    filter: DeploymentFilter = msgspec.field(default_factory=DeploymentFilter)
    limit: int = 50
    after: str | None = None


class DeploymentPage(msgspec.Struct, frozen=True):
    """Some deployments, and where the next page begins."""

    items: list[Deployment]
    next: str | None = None


class DeploymentCountQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many deployments there are."""

    filter: DeploymentFilter = msgspec.field(default_factory=DeploymentFilter)


class DeploymentVersionQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of a deployment's versions, newest first. `after` is the `next` of the page before."""

    id: UUID
    limit: int = 50
    after: str | None = None


class DeploymentVersionPage(msgspec.Struct, frozen=True):
    """Some versions of a deployment, and where the next page begins."""

    items: list[DeploymentVersion]
    next: str | None = None


class RunDeployment(msgspec.Struct, frozen=True, omit_defaults=True):
    """Have a deployment run once. The same id or key again gives the first run back.

    Attributes:
        id: the deployment.
        flow_run_id: of the run, made by the client.
        name: the run's name; by default one is made.
        parameters: over those of the deployment, by name.
        job_variables: over those of the deployment, by name.
        tags: beside those of the deployment.
        scheduled_time: when it is to start; by default now.
        work_queue_name: another queue of the deployment's pool.
        idempotency_key: unique among the flow's runs.
        parent_flow_run_id: the flow run that called it.
        parent_task_run_id: the task run that stands for it within that.
    """

    id: UUID
    flow_run_id: UUID
    name: str | None = None
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    job_variables: dict[str, Any] = msgspec.field(default_factory=dict)
    tags: list[str] = msgspec.field(default_factory=list)
    scheduled_time: datetime | None = None
    work_queue_name: str | None = None
    idempotency_key: str | None = None
    parent_flow_run_id: UUID | None = None
    parent_task_run_id: UUID | None = None


class DeploymentRun(msgspec.Struct, frozen=True):
    """A run of a deployment, and whether this request made it.

    Attributes:
        flow_run: the run.
        is_new: false where the same id or key had made it before.
    """

    flow_run: FlowRun
    is_new: bool
