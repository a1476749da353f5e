"""Values of every kind that has a stable hash, by name; no two of them are the same value.

A test runs this file in other processes, to see that the hashes stay the same.
"""

from __future__ import annotations

import enum
import functools
import json
import math
import operator
import re
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pandas as pd
import polars as pl
import pydantic

from penstock.hashing import stable_hash

Point = namedtuple("Point", "x y")  # noqa: PYI024


@dataclass
class Pair:
    left: Any
    right: Any = None
    registry: ClassVar[object] = object()


@dataclass(frozen=True, slots=True)
class Slotted:
    left: Any
    right: Any = field(default=None, compare=False)


class Plain:
    def __init__(self, left: Any, right: Any = None) -> None:
        self.left = left
        self.right = right


class WithSlots:
    __slots__ = ("left",)

    def __init__(self, left: Any) -> None:
        self.left = left


class Model(pydantic.BaseModel):
    left: Any
    right: Any = None
    _secret: int = pydantic.PrivateAttr(default=0)


class OpenModel(pydantic.BaseModel, extra="allow"):
    left: Any


class Struct(msgspec.Struct):
    left: Any
    right: Any = None


class AttrsLike:
    """What attrs makes of a class, as its documentation promises it: `__attrs_attrs__` names the fields."""

    __attrs_attrs__ = (SimpleNamespace(name="left"),)

    def __init__(self, left: Any) -> None:
        self.left = left


class Colour(enum.Enum):
    RED = 1
    GREEN = 2


class Level(enum.IntEnum):
    RED = 1


class Mode(enum.Flag):
    READ = 1
    WRITE = 2


class Words(list[str]):
    pass


class Text(str):
    __slots__ = ()


class Number(int):
    pass


def add(left: int, right: int = 1) -> int:
    return left + right


def adder(amount: int) -> Any:
    def add_amount(value: int) -> int:
        return value + amount

    return add_amount


def countdown() -> Any:
    def down(value: int) -> int:
        return down(value - 1) if value else 0

    return down


def local_class(power: int) -> type:
    class Local:
        exponent = power

        def raised(self, value: int) -> int:
            return value**2

    return Local


def local_class_of_another_body() -> type:
    class Local:
        exponent = 2

        def raised(self, value: int) -> int:
            return value**3

    Local.__qualname__ = local_class(2).__qualname__
    return Local


def model_with_secret(secret: int) -> Model:
    model = Model(left=1)
    model._secret = secret
    return model


def numbers() -> dict[str, Any]:
    return {
        "none": None,
        "true": True,
        "false": False,
        "zero": 0,
        "one": 1,
        "minus one": -1,
        "huge": 10**6000,
        "float zero": 0.0,
        "minus zero": -0.0,
        "float one": 1.0,
        "nan": math.nan,
        "infinity": math.inf,
        "complex": 1 + 0j,
        "complex nan": complex(math.nan, 0),
        "decimal": Decimal("1.0"),
        "decimal of more digits": Decimal("1.00"),
        "fraction": Fraction(1),
        "number": Number(1),
        "ellipsis": ...,
        "not implemented": NotImplemented,
    }


def texts() -> dict[str, Any]:
    return {
        "empty text": "",
        "a": "a",
        "text of one": "1",
        "surrogate": "\ud800",
        "long text": "a" * 1000,
        "another long text": "a" * 999 + "b",
        "empty bytes": b"",
        "bytes": b"a",
        "byte array": bytearray(b"a"),
        "text class": Text("a"),
        "uuid": UUID(int=1),
        "path": Path("a"),
        "pure path": PurePosixPath("a"),
        "pattern": re.compile("a"),
        "pattern with flags": re.compile("a", re.DOTALL),
    }


def instants() -> dict[str, Any]:
    moment = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001
    paris = ZoneInfo("Europe/Paris")
    return {
        "date": date(2026, 10, 25),
        "naive": moment,
        "utc": moment.replace(tzinfo=UTC),
        "fixed": moment.replace(tzinfo=timezone(timedelta(hours=1))),
        "paris": moment.replace(tzinfo=paris),
        "paris the second time": moment.replace(tzinfo=paris, fold=1),
        "time": time(2, 30),
        "midnight": time(0),
        "time in paris": time(2, 30, tzinfo=paris),
        "timedelta": timedelta(hours=2, minutes=30),
        "zone": paris,
        "timestamp": pd.Timestamp(moment),
        "timestamp to the nanosecond": pd.Timestamp(moment) + pd.Timedelta(1, "ns"),
        "pandas timedelta": pd.Timedelta(hours=2, minutes=30),
    }


