"""Turning a value into canonical bytes, and those into a hash."""

from __future__ import annotations

from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

from penstock.hashing.framing import compound, digest
from penstock.hashing.kinds import TakeApart, way_of
from penstock.hashing.objects import STANDS_FOR
from penstock.hashing.refusal import hash_error, refusal
from penstock.hashing.scalars import SCALARS

FORMAT = b"penstock hash 1"
"""Raised when the same value gets another hash than before, so that old keys do not match by chance."""

REMEMBERED_VALUES = 50_000
MOST_RETURNS = 50_000
"""The most values with functions in them that refer to themselves which are taken apart for one hash."""

_ways: WeakKeyDictionary[type, TakeApart] = WeakKeyDictionary()


class Encoder:
    """Turns the values of one hash into canonical bytes.

    A value that turns up in several places is taken apart once, so that the work grows with what there is, not with
    the number of ways to get there.
    """

    __slots__ = ("_known", "_open", "_returned", "_returns")

    def __init__(self) -> None:
        # The values are kept with their bytes: an id is only theirs as long as they live.
        self._known: dict[int, tuple[Any, bytes]] = {}
        # What is being taken apart, with how deep it lies; and whether the value in hand refers back to any of it.
        self._open: dict[int, int] = {}
        self._returned = False
        self._returns = 0

    def encode(self, value: Any) -> bytes:
        """Return the canonical bytes of `value`.

        Raises:
            HashError: it has none.
        """
        write = SCALARS.get(type(value))
        return self._compound(value) if write is None else write(value)

    def _compound(self, value: Any) -> bytes:
        identity = id(value)
        known = self._known.get(identity)
        if known is not None:
            return known[1]
        if identity in self._open:
            return self._back_to(value)
        self._open[identity] = len(self._open)
        before, self._returned = self._returned, False
        encoded = compound(*_way(type(value))(value, self.encode))
        del self._open[identity]
        if self._returned:
            # Within what it refers to it is written otherwise than elsewhere, so it is taken apart anew each time.
            self._returns += 1
            if self._returns > MOST_RETURNS:
                raise refusal(value, "it holds too many functions that refer to one another")
        elif len(self._known) < REMEMBERED_VALUES:
            self._known[identity] = (value, encoded)
        self._returned = self._returned or before
        return encoded

    def _back_to(self, value: Any) -> bytes:
        """Return the bytes of a function, flow or task within itself: how far up it is."""
        if not isinstance(value, FunctionType) and not hasattr(type(value), STANDS_FOR):
            raise refusal(value, "it contains itself")
        self._returned = True
        return b"<%d up>" % (len(self._open) - self._open[id(value)])


def _way(kind: type) -> TakeApart:
    way = _ways.get(kind)
    if way is None:
        way = _ways[kind] = way_of(kind)
    return way


def stable_hash(*values: Any) -> str:
    """Return a hash of `values`: 64 hexadecimal digits, the same in every process.

    Values are told apart by their types as well: `1`, `1.0` and `True` differ, and so do a list and a tuple of the
    same items. The order of a dict or a set is no part of it, that of an `OrderedDict` is. `0.0` and `-0.0` differ;
    every NaN is the same. A function is told by its name, bytecode, defaults and closure, so another minor version of
    Python gives it another hash.

    Parameters:
        values: any number of values.

    Raises:
        HashError: one of them, or something inside of it, has no stable hash.

    Example:
        >>> stable_hash({"a": 1, "b": 2}) == stable_hash({"b": 2, "a": 1})
        True
    """
    encoder = Encoder()
    try:
        return digest(FORMAT + b"".join([encoder.encode(value) for value in values])).hex()
    except RecursionError as error:
        raise hash_error("A value has no stable hash: it is nested too deeply") from error
