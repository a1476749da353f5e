"""NumPy arrays, scalars and dtypes: by dtype, shape and content. Only called where NumPy is loaded."""

from __future__ import annotations

from typing import Any

from penstock.hashing.framing import Encode, Parts, compound, scalar, text


def dtype_parts(dtype: Any, encode: Encode) -> Parts:
    """Take a dtype apart."""
    if dtype.names is not None:
        return b"record dtype", [part for name in dtype.names for part in (text(name), encode(dtype[name]))]
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return b"subarray dtype", [encode(base), encode(shape)]
    return b"dtype", [text(dtype.str), text(str(dtype))]


def scalar_parts(value: Any, encode: Encode) -> Parts:
    """Take a NumPy scalar apart."""
    import numpy as np

    return b"numpy scalar", [encode(value.dtype), _content(np.asarray(value), encode)]


def array_parts(array: Any, encode: Encode) -> Parts:
    """Take an array apart. How it lies in memory is no part of it."""
    import numpy as np

    kind: type = type(array)
    parts = [encode(kind), encode(array.dtype), encode(array.shape)]
    if isinstance(array, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(array)
        nothing: Any = np.zeros((), array.dtype)[()]
        parts += [_content(mask, encode), _content(array.filled(nothing), encode)]
        return b"masked array", [*parts, encode(array.fill_value)]
    parts.append(_content(array.view(np.ndarray), encode))
    if kind is not np.ndarray:
        parts.append(encode(getattr(array, "__dict__", None)))
    return b"array", parts


def _content(array: Any, encode: Encode) -> bytes:
    import numpy as np

    dtype = array.dtype
    if dtype.names is not None:
        # Field by field: there may be gaps between the fields, and nobody knows what lies in them.
        return compound(b"fields", [_content(array[name], encode) for name in dtype.names])
    if dtype.hasobject or dtype.kind == "T":
        return encode(array.ravel().tolist())
    if dtype.type in {np.longdouble, np.clongdouble}:
        # The same for the unused bytes of an extended double.
        return encode([repr(item) for item in array.ravel()])
    return scalar(b"R", raw_content(array))


def raw_content(array: Any) -> bytes | memoryview:
    """Return the bytes of an array of numbers, texts of fixed length, or instants, row by row."""
    import numpy as np

    if not array.nbytes:
        return b""
    if array.dtype.kind in "fc":
        strange = np.isnan(array)
        if strange.any():
            array = array.copy()
            array[strange] = np.nan
    flat: Any = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    return memoryview(flat)
