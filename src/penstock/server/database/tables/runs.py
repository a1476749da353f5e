"""Flows, and what they and their tasks did.

Ids of runs are made by clients and sort by the time of their making (UUIDv7), so the key is the order of lists too.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from penstock.server.database.tables.columns import (
    ERROR,
    LABELS,
    NUMBER,
    STATES,
    TAGS,
    TEXT,
    UPSTREAMS,
    WORD,
    metadata,
    partial,
)
from penstock.server.database.types import Instant, Json
from penstock.wire.flow_runs import Anew, Verdict

schema_version = Table(
    # Named and shaped as Alembic's, which takes it over with the first migration.
    "alembic_version",
    metadata,
    Column("version_num", String(32), primary_key=True),
)

flows = Table(
    "flows",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", TEXT, nullable=False),
    Column("created", Instant, nullable=False),
    Column("tags", TAGS),
    UniqueConstraint("workspace_id", "name", name="uq_flows_name"),
)

flow_runs = Table(
    "flow_runs",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("flow_id", Uuid, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("created", Instant, nullable=False),
    Column("state_type", WORD, nullable=False),
    Column("state_name", TEXT, nullable=False),
    Column("states", STATES, nullable=False),
    Column("parameters", Json(dict)),
    Column("tags", TAGS),
    Column("run_count", Integer, nullable=False, default=0),
    # The fencing token: which start of the run is the live one.
    Column("attempt", Integer, nullable=False, default=0),
    # Kept when a run ends, so that what its process still records is taken; NULL once the process is declared dead.
    Column("lease_owner", TEXT),
    # Set exactly while an attempt is live.
    Column("lease_expires", Instant),
    # Set exactly while the run is Pending or Cancelling: since when, by the database's clock. Neither may last for ever.
    Column("waiting_since", Instant),
    Column("parent_flow_run_id", Uuid),
    Column("parent_task_run_id", Uuid),
    Column("upstreams", UPSTREAMS),
    Column("flow_version", TEXT),
    Column("retries", Integer, nullable=False, default=0),
    Column("recoveries", Integer, nullable=False, default=0),
    Column("idempotency_key", TEXT),
    Column("expected_start", Instant),
    Column("start_time", Instant),
    Column("end_time", Instant),
    Column("run_seconds", Float, nullable=False, default=0.0),
    Column("error", ERROR),
    Column("result", TEXT),
    # What retries were to carry out anew, though results may have been kept.
    Column("anew", Json(list[Anew])),
    # The last verdicts that were asked for under a key, so that asking again gives the same answer.
    Column("verdicts", Json(list[tuple[str, Verdict]])),
    # Of runs that a deployment made: what made them, where they wait, and who claimed them last.
    Column("deployment_id", Uuid),
    Column("deployment_version", Integer),
    Column("schedule_id", Uuid),
    Column("backfill_id", Uuid),
    Column("work_pool_name", TEXT),
    Column("work_queue_name", TEXT),
    Column("job_variables", Json(dict[str, Any])),
    Column("worker_id", TEXT),
    # The run that it was made to repeat, which may be deleted since.
    Column("repeats", Uuid),
    # Of one that nobody holds and that is Scheduled: when it may be taken up. Of one that was claimed: by when it must run.
    # Of one that is being cancelled: by when that must be done.
    Column("due", Instant),
    # How long after its time it is Late, and so when; the latter holds for the time it was to start at first.
    Column("late_after_seconds", Float),
    Column("late_at", Instant),
    ForeignKeyConstraint(["workspace_id", "flow_id"], ["flows.workspace_id", "flows.id"]),
    Index("ix_flow_runs_flow", "workspace_id", "flow_id", "id"),
    Index("ix_flow_runs_name", "workspace_id", "name", "id"),
    Index("ix_flow_runs_state_type", "workspace_id", "state_type", "id"),
    Index("ix_flow_runs_state_name", "workspace_id", "state_name", "id"),
    Index("ix_flow_runs_start", "workspace_id", "start_time", "id", "state_type"),
    partial("ix_flow_runs_roots", "workspace_id", "id", where="parent_flow_run_id IS NULL"),
    partial(
        "ix_flow_runs_children", "workspace_id", "parent_flow_run_id", "id", where="parent_flow_run_id IS NOT NULL"
    ),
    partial("ix_flow_runs_end", "workspace_id", "end_time", "id", where="end_time IS NOT NULL"),
    # What is counted over time is counted whole; which of it did not complete is found by these.
    partial(
        "ix_flow_runs_start_of_others",
        "workspace_id",
        "start_time",
        "state_type",
        where="start_time IS NOT NULL AND state_type <> 'COMPLETED'",
    ),
    partial(
        "ix_flow_runs_end_of_others",
        "workspace_id",
        "end_time",
        "state_type",
        where="end_time IS NOT NULL AND state_type <> 'COMPLETED'",
    ),
    partial("ix_flow_runs_live", "workspace_id", "lease_expires", where="lease_expires IS NOT NULL"),
    # Runs that nothing deployed are in none of these: they cost what is called by hand nothing.
    partial("ix_flow_runs_deployment", "workspace_id", "deployment_id", "id", where="deployment_id IS NOT NULL"),
    partial(
        "ix_flow_runs_due",
        "workspace_id",
        "work_pool_name",
        "work_queue_name",
        "due",
        "id",
        where="state_type = 'SCHEDULED' AND work_pool_name IS NOT NULL",
    ),
    partial(
        "ix_flow_runs_deployment_due",
        "workspace_id",
        "deployment_id",
        "due",
        "id",
        where="state_type = 'SCHEDULED' AND deployment_id IS NOT NULL",
    ),
    partial(
        "ix_flow_runs_pool_slots",
        "workspace_id",
        "work_pool_name",
        "work_queue_name",
        where="lease_expires IS NOT NULL AND work_pool_name IS NOT NULL",
    ),
    partial(
        "ix_flow_runs_deployment_slots",
        "workspace_id",
        "deployment_id",
        where="lease_expires IS NOT NULL AND deployment_id IS NOT NULL",
    ),
    partial(
        "ix_flow_runs_worker_slots",
        "workspace_id",
        "worker_id",
        where="lease_expires IS NOT NULL AND worker_id IS NOT NULL",
    ),
    partial(
        "ix_flow_runs_late",
        "workspace_id",
        "late_at",
        "id",
        where="state_name = 'Scheduled' AND late_at IS NOT NULL",
    ),
    partial("ix_flow_runs_schedule", "workspace_id", "schedule_id", "expected_start", where="schedule_id IS NOT NULL"),
    partial(
        "ix_flow_runs_schedule_open",
        "workspace_id",
        "schedule_id",
        "expected_start",
        "id",
        where="end_time IS NULL AND schedule_id IS NOT NULL",
    ),
    partial("ix_flow_runs_backfill", "workspace_id", "backfill_id", "state_type", where="backfill_id IS NOT NULL"),
    partial("ix_flow_runs_waiting", "workspace_id", "waiting_since", "id", where="waiting_since IS NOT NULL"),
    partial(
        "uq_flow_runs_idempotency_key",
        "workspace_id",
        "flow_id",
        "idempotency_key",
        unique=True,
        where="idempotency_key IS NOT NULL",
    ),
)

deletions = Table(
    # Flow runs that are no longer there, but some of what belonged to them is.
    "deletions",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("flow_run_id", Uuid, primary_key=True),
    # The line of the audit that counts what goes.
    Column("audit_id", Uuid, nullable=False),
    # Whether the flow runs that it called are being deleted, too.
    Column("is_searched", Boolean, nullable=False),
    Index("ix_deletions_next", "workspace_id", "is_searched", "flow_run_id"),
)

flow_run_tags = Table(
    "flow_run_tags",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("tag", TEXT, primary_key=True),
    Column("flow_run_id", Uuid, primary_key=True),
    Index("ix_flow_run_tags_run", "workspace_id", "flow_run_id"),
)

# No foreign keys on what the journal writes: it looks the flow runs of a batch up once, not once a row.
task_runs = Table(
    "task_runs",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("flow_run_id", Uuid),
    Column("flow_run_attempt", Integer, nullable=False),
    Column("parent_task_run_id", Uuid),
    Column("task_key", TEXT, nullable=False),
    Column("task_name", TEXT, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("tags", TAGS),
    Column("upstreams", UPSTREAMS),
    Column("state_type", WORD, nullable=False),
    Column("state_name", TEXT, nullable=False),
    # How long the history is: a record with a shorter one came late and changes nothing.
    Column("state_count", Integer, nullable=False),
    Column("states", STATES, nullable=False),
    Column("run_count", Integer, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("start_time", Instant),
    Column("end_time", Instant),
    Column("run_seconds", Float, nullable=False),
    Column("cache_key", TEXT),
    Column("result", TEXT),
    Column("error", ERROR),
    # The process of an unfinished task run outside of flows, which no lease watches over.
    Column("owner", TEXT),
    Index("ix_task_runs_flow_run", "workspace_id", "flow_run_id", "id", "state_type", "start_time"),
    Index("ix_task_runs_start", "workspace_id", "start_time", "id"),
    Index("ix_task_runs_task", "workspace_id", "task_key", "id"),
    # Nearly all task runs complete; only the others are worth an entry.
    partial("ix_task_runs_state_type", "workspace_id", "state_type", "id", where="state_type <> 'COMPLETED'"),
    partial("ix_task_runs_counts", "workspace_id", "flow_run_id", "state_type", where="state_type <> 'COMPLETED'"),
    partial(
        "ix_task_runs_start_of_others",
        "workspace_id",
        "start_time",
        "state_type",
        where="start_time IS NOT NULL AND state_type <> 'COMPLETED'",
    ),
    partial("ix_task_runs_state_name", "workspace_id", "state_name", "id", where="state_name <> 'Completed'"),
    partial("ix_task_runs_owner", "workspace_id", "owner", where="owner IS NOT NULL"),
    partial(
        "ix_task_runs_alone",
        "workspace_id",
        "end_time",
        "id",
        where="flow_run_id IS NULL AND end_time IS NOT NULL",
    ),
)

task_run_tags = Table(
    "task_run_tags",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("tag", TEXT, primary_key=True),
    Column("task_run_id", Uuid, primary_key=True),
    Index("ix_task_run_tags_run", "workspace_id", "task_run_id"),
)

logs = Table(
    "logs",
    metadata,
    # SQLite numbers rows by itself only in a column that is called INTEGER.
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("workspace_id", Integer, nullable=False),
    Column("timestamp", Instant, nullable=False),
    Column("level", Integer, nullable=False),
    Column("logger", TEXT, nullable=False),
    Column("message", TEXT, nullable=False),
    Column("flow_run_id", Uuid),
    Column("task_run_id", Uuid),
    Index("ix_logs_time", "workspace_id", "timestamp", "id"),
    partial("ix_logs_flow_run", "workspace_id", "flow_run_id", "id", where="flow_run_id IS NOT NULL"),
    partial("ix_logs_task_run", "workspace_id", "task_run_id", "id", where="task_run_id IS NOT NULL"),
    # A number is never used again, so a reader that follows the log by number misses nothing after a deletion.
    sqlite_autoincrement=True,
)

events = Table(
    "events",
    metadata,
    # Given out in the order of the commits: see `Outbox`.
    Column("position", NUMBER, primary_key=True, autoincrement=True),
    Column("workspace_id", Integer, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("occurred", Instant, nullable=False),
    Column("event", TEXT, nullable=False),
    Column("resource_id", TEXT, nullable=False),
    Column("resource", LABELS, nullable=False),
    Column("related", Json(list[dict[str, str]])),
    Column("payload", Json(dict[str, Any])),
    Column("follows", Uuid),
    UniqueConstraint("workspace_id", "id", name="uq_events_id"),
    Index("ix_events_occurred", "workspace_id", "occurred", "position"),
    Index("ix_events_event", "workspace_id", "event", "position"),
    Index("ix_events_resource", "workspace_id", "resource_id", "position"),
    sqlite_autoincrement=True,
)

task_run_changes = Table(
    # Which task runs were written when, for whoever follows them: one row for many, and only the last of these rows.
    "task_run_changes",
    metadata,
    Column("position", NUMBER, primary_key=True, autoincrement=True),
    Column("workspace_id", Integer, nullable=False),
    Column("flow_run_id", Uuid),
    # Ids, 16 bytes each.
    Column("task_run_ids", LargeBinary, nullable=False),
    Index("ix_task_run_changes_flow_run", "workspace_id", "flow_run_id", "position"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("occurred", Instant, nullable=False),
    Column("principal", TEXT, nullable=False),
    Column("action", TEXT, nullable=False),
    Column("affected", Integer, nullable=False),
    Column("details", Json(dict[str, Any])),
)

# How far journals were taken, and when processes were last heard of that have no lease to tell it.
journals = Table(
    "journals",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("owner", TEXT, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("fingerprint", TEXT, nullable=False),  # empty since lines are counted
    Column("updated", Instant, nullable=False),
)
