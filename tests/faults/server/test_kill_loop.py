"""Servers and databases are killed at random moments under load, again and again; what was acknowledged is there.

`make kills SEED=… ROUNDS=…` has it last as long as you like; the seed decides what is killed after how many acknowledgements.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from support import databases
from support.clusters import Cluster
from support.invariants import check
from support.load import Load
from support.servers import Server, running

from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql

SEED = int(os.environ.get("KILLS_SEED", "1"))
ROUNDS = int(os.environ.get("KILLS_ROUNDS", "100"))
PROGRAMS = 2
MOST_BETWEEN_KILLS = 60

Kill = Callable[[], None]


def _restarted(server: Server) -> None:
    port = server.port
    server.end(signal.SIGKILL)
    server.start(port)


@contextmanager
def _sqlite(folder: Path, chance: random.Random) -> Iterator[tuple[list[str], list[Kill], Callable[[], Database]]]:
    with running(folder) as server:

        def left() -> Database:
            server.end()
            return databases.sqlite(folder)

        yield [server.url] * PROGRAMS, [lambda: _restarted(server)], left


@contextmanager
def _postgresql(folder: Path, chance: random.Random) -> Iterator[tuple[list[str], list[Kill], Callable[[], Database]]]:
    with ExitStack() as stack:
        cluster = Cluster()
        stack.callback(cluster.remove)
        servers = [
            stack.enter_context(running(folder / str(number), PENSTOCK_DATABASE_URL=cluster.url))
            for number in range(PROGRAMS)
        ]

        def end_sessions() -> None:
            with psycopg.connect(cluster.url, autocommit=True) as connection:
                others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
                found = connection.execute(f"SELECT pid FROM pg_stat_activity WHERE {others} ORDER BY pid".encode())
                for (pid,) in found.fetchall():
                    if chance.random() < 0.7:
                        connection.execute("SELECT pg_terminate_backend(%s)", (pid,))

        def crash() -> None:
            cluster.crash()
            cluster.start()

        def crash_both() -> None:
            cluster.crash()
            server = chance.choice(servers)
            port = server.port
            server.end(signal.SIGKILL)
            cluster.start()
            server.start(port)

        def left() -> Database:
            for server in servers:
                server.end()
            return Database(Postgresql(databases.settings_for(cluster.url)), 5.0)

        kills = [lambda: _restarted(chance.choice(servers)), end_sessions, crash, crash_both]
        yield [server.url for server in servers], kills, left


PLACES = {"sqlite": _sqlite, "postgresql": _postgresql}


def _killed(kind: str, folder: Path, seed: int, rounds: int) -> None:
    print(f"make kills SEED={seed} ROUNDS={rounds}")
    chance = random.Random(seed)
    with PLACES[kind](folder, chance) as (urls, kills, left):
        load = Load(urls, folder, seed)
        try:
            for number in range(rounds):
                load.await_more(chance.randint(1, MOST_BETWEEN_KILLS))
                # Each kind once, whatever the chance.
                (kills[number] if number < len(kills) else chance.choice(kills))()
            load.await_more(1)
            notes = load.finish()
        finally:
            load.stop()
        database = left()
        try:
            check(database, notes)
        finally:
            database.close()
    assert len(notes) > rounds


@pytest.mark.parametrize("kind", databases.KINDS)
def test_killed_a_few_times(kind: str, tmp_path: Path) -> None:
    """Whatever serves is killed four times under load: nothing acknowledged is lost, doubled, stuck or half told."""
    _killed(kind, tmp_path, SEED, 4)


@pytest.mark.long
@pytest.mark.parametrize("kind", databases.KINDS)
def test_killed_a_hundred_times(kind: str, tmp_path: Path) -> None:
    """The same a hundred times."""
    _killed(kind, tmp_path, SEED, ROUNDS)
