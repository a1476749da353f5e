"""Models count with everything they hold, also what their class does not declare."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import InitVar, dataclass
from functools import cached_property
from typing import Any

import msgspec
import pydantic
import pytest

from penstock.exceptions import HashError
from penstock.hashing import stable_hash


@dataclass
class WithInitVar:
    name: str
    rate: InitVar[int]

    def __post_init__(self, rate: int) -> None:
        self._rate = rate


@dataclass
class Plain:
    name: str = "a"

    @cached_property
    def shout(self) -> str:
        return self.name.upper()


class WithMore(Plain):
    def __init__(self, rate: int) -> None:
        super().__init__()
        self.rate = rate


class Slots(Plain):
    __slots__ = ("__hidden",)

    def __init__(self, rate: int) -> None:
        super().__init__()
        self.__hidden = rate


@dataclass(slots=True)
class Slotted:
    name: str


class MoreSlots(Slotted):
    __slots__ = ("rate",)

    def __init__(self, rate: int) -> None:
        super().__init__("a")
        self.rate = rate


@dataclass
class Secretive:
    """Leaves out of its pickles what a task may still look at."""

    name: str = "a"

    def __getstate__(self) -> dict[str, Any]:
        return {"name": self.name}


class Model(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")

    name: str = "a"
    _rate: int = 0

    @cached_property
    def shout(self) -> str:
        return self.name.upper()

    @pydantic.computed_field  # type: ignore[prop-decorator]
    @cached_property
    def whisper(self) -> str:
        return self.name.lower()


class Struct(msgspec.Struct, dict=True):
    name: str = "a"

    @cached_property
    def shout(self) -> str:
        return self.name.upper()


class Substruct(Struct):
    """Declares nothing of its own, and keeps more than it declares."""


def with_attribute(make: Callable[[], Any], name: str) -> Callable[[int], Any]:
    def made(rate: int) -> Any:
        value = make()
        value.__dict__[name] = rate
        return value

    return made


def private(rate: int) -> Any:
    model = Model()
    model._rate = rate
    return model


VARIETIES: dict[str, Callable[[int], Any]] = {
    "init variable": lambda rate: WithInitVar("a", rate),
    "subclass": WithMore,
    "mangled slot": Slots,
    "slots": MoreSlots,
    "set later": with_attribute(Plain, "rate"),
    "left out of pickles": with_attribute(Secretive, "rate"),
    "pydantic, extra": lambda rate: Model(rate=rate),  # type: ignore[call-arg]
    "pydantic, private": private,
    "pydantic, past its fields": with_attribute(Model, "rate"),
    "msgspec, set later": with_attribute(Struct, "rate"),
    "msgspec, subclass": with_attribute(Substruct, "rate"),
}


@pytest.mark.parametrize("make", VARIETIES.values(), ids=VARIETIES)
def test_what_is_held_counts(make: Callable[[int], Any]) -> None:
    """Beside the fields that the class declares, and whether or not it would be pickled."""
    assert stable_hash(make(2)) == stable_hash(make(2)) != stable_hash(make(3))


@pytest.mark.parametrize("make", [Plain, Model, Struct])
def test_what_a_property_remembers_does_not_count(make: Callable[[], Any]) -> None:
    """It comes and goes while the value stays the same."""
    value = make()
    before = stable_hash(value)
    _ = value.shout, getattr(value, "whisper", None)
    assert stable_hash(value) == before


def test_attrs_classes_count_like_dataclasses() -> None:
    """Attributes of a subclass and such that are set later count, with and without slots; a kept hash does not."""
    attrs = pytest.importorskip("attrs")

    @attrs.define(slots=False)
    class Open:
        name: str = "a"

    @attrs.frozen(cache_hash=True)
    class Closed:
        name: str = "a"

    later = with_attribute(Open, "rate")
    assert stable_hash(later(2)) == stable_hash(later(2)) != stable_hash(later(3))
    closed = Closed()
    before = stable_hash(closed)
    hash(closed)
    assert stable_hash(closed) == before


def test_what_has_no_stable_hash_is_found_there_too() -> None:
    """A lock that a dataclass keeps beside its fields is no less a lock."""
    value: Any = Plain()
    value.lock = threading.Lock()
    with pytest.raises(HashError, match="lock"):
        stable_hash(value)
