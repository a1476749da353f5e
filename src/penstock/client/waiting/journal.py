"""What can be asked about journal, by the client that waits for each answer. Made by scripts/generate_client.py."""

from __future__ import annotations

import builtins

from penstock.client.transport import Transport
from penstock.wire.logs import LogRecord
from penstock.wire.operations import JOURNAL_APPEND
from penstock.wire.requests import JournalBatch, JournalReceipt
from penstock.wire.task_runs import TaskRun


class Journal:
    """What can be asked of a server about journal."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def append(
        self,
        *,
        owner: str,
        journal: str,
        first_line: int = 0,
        task_runs: builtins.list[TaskRun] | None = None,
        logs: builtins.list[LogRecord] | None = None,
    ) -> JournalReceipt:
        """`POST /api/journal`: append of journal.

        What a process recorded since its last batch. Sending one again, or a part of one, changes nothing
        more.
        """
        request = JournalBatch(
            owner=owner,
            journal=journal,
            first_line=first_line,
            task_runs=[] if task_runs is None else task_runs,
            logs=[] if logs is None else logs,
        )
        return self._transport.call(JOURNAL_APPEND, request)
