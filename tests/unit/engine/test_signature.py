"""Arguments are bound as Python binds them, and the parameters lead back to the same call."""

from __future__ import annotations

import functools
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.errors import ParameterBindError, SignatureMismatchError
from penstock.engine.signature import CallSignature


def nothing() -> Any:
    return locals()


def plain(a: Any, b: Any) -> Any:
    return locals()


def with_defaults(a: Any, b: Any = 1, c: Any = None) -> Any:
    return locals()


def positional_only(a: Any, b: Any = 2, /, c: Any = 3) -> Any:
    return locals()


def keyword_only(a: Any, *, b: Any, c: Any = 3) -> Any:
    return locals()


def variadic(*args: Any, **kwargs: Any) -> Any:
    return locals()


def everything(a: Any, b: Any = 2, /, c: Any = 3, *args: Any, d: Any, e: Any = 5, **kwargs: Any) -> Any:
    return locals()


def same_names_inside(a: Any, /, **kwargs: Any) -> Any:
    return locals()


@functools.wraps(everything)
def wrapper(*args: Any, **kwargs: Any) -> Any:
    return everything(*args, **kwargs)


class Station:
    def method(self, a: Any, b: Any = 2) -> Any:
        return {"a": a, "b": b}

    def takes_all(*args: Any) -> Any:
        return {"args": args[1:]}

    @classmethod
    def of_class(cls, a: Any, *, b: Any = 2) -> Any:
        return {"a": a, "b": b}

    def __call__(self, a: Any) -> Any:
        return {"a": a}


FUNCTIONS: list[Callable[..., Any]] = [
    nothing,
    plain,
    with_defaults,
    positional_only,
    keyword_only,
    variadic,
    everything,
    same_names_inside,
    wrapper,
    functools.partial(plain, 1),
    functools.partial(plain, b=1),
    Station().method,
    Station().takes_all,
    Station.of_class,
    Station(),
]


@given(
    st.sampled_from(FUNCTIONS),
    st.lists(st.integers(), max_size=5),
    st.dictionaries(st.sampled_from(["a", "b", "c", "d", "e", "x", "args", "kwargs"]), st.integers(), max_size=5),
)
def test_arguments_are_bound_as_python_binds_them(
    fn: Callable[..., Any], args: list[int], kwargs: dict[str, int]
) -> None:
    """For every kind of signature and any arguments: the same parameters as Python's, or an error where it has one."""
    signature = CallSignature.of(fn)
    try:
        received = fn(*args, **kwargs)
    except TypeError:
        with pytest.raises(ParameterBindError):
            signature.bind(tuple(args), kwargs)
        return
    bound = signature.bind(tuple(args), kwargs)
    assert tuple(bound) == tuple(inspect.signature(fn).parameters)
    if not isinstance(fn, functools.partial):
        assert bound == received
    for parameters in (bound, signature.bind_unfilled(tuple(args), kwargs)):
        call_args, call_kwargs = signature.call_arguments(parameters)
        assert fn(*call_args, **call_kwargs) == received


def test_only_what_is_given_is_bound_unfilled() -> None:
    """The parameters that a call leaves to their defaults can be told from those that it gives."""
    assert CallSignature.of(with_defaults).bind_unfilled((1,), {"c": 3}) == {"a": 1, "c": 3}


