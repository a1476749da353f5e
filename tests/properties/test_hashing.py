"""Hashes of values: different values never share one, equal values always do, here and in every other process."""

from __future__ import annotations

import io
import json
import math
import os
import runpy
import struct
import subprocess
import sys
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from penstock.exceptions import HashError
from penstock.hashing import stable_hash

CATALOGUE = Path(__file__).with_name("hash_catalogue.py")
hashes = runpy.run_path(str(CATALOGUE), run_name="hash_catalogue")["hashes"]


def shape(value: Any) -> Any:
    """Say what a value is in hashable terms, by other means than the hash does: equal shapes are equal values."""
    kind = type(value).__name__
    if isinstance(value, OrderedDict):
        return kind, tuple((shape(key), shape(item)) for key, item in value.items())
    if isinstance(value, dict):
        return kind, frozenset((shape(key), shape(item)) for key, item in value.items())
    if isinstance(value, (set, frozenset)):
        return kind, frozenset(map(shape, value))
    if isinstance(value, (list, tuple)):
        return kind, tuple(map(shape, value))
    return kind, repr(value)


# Few different scalars, so that values which are nearly the same come up often.
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-2, 300)
    | st.integers()
    | st.sampled_from([0.0, -0.0, 1.0, math.nan, math.inf])
    | st.floats()
    | st.text("ab1:", max_size=3)
    | st.text()
    | st.binary(max_size=3)
    | st.decimals(allow_nan=False)
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.uuids()
)
hashables = st.recursive(
    scalars, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=4
)


def collections_of(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(hashables, inner, max_size=4)
        | st.dictionaries(st.text("ab", max_size=2), inner, max_size=4).map(OrderedDict)
        | st.sets(hashables, max_size=4)
        | st.frozensets(hashables, max_size=4)
    )


values = st.recursive(scalars, collections_of, max_leaves=12)
nested = st.recursive(st.sampled_from([0, "", "0", None]), collections_of, max_leaves=8)


def rebuilt(value: Any) -> Any:
    """Make an equal value of other objects, with dictionaries and sets filled the other way round."""
    if isinstance(value, OrderedDict):
        return OrderedDict((rebuilt(key), rebuilt(item)) for key, item in value.items())
    if isinstance(value, dict):
        return {rebuilt(key): rebuilt(item) for key, item in reversed(value.items())}
    if isinstance(value, (set, frozenset)):
        return type(value)(rebuilt(item) for item in reversed(list(value)))
    if isinstance(value, (list, tuple)):
        return type(value)(rebuilt(item) for item in value)
    if isinstance(value, (str, bytes)):
        return value[:1] + value[1:]
    return value


@given(values, values)
def test_two_values_share_a_hash_only_if_they_are_equal(left: Any, right: Any) -> None:
    """Over nested collections of scalars of every kind, equal hashes mean equal values and types, and the reverse."""
    assert (stable_hash(left) == stable_hash(right)) == (shape(left) == shape(right))


@given(nested, nested)
def test_how_values_lie_in_one_another_is_part_of_the_hash(left: Any, right: Any) -> None:
    """Collections of the same few scalars, nested in other ways, do not share a hash."""
    assert (stable_hash(left) == stable_hash(right)) == (shape(left) == shape(right))


@given(st.lists(values, max_size=3), st.lists(values, max_size=3))
def test_arguments_do_not_run_into_one_another(left: list[Any], right: list[Any]) -> None:
    """Hashing several values is like hashing the tuple of them."""
    assert (stable_hash(*left) == stable_hash(*right)) == (shape(left) == shape(right))


@given(values)
def test_an_equal_value_of_other_objects_has_the_same_hash(value: Any) -> None:
    """Neither identity nor the order in which a dict or set was filled is part of the hash."""
    assert stable_hash(rebuilt(value)) == stable_hash(value)


