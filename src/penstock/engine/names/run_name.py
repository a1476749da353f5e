"""The name of a run, made from a template over its parameters or by a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.core.errors import InvalidNameError
from penstock.engine.names.checked_name import MAX_NAME_LENGTH, UNPRINTABLE
from penstock.engine.signature import CallSignature, name_of


def run_name(template: str | Callable[..., str] | None, parameters: dict[str, Any], default: str) -> str:
    """Return the name of a run.

    Parameters:
        template: a template for `str.format` over the run's parameters, such as `"{city}-on-{day:%A}"`; or a function
            that returns the name and takes nothing, or the parameters as an argument named `parameters`.
        parameters: the run's parameters by name.
        default: the name where there is no template, or where it comes out empty.

    Returns:
        The name on one line; the end of a long one is cut.

    Raises:
        InvalidNameError: the template does not fit the parameters, or the function fails or returns no string.
    """
    if template is None:
        return default
    name = _filled(template, parameters) if isinstance(template, str) else _called(template, parameters)
    name = UNPRINTABLE.sub(" ", name).strip() or default
    return name if len(name) <= MAX_NAME_LENGTH else f"{name[: MAX_NAME_LENGTH - 1]}…"


def _filled(template: str, parameters: dict[str, Any]) -> str:
    try:
        return template.format(**parameters)
    except (KeyError, IndexError) as error:
        known = ", ".join(parameters) or "none"
        raise InvalidNameError(
            f"The run name template {_short(template)} asks for {_short(error.args[0])}, which is not a parameter. "
            f"The parameters are: {known}."
        ) from None
    except Exception as error:
        raise InvalidNameError(
            f"The run name template {_short(template)} could not be filled: {_said(error)}. "
            "It is filled by str.format with the run's parameters."
        ) from error


def _called(function: Callable[..., str], parameters: dict[str, Any]) -> str:
    kwargs = {"parameters": parameters} if "parameters" in CallSignature.of(function).names else {}
    try:
        name: object = function(**kwargs)
    except Exception as error:
        raise InvalidNameError(
            f"The function {name_of(function)!r}, which names runs, failed: {_said(error)}."
        ) from error
    if not isinstance(name, str):
        raise InvalidNameError(
            f"The function {name_of(function)!r}, which names runs, returned a {type(name).__name__}. Let it return a string."
        )
    return name


def _said(error: Exception) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]}…"
