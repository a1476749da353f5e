"""Results compressed, whatever else writes them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from penstock.serializers.json_serializer import JSONSerializer
from penstock.serializers.pickle_serializer import PickleSerializer, check_functions
from penstock.serializers.serializer import D, Serializer, refused_load, resolve_serializer


class CompressedSerializer(Serializer[D]):
    """Compresses what another serializer writes.

    Parameters:
        serializer: the other one, or its short name.
        compressionlib: the module that is used, with `compress` and `decompress`: `lzma`, `zlib`, `bz2`, `gzip` …
    """

    type: str = "compressed"
    serializer: Serializer[D]
    compressionlib: str = "lzma"

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self.serializer = resolve_serializer(self.serializer)
        check_functions(self.compressionlib, "compressionlib", "compress", "decompress")

    def dumps(self, obj: D) -> bytes:
        """Turn a value into bytes.

        Raises:
            SerializationError: the other serializer can't.
        """
        blob: bytes = import_module(self.compressionlib).compress(self.serializer.dumps(obj))
        return blob

    def loads(self, blob: bytes) -> D:
        """Turn bytes into a value.

        Raises:
            SerializationError: they are not compressed, or not what the other serializer wrote.
        """
        try:
            content: bytes = import_module(self.compressionlib).decompress(blob)
        except Exception as error:
            raise refused_load(self, error) from error
        return self.serializer.loads(content)


class CompressedPickleSerializer(CompressedSerializer[D]):
    """Compresses pickles. See `CompressedSerializer`."""

    type: str = "compressed/pickle"
    serializer: Serializer[D] = PickleSerializer()


class CompressedJSONSerializer(CompressedSerializer[D]):
    """Compresses JSON. See `CompressedSerializer`."""

    type: str = "compressed/json"
    serializer: Serializer[D] = JSONSerializer()