def containers() -> dict[str, Any]:
    return {
        "empty list": [],
        "empty tuple": (),
        "empty dict": {},
        "empty set": set(),
        "empty frozenset": frozenset(),
        "list": [1, 2],
        "list turned": [2, 1],
        "list of lists": [[1], 2],
        "list of the same ends": [1, [2]],
        "tuple": (1, 2),
        "dict": {"a": 1, "b": 2},
        "dict of numbers": {1: "a", 2: "b"},
        "ordered dict": OrderedDict(a=1, b=2),
        "ordered dict turned": OrderedDict(b=2, a=1),
        "default dict": defaultdict(list, a=1, b=2),
        "default dict of sets": defaultdict(set, a=1, b=2),
        "counter": Counter("ab"),
        "set": {1, 2},
        "set of texts": {"1", "2"},
        "frozenset": frozenset({1, 2}),
        "deque": deque([1, 2]),
        "bounded deque": deque([1, 2], maxlen=5),
        "named tuple": Point(1, 2),
        "words": Words(["1", "2"]),
        "range": range(1, 3),
        "slice": slice(1, 3),
        "item": ("a", 1),
        "pair of items": (("a", 1),),
        "deep": {"a": [{"b": ({1: {2}},)}]},
        "deep but one": {"a": [{"b": ({1: {3}},)}]},
        "view": Colour.__members__,
    }


def objects() -> dict[str, Any]:
    return {
        "dataclass": Pair(1, 2),
        "dataclass turned": Pair(2, 1),
        "dataclass in itself": Pair(Pair(1, 2)),
        "slotted": Slotted(1, 2),
        "slotted but for what is not compared": Slotted(1, 3),
        "plain": Plain(1, 2),
        "plain turned": Plain(2, 1),
        "with slots": WithSlots(1),
        "model": Model(left=1, right=2),
        "model turned": Model(left=2, right=1),
        "model with secret": model_with_secret(1),
        "model with another secret": model_with_secret(2),
        "open model": OpenModel(left=1),
        "open model with more": OpenModel.model_validate({"left": 1, "more": 2}),
        "struct": Struct(1, 2),
        "struct turned": Struct(2, 1),
        "attrs": AttrsLike(1),
        "attrs of another": AttrsLike(2),
        "red": Colour.RED,
        "green": Colour.GREEN,
        "level": Level.RED,
        "mode": Mode.READ,
        "modes": Mode.READ | Mode.WRITE,
        "error": ValueError("a"),
        "another error": ValueError("b"),
    }


def code() -> dict[str, Any]:
    return {
        "function": add,
        "lambda": lambda value: value + 1,
        "lambda of another constant": lambda value: value + 2,
        "lambda of another default": lambda value=1: value + 1,
        "lambda by name": lambda *, value=1: value + 1,
        "lambda by another name": lambda *, value=2: value + 1,
        "lambda of a set": lambda value: value in {"a", "b", "c"},
        "closure": adder(1),
        "closure over another": adder(2),
        "calls itself": countdown(),
        "method": Plain(1).__init__,
        "method of another": Plain(2).__init__,
        "class method": dict.fromkeys,
        "built in": len,
        "built in method": "a".upper,
        "descriptor": str.upper,
        "partial": functools.partial(add, 1),
        "partial by name": functools.partial(add, left=1),
        "cached": functools.lru_cache(add),
        "item getter": operator.itemgetter(1),
        "class": Pair,
        "enum": Colour,
        "generic": list[int],
        "union": int | str,
        "local class": local_class(2),
        "local class of another constant": local_class(3),
        "local class of another body": local_class_of_another_body(),
        "instance of a local class": local_class(2)(),
        "instance of a local class of another body": local_class_of_another_body()(),
        "module": json,
        "ufunc": np.sin,
    }


def arrays() -> dict[str, Any]:
    record = np.dtype([("a", "i1"), ("b", "f8")])
    return {
        "array": np.array([1, 2, 3, 4]),
        "array of other items": np.array([1, 2, 3, 5]),
        "array of floats": np.array([1.0, 2.0, 3.0, 4.0]),
        "array of small integers": np.array([1, 2, 3, 4], dtype=np.int8),
        "array of unsigned integers": np.array([1, 2, 3, 4], dtype=np.uint64),
        "array of another order": np.array([1, 2, 3, 4], dtype=">i8"),
        "square": np.array([[1, 2], [3, 4]]),
        "square turned": np.array([[1, 3], [2, 4]]),
        "no rows": np.zeros((0, 2)),
        "no columns": np.zeros((2, 0)),
        "array without axes": np.array(1),
        "numpy int": np.int64(1),
        "numpy bool": np.True_,
        "numpy float": np.float64(1),
        "numpy text": np.str_("a"),
        "array of texts": np.array(["a", "b"]),
        "array of objects": np.array(["a", None, 1], dtype=object),
        "array of texts of any length": np.array(["a", "b"], dtype=np.dtypes.StringDType()),
        "array of instants": np.array(["2026-01-01", "NaT"], dtype="datetime64[s]"),
        "array of finer instants": np.array(["2026-01-01", "NaT"], dtype="datetime64[ns]"),
        "array of records": np.array([(1, 2.0)], dtype=record),
        "array of nan": np.array([math.nan]),
        "array of long doubles": np.array([1, 2], dtype=np.longdouble),
        "masked": np.ma.masked_array([1, 2], mask=[False, True]),
        "masked elsewhere": np.ma.masked_array([1, 2], mask=[True, False]),
        "dtype": np.dtype("i4"),
        "record dtype": record,
        "generator": np.random.Generator(np.random.PCG64(1)),
    }


