"""Which modules does Python's standard library lean on? A whole pipeline over the source files of this very Python.

    python examples/survey.py    run it; run it again and every module that did not change comes from the cache

extract    find the library's files and read them; a disk that "fails" now and then is asked again
validate   every file becomes a typed row; what is not fit is set aside with its reason, and counted
transform  measure every module, in parallel: the expensive step, cached by its input; then rank the modules
load       put the rows into an SQLite database
report     ask that database
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import sysconfig
import time
import zlib
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from module_metrics import Metrics, Source, metrics_of, weights_of
from pydantic import ValidationError

from penstock import flow, task, unmapped
from penstock.cache_policies import INPUTS
from penstock.runtime import flow_run, task_run
from penstock.settings import current

LIBRARY = Path(sysconfig.get_path("stdlib"))
NOT_THE_LIBRARY = {"site-packages", "dist-packages", "test", "tests", "idlelib", "lib2to3", "turtledemo"}
COLUMNS = "name TEXT, lines INT, functions INT, choices INT, longest TEXT, longest_lines INT, weight REAL"
UNFIT = {
    "string_pattern_mismatch": "a module of that name can't be imported",
    "string_too_short": "the file is empty",
    "string_too_long": "the file is a giant that no person wrote",
}


class Summary(NamedTuple):
    """What the pipeline did: its run, and how many files it found, read twice, set aside and measured."""

    run_id: str
    found: int
    read_twice: int
    set_aside: Counter[str]
    measured: int
    cached: int


@task
def find_files(library: Path) -> list[str]:
    """Name the library's Python files, relative to its folder."""
    found: list[str] = []
    for folder, folders, files in os.walk(library):
        folders[:] = set(folders) - NOT_THE_LIBRARY  # what was installed beside the library is not even looked at
        here = Path(folder).relative_to(library)
        found += [(here / file).as_posix() for file in files if file.endswith(".py")]
    return sorted(found)


def on_a_bad_sector(path: str) -> bool:
    """Tell one file in a hundred, always the same ones: reading them fails once, so that there is something to retry."""
    return zlib.crc32(path.encode()) % 100 == 0


@task(retries=2, retry_delay_seconds=0.05, retry_jitter_factor=0.5)
def read_file(path: str, library: Path) -> bytes:
    """Return a file's content."""
    if on_a_bad_sector(path) and task_run.run_count == 1:
        raise OSError(f"the disk did not answer for {path}")
    return (library / path).read_bytes()


@flow
def extract(library: Path) -> dict[str, bytes]:
    """Read every file of the library."""
    paths = find_files(library)
    return dict(zip(paths, read_file.map(paths, unmapped(library)).result(), strict=True))


@task
def validate(contents: dict[str, bytes]) -> tuple[list[Source], Counter[str]]:
    """Turn files into rows; count those that are not fit by the reason why."""
    rows: list[Source] = []
    reasons: Counter[str] = Counter()
    for path, content in contents.items():
        try:
            rows.append(Source.of(path, content))
        except ValidationError as error:
            reasons[UNFIT[error.errors()[0]["type"]]] += 1
        except (UnicodeDecodeError, SyntaxError):
            reasons["the text can't be decoded"] += 1
    return rows, reasons


@task(cache_policy=INPUTS, persist_result=True)
def measure(source: Source) -> Metrics:
    """Parse a module and count what it holds: the expensive step."""
    return metrics_of(source)


@task
def rank(modules: list[Metrics]) -> dict[str, float]:
    """Weigh each module by how much of the library leans on it."""
    return weights_of(modules)


@task(retries=1)
def load(modules: list[Metrics], weights: dict[str, float], database: Path) -> None:
    """Replace the tables of the database, in one transaction."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DROP TABLE IF EXISTS module")
        connection.execute(f"CREATE TABLE module ({COLUMNS})")
        rows = [(*module[:6], weights[module.name]) for module in modules]
        connection.executemany("INSERT INTO module VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


@flow
def survey(library: Path, database: Path) -> Summary:
    """Extract, validate, transform and load the modules of a library."""
    contents = extract(library)
    sources, set_aside = validate(contents)
    measuring = measure.map(sources)
    modules = measuring.result()
    load(modules, rank(modules), database)
    return Summary(
        run_id=flow_run.id,
        found=len(contents),
        read_twice=sum(map(on_a_bad_sector, contents)),
        set_aside=set_aside,
        measured=len(modules),
        cached=sum(future.state.name == "Cached" for future in measuring),
    )


def report(database: Path) -> None:
    """Print what the database says."""
    with closing(sqlite3.connect(database)) as connection:
        leaned_on = connection.execute("SELECT name, lines, weight FROM module ORDER BY weight DESC LIMIT 8").fetchall()
        longest = connection.execute(
            "SELECT name, longest, longest_lines FROM module ORDER BY longest_lines DESC LIMIT 4"
        ).fetchall()
        (lines, functions) = connection.execute("SELECT sum(lines), sum(functions) FROM module").fetchone()
    print(f"{lines:,} lines and {functions:,} functions. What most of them lean on:\n")
    block = "█" if "utf" in sys.stdout.encoding.lower() else "#"
    for name, length, weight in leaned_on:
        print(f"  {name:<18} {length:>6,} lines  {block * round(weight / leaned_on[0][2] * 32)} {weight:.1%}")
    print("\nThe longest functions:\n")
    for name, function, length in longest:
        print(f"  {length:>5,} lines  {name}.{function}")


def main() -> None:
    """Run the pipeline, then show its report and its record."""
    home = current().home
    home.mkdir(parents=True, exist_ok=True)
    database = home / "survey.sqlite"
    started = time.perf_counter()
    done = survey(LIBRARY, database)
    seconds = time.perf_counter() - started

    print(
        f"\nPython {sys.version.split()[0]}'s standard library: {done.found} files, {done.measured} modules, ", end=""
    )
    report(database)
    print(f"\n{done.read_twice} files were read at the second attempt; {done.set_aside.total()} were set aside:\n")
    for reason, count in done.set_aside.most_common():
        print(f"  {count:>3}  {reason}")
    print(f"\n{done.cached} of {done.measured} measurements came from the cache. The run took {seconds:.1f} s.")
    print(f"\n$ penstock flow-run inspect {done.run_id}\n", flush=True)
    subprocess.run([sys.executable, "-m", "penstock", "flow-run", "inspect", done.run_id], check=True)
    record = current().database.url.removeprefix("sqlite:///")
    print(f"\nThe report's table lies in {database}, the record of the run in {record}.")
    if not done.cached:
        print("Run it again: what did not change is not measured again.")


if __name__ == "__main__":
    main()
