"""Values checked against a JSON Schema that a user gave: nothing is fetched for it, and no pattern takes long.

jsonschema-rs does it, loaded when the first schema is checked. What a string is said to be (`format`) is not: flows take more
ways to write an instant than the standard knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NoReturn
from urllib.parse import unquote

from penstock.core.errors import InvalidRequest
from penstock.server import bounds
from penstock.server.database.types import encode_json

MOST_STEPS = 200_000
"""How many schemas one may come to, when each reference is followed: checking a value takes time in proportion."""

_BACKTRACK_LIMIT = 50_000
_PATTERN_LIMIT_BYTES = 1_000_000
_KEPT = 256
_LONGEST_MESSAGE = 500
_DEEPEST = 150
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_ANCHORS = ("$anchor", "$dynamicAnchor")


def check_schema(schema: dict[str, Any], what: str) -> None:
    """Check that `schema` is a JSON Schema that values can be checked against.

    Parameters:
        schema: the schema; an empty one takes everything.
        what: what it is of, such as `the parameters of deployment 'hello/daily'`.

    Raises:
        InvalidRequest: it is none, refers to something outside of it, or takes too long.
    """
    if not schema:
        return
    if _Steps(schema, what).of(schema) > MOST_STEPS:
        raise InvalidRequest(
            f"The schema of {what} comes to more than {MOST_STEPS:,} schemas when its references are followed. Make it smaller."
        )
    _validator(schema, what)


def check_values(
    schema: dict[str, Any],
    values: dict[str, Any],
    noun: str,
    owner: str,
    remedy: str,
    *,
    partial: bool = False,
) -> None:
    """Check that named values fit a schema.

    Parameters:
        schema: which `check_schema` has found good; an empty one takes everything.
        values: by name.
        noun: what one of them is, such as `parameter`.
        owner: what they are of, such as `deployment 'hello/daily'`.
        remedy: what can be done about it.
        partial: whether others come to them, so that none need be there yet.

    Raises:
        InvalidRequest: one does not fit.
    """
    if not schema:
        return
    if partial:
        schema = {name: part for name, part in schema.items() if name != "required"}
    error = next(iter(_validator(schema, f"the {noun}s of {owner}").iter_errors(values)), None)
    if error is not None:
        raise InvalidRequest(f"{_fault(error, noun, owner)} {remedy}")


def _fault(error: Any, noun: str, owner: str) -> str:
    path, kind = list(error.instance_path), error.kind
    if kind.name == "required" and not path:
        return f"The {noun} {kind.property!r} of {owner} is missing."
    if kind.name in {"additionalProperties", "unevaluatedProperties"} and not path:
        names = ", ".join(repr(one) for one in kind.unexpected[:5])
        return f"There is no {noun} {names} of {owner}."
    message = bounds.cut(str(error.message), _LONGEST_MESSAGE)
    if not path:
        return f"The {noun}s of {owner} do not fit: {message}."
    return f"The {noun} {_place(path)!r} of {owner} does not fit: {message}."


def _place(path: list[Any]) -> str:
    return str(path[0]) + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path[1:])


def _validator(schema: dict[str, Any], what: str) -> Any:
    try:
        return _compiled(encode_json(schema) or "{}")
    except _errors() as error:
        reason = str(getattr(error, "message", error)).partition("\n")[0][:500]
        raise InvalidRequest(f"The schema of {what} is no JSON Schema that can be used: {reason}.") from error


@lru_cache(maxsize=_KEPT)
def _compiled(text: str) -> Any:
    import jsonschema_rs

    return jsonschema_rs.validator_for(
        text,
        validate_formats=False,
        retriever=_refuse,
        # Values may be secret, and errors are read by many.
        mask="it",
        pattern_options=jsonschema_rs.FancyRegexOptions(
            backtrack_limit=_BACKTRACK_LIMIT, size_limit=_PATTERN_LIMIT_BYTES
        ),
    )


@cache
def _errors() -> tuple[type[Exception], ...]:
    import jsonschema_rs

    return ValueError, jsonschema_rs.ReferencingError


def _refuse(address: str) -> NoReturn:
    raise ValueError(f"{address} is not fetched")


class _Steps:
    """How many schemas each part of one comes to, when references are followed; one within itself counts once."""

    def __init__(self, schema: dict[str, Any], what: str) -> None:
        self._schema = schema
        self._what = what
        self._known: dict[int, int] = {}
        self._anchors = {
            part[name]: part for part in _parts(schema) for name in _ANCHORS if isinstance(part.get(name), str)
        }

    def of(self, part: Any, depth: int = 0) -> int:
        """Return how many schemas `part` comes to.

        Raises:
            InvalidRequest: it refers to something outside, or there is no end to it.
        """
        if not isinstance(part, (dict, list)):
            return 0
        if id(part) in self._known:
            return self._known[id(part)]
        if depth > _DEEPEST:
            raise InvalidRequest(f"The schema of {self._what} is more than {_DEEPEST} levels deep. Make it flatter.")
        self._known[id(part)] = 1
        steps = 1 + sum(self.of(inner, depth + 1) for inner in (part.values() if isinstance(part, dict) else part))
        for name in _REFERENCES:
            if isinstance(part, dict) and isinstance(part.get(name), str):
                steps += self.of(self._found(part[name]), depth + 1)
        self._known[id(part)] = steps
        return steps

    def _found(self, reference: str) -> Any:
        if not reference.startswith("#"):
            raise InvalidRequest(
                f"The schema of {self._what} refers to {reference[:200]!r}, outside of itself, and nothing is "
                "fetched for it. Put what "
                "it refers to under `$defs`."
            )
        pointer = unquote(reference[1:])
        if not pointer.startswith("/"):
            return self._anchors.get(pointer, self._schema) if pointer else self._schema
        found: Any = self._schema
        for name in pointer[1:].split("/"):
            name = name.replace("~1", "/").replace("~0", "~")  # noqa: PLW2901  - as RFC 6901 has it
            if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            elif isinstance(found, dict):
                found = found.get(name)
            else:
                return None
        return found


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
