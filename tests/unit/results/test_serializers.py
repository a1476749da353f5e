"""Serializers turn values into bytes and back, and say clearly what they can't."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from typing import Any

import pytest

from penstock.exceptions import ConfigurationError, SerializationError
from penstock.serializers import (
    CompressedJSONSerializer,
    CompressedPickleSerializer,
    CompressedSerializer,
    JSONSerializer,
    PickleSerializer,
    Serializer,
    UnknownSerializer,
    resolve_serializer,
)
from penstock.serializers.serializer import from_configuration

NAMES = ["json", "pickle", "compressed/json", "compressed/pickle"]


class Reversing(Serializer[str]):
    type = "reversing"
    times: int = 1
    notes: list[str] = []  # noqa: RUF012 - what is tested is that every serializer gets a copy

    def dumps(self, obj: str) -> bytes:
        return obj[:: (-1) ** self.times].encode()

    def loads(self, blob: bytes) -> str:
        return blob.decode()[:: (-1) ** self.times]


@pytest.mark.parametrize("name", NAMES)
def test_a_value_comes_back_equal(name: str) -> None:
    """What was written by a serializer under its short name is read by one of the same name."""
    value = {"a": [1, 2.5, None, True, "ä\U0001f600"], "b": {"c": []}}
    assert resolve_serializer(name).loads(resolve_serializer(name).dumps(value)) == value


@pytest.mark.parametrize("name", NAMES)
def test_a_serializer_is_known_by_its_name_and_by_its_class(name: str) -> None:
    """The short name, `Serializer(type=…)` and the class give equal serializers, which say their name."""
    serializer = resolve_serializer(name)
    assert serializer == type(serializer)() == Serializer(type=name)
    assert serializer.type == name
    assert resolve_serializer(serializer) is serializer


def test_pickles_hold_functions_that_cannot_be_imported() -> None:
    """A local function is written with its closure."""
    base = 40
    blob = PickleSerializer[Any]().dumps(lambda more: base + more)
    assert PickleSerializer[Any]().loads(blob)(2) == 42


def test_another_pickle_library_can_be_named() -> None:
    """`picklelib` names a module with dumps and loads, which is used in place of cloudpickle."""
    serializer = PickleSerializer[Any](picklelib="marshal")
    assert serializer.loads(serializer.dumps([1, 2])) == [1, 2]
    with pytest.raises(SerializationError, match="marshal|unmarshallable"):
        serializer.dumps(object())


@pytest.mark.parametrize("library", ["lzma", "zlib", "bz2", "gzip"])
def test_compression_makes_bytes_fewer(library: str) -> None:
    """Any module with compress and decompress can be named, and what it writes is smaller."""
    serializer = CompressedSerializer[Any](serializer="json", compressionlib=library)
    value = ["the same words"] * 1000
    blob = serializer.dumps(value)
    assert len(blob) < len(JSONSerializer[Any]().dumps(value)) / 10
    assert serializer.loads(blob) == value


def test_what_cannot_be_written_is_said_with_type_and_remedy() -> None:
    """The error of a value that can't be written names the value's type, the serializer and what to do."""
    for name, value in (("pickle", threading.Lock()), ("json", object()), ("compressed/json", object())):
        with pytest.raises(SerializationError, match="can't be written by the serializer") as caught:
            resolve_serializer(name).dumps(value)
        message = str(caught.value)
        assert type(value).__qualname__ in message
        assert "result_serializer" in message
        assert "persist_result=False" in message


@pytest.mark.parametrize("name", NAMES)
def test_bytes_that_are_damaged_are_said_to_be(name: str) -> None:
    """Reading bytes that the serializer did not write fails with one kind of error."""
    with pytest.raises(SerializationError, match="can't be read by the serializer"):
        resolve_serializer(name).loads(b"\xffnonsense")


def test_a_pickle_of_what_is_gone_is_said_to_be() -> None:
    """A pickle that names a module which is not there fails with the same kind of error, naming the module."""
    blob = pickle.dumps(PickleSerializer).replace(b"pickle_serializer", b"pickle_serialiser")
    with pytest.raises(SerializationError, match="pickle_serialiser"):
        PickleSerializer[Any]().loads(blob)


def test_a_serializer_of_ones_own_goes_by_its_name_and_takes_its_fields() -> None:
    """A subclass with a type is found by it; what it declares on the class are its parameters."""
    assert resolve_serializer("reversing") == Reversing()
    serializer = Serializer[str](type="reversing", times=2)
    assert serializer.dumps("abc") == b"abc"
    assert repr(serializer) == "Reversing(times=2)"
    one, other = Reversing(), Reversing()
    one.notes.append("mine")
    assert other.notes == []


@pytest.mark.parametrize(
    "serializer",
    [
        JSONSerializer[Any](dumps_kwargs={"indent": 1}),
        CompressedSerializer[Any](serializer=JSONSerializer(dumps_kwargs={"indent": 1}), compressionlib="zlib"),
        CompressedJSONSerializer[Any](compressionlib="bz2"),
        CompressedPickleSerializer[Any](),
        PickleSerializer[Any](picklelib="pickle"),
        Reversing(times=3),
    ],
    ids=repr,
)
def test_the_configuration_of_a_serializer_makes_an_equal_one(serializer: Serializer[Any]) -> None:
    """What a record keeps of a serializer is enough to make it again, nested ones included."""
    assert from_configuration(serializer.configuration()) == serializer
    assert pickle.loads(pickle.dumps(serializer)) == serializer


def test_an_unknown_serializer_can_be_looked_at_but_not_used() -> None:
    """A record of a serializer that is not imported here keeps its words, and refuses with what to do."""
    unknown = from_configuration({"type": "theirs", "level": 3})
    assert isinstance(unknown, UnknownSerializer)
    assert unknown.configuration() == {"type": "theirs", "level": 3}
    for refuse in (lambda: unknown.dumps(1), lambda: unknown.loads(b"1")):
        with pytest.raises(SerializationError, match="Import the module that defines it"):
            refuse()


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: resolve_serializer("yaml"), ConfigurationError, "no serializer 'yaml'. Known are .*'json', 'pickle'"),
        (lambda: resolve_serializer(3), TypeError, "not a value of type 'int'"),
        (lambda: JSONSerializer(indent=1), TypeError, "no field 'indent'"),
        (CompressedSerializer, TypeError, "needs 'serializer'"),
        (lambda: JSONSerializer(type="pickle"), ValueError, "is the serializer 'json', not 'pickle'"),
        (lambda: PickleSerializer(picklelib="no.such"), ValueError, "can't be imported"),
        (lambda: PickleSerializer(picklelib="math"), ValueError, "has no function dumps and loads"),
        (lambda: CompressedSerializer(serializer="json", compressionlib="math"), ValueError, "compress and decompress"),
        (lambda: JSONSerializer(dumps_kwargs={"default": str}), ValueError, "object_encoder"),
        (lambda: JSONSerializer(loads_kwargs={"object_hook": dict}), ValueError, "object_decoder"),
    ],
)
def test_a_wrong_configuration_is_refused_at_once(make: Any, error: type[Exception], message: str) -> None:
    """Unknown names, fields and modules are refused when the serializer is made, not when a result is lost."""
    with pytest.raises(error, match=message):
        make()


def test_naming_a_serializer_loads_no_library() -> None:
    """The module and its names cost nothing heavy; cloudpickle comes with the first value that needs it."""
    program = (
        "import sys; from penstock.serializers import resolve_serializer; pickles = resolve_serializer('pickle');"
        "pickles.loads(pickles.dumps(1)); print({'cloudpickle', 'pydantic', 'lzma'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
