"""The result store of the run that runs here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import TYPE_CHECKING, NamedTuple

from penstock import settings

if TYPE_CHECKING:
    from penstock.results.store import ResultStore
    from penstock.settings import Settings


class ResultScope(NamedTuple):
    """How results are kept in a run.

    Attributes:
        store: where.
        persist_result: whether; None where nobody has said so.
    """

    store: ResultStore | None
    persist_result: bool | None


_scope: ContextVar[ResultScope | None] = ContextVar("penstock_results", default=None)
_default: tuple[Settings, ResultStore] | None = None


def enter_result_scope(store: ResultStore | None, persist_result: bool | None) -> Token[ResultScope | None]:
    """Put `store` in use here; hand what is returned to `leave_result_scope`."""
    return _scope.set(ResultScope(store, persist_result))


def leave_result_scope(token: Token[ResultScope | None]) -> None:
    """Put back in use what was before."""
    _scope.reset(token)


@contextmanager
def result_store_scope(store: ResultStore, persist_result: bool | None = None) -> Iterator[ResultStore]:
    """Put `store` in use for the code inside the `with`.

    Parameters:
        store: the store.
        persist_result: what `should_persist_result` returns there; None for what the settings say.
    """
    token = enter_result_scope(store, persist_result)
    try:
        yield store
    finally:
        leave_result_scope(token)


def get_result_store() -> ResultStore:
    """Return the result store of the run that runs here or, outside of such runs, the one that the settings describe."""
    global _default
    scope = _scope.get()
    if scope is not None and scope.store is not None:
        return scope.store
    now, known = settings.current(), _default
    if known is None or known[0] is not now:
        from penstock.results.store import ResultStore

        known = _default = (now, ResultStore())
    return known[1]


def should_persist_result() -> bool:
    """Return whether results are persisted in the run that runs here or, outside of runs, as the settings say."""
    scope = _scope.get()
    if scope is not None and scope.persist_result is not None:
        return scope.persist_result
    from penstock.results.defaults import get_default_persist_setting

    return get_default_persist_setting()