@pytest.mark.parametrize(
    ("fn", "args", "kwargs", "words"),
    [
        (plain, (1,), {}, "plain() can't be called like this: 'b' is missing. Its signature is plain(a, b)."),
        (plain, (1, 2, 3), {}, "3 arguments are given by position and at most 2 can be"),
        (plain, (1,), {"a": 2, "b": 3}, "'a' is given twice, by position and by name"),
        (with_defaults, (1,), {"bb": 2}, "'bb' is not a parameter (did you mean 'b'?)"),
        (positional_only, (), {"a": 1}, "'a' is given by name and can only be given by position"),
        (
            everything,
            (),
            {},
            "'a' is missing; 'd' is missing. Its signature is everything(a, b=2, /, c=3, *args, d, e=5",
        ),
        (keyword_only, (1,), {}, "keyword_only(a, *, b, c=3)"),
        (functools.partial(plain, 1), (), {}, "plain() can't be called like this: 'b' is missing"),
        (Station(), (), {}, "Station() can't be called like this: 'a' is missing"),
    ],
)
def test_a_call_that_does_not_fit_says_why(
    fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], words: str
) -> None:
    """The message names the function, everything that is wrong with the call, and the signature."""
    with pytest.raises(ParameterBindError) as caught:
        CallSignature.of(fn).bind(args, kwargs)
    assert words in str(caught.value)
    assert isinstance(caught.value, TypeError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_the_signature_in_a_message_shows_no_values_that_may_be_secret() -> None:
    """Defaults other than numbers, truth values and None are left out of messages."""

    def connect(host: str, password: str = "hunter2", retries: int = 3) -> None: ...

    with pytest.raises(ParameterBindError, match=r"connect\(host, password=…, retries=3\)"):
        CallSignature.of(connect).bind((), {})


def test_a_builtin_without_a_signature_takes_anything() -> None:
    """`max` shows no signature to Python; it is called as it was called."""
    signature = CallSignature.of(max)
    bound = signature.bind((3, 7), {"key": abs})
    args, kwargs = signature.call_arguments(bound)
    assert max(*args, **kwargs) == 7


def test_the_default_of_a_pydantic_field_is_unwrapped() -> None:
    """`Field(default=…)` and `Field(default_factory=…)` give their values; a bare `Field()` gives none."""
    three, new_list, no_default = pydantic.Field(default=3), pydantic.Field(default_factory=list), pydantic.Field(ge=1)

    def fn(a: int = three, b: list[int] = new_list) -> None: ...

    def bare(a: int = no_default) -> None: ...

    first, second = (CallSignature.of(fn).bind((), {}) for _ in range(2))
    assert first == {"a": 3, "b": []}
    assert first["b"] is not second["b"]
    assert CallSignature.of(fn).defaults == {"a": 3, "b": []}
    with pytest.raises(ParameterBindError, match="'a' is missing"):
        CallSignature.of(bare).bind((), {})


def test_a_wrapper_is_handed_by_name_what_it_takes_by_name() -> None:
    """A wrapper that shows another signature than its own gets arguments in the form that it accepts."""

    @functools.wraps(plain)
    def by_name(**kwargs: Any) -> Any:
        return plain(**kwargs)

    args, kwargs = CallSignature.of(by_name).call_arguments({"a": 1, "b": 2})
    assert by_name(*args, **kwargs) == {"a": 1, "b": 2}


def test_parameters_that_are_left_out_are_left_to_the_function() -> None:
    """Going back needs no defaults: Python fills them, also before `*args`."""
    signature = CallSignature.of(everything)
    args, kwargs = signature.call_arguments({"a": 1, "args": (9,), "d": 4})
    assert everything(*args, **kwargs) == {"a": 1, "b": 2, "c": 3, "args": (9,), "d": 4, "e": 5, "kwargs": {}}
    args, kwargs = CallSignature.of(with_defaults).call_arguments({"a": 1, "c": 5})
    assert with_defaults(*args, **kwargs) == {"a": 1, "b": 1, "c": 5}


def test_parameters_that_are_not_in_the_signature_are_refused() -> None:
    """Names that the function does not take, or takes twice, are said."""
    with pytest.raises(
        SignatureMismatchError, match=r"plain\(\) does not take these parameters: 'z' is not a parameter"
    ):
        CallSignature.of(plain).call_arguments({"a": 1, "b": 2, "z": 3})
    with pytest.raises(SignatureMismatchError, match="'e' both as a parameter and within"):
        CallSignature.of(everything).call_arguments({"a": 1, "d": 4, "e": 5, "kwargs": {"e": 6}})
