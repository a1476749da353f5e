"""JSON holds more than JSON: what it has no words for comes back as what it was."""

from __future__ import annotations

import enum
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path, PureWindowsPath
from typing import Any, Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import pydantic
import pytest

from penstock.exceptions import MissingResult, SerializationError
from penstock.serializers import JSONSerializer

T = TypeVar("T")
json = JSONSerializer[Any]()


class Colour(enum.Enum):
    RED = 1


class Address(pydantic.BaseModel):
    street: str
    since: datetime | None = None


class Person(pydantic.BaseModel):
    name: str = pydantic.Field(alias="fullName")
    homes: list[Address] = []
    secret: Any = None


class Box(pydantic.BaseModel, Generic[T]):
    inside: T


class Strict(pydantic.BaseModel, strict=True):
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    number: int
    placed: datetime
    lines: list[Any]
    total: float = field(init=False, default=0.0)


class Refused(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}", code)
        self.code = code


MOMENT = datetime(2026, 10, 25, 2, 30, 1, 5, tzinfo=UTC)

VALUES = [
    MOMENT,
    MOMENT.replace(tzinfo=None),
    MOMENT.replace(tzinfo=timezone(timedelta(hours=5, minutes=30))),
    MOMENT.replace(tzinfo=ZoneInfo("Europe/Paris")),
    MOMENT.replace(tzinfo=ZoneInfo("Europe/Paris"), fold=1),
    date(2026, 10, 25),
    time(2, 30, tzinfo=UTC),
    timedelta(days=-1, microseconds=3),
    Decimal("1.10"),
    UUID(int=7),
    Path("a/b"),
    PureWindowsPath("a\\b"),
    b"\x00\xff",
    bytearray(b"\x00"),
    3 + 4j,
    {1, 2},
    frozenset({"a"}),
    deque([1, 2]),
    Colour.RED,
    Address(street="a", since=MOMENT),
    Person(fullName="b", homes=[Address(street="a")], secret={"x": 1}),
    Box[int](inside=3).model_copy(),
    Strict(at=MOMENT),
    Order(1, MOMENT, [Decimal(2), {"deep": UUID(int=1)}]),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_as_what_it_was(value: Any) -> None:
    """Dates, numbers, paths, models, dataclasses and sets come back equal and of the same class, wherever they lie."""
    back = json.loads(json.dumps({"held": [value]}))["held"][0]
    if isinstance(value, Box):
        value = Box(inside=3)
    assert back == value
    assert type(back) is type(value)
    if isinstance(value, datetime):
        assert (back.fold, str(back.tzinfo)) == (value.fold, str(value.tzinfo))


@pytest.mark.parametrize("error", [ValueError("a", 1), MissingResult("gone"), Refused(404)], ids=repr)
def test_an_exception_comes_back_with_its_class_and_arguments(error: Exception) -> None:
    """Also one whose __init__ takes other arguments than it passes on."""
    back = json.loads(json.dumps(error))
    assert type(back) is type(error)
    assert back.args == error.args


def test_what_json_has_no_words_for_is_refused_before_anything_is_written() -> None:
    """Nothing is written that could not be read again: classes inside of functions, unknown classes, our own mark."""

    class Local(pydantic.BaseModel):
        pass

    for value, message in (
        (Local(), "'.*Local' can't be imported"),
        (object(), "no words for a value of type 'object'"),
        ({"$penstock": "date"}, "holds the key '\\$penstock'"),
        ([MOMENT, {"$penstock": 1}], "holds the key '\\$penstock'"),
    ):
        with pytest.raises(SerializationError, match=message):
            json.dumps(value)


def test_a_text_that_looks_like_the_mark_is_a_text() -> None:
    """The mark inside of a longer text does not disturb."""
    value = ['"$penstock": "date"', "$penstocks"]
    assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize(
    "blob",
    [
        b'{"$penstock": "someday", "value": 1}',
        b'{"$penstock": "model", "class": "no.such.module:Thing", "value": {}}',
        b'{"$penstock": "model", "class": "json:NoSuchClass", "value": {}}',
        b'{"$penstock": "exception", "class": "builtins:int", "value": []}',
        b'{"$penstock": "exception", "class": "json:dumps", "value": []}',
        b'{"$penstock": "date"}',
    ],
)
def test_what_can_no_longer_be_made_is_said(blob: bytes) -> None:
    """A class that is gone, or is something else now, is an error that says so, and no half value."""
    with pytest.raises(SerializationError, match="can't be read"):
        json.loads(blob)


def shout(value: Any) -> Any:
    return f"{value}!"


def upper(found: dict[str, Any]) -> Any:
    return {name.upper(): value for name, value in found.items()}


def test_other_functions_can_make_and_read_objects() -> None:
    """`object_encoder` and `object_decoder` name functions of one's own; None switches them off."""
    import sys

    sys.modules["functions_of_a_test"] = sys.modules[__name__]
    try:
        own = JSONSerializer[Any](
            object_encoder="functions_of_a_test.shout", object_decoder="functions_of_a_test.upper"
        )
        assert own.loads(own.dumps({"a": Decimal(1)})) == {"A": "1!"}
    finally:
        del sys.modules["functions_of_a_test"]
    with pytest.raises(SerializationError, match="Decimal"):
        JSONSerializer[Any](object_encoder=None).dumps(Decimal(1))
    assert JSONSerializer[Any](object_decoder=None).loads(b'{"$penstock": "date"}') == {"$penstock": "date"}
