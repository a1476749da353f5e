"""A function's parameters as a JSON schema, as forms and Prefect's users know it."""

from __future__ import annotations

import dataclasses
import enum
import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, Optional

import pydantic
import pytest

from penstock.engine.parameter_schema import parameter_schema
from penstock.engine.parameter_schema.docstrings import descriptions_in


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Model(pydantic.BaseModel):
    size: int = 1
    when: datetime


@dataclasses.dataclass
class Point:
    x: int


class Sensor:
    """A class that no schema can describe."""


def properties(fn: Callable[..., Any]) -> dict[str, Any]:
    """Return the properties of a function's schema, without titles and positions, which every one has."""
    schema = parameter_schema(fn)
    assert json.loads(json.dumps(schema, allow_nan=False)) == schema
    found = schema["properties"]
    assert [each.pop("title") for each in found.values()] == list(found)
    assert [each.pop("position") for each in found.values()] == list(range(len(found)))
    return found  # type: ignore[no-any-return]


def test_the_whole_schema_of_a_function() -> None:
    """Titles, positions, types, defaults, what is required, and users' classes under `definitions`."""

    def fn(a: int, b: Model, c: Colour = Colour.RED) -> None: ...

    assert parameter_schema(fn) == {
        "title": "Parameters",
        "type": "object",
        "properties": {
            "a": {"title": "a", "position": 0, "type": "integer"},
            "b": {"title": "b", "position": 1, "$ref": "#/definitions/Model"},
            "c": {"title": "c", "position": 2, "$ref": "#/definitions/Colour", "default": "red"},
        },
        "required": ["a", "b"],
        "definitions": {
            "Colour": {"title": "Colour", "type": "string", "enum": ["red", "blue"]},
            "Model": {
                "title": "Model",
                "type": "object",
                "properties": {
                    "size": {"title": "Size", "type": "integer", "default": 1},
                    "when": {"title": "When", "type": "string", "format": "date-time"},
                },
                "required": ["when"],
            },
        },
    }


def test_a_function_without_parameters() -> None:
    """Nothing is required, and nothing is said of it."""

    def fn() -> None: ...

    assert parameter_schema(fn) == {"title": "Parameters", "type": "object", "properties": {}, "definitions": {}}


DAY, TODAY = timedelta(days=1), date(2026, 11, 20)
MOMENT = datetime(2026, 11, 20, tzinfo=UTC)
SOME_MODEL, SOME_POINT = Model(when=MOMENT), Point(x=2)


