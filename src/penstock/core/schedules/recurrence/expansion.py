"""From a rule to its times."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime

from penstock.core.schedules.recurrence.periods import Period, periods
from penstock.core.schedules.recurrence.rule import Rule
from penstock.core.schedules.steps import StepBudget


def times(rule: Rule, start: datetime, end: datetime, budget: StepBudget) -> Iterator[datetime]:
    """Yield the times of a rule from `start` to `end`, earliest first.

    Parameters:
        rule: the rule.
        start: no time before this.
        end: no time after this.
        budget: what the search takes its steps from.

    Raises:
        OutOfStepsError: the budget is spent.
    """
    start = max(start, rule.start)
    if rule.until is not None:
        end = min(end, rule.until)
    for period in periods(rule, start, end, budget):
        for place in _places(rule, period, start):
            time = period[place]
            if time > end:
                return
            if time >= start:
                budget.spend()
                yield time


def _places(rule: Rule, period: Period, start: datetime) -> Iterable[int]:
    if not rule.positions:
        return range(bisect_left(period, start), len(period))
    length = len(period)
    places = {position - 1 if position > 0 else length + position for position in rule.positions}
    return sorted(place for place in places if 0 <= place < length)
