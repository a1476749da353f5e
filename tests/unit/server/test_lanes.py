"""The way into the server's core is bounded."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter

import pytest

from penstock.server.http.lanes import Lane, TooManyWaiting
from penstock.server.http.problems import problem_response


def test_a_full_lane_sends_back_and_empties_again() -> None:
    """Past its bound a lane takes nothing more, runs what it took, and then takes again."""
    goes_on = threading.Event()

    async def crowd() -> list[bool]:
        lane = Lane("test", threads=1, most_waiting=3)
        inside = [asyncio.ensure_future(lane.run(goes_on.wait)) for _ in range(3)]
        await asyncio.sleep(0)  # lets the three begin
        with pytest.raises(TooManyWaiting):
            await lane.run(goes_on.wait)
        goes_on.set()
        done = [*await asyncio.gather(*inside), await lane.run(goes_on.wait)]
        lane.close()
        return done

    assert asyncio.run(crowd()) == [True] * 4


def test_everybody_has_a_turn() -> None:
    """Where more ask than may wait, nobody is sent back for ever while those who were served come back at once."""
    served: Counter[int] = Counter()

    async def crowd() -> None:
        lane, tick = Lane("test", threads=1, most_waiting=100), asyncio.Event()

        async def client(number: int) -> None:
            nonlocal tick
            while served.total() < 6_000:
                try:
                    await lane.run(lambda: None)
                except TooManyWaiting:
                    await tick.wait()
                    continue
                served[number] += 1
                if served.total() % 50 == 0:
                    tick.set()
                    tick = asyncio.Event()
            tick.set()

        await asyncio.gather(*[client(number) for number in range(120)])
        lane.close()

    asyncio.run(crowd())
    assert set(served) == set(range(120))


def test_who_is_sent_back_is_told_when_to_come_again() -> None:
    """Too many waiting is status 429 with Retry-After."""
    answer = problem_response(TooManyWaiting(), "one")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def test_what_is_our_fault_is_told_without_details(caplog: pytest.LogCaptureFixture) -> None:
    """An unexpected error is a 500 that names the request and nothing else; the log has the rest."""
    answer = problem_response(ZeroDivisionError("the secret is 42"), "one")
    assert answer.status_code == 500
    assert b"42" not in answer.body
    assert b"one" in answer.body
    assert "ZeroDivisionError" in caplog.text
