"""What a transaction can be told, and what can become of it."""

from __future__ import annotations

from enum import Enum


class IsolationLevel(str, Enum):
    """How transactions with the same key are kept apart.

    READ_COMMITTED: each sees what was committed before it began; two may do the same work at the same time.
    SERIALIZABLE: the second waits until the first has ended. It needs a lock manager.
    """

    READ_COMMITTED = "READ_COMMITTED"
    SERIALIZABLE = "SERIALIZABLE"

    __str__ = str.__str__


class CommitMode(str, Enum):
    """When a transaction is committed.

    EAGER: at its own end, even within another one.
    LAZY: at the end of the outermost one around it.
    OFF: only by `commit()`; without, it is rolled back.
    """

    EAGER = "EAGER"
    LAZY = "LAZY"
    OFF = "OFF"

    __str__ = str.__str__


class TransactionState(str, Enum):
    """What has become of a transaction."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    STAGED = "STAGED"
    COMMITTED = "COMMITTED"
    ROLLED_BACK = "ROLLED_BACK"

    __str__ = str.__str__