dtypes = (
    npst.integer_dtypes() | npst.floating_dtypes(sizes=(32, 64)) | npst.boolean_dtypes() | npst.unicode_string_dtypes()
)
arrays = npst.arrays(dtypes, npst.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3))


@given(arrays, arrays)
def test_arrays_share_a_hash_only_if_dtype_shape_and_content_are_equal(left: Any, right: Any) -> None:
    """Equal hashes of arrays mean equal dtypes, shapes and items."""

    def array_shape(array: Any) -> Any:
        return array.dtype.str, array.shape, shape(array.tolist())

    assert (stable_hash(left) == stable_hash(right)) == (array_shape(left) == array_shape(right))


@given(npst.arrays(dtypes, npst.array_shapes(max_dims=2, min_side=0, max_side=3)))
def test_how_an_array_lies_in_memory_is_no_part_of_it(array: Any) -> None:
    """Column by column, or every other item of a longer array: the same content has the same hash."""
    assert stable_hash(array.copy(order="F")) == stable_hash(array)
    assert stable_hash(np.repeat(array, 2, axis=-1)[..., ::2]) == stable_hash(array)


columns = st.dictionaries(
    st.sampled_from("abc"),
    st.lists(st.integers(0, 3) | st.none(), min_size=2, max_size=2)
    | st.lists(st.sampled_from(["x", "y", None]), min_size=2, max_size=2)
    | st.lists(st.sampled_from([0.0, -0.0, 1.5]), min_size=2, max_size=2),
    max_size=3,
)


@given(columns, columns)
def test_polars_frames_share_a_hash_only_if_they_are_equal(left: dict[str, Any], right: dict[str, Any]) -> None:
    """Equal hashes of polars frames mean equal columns in the same order, of the same dtypes."""

    def frame_shape(frame: pl.DataFrame) -> Any:
        return [(name, str(frame[name].dtype), shape(frame[name].to_list())) for name in frame.columns]

    one, other = pl.DataFrame(left), pl.DataFrame(right)
    assert (stable_hash(one) == stable_hash(other)) == (frame_shape(one) == frame_shape(other))


@given(columns, columns)
def test_pandas_frames_share_a_hash_only_if_they_are_equal(left: dict[str, Any], right: dict[str, Any]) -> None:
    """Equal hashes of pandas frames mean equal columns in the same order, of the same dtypes."""

    def frame_shape(frame: pd.DataFrame) -> Any:
        held = [(name, str(frame[name].dtype), shape(frame[name].tolist())) for name in frame.columns]
        return len(frame), held

    one, other = pd.DataFrame(left), pd.DataFrame(right)
    assert (stable_hash(one) == stable_hash(other)) == (frame_shape(one) == frame_shape(other))


