"""Schedules as users write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from penstock.client.schemas.schedules import CronSchedule, IntervalSchedule, RRuleSchedule
from penstock.schedules import Cron, Interval, RRule, Schedule

SCHEDULES: list[Schedule] = [
    Cron("0 8 * * 1", timezone="America/New_York", parameters={"stations": ["Ida"]}, slug="mondays"),
    Cron("0 0 13 * FRI", "UTC", False),
    Cron("@hourly", jitter_seconds=30, missed="all", missed_limit=3, overlap="skip", late_after_seconds=60),
    Interval(60, anchor_date=datetime(2025, 1, 1, tzinfo=UTC)),
    Interval(timedelta(hours=1), active=False, max_scheduled_runs=3),
    RRule("FREQ=DAILY", timezone="Europe/Oslo", job_variables={"memory": "1Gi"}),
    Schedule(interval=timedelta(days=1)),
]


def upcoming() -> list[datetime]:
    return [instant for schedule in SCHEDULES for instant in schedule.upcoming(3)]


def of_the_client() -> list[str]:
    daily = CronSchedule(cron="@daily", timezone=None)
    hourly = IntervalSchedule(interval=timedelta(hours=1))
    seconds: float = hourly.interval
    return [daily.timezone, RRuleSchedule("FREQ=DAILY").rrule, str(seconds)]
