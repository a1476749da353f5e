"""Which server leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Held:
    """Who leads, or led last.

    Attributes:
        holder: which server.
        since: since when.
        expires: until when, unless it says again that it lives; by the database's clock, as all of these.
    """

    holder: str
    since: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Term:
    """A time in which one server leads.

    Attributes:
        since: when it began.
        expires: when it ends, unless it is renewed.
        led_until: until when another server led before it; None where none did, or this one did itself.
        is_new: whether it has only begun.
    """

    since: datetime
    expires: datetime
    led_until: datetime | None
    is_new: bool


def decide(held: Held | None, server: str, now: datetime, lease: timedelta, *, alone: bool) -> Term | None:
    """Return the term of `server`; None where another leads.

    Parameters:
        held: who leads, or led last; None where nobody did.
        server: who asks.
        now: the present instant.
        lease: how long a server that says nothing more counts as leading.
        alone: whether there can be no other server, so that whoever led before is gone.
    """
    if held is None:
        return Term(now, now + lease, None, is_new=True)
    is_live = is_leading(held, now, lease)
    if held.holder == server and is_live:
        return Term(held.since, now + lease, None, is_new=False)
    if held.holder != server and is_live and not alone:
        return None
    return Term(now, now + lease, None if held.holder == server else min(held.expires, now), is_new=True)


def is_leading(held: Held, now: datetime, lease: timedelta) -> bool:
    """Whether whoever is in `held` leads at the instant `now`.

    A term that ends later than any can was written before the clock was set back: nobody waits for its end.
    """
    return now <= held.expires <= now + 2 * lease
