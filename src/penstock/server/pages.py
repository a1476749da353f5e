"""Pages by key: a page begins after the last object of the one before, so it costs the same however deep it lies."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Row, Select, and_, true, tuple_

from penstock.core.errors import InvalidRequest
from penstock.server.bounds import check_page
from penstock.wire.requests import PAGE_LIMIT


def page_of(
    statement: Select[Any],
    keys: Sequence[Column[Any]],
    after: str | None,
    limit: int,
    *,
    descending: bool,
    most: int = PAGE_LIMIT,
) -> Select[Any]:
    """Return `statement` for one page in the order of `keys`, with one object more, which says that a page follows.

    Parameters:
        statement: selects the objects, `keys` among their columns.
        keys: what they are sorted by; together unique.
        after: the cursor that came with the page before.
        limit: how many objects the page holds.
        descending: whether the greatest come first.
        most: how many objects a page may hold.

    Raises:
        InvalidRequest: the cursor is none of ours, or the limit is out of bounds.
    """
    check_page(limit, most)
    order = [key.desc() for key in keys] if descending else list(keys)
    statement = statement.order_by(*order).limit(limit + 1)
    if after is None:
        return statement
    position = _read_cursor(after, keys)
    left, right = _compared(keys, position)
    beyond = left < right if descending else left > right
    return statement.where(beyond, _near(keys, position, after=not descending))


def up_to(position: Sequence[Any], keys: Sequence[Column[Any]], *, descending: bool) -> ColumnElement[bool]:
    """Return the condition that an object comes no later than `position` in the order of `keys`."""
    left, right = _compared(keys, position)
    not_beyond = left >= right if descending else left <= right
    return and_(not_beyond, _near(keys, position, after=descending))


def _compared(keys: Sequence[Column[Any]], position: Sequence[Any]) -> tuple[Any, Any]:
    return (keys[0], position[0]) if len(keys) == 1 else (tuple_(*keys), tuple(position))


def _near(keys: Sequence[Column[Any]], position: Sequence[Any], *, after: bool) -> ColumnElement[bool]:
    """The same of the first key alone: true anyway, but planners know how few rows it leaves, and not so of several keys."""
    if len(keys) == 1:
        return true()
    near: ColumnElement[bool] = keys[0] >= position[0] if after else keys[0] <= position[0]
    return near


def split_page(
    rows: Sequence[Row[Any]], keys: Sequence[Column[Any]], limit: int
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the rows of a page, and the cursor of the next one if it follows."""
    if len(rows) <= limit:
        return rows, None
    rows = rows[:limit]
    return rows, cursor_of(rows[-1], keys)


def cursor_of(row: Row[Any], keys: Sequence[Column[Any]]) -> str:
    """Return the cursor of the page that begins after `row`."""
    position = [getattr(row, key.name) for key in keys]
    return urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def _read_cursor(text: str, keys: Sequence[Column[Any]]) -> list[Any]:
    try:
        raw = msgspec.json.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return [msgspec.convert(value, key.type.python_type) for value, key in zip(raw, keys, strict=True)]
    except (ValueError, TypeError, msgspec.MsgspecError) as error:
        raise InvalidRequest(f"{text[:100]!r} is no cursor. Give the `next` of the page before, as it came.") from error
