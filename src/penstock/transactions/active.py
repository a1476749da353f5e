"""The transaction that is open here."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.transactions.base import BaseTransaction

active: ContextVar[BaseTransaction | None] = ContextVar("penstock_transaction", default=None)


def get_transaction() -> BaseTransaction | None:
    """Return the innermost transaction that is open here, or None."""
    return active.get()
