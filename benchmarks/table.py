"""The figures as a table: one row a measure, one column a system, each peer with its ratio to Penstock."""

from __future__ import annotations

import math
from collections.abc import Iterable

from comparison import Comparison
from measures import Measure
from peers import PENSTOCK

SCALES = {"s": 1.0, "ms": 1_000.0, "B": 1.0}


def draw(comparisons: Iterable[Comparison], systems: list[str]) -> str:
    """Return the table as text, its columns as wide as what stands in them."""
    rows = [["", "aim", *systems]]
    rows += [
        [measure.title, _aim(measure), *(_cell(comparison, measure, system) for system in systems)]
        for comparison in comparisons
        for measure in comparison.case.measures
    ]
    return aligned(rows)


def aligned(rows: list[list[str]]) -> str:
    """Return rows as text, the first of them as a heading, each column as wide as what stands in it."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(_aligned(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(max(lines, key=len)), *lines[1:]])


def failures(comparisons: Iterable[Comparison]) -> list[str]:
    """Return a line for every system that did not finish a case."""
    return [
        f"{comparison.case.name}: {system} did not finish: {why}"
        for comparison in comparisons
        for system, why in comparison.failures.items()
    ]


def _aligned(row: list[str], widths: list[int]) -> list[str]:
    first, *rest = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *(text.rjust(width) for text, width in rest)]


def _aim(measure: Measure) -> str:
    return "" if measure.aim is None else f"≤ {measure.aim:g} {measure.unit}"


def _cell(comparison: Comparison, measure: Measure, system: str) -> str:
    if system in comparison.failures:
        return "failed"
    value = comparison.median(system, measure.figure)
    if value is None:
        return "-"
    shown = f"{number(value * SCALES[measure.unit])} {measure.unit}"
    if system == PENSTOCK.name:
        return shown + _mark(measure, value)
    ratio = comparison.ratio(system, measure.figure)
    return shown if ratio is None else f"{shown} ({number(ratio)}x)"


def _mark(measure: Measure, value: float) -> str:
    """Tell a figure that misses its aim."""
    missed = measure.aim is not None and value * SCALES[measure.unit] > measure.aim
    return " !" if missed else "  "


def number(value: float) -> str:
    """Write three digits: 0.021, 3.52, 41.3, 1,190."""
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{value:,.{min(max(digits, 0), 3)}f}"
