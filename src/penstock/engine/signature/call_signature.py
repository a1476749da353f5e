"""A function's signature, read once, so that binding the arguments of a call costs less than a microsecond."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from penstock.core.errors import ParameterBindError, SignatureMismatchError
from penstock.engine.signature.shape import Shape, shape_of


class CallSignature:
    """Turns the arguments of a call into parameters by name, and back.

    Parameters:
        fn: the function; one taken from an instance or class is bound already and shows no `self`.
        shape: its parameters.
    """

    __slots__ = ("_count", "_defaults", "_fields", "_fn", "_names", "_plain", "_positional", "shape")

    def __init__(self, fn: Callable[..., Any], shape: Shape) -> None:
        self._fn = fn
        self._fields = {name: default for name, default in shape.defaults.items() if is_pydantic_field(default)}
        self.shape = shape
        self._defaults = {name: default for name, default in shape.defaults.items() if name not in self._fields}
        self._names = shape.names
        self._positional = shape.positional
        self._count = len(shape.positional)
        by_position = min(shape.called_by_position, self._count)
        self._plain = self._names == shape.positional and not shape.positional_only and by_position == self._count

    @classmethod
    def of(cls, fn: Callable[..., Any]) -> CallSignature:
        """Read the signature of `fn`. One that has none, as some built-in functions, is taken to accept anything."""
        return cls(fn, shape_of(fn))

    @property
    def names(self) -> tuple[str, ...]:
        """Every parameter, in the order of the signature."""
        return self._names

    @property
    def defaults(self) -> dict[str, Any]:
        """What is taken for each parameter that need not be given."""
        of_fields = {name: value for name in self._fields for value in self._field_default(name, {})}
        return {**self._defaults, **of_fields}

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the parameters of a call by name, in the order of the signature.

        Parameters:
            args: the arguments given by position.
            kwargs: the arguments given by name.

        Returns:
            A value for every parameter; what was not given has its default, `*args` and `**kwargs` stand under their
            own names.

        Raises:
            ParameterBindError: the arguments do not fit the signature.
        """
        given = len(args)
        if self._plain and given <= self._count:
            bound = dict(zip(self._positional, args, strict=False))
            if given == self._count and not kwargs:
                return bound
            if self._fill_by_name(bound, given, kwargs):
                return bound
        return self._bind_any(args, kwargs, fill=True)

    def bind_unfilled(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the parameters that a call gives, by name, without the defaults of the others.

        Raises:
            ParameterBindError: the arguments do not fit the signature.
        """
        return self._bind_any(args, kwargs, fill=False)

    def _fill_by_name(self, bound: dict[str, Any], given: int, kwargs: dict[str, Any]) -> bool:
        """Add what `args` left open of a plain signature; tell whether everything fitted."""
        defaults = self._defaults
        used = 0
        for name in self._positional[given:]:
            if name in kwargs:
                bound[name] = kwargs[name]
                used += 1
            elif name in defaults:
                bound[name] = defaults[name]
            else:
                return False
        return used == len(kwargs)

    def _bind_any(self, args: tuple[Any, ...], kwargs: dict[str, Any], *, fill: bool) -> dict[str, Any]:
        shape, by_name = self.shape, dict(kwargs)
        bound: dict[str, Any] = {}
        faults = self._bind_positional(args, by_name, bound, fill=fill)
        for name in shape.keyword_only:
            if name in by_name:
                bound[name] = by_name.pop(name)
            else:
                faults += self._take_default(name, bound, fill=fill)
        if shape.var_keyword is not None:
            bound[shape.var_keyword] = by_name
        else:
            faults += self._strangers(by_name)
        if faults:
            raise ParameterBindError(
                f"{self._called()} can't be called like this: {'; '.join(faults)}. {self._shown()}"
            )
        return bound

    def _bind_positional(
        self, args: tuple[Any, ...], by_name: dict[str, Any], bound: dict[str, Any], *, fill: bool
    ) -> list[str]:
        shape = self.shape
        faults: list[str] = []
        for position, name in enumerate(shape.positional):
            nameable = name in by_name and position >= shape.positional_only
            if position < len(args):
                bound[name] = args[position]
                if nameable:
                    del by_name[name]
                    faults.append(f"{name!r} is given twice, by position and by name")
            elif nameable:
                bound[name] = by_name.pop(name)
            else:
                faults += self._take_default(name, bound, fill=fill)
        extra = args[len(shape.positional) :]
        if shape.var_positional is not None:
            bound[shape.var_positional] = extra
        elif extra:
            faults.append(f"{len(args)} arguments are given by position and at most {len(shape.positional)} can be")
        return faults

    def _take_default(self, name: str, bound: dict[str, Any], *, fill: bool) -> list[str]:
        """Bind a parameter that was not given to its default; return what is wrong where it has none."""
        if name in self._defaults:
            found = [self._defaults[name]]
        elif name in self._fields:
            found = self._field_default(name, bound)
        else:
            found = []
        if not found:
            return [f"{name!r} is missing"]
        if fill:
            bound[name] = found[0]
        return []

    def _field_default(self, name: str, bound: dict[str, Any]) -> list[Any]:
        """Return the default that a `pydantic.Field` stands for; nothing where it has none."""
        from pydantic_core import PydanticUndefined

        value = self._fields[name].get_default(call_default_factory=True, validated_data=bound)
        return [] if value is PydanticUndefined else [value]

    def _strangers(self, by_name: Iterable[str]) -> list[str]:
        from difflib import get_close_matches

        faults = []
        for name in by_name:
            if name in self.shape.positional[: self.shape.positional_only]:
                faults.append(f"{name!r} is given by name and can only be given by position")
                continue
            alike = get_close_matches(name, self._names, 1)
            faults.append(f"{name!r} is not a parameter" + (f" (did you mean {alike[0]!r}?)" if alike else ""))
        return faults

    def call_arguments(self, parameters: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return how to call the function with `parameters`: the arguments by position and those by name.

        Parameters:
            parameters: values by name; those left out are left to the function's own defaults.

        Raises:
            SignatureMismatchError: a name is not a parameter, or is given a second time within `**kwargs`.
        """
        if self._plain and len(parameters) == self._count:
            try:
                return tuple([parameters[name] for name in self._positional]), {}
            except KeyError:
                pass
        self._refuse_strangers(parameters)
        shape = self.shape
        remaining = dict(parameters)
        more_args = () if shape.var_positional is None else tuple(remaining.pop(shape.var_positional, ()))
        more_kwargs = {} if shape.var_keyword is None else dict(remaining.pop(shape.var_keyword, None) or {})
        args: list[Any] = []
        for name in shape.positional[: shape.called_by_position]:
            if name in remaining:
                args.append(remaining.pop(name))
            elif more_args and name in self._defaults:
                args.append(self._defaults[name])
            else:
                break
        args.extend(more_args)
        self._refuse_doubles(parameters, more_kwargs)
        return tuple(args), {**remaining, **more_kwargs}

    def _refuse_strangers(self, parameters: dict[str, Any]) -> None:
        strangers = [name for name in parameters if name not in self._names]
        if strangers:
            faults = "; ".join(self._strangers(strangers))
            raise SignatureMismatchError(f"{self._called()} does not take these parameters: {faults}. {self._shown()}")

    def _refuse_doubles(self, parameters: dict[str, Any], more_kwargs: dict[str, Any]) -> None:
        named = (*self.shape.positional[self.shape.positional_only :], *self.shape.keyword_only)
        doubles = [name for name in more_kwargs if name in named and name in parameters]
        if doubles:
            raise SignatureMismatchError(
                f"{self._called()} is given {', '.join(map(repr, doubles))} both as a parameter and within "
                f"**{self.shape.var_keyword}. {self._shown()}"
            )

    def _called(self) -> str:
        return f"{name_of(self._fn)}()"

    def _shown(self) -> str:
        return f"Its signature is {name_of(self._fn)}({self.shape.text()})."

    def __repr__(self) -> str:
        return f"<CallSignature {name_of(self._fn)}({self.shape.text()})>"


def name_of(fn: Callable[..., Any]) -> str:
    """Return the name people know a function by: for a partial its function's, for an object its class's."""
    while not hasattr(fn, "__name__") and hasattr(fn, "func"):
        fn = fn.func
    return str(getattr(fn, "__name__", None) or type(fn).__name__)


def is_pydantic_field(default: Any) -> bool:
    """Tell whether a default is a `pydantic.Field(...)`, which stands for another default and says more."""
    # While another thread imports pydantic, it is there without its classes.
    return isinstance(default, getattr(sys.modules.get("pydantic.fields"), "FieldInfo", ()))
