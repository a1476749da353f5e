"""The contract of serializers, and the short names they go by."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar, Generic, TypeVar, cast

from penstock.core.errors import ConfigurationError, SerializationError

D = TypeVar("D")

_BUILT_IN = {
    "json": "penstock.serializers.json_serializer",
    "pickle": "penstock.serializers.pickle_serializer",
    "compressed": "penstock.serializers.compressed_serializer",
    "compressed/json": "penstock.serializers.compressed_serializer",
    "compressed/pickle": "penstock.serializers.compressed_serializer",
}

_registered: dict[str, type[Serializer[Any]]] = {}


class Serializer(Generic[D]):
    """Turns values into bytes and back.

    A serializer of your own is a subclass with a `type`, which is the name it goes by, with `dumps` and `loads`, and
    with fields declared on the class, which become its parameters:

        >>> class Shouting(Serializer):
        ...     type = "shouting"
        ...     mark: str = "!"
        ...     def dumps(self, obj):
        ...         return f"{obj}{self.mark}".encode()
        ...     def loads(self, blob):
        ...         return blob.decode().removesuffix(self.mark)
        >>> Serializer(type="shouting", mark="?").dumps("hello")
        b'hello?'

    Parameters:
        type: the short name of the serializer that is wanted.
        fields: values for its fields.
    """

    type: str = "__base__"
    _fields: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared = [name for name, kind in cls.__annotations__.items() if _is_field(name, kind)]
        cls._fields = {**cls._fields, **{name: cls.__dict__.get(name, ...) for name in declared}}
        name = cls.__dict__.get("type")
        if isinstance(name, str):
            _registered[name] = cls

    def __new__(cls, *_: Any, **fields: Any) -> Serializer[D]:
        """Return a serializer of the kind that `type` names."""
        kind = _class_of(fields["type"]) if cls is Serializer and "type" in fields else cls
        return cast("Serializer[D]", object.__new__(kind))

    def __init__(self, **fields: Any) -> None:
        name = fields.pop("type", self.type)
        if name != self.type:
            raise ValueError(f"{type(self).__name__} is the serializer {self.type!r}, not {name!r}.")
        unknown = fields.keys() - self._fields.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(map(repr, sorted(unknown)))}.")
        missing = [name for name, default in self._fields.items() if default is ... and name not in fields]
        if missing:
            raise TypeError(f"{type(self).__name__} needs {', '.join(map(repr, missing))}.")
        for field, default in self._fields.items():
            # A default that can change is copied, so that one serializer does not change another.
            given = fields.get(field, default)
            setattr(self, field, type(given)(given) if isinstance(given, (dict, list, set)) else given)

    def dumps(self, obj: D) -> bytes:
        """Turn a value into bytes."""
        raise NotImplementedError(f"{type(self).__name__} has no dumps(obj).")

    def loads(self, blob: bytes) -> D:
        """Turn bytes into a value."""
        raise NotImplementedError(f"{type(self).__name__} has no loads(blob).")

    def configuration(self) -> dict[str, Any]:
        """Return what makes an equal serializer: its type, and the fields that differ from their defaults."""
        changed = {name: value for name, value in self._values().items() if value != self._fields[name]}
        nested = {
            name: value.configuration() if isinstance(value, Serializer) else value for name, value in changed.items()
        }
        return {"type": self.type, **nested}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Serializer) and (type(self), self._values()) == (type(other), other._values())

    __hash__ = None  # type: ignore[assignment]  # fields may be changed

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self._fields}

    def __repr__(self) -> str:
        values = self._values().items()
        shown = ", ".join(f"{name}={value!r}" for name, value in values if value != self._fields[name])
        return f"{type(self).__name__}({shown})"


def _is_field(name: str, kind: object) -> bool:
    return name != "type" and not name.startswith("_") and "ClassVar" not in str(kind)


class UnknownSerializer(Serializer[Any]):
    """Stands for a serializer that this process does not know, in records that another one wrote."""

    def __init__(self, **fields: Any) -> None:
        self.type = fields.pop("type", "")
        self.fields = fields

    def configuration(self) -> dict[str, Any]:
        """Return what the record says of the serializer."""
        return {"type": self.type, **self.fields}

    def _values(self) -> dict[str, Any]:
        return self.configuration()

    def __repr__(self) -> str:
        return f"UnknownSerializer({self.configuration()!r})"

    def _refuse(self) -> SerializationError:
        return SerializationError(
            f"There is no serializer {self.type!r} in this process. Import the module that defines it first."
        )

    def dumps(self, obj: Any) -> bytes:
        """Refuse."""
        raise self._refuse()

    def loads(self, blob: bytes) -> Any:
        """Refuse."""
        raise self._refuse()


def _class_of(name: str) -> type[Serializer[Any]]:
    if name not in _registered and name in _BUILT_IN:
        import_module(_BUILT_IN[name])
    if name not in _registered:
        known = ", ".join(repr(one) for one in sorted({*_BUILT_IN, *_registered} - {"compressed"}))
        raise ConfigurationError(
            f"There is no serializer {name!r}. Known are {known}; one of your own must be imported."
        )
    return _registered[name]


def resolve_serializer(serializer: Serializer[Any] | str) -> Serializer[Any]:
    """Return the serializer that is meant.

    Parameters:
        serializer: a serializer, or the short name of one.

    Raises:
        ConfigurationError: there is none of that name.
        TypeError: it is neither.
    """
    if isinstance(serializer, Serializer):
        return serializer
    if isinstance(serializer, str):
        return _class_of(serializer)()
    raise TypeError(
        f"A serializer is a Serializer or the name of one, not a value of type {type(serializer).__name__!r}."
    )


def from_configuration(configuration: dict[str, Any]) -> Serializer[Any]:
    """Return the serializer that `configuration` was taken from; an `UnknownSerializer` where its type is not known."""
    try:
        kind = _class_of(configuration["type"])
    except ConfigurationError:
        return UnknownSerializer(**configuration)
    nested = {
        name: from_configuration(value) if name == "serializer" and isinstance(value, dict) else value
        for name, value in configuration.items()
    }
    return kind(**nested)


def refused_dump(serializer: Serializer[Any], obj: Any, error: Exception) -> SerializationError:
    """Return the error of a value that `serializer` can't turn into bytes."""
    kind = type(obj)
    return SerializationError(
        f"A value of type '{kind.__module__}.{kind.__qualname__}' can't be written by the serializer {serializer.type!r}: "
        f"{_in_words(error)}. Give the flow or task another `result_serializer`, or `persist_result=False`."
    )


def refused_load(serializer: Serializer[Any], error: Exception) -> SerializationError:
    """Return the error of bytes that `serializer` can't turn into a value."""
    return SerializationError(
        f"A result can't be read by the serializer {serializer.type!r}: {_in_words(error)}. "
        "Check that this process has the code and the packages that the result was written with."
    )


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:300].rstrip('.')}"
