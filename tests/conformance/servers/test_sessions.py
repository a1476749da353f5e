"""Sessions are kept within bounds on every kind of database: by time, and by number."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from penstock.server.context import Context
from penstock.server.database.tables import sessions as table
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.access import sessions


def digest(number: int) -> bytes:
    return number.to_bytes(32, "big")


def test_a_session_is_good_until_it_ends(server: Dispatcher) -> None:
    """What was begun is good, what was ended or never begun is not; ending one twice does nothing more."""
    for number in (1, 2):
        server.write(lambda context, number=number: sessions.begin(digest(number), context))
    for _ in range(2):
        server.write(lambda context: sessions.end(digest(1), context))
    good = [
        server.ask(lambda context, number=number: sessions.is_good(digest(number), context)) for number in (1, 2, 3)
    ]
    assert good == [False, True, False]


def test_what_is_over_is_forgotten(server: Dispatcher) -> None:
    """A session whose time is over is good no longer, and its row goes when the next one begins."""

    def make_old(context: Context) -> None:
        context.connection.execute(update(table).values(expires=context.now()))

    server.write(lambda context: sessions.begin(digest(1), context))
    server.write(make_old)
    assert not server.ask(lambda context: sessions.is_good(digest(1), context))
    server.write(lambda context: sessions.begin(digest(2), context))
    assert server.ask(lambda context: context.connection.execute(select(table.c.digest)).scalars().all()) == [digest(2)]


def test_there_are_only_so_many(server: Dispatcher) -> None:
    """When there would be too many, the oldest ends."""

    def begin_many(context: Context) -> None:
        for number in range(sessions.MOST + 1):
            sessions.begin(digest(number), context)
            # One after the other, though the database's clock stands still within a transaction.
            at = context.now() + timedelta(seconds=number)
            context.connection.execute(update(table).where(table.c.digest == digest(number)).values(created=at))

    server.write(begin_many)
    assert (
        server.ask(lambda context: context.connection.execute(select(func.count()).select_from(table)).scalar())
        == 1_000
    )
    assert not server.ask(lambda context: sessions.is_good(digest(0), context))
    assert server.ask(lambda context: sessions.is_good(digest(1), context))
