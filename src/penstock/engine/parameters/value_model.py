"""A pydantic model of one value, for annotations that need more than a look at the class."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from penstock.engine.parameters.annotations import namespace_of

if TYPE_CHECKING:
    from pydantic import BaseModel


def value_model(annotation: Any, field: Any, fn: Callable[..., Any]) -> type[BaseModel] | None:
    """Return a model with one field, `value`, of an annotated type.

    Parameters:
        annotation: the type; classes unknown to pydantic are checked with isinstance.
        field: a `pydantic.Field` with more conditions, or None.
        fn: the function whose names the annotation may refer to.

    Returns:
        The model, or None where pydantic can't make one: the value then can't be checked.
    """
    from pydantic import ConfigDict, create_model

    if getattr(annotation, "_is_protocol", False) and not getattr(annotation, "_is_runtime_protocol", False):
        return None
    annotated: Any = annotation if field is None else Annotated[annotation, field]
    fields: dict[str, Any] = {"value": (annotated, ...)}
    config = ConfigDict(arbitrary_types_allowed=True, populate_by_name=True)
    try:
        model: type[BaseModel] = create_model("Parameter", __config__=config, **fields)
        model.model_rebuild(raise_errors=False, _types_namespace=namespace_of(fn))
    except Exception:
        return None
    return model if model.__pydantic_complete__ else None
