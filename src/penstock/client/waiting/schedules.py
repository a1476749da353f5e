"""What can be asked about schedules, by the client that waits for each answer. Made by scripts/generate_client.py."""

from __future__ import annotations

from datetime import datetime

from penstock.client.transport import Transport
from penstock.wire.deploying.deployment_schedules import Upcoming, UpcomingQuery
from penstock.wire.operations import SCHEDULES_UPCOMING
from penstock.wire.schedules import Schedule


class Schedules:
    """What can be asked of a server about schedules."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def upcoming(
        self,
        *,
        schedule: Schedule,
        after: datetime | None = None,
        before: datetime | None = None,
        limit: int = 10,
    ) -> Upcoming:
        """`POST /api/schedules/upcoming`: upcoming of schedules.

        At which instants a schedule falls; nothing is made by asking.
        """
        request = UpcomingQuery(
            schedule=schedule,
            after=after,
            before=before,
            limit=limit,
        )
        return self._transport.call(SCHEDULES_UPCOMING, request)
