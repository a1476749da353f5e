"""Short words for values that are too large to record: arrays, series, frames and tables."""

from __future__ import annotations

from typing import Any

_LIBRARIES = {"numpy", "pandas", "polars", "pyarrow"}
_SHOWN_COLUMNS = 20


def summary_of(value: Any) -> str | None:
    """Describe an array, series, frame or table by its class, size and types; None for everything else.

    Nothing is computed and no data is read.
    """
    kind = type(value)
    if _LIBRARIES.isdisjoint(_library(base) for base in kind.__mro__):
        return None
    name = f"{_library(kind)}.{kind.__name__}"
    if name == "polars.LazyFrame":
        return name
    if hasattr(kind, "num_rows") and hasattr(kind, "num_columns"):
        return f"{name} of {value.num_rows} rows by {value.num_columns} columns"
    if hasattr(kind, "columns") and hasattr(kind, "dtypes"):
        rows, columns = value.shape
        return f"{name} of {rows} rows by {columns} columns: {_columns(value)}"
    if hasattr(kind, "shape") and hasattr(kind, "dtype"):
        return f"{name} of {' by '.join(map(str, value.shape)) or 'one'} values, {value.dtype}"
    return None


def _library(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def _columns(frame: Any) -> str:
    names, types = list(frame.columns[:_SHOWN_COLUMNS]), list(frame.dtypes)
    words = [f"{name} ({kind})" for name, kind in zip(names, types, strict=False)]
    more = len(types) - len(words)
    return ", ".join(words) + (f" and {more} more" if more > 0 else "")
