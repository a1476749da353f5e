"""Whatever a flow is called with, what is recorded of it is plain JSON, bounded, and without secrets."""

from __future__ import annotations

import collections
import dataclasses
import enum
import json
import logging
import math
import sys
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pandas as pd
import polars as pl
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock import settings
from penstock.core.annotations import quote, unmapped
from penstock.engine.recorded_parameters import recorded, shown

MASK = "********"


def one(value: Any, **changes: Any) -> Any:
    """Return what is recorded of one value."""
    with settings.temporary_settings({f"recording.{name}": setting for name, setting in changes.items()}):
        written = recorded({"value": value})
    assert json.loads(json.dumps(written, allow_nan=False)) == written
    assert msgspec.json.decode(msgspec.json.encode(written)) == written
    return written["value"]


class Colour(enum.Enum):
    RED = "red"
    DEEP = ("a", 1)


class Level(enum.IntEnum):
    HIGH = 3


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError("no words")


class Model(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    size: int = 1
    key: pydantic.SecretStr = pydantic.SecretStr("hunter2")
    hidden: str = pydantic.Field(default="hunter2", repr=False)
    excluded: str = pydantic.Field(default="hunter2", exclude=True)


@dataclasses.dataclass
class Point:
    x: int
    db_password: str = "hunter2"
    quiet: str = dataclasses.field(default="hunter2", repr=False)


class Pair(NamedTuple):
    left: int
    api_key: str


class Struct(msgspec.Struct):
    a: int
    token: str


class Plain:
    def __repr__(self) -> str:
        return "Plain(size=3, token='hunter2', auth_token=\"hunter2\", url=ftp://me:hunter2@host)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (2**63, "9223372036854775808"),
        (1.5, 1.5),
        (math.nan, "NaN"),
        (-math.inf, "-Infinity"),
        ("naïve 👩‍🌾", "naïve 👩‍🌾"),
        ("a\x00b\ud83d", "a\\x00b\\ud83d"),
        (Text("text"), "text"),
        (b"text", "text"),
        (datetime(2026, 11, 20, 8, tzinfo=UTC), "2026-11-20T08:00:00+00:00"),
        (date(2026, 11, 20), "2026-11-20"),
        (time(8, 30), "08:30:00"),
        (timedelta(days=1, microseconds=1500), "P1DT0.0015S"),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (Decimal("1.10"), "1.10"),
        (PurePosixPath("a/b"), "a/b"),
        (Colour.RED, "red"),
        (Colour.DEEP, ["a", 1]),
        (Level.HIGH, 3),
        ([1, (2, {3}), collections.deque([4])], [1, [2, [3]], [4]]),
        ({1: "a", "1": "b", date(2026, 1, 1): None}, {"1": "a", "1 (1)": "b", "2026-01-01": None}),
        (Model(extra=2), {"size": 1, "key": MASK, "hidden": MASK, "extra": 2}),
        (Point(x=1), {"x": 1, "db_password": MASK, "quiet": MASK}),
        (Pair(1, "hunter2"), {"left": 1, "api_key": MASK}),
        (Struct(1, "hunter2"), {"a": 1, "token": MASK}),
        (collections.OrderedDict(a=collections.Counter("aab")), {"a": {"a": 2, "b": 1}}),
        (unmapped([1]), [1]),
        (quote({"a": 1}), {"a": 1}),
        (np.float64(1.5), 1.5),
        (np.int32(3), 3),
        (np.datetime64("2026-11-20"), "2026-11-20"),
        (pd.Timestamp("2026-11-20"), "2026-11-20T00:00:00"),
        (np.zeros((3, 4)), {"__summary__": "numpy.ndarray of 3 by 4 values, float64"}),
        (pd.DataFrame({"a": [1]}), {"__summary__": "pandas.DataFrame of 1 rows by 1 columns: a (int64)"}),
        (pd.Series([1, 2]), {"__summary__": "pandas.Series of 2 values, int64"}),
        (pl.DataFrame({"a": [1]}), {"__summary__": "polars.DataFrame of 1 rows by 1 columns: a (Int64)"}),
        (pl.LazyFrame({"a": [1]}), {"__summary__": "polars.LazyFrame"}),
        (int, {"__unserialisable__": "builtins.type", "repr": "<class 'int'>"}),
        (b"\xff\xfe", {"__unserialisable__": "builtins.bytes", "repr": "b'\\xff\\xfe'"}),
        (
            Plain(),
            {
                "__unserialisable__": f"{__name__}.Plain",
                "repr": f"Plain(size=3, token={MASK}, auth_token={MASK}, url=ftp://me:{MASK}@host)",
            },
        ),
    ],
)  # fmt: skip
def test_each_kind_of_value_has_a_form_in_json(value: Any, expected: Any) -> None:
    """Numbers, texts, instants, ids, collections and models say what they hold; the rest says what it is."""
    assert one(value) == expected


