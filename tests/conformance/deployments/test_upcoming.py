"""When a schedule falls is told without anything being made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.deploying.specs import HOURLY

from penstock.core.errors import InvalidRequest
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.deploying.deployment_schedules import UpcomingQuery
from penstock.wire.schedules import CronSchedule, RRuleSchedule

NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def test_upcoming(server: Dispatcher) -> None:
    """Instants are told from an instant on, up to another, and whether there are more."""
    answer = server.call(op.SCHEDULES_UPCOMING, UpcomingQuery(HOURLY, after=NEW_YEAR, limit=3))
    assert answer.instants == [NEW_YEAR + timedelta(hours=hours) for hours in (1, 2, 3)]
    assert answer.is_capped
    before = NEW_YEAR + timedelta(hours=3)
    answer = server.call(op.SCHEDULES_UPCOMING, UpcomingQuery(HOURLY, after=NEW_YEAR, before=before, limit=3))
    assert (len(answer.instants), answer.is_capped) == (2, False)
    assert server.call(op.SCHEDULES_UPCOMING, UpcomingQuery(HOURLY, limit=1)).instants[0] > datetime.now(UTC)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (UpcomingQuery(CronSchedule("0 0 30 2 *")), "0 0 30 2"),
        (UpcomingQuery(CronSchedule("nonsense")), "nonsense"),
        (UpcomingQuery(RRuleSchedule("FREQ=NEVER")), "FREQ"),
        (UpcomingQuery(HOURLY, limit=1_001), "from 1 to 1000"),
        (UpcomingQuery(HOURLY, after=datetime(2027, 1, 1)), "no time zone"),  # noqa: DTZ001  - that is what is refused
    ],
)
def test_what_is_refused(server: Dispatcher, query: UpcomingQuery, words: str) -> None:
    """What never falls, or makes no sense, is refused."""
    with pytest.raises(InvalidRequest, match=words):
        server.call(op.SCHEDULES_UPCOMING, query)
