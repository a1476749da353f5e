"""Data frames, series and indexes of pandas and polars. Only called where the library is loaded."""

from __future__ import annotations

from typing import Any

from penstock.hashing.arrays import raw_content
from penstock.hashing.framing import Encode, Parts, compound, scalar, text


def pandas_frame_parts(frame: Any, encode: Encode) -> Parts:
    """Take a pandas data frame apart: its columns, its index and its values."""
    columns = [_pandas_values(frame.iloc[:, at].array, encode) for at in range(frame.shape[1])]
    labels = [encode(frame.columns), encode(frame.index)]
    return b"pandas frame", [encode(type(frame)), *labels, encode(frame.attrs), *columns]


def pandas_series_parts(series: Any, encode: Encode) -> Parts:
    """Take a pandas series apart: its name, its index and its values."""
    labels = [encode(series.name), encode(series.index)]
    return b"pandas series", [
        encode(type(series)),
        *labels,
        encode(series.attrs),
        _pandas_values(series.array, encode),
    ]


def pandas_index_parts(index: Any, encode: Encode) -> Parts:
    """Take a pandas index apart: its names and its values."""
    import pandas as pd

    parts = [encode(type(index)), encode(list(index.names)), text(str(getattr(index, "freqstr", None)))]
    if isinstance(index, pd.RangeIndex):
        return b"pandas range", [*parts, encode((index.start, index.stop, index.step))]
    if isinstance(index, pd.MultiIndex):
        levels = [index.get_level_values(at) for at in range(index.nlevels)]
        return b"pandas levels", [*parts, *[_pandas_values(level.array, encode) for level in levels]]
    return b"pandas index", [*parts, _pandas_values(index.array, encode)]


def pandas_array_parts(array: Any, encode: Encode) -> Parts:
    """Take one of pandas' own arrays apart."""
    return b"pandas array", [encode(type(array)), _pandas_values(array, encode)]


def _pandas_values(array: Any, encode: Encode) -> bytes:
    import pandas as pd

    dtype = array.dtype
    name = text(f"{type(dtype).__name__}:{dtype!r}")
    if isinstance(array, pd.arrays.NumpyExtensionArray):
        return compound(b"plain", [encode(array.to_numpy())])
    if isinstance(array, pd.Categorical):
        categories = [encode(array.categories), encode(array.ordered), encode(array.codes)]
        return compound(b"categories", categories)
    if isinstance(array, (pd.arrays.DatetimeArray, pd.arrays.TimedeltaArray, pd.arrays.PeriodArray)):
        instants: Any = array
        return compound(b"instants", [name, encode(instants.asi8)])
    if isinstance(array, (pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.BooleanArray)):
        missing = array.isna()
        filled = array.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
        return compound(b"nullable", [name, encode(missing), encode(filled)])
    return compound(b"items", [name, encode(list(array.astype(object)))])


def polars_frame_parts(frame: Any, encode: Encode) -> Parts:
    """Take a polars data frame apart: its height, and its columns in order."""
    columns = [_polars_values(series, encode) for series in frame.get_columns()]
    return b"polars frame", [encode(type(frame)), encode(frame.height), *columns]


def polars_series_parts(series: Any, encode: Encode) -> Parts:
    """Take a polars series apart."""
    return b"polars series", [encode(type(series)), _polars_values(series, encode)]


_MACHINE_NUMBERS = {"Float32", "Float64"} | {f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)}


def _polars_values(series: Any, encode: Encode) -> bytes:
    parts = [encode(series.name), text(repr(series.dtype)), encode(len(series))]
    if series.dtype.is_temporal():
        series = series.to_physical()
    if str(series.dtype) in _MACHINE_NUMBERS and _numpy_is_there():
        missing = series.is_null().to_numpy() if series.null_count() else None
        numbers = raw_content(series.fill_null(0).to_numpy())
        return compound(b"numbers", [*parts, encode(missing), scalar(b"R", numbers)])
    return compound(b"values", [*parts, encode(series.to_list())])


def _numpy_is_there() -> bool:
    # polars does without it, and its numbers then go one by one.
    try:
        import numpy as np
    except ImportError:
        return False
    return bool(np)
