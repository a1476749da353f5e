"""The kinds of value a setting can have: how each is read from text or TOML, and what to say when it can't be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

_TRUE = frozenset({"true", "1", "yes", "on", "t", "y"})
_FALSE = frozenset({"false", "0", "no", "off", "f", "n"})


class Kind(Generic[T]):
    """A kind of value.

    Attributes:
        expected: what a value must be, in words that follow "expected".
    """

    expected = "a value"

    def read(self, raw: Any) -> T:
        """Return the value that `raw`, a text or a TOML value, stands for.

        Raises:
            ValueError, TypeError: it stands for none.
        """
        raise NotImplementedError

    def write(self, value: T) -> str:
        """Return the text that `read` turns into `value` again."""
        return str(value)


class Boolean(Kind[bool]):
    """True or false."""

    expected = "true or false"

    def read(self, raw: Any) -> bool:
        """Read a boolean, or one of the usual words for it."""
        word = str(raw).strip().lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        raise ValueError(raw)

    def write(self, value: bool) -> str:
        """Return `true` or `false`."""
        return "true" if value else "false"


class Integer(Kind[int]):
    """A whole number.

    Parameters:
        minimum: the least it may be.
        maximum: the most it may be.
    """

    def __init__(self, minimum: int = 0, maximum: int | None = None) -> None:
        self.minimum = minimum
        self.maximum = maximum
        self.expected = f"a whole number of {minimum} or more"
        if maximum is not None:
            self.expected = f"a whole number from {minimum} to {maximum}"

    def read(self, raw: Any) -> int:
        """Read a whole number within the bounds; `1_000` counts as one."""
        if isinstance(raw, bool) or not isinstance(raw, (int, str)):
            raise TypeError(raw)
        number = int(raw)
        if number < self.minimum or (self.maximum is not None and number > self.maximum):
            raise ValueError(raw)
        return number


class Number(Kind[float]):
    """A number, whole or not.

    Parameters:
        minimum: the least it may be.
        above: what it must be greater than.
    """

    def __init__(self, minimum: float = 0.0, above: float | None = None) -> None:
        self.minimum = minimum
        self.above = above
        self.expected = f"a number of {minimum:g} or more" if above is None else f"a number above {above:g}"

    def read(self, raw: Any) -> float:
        """Read a finite number within the bound."""
        if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
            raise TypeError(raw)
        number = float(raw)
        if not math.isfinite(number) or number < self.minimum or (self.above is not None and number <= self.above):
            raise ValueError(raw)
        return number

    def write(self, value: float) -> str:
        """Return the number as people write it."""
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)


class Delays(Kind["float | list[float]"]):
    """One number of seconds, or one for each retry."""

    expected = "a number of seconds, or a list of them such as [1, 10, 60]"

    def read(self, raw: Any) -> float | list[float]:
        """Read one number, or a list of numbers."""
        number = Number()
        if isinstance(raw, str) and (raw.strip().startswith("[") or "," in raw):
            raw = raw.strip().removeprefix("[").removesuffix("]").split(",")
        if isinstance(raw, (list, tuple)):
            return [number.read(one) for one in raw]
        return number.read(raw)

    def write(self, value: float | list[float]) -> str:
        """Return the number, or the list in brackets."""
        number = Number()
        if isinstance(value, list):
            return f"[{', '.join(number.write(one) for one in value)}]"
        return number.write(value)


class Text(Kind[str]):
    """Text that is not empty."""

    expected = "text"

    def read(self, raw: Any) -> str:
        """Read a text; a number is not taken for one."""
        if not isinstance(raw, str) or not raw.strip() or "\0" in raw:
            raise ValueError(raw)
        return raw.strip()


class Url(Text):
    """An address with one of the given schemes.

    Parameters:
        schemes: such as `http`; a driver after a plus sign is allowed.
    """

    def __init__(self, *schemes: str) -> None:
        self.schemes = schemes
        self.expected = f"an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}"

    def read(self, raw: Any) -> str:
        """Read an address and drop the slash at its end."""
        text = super().read(raw)
        scheme, separator, rest = text.partition("://")
        if not separator or not rest or scheme.partition("+")[0].lower() not in self.schemes:
            raise ValueError(raw)
        return text if rest.endswith(":memory:") else text.rstrip("/")


class Choice(Text):
    """One of a few words; upper and lower case alike.

    Parameters:
        words: the words, as they are kept.
    """

    def __init__(self, *words: str) -> None:
        self.words = words
        self.expected = f"one of {', '.join(words)}"

    def read(self, raw: Any) -> str:
        """Read one of the words."""
        text = super().read(raw)
        for word in self.words:
            if word.lower() == text.lower():
                return word
        raise ValueError(raw)


class TextList(Kind["tuple[str, ...]"]):
    """Several texts: a TOML or JSON list, or separated by commas. `[]` is none, where nothing would mean the default."""

    expected = 'a list such as a,b,c or ["a", "b"]'

    def read(self, raw: Any) -> tuple[str, ...]:
        """Read the texts; empty ones are left out."""
        parts: Iterable[Any]
        if isinstance(raw, str):
            parts = _json_list(raw) if raw.strip().startswith("[") else (part.strip() for part in raw.split(","))
        elif isinstance(raw, (list, tuple)):
            parts = raw
        else:
            raise TypeError(raw)
        return tuple(Text().read(part) for part in parts if part != "")

    def write(self, value: tuple[str, ...]) -> str:
        """Return the texts with commas between them, as JSON where commas would not do."""
        plain = ",".join(value)
        if plain and not plain.startswith("[") and self.read(plain) == value:
            return plain
        import json

        return json.dumps(value, ensure_ascii=False)


def _json_list(text: str) -> list[Any]:
    import json

    items = json.loads(text)  # a JSONDecodeError is a ValueError
    if not isinstance(items, list):
        raise TypeError(text)
    return items


class Folder(Kind["Path"]):
    """A folder; `~` stands for the user's home, and a relative one is taken from the working directory."""

    expected = "the path of a folder"

    def read(self, raw: Any) -> Path:
        """Read a path and make it absolute."""
        import os
        from pathlib import Path

        if not isinstance(raw, (str, os.PathLike)) or not str(raw).strip() or "\0" in str(raw):
            raise ValueError(raw)
        try:
            return Path(str(raw).strip()).expanduser().absolute()
        except (RuntimeError, OSError) as error:  # `~someone`, who is no user here; no working directory
            raise ValueError(raw) from error
