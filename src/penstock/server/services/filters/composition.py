"""How filters hold others: `all`, `any` and `not`, to a bounded depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, and_, false, or_, true

from penstock.core.errors import ObjectLimitReached
from penstock.server.bounds import FILTER_LIMIT, check_count

DEEPEST_FILTER = 5
"""How deep filters may stand within each other."""

MOST_FILTERS = 50
"""How many filters one may consist of."""

MOST_VALUES = 2_000
"""How many values the lists of a filter may hold, with those of the filters in it."""

LONGEST_TEXT = 500
"""How many characters may be searched for."""


class Filter(Protocol):
    """What the filters of every resource have."""

    @property
    def all(self) -> list[Any] | None:
        """Each of these holds as well."""

    @property
    def any(self) -> list[Any] | None:
        """At least one of these holds as well."""

    @property
    def not_(self) -> Any:
        """This does not hold."""


F = TypeVar("F", bound=Filter)

Conditions = Callable[[F], Iterable[ColumnElement[bool]]]


def condition_of(wanted: F, conditions: Conditions[F]) -> ColumnElement[bool]:
    """Return the condition under which a row is meant.

    Parameters:
        wanted: the filter.
        conditions: makes the conditions of one filter's own fields.

    Raises:
        ObjectLimitReached: the filter is too deep, consists of too many, or holds too many or too long values.
    """
    _check(wanted)
    return _composed(wanted, conditions)


def _composed(wanted: F, conditions: Conditions[F]) -> ColumnElement[bool]:
    parts = list(conditions(wanted))
    parts += [_composed(one, conditions) for one in wanted.all or ()]
    if wanted.any is not None:
        parts.append(or_(false(), *[_composed(one, conditions) for one in wanted.any]))
    if wanted.not_ is not None:
        # What is unknown (the start of a run that has not started) does not hold; so its opposite does.
        parts.append(_composed(wanted.not_, conditions).is_not(true()))
    return and_(true(), *parts)


def _check(wanted: Filter) -> None:
    values = 0
    for count, (one, depth) in enumerate(_all_in(wanted, 1), 1):
        if depth > DEEPEST_FILTER:
            raise ObjectLimitReached(f"Filters stand within each other at most {DEEPEST_FILTER} deep. Make it flatter.")
        if count > MOST_FILTERS:
            raise ObjectLimitReached(f"A filter consists of at most {MOST_FILTERS} filters. Give fewer.")
        for name in one.__struct_fields__:
            value = getattr(one, name)
            if isinstance(value, list):
                check_count(value, FILTER_LIMIT, f"values of {name}")
                values += len(value)
            if isinstance(value, str) and len(value) > LONGEST_TEXT:
                raise ObjectLimitReached(
                    f"The {name} of a filter has {len(value):,} characters; at most {LONGEST_TEXT} are searched for."
                )
        if values > MOST_VALUES:
            raise ObjectLimitReached(f"The lists of a filter hold at most {MOST_VALUES:,} values together. Split it.")


def _all_in(wanted: Any, depth: int) -> Iterator[tuple[Any, int]]:
    yield wanted, depth
    for one in [*(wanted.all or ()), *(wanted.any or ()), *([wanted.not_] if wanted.not_ is not None else ())]:
        yield from _all_in(one, depth + 1)
