"""What is said of a value that has no stable hash."""

from __future__ import annotations

from typing import Any

from penstock.core.errors import HashError


def remedy(argument: str | None = "argument") -> str:
    """Return what a user can do about a value without a stable hash.

    Parameters:
        argument: the argument of the task that holds it, or None where it is no argument of the task.
    """
    leave_out = "" if argument is None else f'Leave it out of the key with `cache_policy=INPUTS - "{argument}"`, or m'
    return (
        f"{leave_out or 'M'}ake the key yourself with `cache_key_fn`, or turn caching off with `cache_policy=NO_CACHE`."
    )


def hash_error(fact: str) -> HashError:
    """Return the error that says `fact`, a sentence without its full stop, and the remedy."""
    error = HashError(f"{fact}. {remedy()}")
    error.fact = fact  # type: ignore[attr-defined]
    return error


def refusal(value: Any, reason: str) -> HashError:
    """Return the error for a `value` without a stable hash.

    Parameters:
        value: the value.
        reason: why, as the rest of a sentence.
    """
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return hash_error(f"A value of type '{name}' has no stable hash: {reason}")


def refuse_iterator(value: Any, _: Any) -> Any:
    """Refuse an iterator, a generator or an open file."""
    raise refusal(value, "reading it would use it up")


def refuse_contentless(value: Any, _: Any) -> Any:
    """Refuse a bare `object()`."""
    raise refusal(value, "it has no content, only an identity in this process")


def refuse_lazy(value: Any, _: Any) -> Any:
    """Refuse a query that is not carried out yet."""
    raise refusal(value, "it is a query, whose data is not there yet; `.collect()` it first")
