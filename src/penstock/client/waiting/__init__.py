"""The client that waits for each answer. Made by scripts/generate_client.py: change the table of operations."""

from __future__ import annotations

from penstock.client.transport import Transport
from penstock.client.waiting.audit import Audit
from penstock.client.waiting.backfills import Backfills
from penstock.client.waiting.deployments import Deployments
from penstock.client.waiting.events import Events
from penstock.client.waiting.flow_runs import FlowRuns
from penstock.client.waiting.flows import Flows
from penstock.client.waiting.journal import Journal
from penstock.client.waiting.logs import Logs
from penstock.client.waiting.loops import Loops
from penstock.client.waiting.schedules import Schedules
from penstock.client.waiting.servers import Servers
from penstock.client.waiting.task_runs import TaskRuns
from penstock.client.waiting.views import Views
from penstock.client.waiting.work_pools import WorkPools
from penstock.client.waiting.work_queues import WorkQueues
from penstock.client.waiting.workers import Workers


class Operations:
    """All that can be asked of a server, by the client that waits for each answer.

    Parameters:
        transport: the way to the server.

    Attributes:
        flows: what can be asked about flows.
        flow_runs: what can be asked about flow runs.
        task_runs: what can be asked about task runs.
        logs: what can be asked about logs.
        events: what can be asked about events.
        audit: what can be asked about audit.
        loops: what can be asked about loops.
        servers: what can be asked about servers.
        views: what can be asked about views.
        journal: what can be asked about journal.
        work_pools: what can be asked about work pools.
        work_queues: what can be asked about work queues.
        workers: what can be asked about workers.
        deployments: what can be asked about deployments.
        schedules: what can be asked about schedules.
        backfills: what can be asked about backfills.
    """

    def __init__(self, transport: Transport) -> None:
        self.flows = Flows(transport)
        self.flow_runs = FlowRuns(transport)
        self.task_runs = TaskRuns(transport)
        self.logs = Logs(transport)
        self.events = Events(transport)
        self.audit = Audit(transport)
        self.loops = Loops(transport)
        self.servers = Servers(transport)
        self.views = Views(transport)
        self.journal = Journal(transport)
        self.work_pools = WorkPools(transport)
        self.work_queues = WorkQueues(transport)
        self.workers = Workers(transport)
        self.deployments = Deployments(transport)
        self.schedules = Schedules(transport)
        self.backfills = Backfills(transport)
