"""A batch in two, where a server can't take it whole: so one entry that makes no sense does not cost the others."""

from __future__ import annotations

from msgspec.structs import replace

from penstock.wire.requests import JournalBatch


def halves_of(batch: JournalBatch) -> tuple[JournalBatch, JournalBatch] | None:
    """Return two halves of a batch, to be sent in this order; None where it holds a single entry.

    Each line keeps its place in the journal: a server that took the whole, or a part, does not take a line twice.
    """
    runs, logs = batch.task_runs, batch.logs
    if len(runs) + len(logs) <= 1:
        return None
    half_runs, half_logs = len(runs) // 2, len(logs) // 2
    if not half_runs + half_logs:  # one of each
        half_runs = 1
    return (
        replace(batch, task_runs=runs[:half_runs], logs=logs[:half_logs]),
        replace(batch, first_line=batch.first_line + half_logs, task_runs=runs[half_runs:], logs=logs[half_logs:]),
    )
