"""Instants to come, and ranges of time, as options give them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from penstock.core import clock

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Span(click.ParamType[timedelta]):
    """A span of time, such as `90`, `15m`, `1h30m` or `2 hours`; a bare number is one of seconds."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the span."""
        if isinstance(value, timedelta):
            return value
        text = str(value).strip().lower()
        try:
            return timedelta(seconds=float(text)) if _is_number(text) else _sum_of_parts(text)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no span of time such as 90, 15m, 1h30m or '2 hours'.", param, ctx)


class Instant(click.ParamType[datetime]):
    """An instant: a date with or without a time; without an offset it is one of this machine's."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the instant, in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(str(value)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no date or time such as 2026-11-20 or 2026-11-20T09:30+01:00.", param, ctx)


def start_of_run(at: datetime | None, after: timedelta | None) -> datetime | None:
    """Return when a run is to start; None for now.

    Raises:
        UsageError: both ways of saying it are used.
    """
    if at is not None and after is not None:
        raise click.UsageError("Give either --at or --in: the time, or how long from now.")
    return clock.now() + after if after is not None else at


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None


def _sum_of_parts(text: str) -> timedelta:
    found = _PART.findall(text)
    left = _PART.sub("", text).replace("and", "").replace("in", "", 1).strip(" ,")
    if left or not found:
        raise ValueError(text)
    return sum((timedelta(**{_UNITS[unit[0]]: float(number)}) for number, unit in found), timedelta())
