"""The tables. Every one begins its key with the workspace, so that no look-up can leave it by accident."""

from __future__ import annotations

from penstock.server.database.tables.columns import metadata
from penstock.server.database.tables.deployments import (
    backfills,
    deployment_schedules,
    deployment_versions,
    deployments,
)
from penstock.server.database.tables.pauses import flow_run_inputs, pauses
from penstock.server.database.tables.runs import (
    audit,
    deletions,
    events,
    flow_run_tags,
    flow_runs,
    flows,
    journals,
    logs,
    schema_version,
    task_run_changes,
    task_run_tags,
    task_runs,
)
from penstock.server.database.tables.servers import leaders, loops
from penstock.server.database.tables.sessions import sessions
from penstock.server.database.tables.views import views
from penstock.server.database.tables.work import work_pools, work_queues, workers

LOCAL_WORKSPACE = 1
"""The only workspace there is until there are several."""

SERVERS_WORKSPACE = 0
"""Where servers keep what is their own."""

__all__ = [
    "LOCAL_WORKSPACE",
    "SERVERS_WORKSPACE",
    "audit",
    "backfills",
    "deletions",
    "deployment_schedules",
    "deployment_versions",
    "deployments",
    "events",
    "flow_run_inputs",
    "flow_run_tags",
    "flow_runs",
    "flows",
    "journals",
    "leaders",
    "logs",
    "loops",
    "metadata",
    "pauses",
    "schema_version",
    "sessions",
    "task_run_changes",
    "task_run_tags",
    "task_runs",
    "views",
    "work_pools",
    "work_queues",
    "workers",
]
