"""What parameters a function has, read without calling it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any, NamedTuple

_HAS_VAR_POSITIONAL, _HAS_VAR_KEYWORD = 0x04, 0x08


class Shape(NamedTuple):
    """The parameters of a function by kind.

    Attributes:
        positional: the names of those that can be given by position, in order.
        positional_only: how many of these, from the first, can't be given by name.
        keyword_only: the names of those that can only be given by name.
        var_positional: the name of `*args`, if there is one.
        var_keyword: the name of `**kwargs`, if there is one.
        defaults: what is taken for those that need not be given.
        called_by_position: how many positional parameters the function can really be handed by position: fewer than
            it says where it is a wrapper that shows the signature of what it wraps.
    """

    positional: tuple[str, ...]
    positional_only: int
    keyword_only: tuple[str, ...]
    var_positional: str | None
    var_keyword: str | None
    defaults: dict[str, Any]
    called_by_position: int = sys.maxsize

    @property
    def names(self) -> tuple[str, ...]:
        """Every parameter, in the order of the signature."""
        names = list(self.positional)
        if self.var_positional is not None:
            names.append(self.var_positional)
        names += self.keyword_only
        if self.var_keyword is not None:
            names.append(self.var_keyword)
        return tuple(names)

    def text(self) -> str:
        """Write the parameters as a signature does, without annotations; long or secret defaults are left out."""
        words: list[str] = []
        for position, name in enumerate(self.positional):
            if position == self.positional_only > 0:
                words.append("/")
            words.append(self._with_default(name))
        if len(self.positional) == self.positional_only > 0:
            words.append("/")
        if self.var_positional is not None:
            words.append(f"*{self.var_positional}")
        elif self.keyword_only:
            words.append("*")
        words += map(self._with_default, self.keyword_only)
        if self.var_keyword is not None:
            words.append(f"**{self.var_keyword}")
        return ", ".join(words)

    def _with_default(self, name: str) -> str:
        if name not in self.defaults:
            return name
        default = self.defaults[name]
        return f"{name}={default if default is None or type(default) in (bool, int, float) else '…'}"


def shape_of(fn: Callable[..., Any]) -> Shape:
    """Read the parameters of `fn`. One that shows none, as some built-in functions, is taken to accept anything."""
    plain = fn.__func__ if type(fn) is MethodType else fn
    if type(plain) is FunctionType and not hasattr(plain, "__wrapped__") and not hasattr(plain, "__signature__"):
        shape = _shape_of_code(plain)
        return shape if fn is plain else _without_first(shape)
    return _shape_of_callable(fn)


def _shape_of_code(fn: FunctionType) -> Shape:
    """Read a plain function without `inspect`, which costs milliseconds to import and dozens of microseconds to use."""
    code = fn.__code__
    names, count = code.co_varnames, code.co_argcount
    positional = names[:count]
    end = count + code.co_kwonlyargcount
    keyword_only = names[count:end]
    defaults: dict[str, Any] = {}
    if fn.__defaults__:
        defaults.update(zip(positional[-len(fn.__defaults__) :], fn.__defaults__, strict=True))
    defaults.update(fn.__kwdefaults__ or {})
    var_positional = var_keyword = None
    if code.co_flags & _HAS_VAR_POSITIONAL:
        var_positional = names[end]
        end += 1
    if code.co_flags & _HAS_VAR_KEYWORD:
        var_keyword = names[end]
    return Shape(positional, code.co_posonlyargcount, keyword_only, var_positional, var_keyword, defaults)


def _without_first(shape: Shape) -> Shape:
    """Take away the parameter that a method's instance or class fills."""
    if not shape.positional:
        return shape
    first, *rest = shape.positional
    defaults = {name: default for name, default in shape.defaults.items() if name != first}
    return shape._replace(positional=tuple(rest), positional_only=max(shape.positional_only - 1, 0), defaults=defaults)


def _shape_of_callable(fn: Callable[..., Any]) -> Shape:
    from inspect import Parameter, signature

    try:
        parameters = list(signature(fn).parameters.values())
    except (TypeError, ValueError):
        return Shape((), 0, (), "args", "kwargs", {})

    def named(kind: Any) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in parameters if parameter.kind is kind)

    positional_only = named(Parameter.POSITIONAL_ONLY)
    return Shape(
        positional=positional_only + named(Parameter.POSITIONAL_OR_KEYWORD),
        positional_only=len(positional_only),
        keyword_only=named(Parameter.KEYWORD_ONLY),
        var_positional=next(iter(named(Parameter.VAR_POSITIONAL)), None),
        var_keyword=next(iter(named(Parameter.VAR_KEYWORD)), None),
        defaults={each.name: each.default for each in parameters if each.default is not Parameter.empty},
        called_by_position=_called_by_position(fn),
    )


def _called_by_position(fn: Callable[..., Any]) -> int:
    """Return how many arguments a function takes by position, where it is a wrapper that can take the rest by name."""
    import inspect

    try:
        real = inspect.signature(fn, follow_wrapped=False).parameters.values()
    except (TypeError, ValueError):
        return sys.maxsize
    kinds = {parameter.kind for parameter in real}
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return sys.maxsize
    if inspect.Parameter.VAR_KEYWORD not in kinds and inspect.Parameter.KEYWORD_ONLY not in kinds:
        return sys.maxsize
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(parameter.kind in by_position for parameter in real)