def test_a_number_too_long_to_be_written_is_described() -> None:
    """Python refuses to write an integer of thousands of digits."""
    assert one(10**5000) == "an integer of 16610 bits"


def test_a_frame_of_many_columns_is_described_by_the_first() -> None:
    """The first columns are named, and the rest counted."""
    summary = one(pd.DataFrame({f"c{number}": [1] for number in range(30)}))["__summary__"]
    assert summary.startswith("pandas.DataFrame of 1 rows by 30 columns: c0 (int64), c1 (int64), ")
    assert summary.endswith("c19 (int64) and 10 more")


@given(st.timedeltas())
def test_lengths_of_time_can_be_read_again(value: timedelta) -> None:
    """A recorded timedelta is ISO 8601, and pydantic reads the same timedelta from it."""
    assert pydantic.TypeAdapter(timedelta).validate_python(one(value)) == value


class Shy:
    def __repr__(self) -> str:
        raise ValueError("hunter2")


class Endless:
    def __repr__(self) -> str:
        return repr(self)


class Lying(Mapping[str, Any]):
    def __getitem__(self, key: str) -> Any:
        raise KeyError("hunter2")

    def __iter__(self) -> Iterator[str]:
        return iter(["a"])

    def __len__(self) -> int:
        return 1


class Traps:
    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(f"{name} hunter2")


class OddClass(type):
    def __getattribute__(cls, name: str) -> Any:
        if name in ("__qualname__", "__module__", "__mro__"):
            raise RuntimeError("hunter2")
        return super().__getattribute__(name)


class Odd(metaclass=OddClass):
    pass


@pytest.mark.parametrize("kind", [Shy, Endless, Lying, Traps, Odd])
def test_a_hostile_value_is_survived(kind: type) -> None:
    """A repr that raises or calls itself, a mapping that lies, attributes that raise: something is recorded."""
    written = one([1, kind(), 2])
    assert (written[0], written[2]) == (1, 2)
    assert "hunter2" not in str(written)
    assert set(written[1]) == {"__unserialisable__", "repr"}


def test_nothing_is_used_up_or_changed() -> None:
    """Iterators are not advanced, and collections stay as they were."""
    numbers, data = iter([1, 2, 3]), {"a": [1, {"b": {2}}], "password": "x"}
    before = repr(data)
    assert one(numbers)["__unserialisable__"] == "builtins.list_iterator"
    assert one(data) == {"a": [1, {"b": [2]}], "password": MASK}
    assert (list(numbers), repr(data)) == ([1, 2, 3], before)


def test_what_is_cut_is_said() -> None:
    """Long texts, long collections, deep ones and those that hold themselves carry a visible mark."""
    assert one("x" * 100_000) == "x" * 65_420 + "… (+34580 characters)"
    many = one(range_list := list(range(5_000)))
    assert many[:1_000] == range_list[:1_000]
    assert many[1_000:] == [{"__cut__": "4000 more"}]
    assert one({str(number): 0 for number in range(1_500)})["__cut__"] == "500 more"
    loop: list[Any] = [1]
    loop.append({"me": loop})
    assert one(loop) == [1, {"me": {"__cut__": "contains itself"}}]
    deep: Any = "bottom"
    for _ in range(50):
        deep = [deep]
    assert "{'__cut__': 'deeper than 10'}" in str(one(deep))


def test_a_large_parameter_does_not_crowd_out_the_others() -> None:
    """Each parameter has its share of the bytes, and the rest of those before it."""
    written = recorded({"big": "x" * 10**7, "small": 1, "list": ["y" * 10**6], "last": "z"})
    assert (written["small"], written["last"]) == (1, "z")
    assert written["list"][0].startswith("yyy")
    assert len(json.dumps(written)) <= 65_536


JSONABLE = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(codec=None)), st.binary(),
        st.uuids(), st.datetimes(), st.timedeltas(), st.decimals(), st.complex_numbers(), st.just(object()),
        st.text(st.sampled_from('"\\\n\x01é€😀'), min_size=20),
    ),
    lambda inner: st.one_of(
        st.lists(inner), st.tuples(inner, inner), st.dictionaries(st.text(st.characters(codec=None)), inner),
        st.dictionaries(st.integers() | st.none(), inner),
    ),
    max_leaves=15,
)  # fmt: skip