def test_defaults_are_said_where_json_can() -> None:
    """Dates, ids, models and members of enums are encoded; what JSON can't say is left out, and not required."""

    def fn(
        a: date = TODAY,
        b: timedelta = DAY,
        c: uuid.UUID = uuid.UUID(int=1),  # noqa: B008
        d: Model = SOME_MODEL,
        e: Point | None = SOME_POINT,
        f: float = float("nan"),
        g: Any = SOME_MODEL.__class__,
        h: set[int] = frozenset({1}),  # type: ignore[assignment]
        i: Optional[str] = None,  # noqa: UP045
        j: Literal["x", 1] = "x",
    ) -> None: ...

    found = properties(fn)
    assert {name: each["default"] for name, each in found.items() if "default" in each} == {
        "a": "2026-11-20",
        "b": "P1D",
        "c": "00000000-0000-0000-0000-000000000001",
        "d": {"size": 1, "when": "2026-11-20T00:00:00Z"},
        "e": {"x": 2},
        "h": [1],
        "i": None,
        "j": "x",
    }
    assert "required" not in parameter_schema(fn)
    assert found["i"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
    assert found["j"]["enum"] == ["x", 1]


def test_defaults_that_are_secret_are_not_said() -> None:
    """Neither pydantic's secrets nor what stands under a secret name."""
    secret = pydantic.SecretStr("hunter2")

    def fn(a: pydantic.SecretStr = secret, db_password: str = "hunter2", token: str | None = None) -> None: ...

    found = properties(fn)
    assert "hunter2" not in str(found)
    assert "default" not in found["a"]
    assert "default" not in found["db_password"]
    assert found["token"]["default"] is None


def test_what_has_no_schema_takes_anything() -> None:
    """Foreign classes, functions and names that can't be found do not spoil the schema of the others."""

    def fn(a: Sensor, b: Callable[[], int], c: Unknown, d: list[Sensor], e: Optional[Missing], f: int) -> None: ...  # type: ignore[name-defined]  # noqa: F821, UP045

    anything = {"a": {}, "b": {}, "c": {}, "d": {"type": "array", "items": {}}, "e": {}, "f": {"type": "integer"}}
    assert properties(fn) == anything


def test_a_function_may_take_any_number() -> None:
    """`*args` is an array and `**kwargs` an object, of what they are annotated with; neither is required."""

    def fn(a: int, *args: int, b: str, **kwargs: float) -> None: ...

    assert properties(fn) == {
        "a": {"type": "integer"},
        "args": {"type": "array", "items": {"type": "integer"}, "default": []},
        "b": {"type": "string"},
        "kwargs": {"type": "object", "additionalProperties": {"type": "number"}, "default": {}},
    }
    assert parameter_schema(fn)["required"] == ["a", "b"]


def test_a_method_s_own_object_is_no_parameter() -> None:
    """`self` and `cls` are left out, whether or not the method was taken from an instance."""

    class Station:
        def read(self, count: int) -> None: ...

        @classmethod
        def of(cls, name: str) -> None: ...

    assert properties(Station.read) == properties(Station().read) == {"count": {"type": "integer"}}
    assert properties(Station.of) == properties(Station.__dict__["of"].__func__) == {"name": {"type": "string"}}


def test_any_name_is_good_for_a_parameter() -> None:
    """Names that pydantic's models keep for themselves are no problem."""

    def fn(schema: int, model_config: int, _hidden: int, p0: int) -> None: ...

    assert list(properties(fn)) == ["schema", "model_config", "_hidden", "p0"]


def test_a_field_says_more() -> None:
    """`Field(…)` gives its conditions, description and extras; its words go before the docstring's."""
    field = pydantic.Field(default=3, ge=1, description="how many", json_schema_extra={"unit": "pieces"}, alias="n")

    def fn(count: int = field) -> None:
        """Count.

        Args:
            count: something else
        """

    assert properties(fn) == {
        "count": {"type": "integer", "minimum": 1, "default": 3, "description": "how many", "unit": "pieces"}
    }


GOOGLE = """Load a city.

    More words: here.

    Args:
        city (str, optional): the city
            to load: all of it

            and more
        *args: the rest
        a, b (tuple[int, (x)]): both
        silent:

    Keyword Args:
        **options (Any): what else

    Returns:
        result: what was loaded
    """

NUMPY = """Load a city.

    Parameters
    ----------
    city : str, optional
        the city
        to load
    a, b : int
        both
    *args
        the rest

    Other Parameters
    ----------------
    **options : Any
        what else

    Returns
    -------
    result : str
        what was loaded
    """

SPHINX = """Load a city.

    :param str city: the city
        to load
    :param a: both
    :type a: int
    :parameter b: both
    :arg args: the rest
    :key options: what else
    :returns: what was loaded
    """


@pytest.mark.parametrize(
    ("docstring", "city"),
    [(GOOGLE, "the city\nto load: all of it\n\nand more"), (NUMPY, "the city\nto load"), (SPHINX, "the city\nto load")],
)
def test_descriptions_are_read_from_docstrings(docstring: str, city: str) -> None:
    """In the three styles in use; what is said of results is not taken for a parameter."""
    expected = {"city": city, "a": "both", "b": "both", "args": "the rest", "options": "what else"}
    assert descriptions_in(docstring) == expected


@pytest.mark.parametrize(
    "docstring", [None, "", "One line.", "Args:", "Parameters\n---", ":param x", "Args:\n    :\n  x y z"]
)
def test_docstrings_without_descriptions(docstring: str | None) -> None:
    """Nothing is found where nothing is said."""
    assert descriptions_in(docstring) == {}
