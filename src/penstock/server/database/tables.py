"""The tables. Every one begins its key with the workspace, so that no look-up can leave it by accident.

Ids of runs are made by clients and sort by the time of their making (UUIDv7), so the key is the order of lists too.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from penstock.server.database.types import Instant, Json
from penstock.wire.flow_runs import Verdict
from penstock.wire.states import ErrorRecord, StateRecord

metadata = MetaData()

LOCAL_WORKSPACE = 1
"""The only workspace there is until there are several."""

SERVERS_WORKSPACE = 0
"""Where servers keep what is their own."""

# Compared byte by byte on every kind of database: in the same order everywhere, and after every update of a system's
# collations, which would break PostgreSQL's indexes.
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
_WORD = String(16).with_variant(String(16, collation="C"), "postgresql")

# One list a column kind, so that the hot path and the services read a column the same way.
_STATES = Json(list[StateRecord])
_ERROR = Json(ErrorRecord)
_TAGS = Json(list[str])
_LABELS = Json(dict[str, str])
_UPSTREAMS = Json(dict[str, list[UUID]])


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    # Said to the kind of database at hand when the table is made: to name a kind here would import its dialect.
    return Index(name, *columns, unique=unique, info={"where": where})


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
    Column("name", _TEXT, nullable=False),
    Column("created", Instant, nullable=False),
    Column("tags", _TAGS),
    UniqueConstraint("workspace_id", "name", name="uq_flows_name"),
)

flow_runs = Table(
    "flow_runs",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("flow_id", Uuid, nullable=False),
    Column("name", _TEXT, nullable=False),
    Column("created", Instant, nullable=False),
    Column("state_type", _WORD, nullable=False),
    Column("state_name", _TEXT, nullable=False),
    Column("states", _STATES, nullable=False),
    Column("parameters", Json(dict)),
    Column("tags", _TAGS),
    Column("run_count", Integer, nullable=False, default=0),
    # The fencing token: which start of the run is the live one.
    Column("attempt", Integer, nullable=False, default=0),
    # Kept when a run ends, so that what its process still records is taken; NULL once the process is declared dead.
    Column("lease_owner", _TEXT),
    # Set exactly while an attempt is live.
    Column("lease_expires", Instant),
    Column("parent_flow_run_id", Uuid),
    Column("parent_task_run_id", Uuid),
    Column("upstreams", _UPSTREAMS),
    Column("flow_version", _TEXT),
    Column("retries", Integer, nullable=False, default=0),
    Column("recoveries", Integer, nullable=False, default=0),
    Column("idempotency_key", _TEXT),
    Column("expected_start", Instant),
    Column("start_time", Instant),
    Column("end_time", Instant),
    Column("run_seconds", Float, nullable=False, default=0.0),
    Column("error", _ERROR),
    Column("result", _TEXT),
    # The last verdicts that were asked for under a key, so that asking again gives the same answer.
    Column("verdicts", Json(list[tuple[str, Verdict]])),
    ForeignKeyConstraint(["workspace_id", "flow_id"], ["flows.workspace_id", "flows.id"]),
    Index("ix_flow_runs_flow", "workspace_id", "flow_id", "id"),
    Index("ix_flow_runs_name", "workspace_id", "name", "id"),
    Index("ix_flow_runs_state_type", "workspace_id", "state_type", "id"),
    Index("ix_flow_runs_state_name", "workspace_id", "state_name", "id"),
    Index("ix_flow_runs_start", "workspace_id", "start_time", "id", "state_type"),
    _partial("ix_flow_runs_roots", "workspace_id", "id", where="parent_flow_run_id IS NULL"),
    _partial(
        "ix_flow_runs_children", "workspace_id", "parent_flow_run_id", "id", where="parent_flow_run_id IS NOT NULL"
    ),
    _partial("ix_flow_runs_end", "workspace_id", "end_time", "id", where="end_time IS NOT NULL"),
    _partial("ix_flow_runs_live", "workspace_id", "lease_expires", where="lease_expires IS NOT NULL"),
    _partial(
        "uq_flow_runs_idempotency_key",
        "workspace_id",
        "flow_id",
        "idempotency_key",
        unique=True,
        where="idempotency_key IS NOT NULL",
    ),
)

flow_run_tags = Table(
    "flow_run_tags",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("tag", _TEXT, primary_key=True),
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
    Column("task_key", _TEXT, nullable=False),
    Column("task_name", _TEXT, nullable=False),
    Column("name", _TEXT, nullable=False),
    Column("tags", _TAGS),
    Column("upstreams", _UPSTREAMS),
    Column("state_type", _WORD, nullable=False),
    Column("state_name", _TEXT, nullable=False),
    # How long the history is: a record with a shorter one came late and changes nothing.
    Column("state_count", Integer, nullable=False),
    Column("states", _STATES, nullable=False),
    Column("run_count", Integer, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("start_time", Instant),
    Column("end_time", Instant),
    Column("run_seconds", Float, nullable=False),
    Column("cache_key", _TEXT),
    Column("result", _TEXT),
    Column("error", _ERROR),
    # The process of an unfinished task run outside of flows, which no lease watches over.
    Column("owner", _TEXT),
    Index("ix_task_runs_flow_run", "workspace_id", "flow_run_id", "id", "state_type"),
    Index("ix_task_runs_start", "workspace_id", "start_time", "id"),
    Index("ix_task_runs_task", "workspace_id", "task_key", "id"),
    # Nearly all task runs complete; only the others are worth an entry.
    _partial("ix_task_runs_state_type", "workspace_id", "state_type", "id", where="state_type <> 'COMPLETED'"),
    _partial("ix_task_runs_counts", "workspace_id", "flow_run_id", "state_type", where="state_type <> 'COMPLETED'"),
    _partial("ix_task_runs_state_name", "workspace_id", "state_name", "id", where="state_name <> 'Completed'"),
    _partial("ix_task_runs_owner", "workspace_id", "owner", where="owner IS NOT NULL"),
    _partial(
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
    Column("tag", _TEXT, primary_key=True),
    Column("task_run_id", Uuid, primary_key=True),
    Index("ix_task_run_tags_run", "workspace_id", "task_run_id"),
)

logs = Table(
    "logs",
    metadata,
    # SQLite numbers rows by itself only in a column that is called INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("workspace_id", Integer, nullable=False),
    Column("timestamp", Instant, nullable=False),
    Column("level", Integer, nullable=False),
    Column("logger", _TEXT, nullable=False),
    Column("message", _TEXT, nullable=False),
    Column("flow_run_id", Uuid),
    Column("task_run_id", Uuid),
    Index("ix_logs_time", "workspace_id", "timestamp", "id"),
    _partial("ix_logs_flow_run", "workspace_id", "flow_run_id", "id", where="flow_run_id IS NOT NULL"),
    _partial("ix_logs_task_run", "workspace_id", "task_run_id", "id", where="task_run_id IS NOT NULL"),
    # A number is never used again, so a reader that follows the log by number misses nothing after a deletion.
    sqlite_autoincrement=True,
)

events = Table(
    "events",
    metadata,
    # Given out in the order of the commits: see `Outbox`.
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("workspace_id", Integer, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("occurred", Instant, nullable=False),
    Column("event", _TEXT, nullable=False),
    Column("resource_id", _TEXT, nullable=False),
    Column("resource", _LABELS, nullable=False),
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
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("workspace_id", Integer, nullable=False),
    Column("flow_run_id", Uuid),
    # Ids, 16 bytes each.
    Column("task_run_ids", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("occurred", Instant, nullable=False),
    Column("principal", _TEXT, nullable=False),
    Column("action", _TEXT, nullable=False),
    Column("affected", Integer, nullable=False),
    Column("details", Json(dict[str, Any])),
)

journals = Table(
    "journals",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("owner", _TEXT, primary_key=True),
    Column("number", BigInteger, nullable=False),
    # Tells a batch that is sent again from one that merely has the same number.
    Column("fingerprint", _TEXT, nullable=False),
    Column("updated", Instant, nullable=False),
)
