"""Results as JSON: for every language, and to be read by people."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from penstock.serializers.pickle_serializer import check_functions
from penstock.serializers.serializer import D, Serializer, refused_dump, refused_load

ENCODER = "penstock.serializers.json_objects.encode_object"
DECODER = "penstock.serializers.json_objects.decode_object"


class JSONSerializer(Serializer[D]):
    """Writes JSON.

    Beyond JSON it knows pydantic models, dataclasses, enums, exceptions, dates and times, `Decimal`, `UUID`, paths,
    bytes, sets. Tuples come back as lists, keys as texts.

    Parameters:
        jsonlib: the module that is used, with `dumps` and `loads`.
        object_encoder: where the function is that makes JSON of what the module can't write; None for none.
        object_decoder: where the function is that is given each object that is read; None for none.
        dumps_kwargs: more arguments for `dumps`.
        loads_kwargs: more arguments for `loads`.
    """

    type: str = "json"
    jsonlib: str = "json"
    object_encoder: str | None = ENCODER
    object_decoder: str | None = DECODER
    dumps_kwargs: dict[str, Any] = {}  # noqa: RUF012 - every serializer gets a copy
    loads_kwargs: dict[str, Any] = {}  # noqa: RUF012

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        if "default" in self.dumps_kwargs:
            raise ValueError("dumps_kwargs can't contain 'default'. Name the function with object_encoder.")
        if "object_hook" in self.loads_kwargs:
            raise ValueError("loads_kwargs can't contain 'object_hook'. Name the function with object_decoder.")
        if self.jsonlib != "json":
            check_functions(self.jsonlib, "jsonlib", "dumps", "loads")

    def dumps(self, obj: D) -> bytes:
        """Turn a value into bytes.

        Raises:
            SerializationError: it holds something that has no JSON.
        """
        try:
            if self.object_encoder == ENCODER:
                return self._dumps_marked(obj)
            return self._dumps(obj, _function(self.object_encoder))
        except Exception as error:
            raise refused_dump(self, obj, error) from error

    def _dumps(self, obj: D, encoder: Callable[[Any], Any] | None) -> bytes:
        options = self.dumps_kwargs if encoder is None else {**self.dumps_kwargs, "default": encoder}
        written: str | bytes = import_module(self.jsonlib).dumps(obj, **options)
        return written.encode() if isinstance(written, str) else written

    def _dumps_marked(self, obj: D) -> bytes:
        from penstock.serializers.json_objects import MARK, encode_object

        marked = 0

        def encode(value: Any) -> dict[str, Any]:
            nonlocal marked
            marked += 1
            return encode_object(value)

        written = self._dumps(obj, encode)
        if written.count(f'"{MARK}"'.encode()) != marked:
            # It would come back as something else.
            raise ValueError(f"it holds the key {MARK!r}, which Penstock keeps for itself")
        return written

    def loads(self, blob: bytes) -> D:
        """Turn bytes into a value.

        Raises:
            SerializationError: they are no JSON, or of something that is not there any more.
        """
        try:
            decoder = _function(self.object_decoder)
            options = self.loads_kwargs if decoder is None else {**self.loads_kwargs, "object_hook": decoder}
            value: D = import_module(self.jsonlib).loads(blob.decode(), **options)
        except Exception as error:
            raise refused_load(self, error) from error
        return value


def _function(path: str | None) -> Callable[[Any], Any] | None:
    if path is None:
        return None
    module, _, name = path.rpartition(".")
    function: Callable[[Any], Any] = getattr(import_module(module), name)
    return function
