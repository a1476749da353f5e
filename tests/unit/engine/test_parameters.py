"""The parameters of a flow are made to fit their annotations, or refused with one clear message."""

from __future__ import annotations

import dataclasses
import enum
import functools
import gc
import pickle
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NewType, Optional, Protocol, Union
from uuid import UUID

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.errors import ParameterTypeError, SignatureMismatchError
from penstock.engine.parameters import validate_parameters
from penstock.engine.parameters.exact_types import UNSURE, reader_of
from penstock.engine.signature import CallSignature

if TYPE_CHECKING:
    from nowhere import Unknown  # type: ignore[import-not-found]


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Model(pydantic.BaseModel):
    size: int = 1
    password: str = ""


@dataclasses.dataclass
class Point:
    x: int


class Sensor:
    """A class that pydantic does not know."""


class Closeable(Protocol):
    def close(self) -> None: ...


def fitted(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Return the parameters of a call, validated."""
    return validate_parameters("etl", fn, CallSignature.of(fn).bind(args, kwargs))


def annotated(annotation: Any) -> Callable[..., Any]:
    """Return a function with one parameter."""

    def fn(value: Any) -> None: ...

    fn.__annotations__ = {"value": annotation}
    return fn


SENSOR, POINT, MODEL = Sensor(), Point(x=1), Model()


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (int, "5", 5),
        (int, True, 1),
        (float, 1, 1.0),
        (bool, "yes", True),
        (str, "text", "text"),
        (bytes, "text", b"text"),
        (date, "2026-11-20", date(2026, 11, 20)),
        (datetime, "2026-11-20T08:00:00", datetime(2026, 11, 20, 8)),  # noqa: DTZ001
        (timedelta, 90, timedelta(seconds=90)),
        (UUID, "0197a9d2-0000-7000-8000-000000000000", UUID("0197a9d2-0000-7000-8000-000000000000")),
        (Path, "a/b", Path("a/b")),
        (Colour, "red", Colour.RED),
        (Colour, Colour.BLUE, Colour.BLUE),
        (Literal["a", 1], 1, 1),
        (Optional[int], None, None),  # noqa: UP045
        (Union[int, str], "1", "1"),  # noqa: UP007
        (int | None, "1", 1),
        (list[int], ("1", 2), [1, 2]),
        (dict[str, float], {"a": 1}, {"a": 1.0}),
        (tuple[int, ...], ["1"], (1,)),
        (tuple[int, str], [1, "a"], (1, "a")),
        (set[int], [1, 1], {1}),
        (Sequence[int], (1, 2), (1, 2)),
        (Mapping[str, int], {"a": "1"}, {"a": 1}),
        (Model, {"size": "3"}, Model(size=3)),
        (list[Model], [{"size": 2}], [Model(size=2)]),
        (Point, {"x": "2"}, Point(x=2)),
        (NewType("Celsius", float), 21, 21.0),
        (Annotated[int, pydantic.Field(ge=1)], "3", 3),
        (Any, SENSOR, SENSOR),
        (Closeable, SENSOR, SENSOR),
        (Sensor, SENSOR, SENSOR),
        (Callable[[], int], len, len),
        ("int", "3", 3),
        ("Unknown", "anything", "anything"),
        ("Optional[Unknown]", "anything", "anything"),
        (Optional["Unknown"], 3, 3),
    ],
)
def test_a_value_is_converted_as_pydantic_does(annotation: Any, value: Any, expected: Any) -> None:
    """What Prefect's users rely on: pydantic's rules; what can't be resolved takes anything."""
    found = fitted(annotated(annotation), value)["value"]
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("value", [SENSOR, POINT, MODEL])
def test_an_instance_of_the_annotated_class_is_passed_on_itself(value: Any) -> None:
    """Objects are not copied and not validated a second time."""
    assert fitted(annotated(type(value)), value)["value"] is value


@pytest.mark.parametrize(
    ("annotation", "value", "words"),
    [
        (int, "x", "Flow 'etl' can't take 'x' (str) as its parameter 'value', annotated int: input should be"),
        (int, 1.5, "can't take 1.5 (float)"),
        (str, 1, "annotated str: input should be a valid string"),
        (str, None, "can't take None (NoneType)"),
        (Colour, "green", "annotated Colour: input should be 'red' or 'blue'"),
        (Literal["a", "b"], "c", "input should be 'a' or 'b'"),
        (Sensor, 3, "input should be an instance of Sensor"),
        (Model, {"size": "q"}, "can't take 'q' (str) as its parameter 'value.size', annotated Model"),
        (list[int], [1, "a", "b"], "can't take these parameters:\n  value.1 = 'a' (str), annotated list[int]: "),
        (Annotated[int, pydantic.Field(ge=5)], 3, "annotated int: input should be greater than or equal to 5"),
        (str, b"\xff" * 10_000_000, "can't take {'__unserialisable__': 'builtins.bytes', 'repr': "),
    ],
)
def test_a_value_that_does_not_fit_is_named(annotation: Any, value: Any, words: str) -> None:
    """One bounded message: the flow, the parameter, what was given, and what was expected. It survives pickling."""
    with pytest.raises(ParameterTypeError) as caught:
        fitted(annotated(annotation), value)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 1_000
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_everything_that_does_not_fit_is_said_at_once() -> None:
    """Each parameter has its line; a long list is cut."""

    def fn(a: int, b: list[int], c: str) -> None: ...

    with pytest.raises(ParameterTypeError) as caught:
        fitted(fn, "x", ["y"] * 100, 3)
    lines = str(caught.value).splitlines()
    assert lines[0] == "Flow 'etl' can't take these parameters:"
    assert lines[1].startswith("  a = 'x' (str), annotated int: ")
    assert lines[-1] == "  and 82 more"


def test_a_message_shows_no_secrets() -> None:
    """What stands under a secret name is masked, also within; a validator's own words about it are left out."""

    class Account(pydantic.BaseModel):
        token: int

        @pydantic.field_validator("token", mode="before")
        @classmethod
        def refuse(cls, value: Any) -> Any:
            raise ValueError(f"{value} is not mine")

    def fn(password: int, account: Account, secret: pydantic.SecretStr, other: int) -> None: ...

    fn.__annotations__["account"] = Account
    with pytest.raises(ParameterTypeError) as caught:
        fitted(fn, "hunter2", {"token": "hunter2"}, "fine", {"api_key": "hunter2"})
    assert "hunter2" not in str(caught.value)
    assert "password = ********" in str(caught.value)
    assert "account.token = ********, annotated Account: its validator refuses it" in str(caught.value)
    assert "other = {'api_key': '********'} (dict)" in str(caught.value)


def test_a_validator_that_breaks_is_a_misfit() -> None:
    """A validator that raises something else than a validation error is named as what is wrong."""

    def lookup(value: Any) -> Any:
        return {}[value]

    with pytest.raises(ParameterTypeError, match="'value', annotated int: its validator raised KeyError"):
        fitted(annotated(Annotated[int, pydantic.BeforeValidator(lookup)]), "x")


def test_a_default_is_converted_where_it_can_be_and_kept_where_not() -> None:
    """`x: str = None` is no error, as it is none in Python; `x: Model = {…}` arrives as a model."""

    def fn(a: str = None, b: Model = {"size": 3}, c: date = "2026-11-20", d: int = "many") -> None: ...  # type: ignore[assignment]  # noqa: B006, RUF013

    expected = {"a": None, "b": Model(size=3), "c": date(2026, 11, 20), "d": "many"}
    assert fitted(fn) == expected
    assert validate_parameters("etl", fn, {}) == expected
    with pytest.raises(ParameterTypeError):
        fitted(fn, d="few")


def test_every_kind_of_parameter_is_validated_but_the_variadic() -> None:
    """By position only and by name only; `*args` and `**kwargs` are passed on as they are."""

    def fn(a: int, /, b: int, *args: int, c: int, **kwargs: int) -> None: ...

    assert fitted(fn, "1", "2", "3", c="4", d="5") == {"a": 1, "b": 2, "args": ("3",), "c": 4, "kwargs": {"d": "5"}}


def test_any_name_is_good_for_a_parameter() -> None:
    """Names that pydantic's models keep for themselves are no problem."""

    def fn(schema: int, model_config: int, _hidden: int, copy: int, value: int) -> None: ...

    assert fitted(fn, *"12345") == {"schema": 1, "model_config": 2, "_hidden": 3, "copy": 4, "value": 5}


def test_the_conditions_of_a_field_hold() -> None:
    """`= Field(…)` adds its conditions to the annotation, whatever its alias."""
    field = pydantic.Field(default=3, ge=1, alias="n")

    def fn(number: int = field) -> None: ...

    assert fitted(fn) == {"number": 3}
    assert fitted(fn, "2") == {"number": 2}
    with pytest.raises(ParameterTypeError, match="greater than or equal to 1"):
        fitted(fn, 0)


def test_methods_partials_and_wrappers_are_validated_by_what_they_stand_for() -> None:
    """The annotations are those of the function behind; an instance and its class do not mix."""

    class Station:
        def read(self, count: int) -> None: ...

        def __call__(self, count: int) -> None: ...

    @functools.wraps(annotated(int))
    def wrapper(*args: Any) -> None: ...

    assert fitted(Station().read, "3") == {"count": 3}
    assert fitted(Station.read, SENSOR, "3") == {"self": SENSOR, "count": 3}
    assert fitted(Station().read, "4") == {"count": 4}
    assert fitted(Station(), "3") == {"count": 3}
    assert fitted(functools.partial(annotated(int)), "3") == {"value": 3}
    assert fitted(wrapper, "3") == {"value": 3}


def test_annotations_of_local_classes_are_found() -> None:
    """A class from around the function is found where the function uses it."""

    class Local(pydantic.BaseModel):
        n: int

    def fn(value: Local) -> Any:
        return Local

    assert fitted(fn, {"n": "3"}) == {"value": Local(n=3)}


def test_parameters_by_name_must_be_those_of_the_function() -> None:
    """A stranger and a missing parameter each have their error."""

    def fn(a: int, b: int) -> None: ...

    with pytest.raises(SignatureMismatchError, match=r"Flow 'etl' has no parameter 'c'. Its function is fn\(a, b\)"):
        validate_parameters("etl", fn, {"a": 1, "b": 2, "c": 3})
    with pytest.raises(ParameterTypeError, match="Flow 'etl' needs its parameter 'b': it has no default"):
        validate_parameters("etl", fn, {"a": 1})


def test_lists_are_copied_and_never_changed() -> None:
    """A flow that changes its list does not change its caller's, whether or not an item was converted."""
    for numbers in ([1, 2], ["1", 2]):
        before = list(numbers)
        found = fitted(annotated(list[int]), numbers)["value"]
        found.append(3)
        assert numbers == before


def test_a_function_that_is_gone_is_forgotten() -> None:
    """What was learned of a function does not keep it in memory."""
    fn = annotated(Sequence[Model])
    fitted(fn, [{}])
    gone = weakref.ref(fn)
    del fn
    gc.collect()
    assert gone() is None


def test_plain_parameters_do_not_load_pydantic() -> None:
    """Values that are of their type already cost no import."""
    program = (
        "import sys; from uuid import uuid4; from penstock.engine.parameters import validate_parameters as v\n"
        "def fn(a: int, b: list[str], c: dict[str, float] | None, d, e: str = None): pass\n"
        "v('x', fn, {'a': 1, 'b': ['x'], 'c': None, 'd': uuid4(), 'e': None})\n"
        "print(sorted({'pydantic', 'inspect', 'sqlalchemy', 'msgspec'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


CLASSES: list[Any] = [int, str, float, bool, bytes, None, date, datetime, Colour, Point, Sensor, Path, Any, object]
ANNOTATIONS = st.recursive(
    st.sampled_from([*CLASSES, list, dict, set, tuple, Literal["a", 1, True]]),
    lambda inner: st.one_of(
        inner.map(lambda each: list[each]),
        inner.map(lambda each: set[each]),
        inner.map(lambda each: Sequence[each]),
        inner.map(lambda each: Optional[each]),  # noqa: UP045
        inner.map(lambda each: tuple[each, ...]),
        st.tuples(inner, inner).map(lambda pair: tuple[pair]),
        st.tuples(inner, inner).map(lambda pair: Union[pair]),  # noqa: UP007
        st.tuples(inner, inner).map(lambda pair: dict[pair]),  # type: ignore[valid-type]
        st.tuples(inner, inner).map(lambda pair: Mapping[pair]),  # type: ignore[misc]
    ),
    max_leaves=4,
)
LEAVES: list[Any] = [0, 1, True, "a", "1", 1.5, b"a", None, date(2026, 1, 1), datetime(2026, 1, 1), Path("a")]  # noqa: DTZ001
VALUES = st.recursive(
    st.sampled_from([*LEAVES, Colour.RED, POINT, SENSOR]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=2).map(tuple),
        st.dictionaries(st.sampled_from(["a", 1]), inner, max_size=2),
        st.sets(st.sampled_from(LEAVES), max_size=2),
    ),
    max_leaves=5,
)


def types_in(value: Any) -> Any:
    """Describe a value by the classes that it and its items have."""
    if isinstance(value, dict):
        return dict, [(types_in(key), types_in(each)) for key, each in value.items()]
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return type(value), sorted(map(str, map(types_in, value)))
    return type(value)


@given(ANNOTATIONS, VALUES)
def test_what_is_taken_without_pydantic_is_what_pydantic_takes(annotation: Any, value: Any) -> None:
    """Whenever the short way accepts a value, pydantic accepts it too, and returns the same."""
    read = reader_of(annotation)
    found = UNSURE if read is None else read(value)
    if found is UNSURE:
        return
    config = pydantic.ConfigDict(arbitrary_types_allowed=True)
    model = pydantic.create_model("Checked", __config__=config, value=(annotation, ...))
    expected = model.model_validate({"value": value}).value  # type: ignore[attr-defined]
    assert (found, types_in(found)) == (expected, types_in(expected))
