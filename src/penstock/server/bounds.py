"""How large what is sent may be, and what is done with what is larger: names are refused, texts are cut."""

from __future__ import annotations

from collections.abc import Sized
from datetime import datetime

import msgspec

from penstock.core.errors import InvalidRequest, ObjectLimitReached
from penstock.wire.requests import PAGE_LIMIT
from penstock.wire.states import ErrorRecord, StateRecord

NAME_LIMIT = 500
MESSAGE_LIMIT = 20_000
TRACEBACK_LIMIT = 200_000
LOG_LIMIT = 100_000
TAGS_LIMIT = 100
LOCATION_LIMIT = 20_000
JSON_LIMIT = 4 * 1024 * 1024
INPUT_LIMIT = 200_000
FILTER_LIMIT = 500
BATCH_LIMIT = 10_000
DEEPEST_NESTING = 100
LONGEST_LEASE_SECONDS = 24 * 3600.0
LONGEST_DELAY_SECONDS = 366 * 24 * 3600.0
MOST_TIMES = 1_000_000


def check_name(name: str, what: str) -> str:
    """Return `name`, the name of `what`, if a name can be that.

    Raises:
        InvalidRequest: it is empty, too long or holds characters that can't be stored.
    """
    if not name.strip():
        raise InvalidRequest(f"The name of a {what} is empty. Give it one.")
    if len(name) > NAME_LIMIT:
        raise InvalidRequest(f"The name of a {what} has {len(name):,} characters; give it at most {NAME_LIMIT}.")
    if storable(name) != name:
        raise InvalidRequest(f"The name of a {what} holds a character that can't be stored: {name!r}. Leave it out.")
    return name


def check_page(limit: int, most: int = PAGE_LIMIT) -> int:
    """Return how many objects a page is to hold.

    Raises:
        InvalidRequest: a page can't hold so many.
    """
    if not 1 <= limit <= most:
        raise InvalidRequest(f"A page holds from 1 to {most} objects, not {limit}.")
    return limit


def check_count(things: Sized | None, limit: int, what: str) -> None:
    """Check that there are not too many of `things`.

    Raises:
        ObjectLimitReached: there are.
    """
    if things is not None and len(things) > limit:
        raise ObjectLimitReached(f"A request holds at most {limit:,} {what}, not {len(things):,}. Split it.")


def check_json(text: str | None, what: str) -> None:
    """Check that the JSON of `what` is not too large.

    Raises:
        ObjectLimitReached: it is.
    """
    if text is not None and len(text) > JSON_LIMIT:
        raise ObjectLimitReached(f"The {what} take {len(text):,} characters as JSON; at most {JSON_LIMIT:,} are kept.")


def check_text_size(text: str | None, limit: int, what: str) -> None:
    """Check that a text is not too large.

    Raises:
        ObjectLimitReached: it is.
    """
    if text is not None and len(text) > limit:
        raise ObjectLimitReached(f"The {what} takes {len(text):,} characters; at most {limit:,} are kept.")


def check_nesting(value: object, what: str) -> None:
    """Check that lists and objects within `value`, as JSON, are not nested without end.

    Raises:
        InvalidRequest: they are.
    """
    layer: list[object] = [value]
    for _ in range(DEEPEST_NESTING):
        below: list[object] = []
        for each in layer:
            if isinstance(each, dict):
                below.extend(inner for inner in each.values() if isinstance(inner, (dict, list)))
            elif isinstance(each, list):
                below.extend(inner for inner in each if isinstance(inner, (dict, list)))
        if not below:
            return
        layer = below
    raise InvalidRequest(f"The {what} are nested deeper than {DEEPEST_NESTING} levels. Give them flatter.")


def check_lease(seconds: float) -> float:
    """Return how long a lease is to last.

    Raises:
        InvalidRequest: no lease lasts so long, or so short.
    """
    if not 0 < seconds <= LONGEST_LEASE_SECONDS:
        raise InvalidRequest(
            f"A lease lasts more than 0 and at most {LONGEST_LEASE_SECONDS:,.0f} s, not {seconds:g} s."
        )
    return seconds


def check_delay(seconds: float) -> float:
    """Return for how long something is put off.

    Raises:
        InvalidRequest: it can't be put off for so long.
    """
    if not 0 <= seconds <= LONGEST_DELAY_SECONDS:
        raise InvalidRequest(f"A delay is from 0 to {LONGEST_DELAY_SECONDS:,.0f} s, not {seconds:g} s.")
    return seconds


def check_times(number: int, what: str) -> int:
    """Return how many `what` there are to be.

    Raises:
        InvalidRequest: there can't be so many.
    """
    if not 0 <= number <= MOST_TIMES:
        raise InvalidRequest(f"The {what} are from 0 to {MOST_TIMES:,}, not {number:,}.")
    return number


def check_instant(instant: datetime | None, what: str) -> None:
    """Check that `instant` is one.

    Raises:
        InvalidRequest: it has no time zone.
    """
    if instant is not None and instant.tzinfo is None:
        raise InvalidRequest(f"The {what}, {instant.isoformat()}, has no time zone. Give it one, such as UTC.")


def check_state(state: StateRecord) -> StateRecord:
    """Return `state` as it is to be stored.

    Raises:
        InvalidRequest: its name or its times can't be stored.
    """
    check_name(state.name, "state")
    check_instant(state.timestamp, "time of a state")
    check_instant(state.scheduled_time, "scheduled time of a state")
    message = None if state.message is None else cut(state.message, MESSAGE_LIMIT)
    return state if message == state.message else msgspec.structs.replace(state, message=message)


def check_error(error: ErrorRecord | None) -> ErrorRecord | None:
    """Return `error` as it is to be stored, its texts cut."""
    if error is None:
        return None
    traceback = cut(error.traceback, TRACEBACK_LIMIT)
    return ErrorRecord(cut(error.type, NAME_LIMIT), cut(error.message, MESSAGE_LIMIT), traceback)


def cut(text: str, limit: int) -> str:
    """Return `text` as it can be stored, with at most `limit` characters."""
    if len(text) > limit:
        text = f"{text[: limit - 1]}…"
    return storable(text)


def storable(text: str) -> str:
    """Return `text` with a replacement for what no database takes: NUL, and halves of characters (surrogates)."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", "�") if "\0" in text else text
