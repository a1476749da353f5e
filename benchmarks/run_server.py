"""Measure Penstock's server on full databases, and print a table.

    python benchmarks/run_server.py                          a twentieth of the full size: some minutes
    python benchmarks/run_server.py --full --keep FOLDER     the full size; the filled databases stay in FOLDER
    python benchmarks/run_server.py --parts 100 10 1         the cost against the size
    python benchmarks/run_server.py --databases sqlite       one kind of database only

A database is filled through the server's own services, copied, and measured by way of a real server's HTTP. PostgreSQL is
asked for databases at TEST_POSTGRESQL_URL. No figure makes this fail.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

from server.fill import fill
from server.measuring import Effort, Measuring
from server.results import Results
from server.sizes import Size
from server.stores import Store, store_at

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432/test")
KINDS = ("sqlite", "postgresql")


def main() -> None:
    """Measure what the command line asks for."""
    asked = _arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    effort = Effort(asked.rounds, asked.clients, asked.seconds)
    results, columns = Results(), []
    began = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="bench-server-", dir=asked.keep) as home:
        for part in [1] if asked.full else asked.parts:
            for kind in asked.databases:
                column = f"{kind} 1/{part}"
                columns.append(column)
                try:
                    _measure(kind, Size(part), asked.keep, Path(home), column, effort, results)
                except KeyboardInterrupt:
                    results.notes.append("stopped; what was measured so far stands above")
                    break
                except Exception as error:
                    results.notes.append(f"{column}: broke off: {error}")
    print(_heading(began, effort, [Size(part) for part in ([1] if asked.full else asked.parts)]))
    print()
    print(results.draw(columns, ours=""))
    print("".join(f"\n{note}" for note in results.notes))
    if asked.json:
        asked.json.write_text(json.dumps(asdict(results), indent=2) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure Penstock's server on full databases.")
    parser.add_argument(
        "--parts", type=int, nargs="+", default=[20], help="1 for the full size, 20 for a twentieth (20)"
    )
    parser.add_argument("--full", action="store_true", help="the full size: the same as --parts 1")
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=list(KINDS), help="which kinds (both)")
    parser.add_argument("--keep", type=Path, help="a folder where filled databases stay, to be used again")
    parser.add_argument("--rounds", type=int, default=40, help="how often each question is asked (40)")
    parser.add_argument("--clients", type=int, default=1_000, help="how many follow a stream (1,000)")
    parser.add_argument("--seconds", type=float, default=10.0, help="for how long task runs are reported (10)")
    parser.add_argument("--json", type=Path, help="a file for all figures")
    return parser.parse_args()


def _measure(
    kind: str, size: Size, keep: Path | None, home: Path, column: str, effort: Effort, results: Results
) -> None:
    filled, copy = _store(kind, size, keep or home, "filled"), _store(kind, size, home, f"copy_{os.getpid()}")
    with _dropped_after(filled, keep is None), _dropped_after(copy, True):
        if not filled.exists():
            _say(f"{column}: filling: {size}")
            filled.make()
            fill(filled, size)
        _say(f"{column}: copying")
        copy.copy_from(filled)
        Measuring(copy, size, home, column, effort, results, _say).measure()


@contextmanager
def _dropped_after(store: Store, is_dropped: bool) -> Iterator[None]:
    try:
        yield
    finally:
        if is_dropped:
            store.drop()


def _store(kind: str, size: Size, folder: Path, name: str) -> Store:
    name = f"penstock_bench_{size.part}_{name}"
    if kind == "sqlite":
        return store_at(f"sqlite:///{folder.absolute() / name}.db")
    return store_at(urlsplit(POSTGRESQL)._replace(path=f"/{name}").geturl())


def _heading(began: tuple[float, float, float], effort: Effort, sizes: list[Size]) -> str:
    machine = f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}"
    load = f"load average {began[0]:.1f} before, {os.getloadavg()[0]:.1f} after"
    how = f"p50 / p95 / max of {effort.rounds + 1} requests each, in turn; !: over the aim"
    return "\n".join([*(f"1/{size.part}: {size}" for size in sizes), f"{machine}, {load}", how])


def _say(line: str) -> None:
    """Show what is going on, apart from the table."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
