"""Where a run is carried out, as events name it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.server.services.events.rows import related_to


def related_work(row: Mapping[Any, Any]) -> list[dict[str, str]]:
    """Return the labels of the work pool and the work queue that a run or a deployment names, if it does."""
    pool, queue = row["work_pool_name"], row["work_queue_name"]
    if pool is None:
        return []
    related = [related_to("work-pool", pool, "work-pool")]
    if queue is not None:
        related.append(related_to("work-queue", f"{pool}/{queue}", "work-queue"))
    return related
