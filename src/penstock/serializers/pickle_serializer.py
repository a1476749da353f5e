"""Results as pickles: nearly every value, for Python only."""

from __future__ import annotations

import pickle
from importlib import import_module
from itertools import chain
from typing import Any

from penstock.serializers.serializer import D, Serializer, refused_dump, refused_load

CLOUDPICKLE = "cloudpickle"
PROTOCOL = pickle.HIGHEST_PROTOCOL

# They hold no code, so that both libraries write the same, and the standard one is loaded already, and faster.
_WITHOUT_CODE = frozenset({type(None), bool, int, float, complex, str, bytes})
_FEW_ITEMS = 20


class PickleSerializer(Serializer[D]):
    """Writes pickles; `cloudpickle` also writes functions and classes that can't be imported.

    Reading a pickle runs what it says: only read from storages whose writers you trust.

    Parameters:
        picklelib: the module that is used, with `dumps` and `loads`.
    """

    type: str = "pickle"
    picklelib: str = CLOUDPICKLE

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        if self.picklelib != CLOUDPICKLE:
            check_functions(self.picklelib, "picklelib", "dumps", "loads")

    def dumps(self, obj: D) -> bytes:
        """Turn a value into bytes.

        Raises:
            SerializationError: it can't be pickled.
        """
        try:
            if self.picklelib == CLOUDPICKLE and _is_without_code(obj):
                return pickle.dumps(obj, PROTOCOL)
            blob: bytes = import_module(self.picklelib).dumps(obj)
        except Exception as error:
            raise refused_dump(self, obj, error) from error
        return blob

    def loads(self, blob: bytes) -> D:
        """Turn bytes into a value.

        Raises:
            SerializationError: they are no pickle, or of something that is not there any more.
        """
        library: Any = pickle if self.picklelib == CLOUDPICKLE else import_module(self.picklelib)
        try:
            value: D = library.loads(blob)
        except Exception as error:
            raise refused_load(self, error) from error
        return value


def _is_without_code(value: Any) -> bool:
    """Whether a value is known at a glance to hold no code: a plain one, or a few of them together."""
    kind = type(value)
    if kind in _WITHOUT_CODE:
        return True
    if kind is dict:
        return len(value) <= _FEW_ITEMS and _WITHOUT_CODE.issuperset(map(type, chain(value, value.values())))
    return kind in (list, tuple, set) and len(value) <= _FEW_ITEMS and _WITHOUT_CODE.issuperset(map(type, value))


def check_functions(module: str, field: str, *functions: str) -> None:
    """Raise ValueError unless `module` can be imported and has `functions`."""
    try:
        imported = import_module(module)
    except ImportError as error:
        raise ValueError(f"{field}={module!r} can't be imported: {error}. Install it, or name another one.") from error
    missing = [function for function in functions if not callable(getattr(imported, function, None))]
    if missing:
        raise ValueError(f"{field}={module!r} has no function {' and '.join(missing)}. Name another module.")
