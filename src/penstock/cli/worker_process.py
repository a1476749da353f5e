"""Which worker a pool wants."""

from __future__ import annotations

from penstock.client import transport
from penstock.core import clock
from penstock.core.errors import ObjectNotFound, PenstockException
from penstock.wire.deploying.work_pools import WorkPoolByName
from penstock.wire.operations import WORK_POOLS_READ
from penstock.workers.service.patience import Patience


def type_of_pool(name: str) -> str | None:
    """Return the type of a pool's workers; None where there is no such pool. A server that is away is waited for."""
    patience = Patience()
    while True:
        try:
            return transport.call(WORK_POOLS_READ, WorkPoolByName(name)).type
        except ObjectNotFound:
            return None
        except PenstockException as error:
            clock.current().sleep(patience.seconds_after(error))