@given(st.dictionaries(st.text(), JSONABLE), st.integers(0, 2_000))
def test_the_bound_holds_for_any_values(parameters: dict[str, Any], limit: int) -> None:
    """The record is JSON that is never longer than allowed, whatever there is to record and however little room."""
    with settings.temporary_settings({"recording.parameters_max_bytes": limit}):
        written = recorded(parameters)
    encoded = msgspec.json.encode(written)
    assert len(encoded) <= max(limit, 30)
    assert b"\\u0000" not in encoded
    assert json.loads(json.dumps(written, allow_nan=False)) == written


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20), JSONABLE, max_size=3)
)
def test_what_fits_is_recorded_whole(parameters: dict[str, Any]) -> None:
    """With room enough nothing is cut: every parameter is there, beside the record's own `__types__`."""
    parameters.pop("__types__", None)
    assert [name for name in recorded(parameters) if name != "__types__"] == list(parameters)


@pytest.mark.parametrize(
    "name", ["password", "DB_PASSWORD", "passwd", "client-secret", "authToken", "x_api-key", "credentials"]
)
def test_what_stands_under_a_secret_name_is_masked(name: str) -> None:
    """At every depth, in any spelling; None is no secret."""
    written = recorded({name: "hunter2", "config": [{name: {"a": "hunter2"}, "empty": {name: None}}]})
    assert written == {name: MASK, "config": [{name: MASK, "empty": {name: None}}]}


def test_the_patterns_are_those_of_the_settings() -> None:
    """`recording.redact` replaces the patterns; none at all masks nothing by name, and pydantic's secrets still."""
    assert one({"pin": "1", "password": "2"}, redact=["p?n"]) == {"pin": MASK, "password": "2"}
    assert one({"password": "2", "key": pydantic.SecretBytes(b"x")}, redact=[]) == {"password": "2", "key": MASK}


def test_passwords_in_addresses_are_masked() -> None:
    """The user and the host of an address may be recorded, its password not; also across a cut."""
    assert one("postgresql://me:hunter2@host/db") == f"postgresql://me:{MASK}@host/db"
    assert one("http://host:8080/path, a@b") == "http://host:8080/path, a@b"
    long = "x" * 60 + "ftp://me:hunter2hunter2@host" + "y" * 100_000
    assert "hunter" not in one(long, parameters_max_bytes=200)


@pytest.fixture
def hooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of hooks that a user might have written."""
    name = f"hooks_{uuid.uuid4().hex}"
    (tmp_path / f"{name}.py").write_text(
        "def patients(path, value):\n"
        "    return 'someone' if path.endswith('.name') else value\n"
        "def replaces(path, value):\n"
        "    return {'was': type(value).__name__, 'secret': 1} if path == 'value' else value\n"
        "def paths(path, value):\n"
        "    seen.append(path)\n"
        "    return value\n"
        "def breaks(path, value):\n"
        "    if path == 'b.1':\n"
        "        raise RuntimeError('no')\n"
        "    return value\n"
        "seen = []\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    return name


def test_a_hook_sees_every_value_where_it_stands(hooks: str) -> None:
    """It is called with a path and the value itself, from the outside in, but not with what is masked already."""
    with settings.temporary_settings({"recording.redaction_hook": f"{hooks}:paths"}):
        recorded({"a": {"b": [1, Point(x=2)]}, "password": 3, "key": pydantic.SecretStr("x")})
    assert sys.modules[hooks].seen == ["a", "a.b", "a.b.0", "a.b.1", "a.b.1.x"]


def test_a_hook_decides_what_is_recorded(hooks: str) -> None:
    """What it returns is recorded in place of the value, as JSON, within the same bounds and patterns."""
    with settings.temporary_settings({"recording.redaction_hook": f"{hooks}:patients"}):
        written = recorded({"patient": {"name": "Ada", "age": 36}})
        assert written == {"patient": {"name": "someone", "age": 36}, "__types__": {"patient": "withheld"}}
    assert one(object(), redaction_hook=f"{hooks}:replaces") == {"was": "object", "secret": MASK}


def test_a_broken_hook_redacts_everything_and_is_said_once(hooks: str, caplog: pytest.LogCaptureFixture) -> None:
    """One that raises, can't be imported or is no function: only the names are recorded, with one warning each."""
    names = [f"{hooks}:breaks", f"{hooks}:missing", "no.such.module:hook", f"{hooks}:seen", "nonsense"]
    with caplog.at_level(logging.WARNING, "penstock.recording"):
        for name in names * 2:
            with settings.temporary_settings({"recording.redaction_hook": name}):
                assert recorded({"a": 1, "b": [1, 2]}) == {"a": MASK, "b": MASK}
                assert shown("b.1", 2) == MASK
    assert [repr(name) in record.getMessage() for name, record in zip(names, caplog.records, strict=True)] == [True] * 5


def test_a_value_in_a_message_is_short_and_keeps_its_secrets() -> None:
    """Messages show what the record would show, in few words."""
    assert shown("n", 3) == "3"
    assert shown("config.password", "hunter2") == MASK
    assert shown("config", {"token": "hunter2", "a": 1}) == "{'token': '********', 'a': 1}"
    assert len(shown("text", "x" * 10**6)) < 200
