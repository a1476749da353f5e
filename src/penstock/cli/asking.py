"""Asking for more than one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from penstock.client import transport
from penstock.wire.operations import LOGS_LIST, Operation
from penstock.wire.requests import LOG_PAGE_LIMIT, PAGE_LIMIT


def pages(operation: Operation[Any, Any], query: Any, limit: int | None = None) -> Iterator[Any]:
    """Yield the pages that answer `query`, until there are no more or `limit` objects have come."""
    left = limit
    most = LOG_PAGE_LIMIT if operation is LOGS_LIST else PAGE_LIMIT
    while left is None or left > 0:
        size = most if left is None else min(left, most)
        page = transport.call(operation, msgspec.structs.replace(query, limit=size))
        yield page
        if page.next is None:  # a page without items may be followed by others: a search goes on there
            return
        query = msgspec.structs.replace(query, after=page.next)
        left = None if left is None else left - len(page.items)


def fetch(operation: Operation[Any, Any], query: Any, limit: int) -> tuple[list[Any], bool]:
    """Return the first `limit` objects that answer `query`, and whether there are more."""
    items: list[Any] = []
    more = False
    for page in pages(operation, query, limit):
        items += page.items
        more = page.next is not None
    return items, more
