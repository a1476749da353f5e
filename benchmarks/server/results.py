"""What was measured of servers: one row a figure, one column a server with its database."""

from __future__ import annotations

from dataclasses import dataclass, field

import table
from server.asking import spread

_SPREAD = ("p50", "p95", "max")


@dataclass(frozen=True)
class Row:
    """One figure, or the spread of many times.

    Attributes:
        title: what it is called.
        unit: what it is printed in: `s`, `ms`, `MB`, `/s` or nothing.
        aim: the most it should be on Penstock, or for `/s` the least, in `unit`; of a spread, the `judged` one.
        judged: which of a spread the aim is about.
    """

    title: str
    unit: str
    aim: float | None = None
    judged: str = "p95"


SCALES = {"s": 1.0, "ms": 1_000.0, "MB": 1e-6, "/s": 1.0, "": 1.0}


@dataclass
class Results:
    """All figures, as they come.

    Attributes:
        rows: in the order in which they first came.
        figures: of a row's title, by column: one number, or the spread of many.
        notes: what is to be said below the table.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    figures: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def one(self, column: str, row: Row, value: float) -> None:
        """Take one number in; seconds, bytes, or so many a second."""
        self._take(column, row, {"one": value})

    def many(self, column: str, row: Row, seconds: list[float]) -> None:
        """Take the spread of many times in."""
        self._take(column, row, {**spread(seconds), "count": float(len(seconds))})

    def _take(self, column: str, row: Row, figures: dict[str, float]) -> None:
        self.rows.setdefault(row.title, row)
        self.figures.setdefault(row.title, {})[column] = figures

    def draw(self, columns: list[str], ours: str) -> str:
        """Return the table as text.

        Parameters:
            columns: which, in their order.
            ours: how the names of those begin that the aims are for.
        """
        rows = [["", "aim", *columns]]
        for row in self.rows.values():
            cells = [self._cell(row, column, ours) for column in columns]
            rows.append([row.title, _aim(row), *cells])
        return table.aligned(rows)

    def _cell(self, row: Row, column: str, ours: str) -> str:
        figures = self.figures[row.title].get(column)
        if figures is None:
            return "-"
        scale = SCALES[row.unit]
        names = ("one",) if "one" in figures else _SPREAD
        shown = " / ".join(table.number(figures[name] * scale) for name in names)
        if column.startswith(ours) and row.aim is not None:
            judged = figures["one" if "one" in figures else row.judged] * scale
            missed = judged < row.aim if row.unit == "/s" else judged > row.aim
            return f"{shown} {row.unit}" + (" !" if missed else "  ")
        return f"{shown} {row.unit}  "


def _aim(row: Row) -> str:
    if row.aim is None:
        return ""
    return f"≥ {row.aim:g} {row.unit}" if row.unit == "/s" else f"≤ {row.aim:g} {row.unit}"
