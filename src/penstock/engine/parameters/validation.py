"""Makes the parameters of a flow fit the annotations of its function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from penstock.core.errors import ParameterTypeError, SignatureMismatchError
from penstock.engine.parameters.annotations import annotations_of
from penstock.engine.parameters.exact_types import UNSURE, reader_of
from penstock.engine.parameters.misfit import Misfit, message_for
from penstock.engine.signature import CallSignature, is_pydantic_field, name_of

_fitted: WeakKeyDictionary[Any, FittedParameters] = WeakKeyDictionary()


def validate_parameters(flow_name: str, fn: Callable[..., Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """Return `parameters` converted to what `fn` is annotated with.

    Parameters:
        flow_name: the flow, for the message.
        fn: its function.
        parameters: values by name; none of them a future or state.

    Returns:
        A value for every parameter. What fits is kept as it is, except that lists, sets and dicts are copied where
        their items are annotated. A default is converted where that is possible and kept where it is not; what
        `*args` and `**kwargs` hold is kept.

    Raises:
        ParameterTypeError: a value can't be converted, or a parameter without a default is missing.
        SignatureMismatchError: the function has no parameter of that name.
    """
    return _fitted_parameters(fn).validate(flow_name, fn, parameters)


def _fitted_parameters(fn: Callable[..., Any]) -> FittedParameters:
    # A method is a new object each time it is taken from its instance; its function is not.
    key = getattr(fn, "__func__", fn)
    try:
        found = _fitted.get(key)
    except TypeError:
        return FittedParameters(fn)
    if found is None or found.bound is not (key is not fn):
        found = _fitted[key] = FittedParameters(fn)
    return found


class FittedParameters:
    """The parameters of one function, each with a way to fit a value to its annotation.

    Parameters:
        fn: the function.

    Attributes:
        bound: whether the function is a method taken from its instance or class.
    """

    def __init__(self, fn: Callable[..., Any]) -> None:
        signature = CallSignature.of(fn)
        variadic = {signature.shape.var_positional, signature.shape.var_keyword}
        annotations = annotations_of(fn)
        self.bound = hasattr(fn, "__func__")
        self._fn_name = name_of(fn)
        self._signature_text = signature.shape.text()
        self._defaults = signature.defaults
        self._fitters: dict[str, Fitter | None] = {}
        for name in signature.names:
            default = signature.shape.defaults.get(name)
            field = default if is_pydantic_field(default) else None
            annotated = name in annotations or field is not None
            self._fitters[name] = (
                Fitter(annotations.get(name, Any), field) if annotated and name not in variadic else None
            )
        self._variadic = variadic

    def validate(self, flow_name: str, fn: Callable[..., Any], parameters: dict[str, Any]) -> dict[str, Any]:
        """Return `parameters` fitted; see `validate_parameters`."""
        if not parameters.keys() <= self._fitters.keys():
            strangers = ", ".join(repr(name) for name in parameters if name not in self._fitters)
            raise SignatureMismatchError(
                f"Flow {flow_name!r} has no parameter {strangers}. Its function is {self._fn_name}({self._signature_text})."
            )
        fitted: dict[str, Any] = {}
        misfits: list[Misfit] = []
        for name, fitter in self._fitters.items():
            if name in parameters:
                value = parameters[name]
            elif name in self._defaults:
                value = self._defaults[name]
            else:
                if name not in self._variadic:
                    misfits.append(Misfit.missing(name))
                continue
            fitted[name] = value if fitter is None else self._fit(name, fitter, value, fn, misfits)
        if misfits:
            raise ParameterTypeError(message_for(flow_name, misfits))
        return fitted

    def _fit(self, name: str, fitter: Fitter, value: Any, fn: Callable[..., Any], misfits: list[Misfit]) -> Any:
        is_default = name in self._defaults and value is self._defaults[name]
        if is_default and value is None:
            return None
        outcome = fitter.fit(name, value, fn)
        if not isinstance(outcome, _Misfits):
            return outcome
        if is_default:
            return value
        misfits += outcome
        return value


class _Misfits(list[Misfit]):
    """What is wrong with one value."""


class Fitter:
    """Fits values to one annotation; pydantic is loaded only for values that are not plainly of their type.

    Parameters:
        annotation: the type.
        field: a `pydantic.Field` with more conditions, or None.
    """

    # The function itself is not kept: it is the weak key under which fitters are kept.
    __slots__ = ("_annotation", "_field", "_model", "_read")

    def __init__(self, annotation: Any, field: Any) -> None:
        self._annotation = annotation
        self._field = field
        self._read = reader_of(annotation) if field is None else None
        self._model: Any = UNSURE

    def fit(self, name: str, value: Any, fn: Callable[..., Any]) -> Any:
        """Return `value` converted, or `_Misfits`; `fn` is the function, whose module the annotation may refer to."""
        if self._read is not None:
            found = self._read(value)
            if found is not UNSURE:
                return found
        if self._model is UNSURE:
            from penstock.engine.parameters.value_model import value_model

            self._model = value_model(self._annotation, self._field, fn)
        if self._model is None:
            return value
        from pydantic import ValidationError

        try:
            return self._model.model_validate({"value": value}).value
        except ValidationError as error:
            return _Misfits(
                Misfit.from_pydantic(name, self._annotation, each) for each in error.errors(include_url=False)
            )
        except Exception as error:
            return _Misfits([Misfit.from_exception(name, self._annotation, value, error)])
