"""Transactions: code whose effects are committed together or rolled back together, once for each key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from penstock.transactions.active import get_transaction as get_transaction

if TYPE_CHECKING:
    from penstock.transactions.base import BaseTransaction as BaseTransaction
    from penstock.transactions.kinds import AsyncTransaction as AsyncTransaction
    from penstock.transactions.kinds import Transaction as Transaction
    from penstock.transactions.kinds import atransaction as atransaction
    from penstock.transactions.kinds import transaction as transaction
    from penstock.transactions.states import CommitMode as CommitMode
    from penstock.transactions.states import IsolationLevel as IsolationLevel
    from penstock.transactions.states import TransactionState as TransactionState

_HOMES = {
    "AsyncTransaction": "kinds",
    "BaseTransaction": "base",
    "CommitMode": "states",
    "IsolationLevel": "states",
    "Transaction": "kinds",
    "TransactionState": "states",
    "atransaction": "kinds",
    "transaction": "kinds",
}

__all__ = [
    "AsyncTransaction",
    "BaseTransaction",
    "CommitMode",
    "IsolationLevel",
    "Transaction",
    "TransactionState",
    "atransaction",
    "get_transaction",
    "transaction",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
