"""What is measured: the cases, which are run, and the measures, which are read from them.

The aims are the ones of the design. They are printed beside the figures and never asserted: a slow machine is no fault.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Measure:
    """One figure of a case, and one row of the table.

    Attributes:
        title: what the row is called.
        figure: which of the figures that the scripts report; always seconds or bytes.
        unit: what it is printed in: `s`, `ms` or `B`.
        aim: the most it should be on Penstock, in `unit`.
    """

    title: str
    figure: str
    unit: str
    aim: float | None = None


@dataclass(frozen=True)
class Case:
    """A program that several systems run, one after another.

    Attributes:
        name: what `--only` calls it.
        script: the file, the same in the folder of each system.
        measures: what is read from it.
        sizes: how many times each system does the work; a system that is not named has no part.
        arguments: more arguments of the script.
        warm: run it once before, with the same home, unmeasured.
        server: report to the system's server, which is started before.
        timeout_seconds: after this it is killed.
    """

    name: str
    script: str
    measures: tuple[Measure, ...]
    sizes: dict[str, int] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    warm: bool = False
    server: bool = False
    timeout_seconds: float = 180.0


PREFECT_LIMIT = 100
"""More mapped tasks than this take Prefect minutes."""
EVERYONE = ("penstock", "prefect", "dbos", "dask", "ray", "luigi", "dagster")
ONCE = dict.fromkeys(EVERYONE, 1)


def _curve(size: int, dask: bool = True) -> Case:
    sizes = {
        "penstock": size,
        **({"prefect": size} if size <= PREFECT_LIMIT else {}),
        **({"dask": size} if dask else {}),
    }
    title = f"mapped and recorded, of {size:,} tasks"
    return Case(f"curve-{size}", "mapped", (Measure(title, "recorded_seconds", "ms", 0.25),), sizes)


CASES = (
    Case("import", "import_time", (Measure("import", "seconds", "s", 0.20),), ONCE),
    Case("hello-fresh", "hello", (Measure("hello, whole process, fresh home", "process_seconds", "s", 0.6),), ONCE),
    Case(
        "hello-warm",
        "hello",
        (Measure("hello, whole process, used home", "process_seconds", "s", 0.6),),
        ONCE,
        warm=True,
    ),
    Case(
        "called",
        "called",
        (
            Measure("task called, in the process", "called_seconds", "ms", 0.10),
            Measure("task called, until recorded", "recorded_seconds", "ms", 0.20),
        ),
        {"penstock": 1_000, "prefect": 300, "dbos": 1_000, "dask": 1_000, "ray": 1_000, "luigi": 1_000, "dagster": 100},
    ),
    Case(
        "hello-server",
        "hello",
        (Measure("hello, whole process, server running", "process_seconds", "s", 0.5),),
        {"penstock": 1, "prefect": 1},
        warm=True,
        server=True,
    ),
    Case(
        "called-server",
        "called",
        (Measure("task called, until its server has it recorded", "recorded_seconds", "ms", 0.20),),
        {"penstock": 10_000, "prefect": 100},
        server=True,
    ),
    Case(
        "start",
        "start",
        (
            Measure("run asked for, until its code runs", "seconds", "s", 0.3),
            Measure("  the slowest of them", "worst_seconds", "s"),
        ),
        {"penstock": 20, "prefect": 3},
        server=True,
    ),
    Case(
        "mapped",
        "mapped",
        (Measure("task mapped, until recorded", "recorded_seconds", "ms", 0.25),),
        {"penstock": 10_000, "prefect": 200, "dbos": 300, "dask": 10_000, "ray": 10_000},
    ),
    Case(
        "subflow",
        "subflow",
        (Measure("flow called by a flow", "seconds", "ms", 5),),
        {"penstock": 100, "prefect": 5, "dbos": 100},
    ),
    Case(
        "persisted",
        "persisted",
        (
            Measure("task with a persisted result, until recorded", "recorded_seconds", "ms", 0.15),
            Measure("  of which the disk needs, for such a file", "disk_seconds", "ms"),
        ),
        {"penstock": 1_000, "prefect": 100, "dbos": 1_000},
    ),
    Case("cached", "cached", (Measure("cache hit", "seconds", "ms"),), {"penstock": 1_000, "prefect": 100}),
    Case(
        "memory-rss",
        "memory",
        (Measure("memory a finished task, of the process", "bytes", "B", 1_024),),
        {"penstock": 10_000, "prefect": 100, "dask": 2_000},
        arguments=("rss",),
    ),
    Case(
        "memory-heap",
        "memory",
        (Measure("memory a finished task, of Python objects", "bytes", "B", 1_024),),
        {"penstock": 10_000, "prefect": 100, "dask": 2_000},
        arguments=("heap",),
    ),
    _curve(100),
    _curve(1_000),
    _curve(10_000),
    _curve(100_000, dask=False),
)