def frames() -> dict[str, Any]:
    paris = pd.date_range("2026-01-01", periods=2, tz="Europe/Paris")
    return {
        "frame": pd.DataFrame({"a": [1, 2], "b": ["x", None]}),
        "frame of other values": pd.DataFrame({"a": [1, 3], "b": ["x", None]}),
        "frame of another order": pd.DataFrame({"b": ["x", None], "a": [1, 2]}),
        "frame of another index": pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=[1, 2]),
        "frame of floats": pd.DataFrame({"a": [1.0, 2.0], "b": ["x", None]}),
        "frame of objects": pd.DataFrame({"a": [1, 2], "b": pd.Series(["x", None], dtype=object)}),
        "frame of twins": pd.DataFrame([[1, 2]], columns=["a", "a"]),
        "frame of twins turned": pd.DataFrame([[2, 1]], columns=["a", "a"]),
        "frame without columns": pd.DataFrame(index=[1, 2]),
        "series": pd.Series([1, 2]),
        "series by name": pd.Series([1, 2], name="a"),
        "nullable": pd.Series([1, None], dtype="Int64"),
        "nullable zero": pd.Series([1, 0], dtype="Int64"),
        "categories": pd.Series(["a", "b"], dtype="category"),
        "categories in order": pd.Series(pd.Categorical(["a", "b"], ordered=True)),
        "categories of more": pd.Series(pd.Categorical(["a", "b"], categories=["a", "b", "c"])),
        "instants in paris": pd.Series(paris),
        "instants": pd.Series(paris.tz_convert("UTC")),
        "periods": pd.Series(pd.period_range("2026-01", periods=2, freq="M")),
        "intervals": pd.Series(pd.interval_range(0, 2)),
        "index": pd.Index([0, 1]),
        "range index": pd.RangeIndex(2),
        "levels": pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]),
        "levels turned": pd.MultiIndex.from_tuples([("b", 1), ("a", 2)]),
        "polars": pl.DataFrame({"a": [1, 2], "b": ["x", None]}),
        "polars of other values": pl.DataFrame({"a": [1, 3], "b": ["x", None]}),
        "polars of another order": pl.DataFrame({"b": ["x", None], "a": [1, 2]}),
        "polars of floats": pl.DataFrame({"a": [1.0, 2.0], "b": ["x", None]}),
        "polars without columns": pl.DataFrame(),
        "polars series": pl.Series("a", [1, 2]),
        "polars series with a gap": pl.Series("a", [1, None]),
        "polars series with zero": pl.Series("a", [1, 0]),
        "polars categories": pl.Series(["a", "b"], dtype=pl.Categorical),
        "polars enum": pl.Series(["a", "b"], dtype=pl.Enum(["a", "b"])),
        "polars enum of more": pl.Series(["a", "b"], dtype=pl.Enum(["a", "b", "c"])),
        "polars instants": pl.Series([datetime(2026, 1, 1)]),  # noqa: DTZ001
        "polars instants in paris": pl.Series([datetime(2026, 1, 1)]).dt.replace_time_zone("Europe/Paris"),  # noqa: DTZ001
        "polars date": pl.Series([date(2026, 1, 1)]),
        "polars lists": pl.Series([[1, 2], [3]]),
        "polars structs": pl.Series([{"a": 1}, {"a": 2}]),
        "polars huge": pl.Series([1, 2], dtype=pl.Int128),
        "polars decimal": pl.Series([Decimal("1.5")]),
        "polars expression": pl.col("a") + 1,
    }


def catalogue() -> dict[str, Any]:
    """Return all values; each call makes them anew."""
    kinds = [numbers, texts, instants, containers, objects, code, arrays, frames]
    return {f"{kind.__name__}: {name}": value for kind in kinds for name, value in kind().items()}


def hashes() -> dict[str, str]:
    """Return the hash of each value of the catalogue."""
    return {name: stable_hash(value) for name, value in catalogue().items()}
