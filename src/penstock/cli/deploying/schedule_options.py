"""The options that say when: a cron expression, an interval or a recurrence rule, and its time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from penstock.cli.deploying.instants import Instant, Span

if TYPE_CHECKING:
    from penstock.wire.deploying.deployment_schedules import ScheduleSpec

Command = TypeVar("Command", bound=Callable[..., Any])


def timing_options(command: Command) -> Command:
    """Add the options that say one schedule."""
    for option in (
        click.option("--anchor-date", type=Instant(), metavar="WHEN", help="What an interval is counted from."),
        click.option("--timezone", metavar="ZONE", help="Whose clock is meant, such as Europe/Berlin. [default: UTC]"),
        click.option("--rrule", metavar="RULE", help="A recurrence rule, such as FREQ=WEEKLY;BYDAY=MO."),
        click.option("--interval", type=Span(), metavar="SPAN", help="Every so often: 90, 15m, 1h30m."),
        click.option("--cron", metavar="CRON", help="A cron expression, such as '0 9 * * 1-5'."),
    ):
        command = option(command)
    return command


def said_schedule(
    cron: str | None,
    interval: timedelta | None,
    rrule: str | None,
    timezone: str | None,
    anchor_date: datetime | None,
    **options: Any,
) -> ScheduleSpec | None:
    """Return the schedule that the options say; None where they say none.

    Parameters:
        cron, interval, rrule, timezone, anchor_date: the values of `timing_options`.
        options: what else `penstock.schedules.Schedule` takes.

    Raises:
        UsageError: they contradict each other.
        InvalidScheduleError: the schedule makes no sense.
    """
    from penstock.deployments.schedule_lists import schedule_list
    from penstock.schedules import Schedule

    kinds = {"--cron": cron, "--interval": interval, "--rrule": rrule}
    given = [name for name, value in kinds.items() if value is not None]
    if len(given) > 1:
        raise click.UsageError(f"Give one of {' and '.join(given)}: a schedule is of one kind.")
    if anchor_date is not None and interval is None:
        raise click.UsageError("--anchor-date goes with --interval.")
    if not given:
        if timezone is not None:
            raise click.UsageError("--timezone goes with --cron, --interval or --rrule.")
        return None
    schedule = Schedule(
        cron=cron, interval=interval, rrule=rrule, timezone=timezone, anchor_date=anchor_date, **options
    )
    return schedule_list(schedule=schedule)[0]
