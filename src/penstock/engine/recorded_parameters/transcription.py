"""Any value as JSON: bounded in bytes, depth and number of items, and never changed by being looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum
from itertools import islice
from typing import Any

from penstock.core.annotations import BaseAnnotation
from penstock.engine.recorded_parameters.bounded_text import MAX_REPR, bounded_repr, class_name, cut_text, storable
from penstock.engine.recorded_parameters.budget import SMALLEST, Budget, text_bytes
from penstock.engine.recorded_parameters.parts import Part, count_of, keeps_back, parts_of
from penstock.engine.recorded_parameters.redaction import MASK, HookBroken, Redaction, is_secret, masked_addresses
from penstock.engine.recorded_parameters.scalars import NO_SCALAR, scalar_of
from penstock.engine.recorded_parameters.summaries import summary_of

JSON = Any

MAX_DEPTH = 10
"""How deep collections are recorded within one another."""

MAX_ITEMS = 1_000
"""How many items of one collection are recorded."""

CUT = "__cut__"
"""The key under which the record says what was left out of it."""

TYPES = "__types__"
"""The key under which the record says of which classes parameters were that JSON does not have."""

WITHHELD = "withheld"
"""Stands among those classes where a part of a parameter was left out, or changed, by more than its class."""

_NOTE_BYTES = 60
_KEPT = frozenset({type(None), bool, int, float, str, list, dict})
_SLACK = 1_000
"""How far a text is read past what there is room for, so that a password across the cut is still recognised."""

_LONGEST_CHARACTER = 4


class Transcription:
    """Writes values as JSON.

    Parameters:
        redaction: what stays secret.

    Attributes:
        kinds: by the name of a parameter, the names of the classes in it that JSON does not have.
    """

    def __init__(self, redaction: Redaction) -> None:
        self.kinds: dict[str, set[str]] = {}
        self._redaction = redaction
        self._around: list[int] = []

    def value(self, value: Any, path: str, budget: Budget) -> JSON:
        """Return `value` as JSON.

        Parameters:
            value: anything.
            path: where it stands, such as `config.hosts.0`.
            budget: the bytes it may take; what it takes is spent.

        Raises:
            HookBroken: the redaction hook raised.
        """
        if is_secret(value):
            return self._text(MASK, path, budget)
        depth = len(self._around)
        reviewed = self._redaction.reviewed(path, value)
        if reviewed is not value:
            self._note(path, WITHHELD)
        value = reviewed
        try:
            return self._compound(value, path, budget)
        except HookBroken:
            raise
        except Exception as error:
            # Nothing of it is shown: what could not be read could not be redacted either.
            del self._around[depth:]
            return self._unserialisable(class_name(value), f"<reading it raised {type(error).__name__}>", path, budget)

    def _note(self, path: str, kind: str) -> None:
        self.kinds.setdefault(path.partition(".")[0], set()).add(kind)

    def _compound(self, value: Any, path: str, budget: Budget) -> JSON:
        scalar = scalar_of(value)
        if type(value) not in _KEPT or (scalar is not NO_SCALAR and type(scalar) is not type(value)):
            self._note(path, class_name(value))
        if isinstance(value, BaseAnnotation):
            return self._compound(value.unwrap(), path, budget)
        if scalar is not NO_SCALAR:
            return self._text(scalar, path, budget) if isinstance(scalar, str) else self._number(scalar, budget)
        if isinstance(value, Enum):
            return self._compound(value.value, path, budget)
        if isinstance(value, (bytes, bytearray)):
            return self._bytes(value, path, budget)
        parts = parts_of(value)
        if parts is not None:
            if keeps_back(value):
                self._note(path, WITHHELD)
            known = list(islice(parts, MAX_ITEMS))
            count = count_of(value) or len(known)
            return self._within(value, path, budget, lambda: self.parts(known, count, path, budget))
        if isinstance(value, (list, tuple, set, frozenset, deque)):
            return self._within(value, path, budget, lambda: self._items(value, len(value), path, budget))
        summary = summary_of(value)
        if summary is not None:
            return self._marked("__summary__", summary, path, budget)
        return self._unserialisable(class_name(value), self._redaction.masked_text(bounded_repr(value)), path, budget)

    def _within(self, value: Any, path: str, budget: Budget, write: Callable[[], JSON]) -> JSON:
        """Write a collection, unless it lies too deep, in itself, or there is no room for it."""
        if id(value) in self._around:
            return self._marked(CUT, "contains itself", path, budget)
        if len(self._around) >= MAX_DEPTH:
            return self._marked(CUT, f"deeper than {MAX_DEPTH}", path, budget)
        if budget.left < 2 + _NOTE_BYTES + SMALLEST:
            return self._nothing(budget)
        self._around.append(id(value))
        written = write()
        self._around.pop()
        return written

    def parts(self, parts: list[Part], count: int, path: str, budget: Budget, *, share: bool = False) -> JSON:
        """Return named values as a JSON object.

        Parameters:
            parts: the values.
            count: how many there are, if `parts` is not all of them.
            path: where the object stands.
            budget: the bytes it may take, which are spent.
            share: let each value take an equal share of what is left, so that a large one does not crowd out the rest.
        """
        written: dict[str, JSON] = {}
        budget.spend(2 + _NOTE_BYTES)
        for index, part in enumerate(parts):
            name = self._name(part.name, written)
            within = f"{path}.{name}" if path else name
            if part.renamed or name != part.name:
                self._note(within, "keys that are no texts")
            taken = text_bytes(name) + 2
            if budget.left < taken + SMALLEST:
                break
            budget.spend(taken)
            room = max(budget.left // (len(parts) - index), SMALLEST) if share else budget.left
            inner = Budget(room)
            if part.value is not None and (part.hidden or self._redaction.hides_name(part.name)):
                written[name] = self._text(MASK, within, inner)
            else:
                written[name] = self.value(part.value, within, inner)
            budget.spend(room - inner.left)
        if len(written) < count:
            written[CUT] = f"{count - len(written)} more"
        else:
            budget.spend(-_NOTE_BYTES)
        return written

    def _name(self, name: str, taken: dict[str, JSON]) -> str:
        name = cut_text(storable(name[: 2 * MAX_REPR]), MAX_REPR)
        return name if name not in taken else f"{name} ({len(taken)})"

    def _items(self, items: Iterable[Any], count: int, path: str, budget: Budget) -> JSON:
        written: list[JSON] = []
        budget.spend(2 + _NOTE_BYTES)
        for index, item in enumerate(islice(items, MAX_ITEMS)):
            if budget.left < 1 + SMALLEST:
                break
            budget.spend(1)
            written.append(self.value(item, f"{path}.{index}", budget))
        if len(written) < count:
            written.append({CUT: f"{count - len(written)} more"})
        else:
            budget.spend(-_NOTE_BYTES)
        return written

    def _number(self, number: float | None, budget: Budget) -> JSON:
        length = len(repr(number))
        if length > budget.left:
            return self._nothing(budget)
        budget.spend(length)
        return number

    def _bytes(self, value: bytes | bytearray, path: str, budget: Budget) -> JSON:
        beginning = bytes(value[: budget.left + _SLACK])
        unseen = len(value) - len(beginning)
        try:
            text = beginning.decode()
        except UnicodeDecodeError as error:
            if not unseen or error.start < len(beginning) - _LONGEST_CHARACTER:
                return self._unserialisable(class_name(value), bounded_repr(beginning[:MAX_REPR]), path, budget)
            text = beginning[: error.start].decode()
        return self._text(text, path, budget, unseen)

    def _text(self, text: str, path: str, budget: Budget, unseen: int = 0) -> str:
        beginning = text[: budget.left + _SLACK]
        masked = masked_addresses(beginning)
        cleaned = storable(masked)
        if cleaned != masked:
            self._note(path, WITHHELD)
        written = cut_text(cleaned, budget.left, unseen + len(text) - len(beginning))
        budget.spend(text_bytes(written))
        return written

    def _unserialisable(self, kind: str, text: str, path: str, budget: Budget) -> JSON:
        needed = text_bytes(kind) + 36
        if budget.left < needed + SMALLEST:
            return self._nothing(budget)
        budget.spend(needed)
        return {"__unserialisable__": kind, "repr": self._text(cut_text(text, MAX_REPR), path, budget)}

    def _marked(self, key: str, text: str, path: str, budget: Budget) -> JSON:
        needed = text_bytes(key) + 3
        if budget.left < needed + SMALLEST:
            return self._nothing(budget)
        budget.spend(needed)
        return {key: self._text(cut_text(storable(text), 3 * MAX_REPR), path, budget)}

    def _nothing(self, budget: Budget) -> str:
        budget.spend(SMALLEST)
        return "…"
