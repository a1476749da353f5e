"""Which worker a pool wants."""

from __future__ import annotations

from penstock.client import transport
from penstock.core.errors import ObjectNotFound
from penstock.wire.deploying.work_pools import WorkPoolByName
from penstock.wire.operations import WORK_POOLS_READ


def type_of_pool(name: str) -> str | None:
    """Return the type of a pool's workers; None where there is no such pool."""
    try:
        return transport.call(WORK_POOLS_READ, WorkPoolByName(name)).type
    except ObjectNotFound:
        return None