def test_no_two_values_of_the_catalogue_share_a_hash() -> None:
    """Values of 200 kinds, many of them all but alike, have 200 hashes."""
    by_hash: dict[str, list[str]] = {}
    for name, key in hashes().items():
        by_hash.setdefault(key, []).append(name)
    assert [names for names in by_hash.values() if len(names) > 1] == []


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_another_process_gives_the_same_hashes(seed: str) -> None:
    """Nothing of a process is in a hash: neither its seed for `hash()`, nor addresses, nor the order of imports."""
    program = (
        "import json, runpy, sys; catalogue = runpy.run_path(sys.argv[1], run_name='hash_catalogue');"
        "print(json.dumps(catalogue['hashes']()))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(CATALOGUE)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(result.stdout) == hashes()


def test_equal_frames_that_were_made_in_other_ways_share_a_hash() -> None:
    """Chunks, slices and what lies under a missing value are no part of a frame."""
    whole = pl.DataFrame({"a": [1, None, 3], "b": ["x", "y", None]})
    pieces = pl.concat([whole[:1], whole[1:]], rechunk=False)
    assert stable_hash(pieces) == stable_hash(whole)
    longer = pl.DataFrame({"a": [7, 1, None, 3], "b": ["z", "x", "y", None]})
    assert stable_hash(longer[1:]) == stable_hash(whole)

    nullable = pd.Series([1, 2, 3], dtype="Int64")
    nullable[1] = pd.NA
    assert stable_hash(nullable) == stable_hash(pd.Series([1, None, 3], dtype="Int64"))


def test_what_lies_between_fields_or_under_a_mask_is_no_part_of_an_array() -> None:
    """The gaps of an aligned record and the values behind a mask do not count."""
    packed = np.array([(1, 2.0)], dtype=[("a", "i1"), ("b", "f8")])
    aligned = np.empty(1, dtype=np.dtype(packed.dtype.descr, align=True))
    aligned.view(np.uint8)[:] = 255
    aligned["a"], aligned["b"] = 1, 2.0
    assert stable_hash(aligned) == stable_hash(packed)
    masks = [False, True]
    assert stable_hash(np.ma.masked_array([1, 2], masks)) == stable_hash(np.ma.masked_array([1, 3], masks))


@given(st.booleans(), st.integers(1, 2**52 - 1))
def test_every_nan_is_the_same(negative: bool, payload: int) -> None:
    """The sign and the payload of a NaN are no part of it, as a number or in an array."""
    bits = (0xFFF if negative else 0x7FF) << 52 | payload
    strange = struct.unpack("<d", struct.pack("<Q", bits))[0]
    assert math.isnan(strange)
    assert stable_hash(strange) == stable_hash(math.nan)
    assert stable_hash(np.array([1.0, strange])) == stable_hash(np.array([1.0, math.nan]))


def test_what_a_property_remembers_is_no_part_of_an_object() -> None:
    """An object has the same hash before and after a cached property was read."""
    from functools import cached_property

    class Circle:
        def __init__(self, radius: float) -> None:
            self.radius = radius

        @cached_property
        def area(self) -> float:
            return math.pi * self.radius**2

    circle = Circle(2)
    before = stable_hash(circle)
    assert circle.area > 12
    assert stable_hash(circle) == before


def test_a_value_that_turns_up_often_is_hashed_once() -> None:
    """A list that holds the same list twice, a hundred levels deep, is hashed at all: there are 2**100 ways into it."""
    value: list[Any] = []
    for _ in range(100):
        value = [value, value]
    assert len(stable_hash(value)) == 64


def endless() -> list[Any]:
    cycle: list[Any] = []
    cycle.append([cycle])
    return cycle


def deep() -> list[Any]:
    value: list[Any] = []
    for _ in range(10_000):
        value = [value]
    return value


class Holder:
    def __init__(self, held: object) -> None:
        self.held = held


UNHASHABLE: dict[str, Callable[[], Any]] = {
    "_thread.lock": threading.Lock,
    "object": object,
    "generator": lambda: (one for one in ()),
    "list_iterator": lambda: iter([1]),
    "_io.BytesIO": io.BytesIO,
    "weakref.ReferenceType": lambda: weakref.ref(threading.Lock),
    "polars.lazyframe.frame.LazyFrame": lambda: pl.LazyFrame({"a": [1]}),
    "list": endless,
    "nested too deeply": deep,
}


@pytest.mark.parametrize("name", UNHASHABLE)
def test_what_has_no_stable_hash_is_refused(name: str) -> None:
    """Locks, generators, files and endless structures are refused wherever they lie, with the type and the remedy."""
    value = UNHASHABLE[name]()
    with pytest.raises(HashError, match="no stable hash") as caught:
        stable_hash({"argument": [Holder(value)]})
    assert name in str(caught.value)
    assert "NO_CACHE" in str(caught.value)


def test_hashing_imports_no_library_for_arrays_or_frames() -> None:
    """NumPy, pandas and polars are recognised without being imported."""
    program = (
        "import sys; from penstock.hashing import stable_hash; stable_hash({'a': [1]}, ValueError(1), len);"
        "print({'numpy', 'pandas', 'polars', 'pydantic', 'msgspec', 'cloudpickle'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
