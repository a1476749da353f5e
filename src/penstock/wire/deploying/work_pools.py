"""Work pools and their queues: where runs of deployments wait for workers, in which order, and how many go on at once."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

import msgspec

DEFAULT_QUEUE = "default"
"""The queue that every pool has."""


class PoolStatus(str, Enum):
    """Whether a pool's runs are taken up."""

    READY = "READY"
    NOT_READY = "NOT_READY"
    PAUSED = "PAUSED"


class WorkPool(msgspec.Struct, frozen=True):
    """A work pool, as the server knows it.

    Attributes:
        name: what it is known by, unique.
        type: the type of its workers, such as `process`.
        description: what it is for.
        base_job_template: the JSON Schema of what runs may say about their infrastructure (`variables`), and what becomes
            of it (`job_configuration`).
        concurrency_limit: how many of its runs may go on at once; None for any number.
        paused: whether nothing of it is taken up.
        created: when it was made.
        updated: when it was last changed.
        status: whether its runs are taken up: NOT_READY where no worker has said anything of late.
        slots_in_use: how many of its runs go on.
    """

    name: str
    type: str
    created: datetime
    updated: datetime
    description: str | None = None
    base_job_template: dict[str, Any] = msgspec.field(default_factory=dict)
    concurrency_limit: int | None = None
    paused: bool = False
    status: PoolStatus = PoolStatus.NOT_READY
    slots_in_use: int = 0


class WorkQueue(msgspec.Struct, frozen=True):
    """A queue of a work pool, as the server knows it.

    Attributes:
        pool_name: the pool.
        name: what it is known by, unique in the pool.
        priority: runs of the queue with the lowest number go first.
        description: what it is for.
        concurrency_limit: how many of its runs may go on at once; None for any number.
        paused: whether nothing of it is taken up.
        created: when it was made.
        slots_in_use: how many of its runs go on.
        waiting: how many of its runs are due; the count stops at 10,000.
        late: how many of those are late.
        last_polled: when a worker last asked for runs of it.
    """

    pool_name: str
    name: str
    priority: int
    created: datetime
    description: str | None = None
    concurrency_limit: int | None = None
    paused: bool = False
    slots_in_use: int = 0
    waiting: int = 0
    late: int = 0
    last_polled: datetime | None = None


class WorkPoolByName(msgspec.Struct, frozen=True):
    """One work pool, by its name."""

    name: str


class WorkPoolCreate(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A new work pool.

    Attributes:
        name: what it is to be known by.
        type: the type of its workers.
        description: what it is for.
        base_job_template: as in `WorkPool`; may be left out for the types that the server knows.
        concurrency_limit: how many of its runs may go on at once.
        paused: whether nothing of it is taken up.
        overwrite: whether one of that name, and of that type, is changed to this.
    """

    name: str
    type: str
    description: str | None = None
    base_job_template: dict[str, Any] | None = None
    concurrency_limit: int | None = None
    paused: bool = False
    overwrite: bool = False


class WorkPoolChanges(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is to be different in a work pool; what is left out stays as it is.

    Attributes:
        name: the pool.
        description: another one.
        base_job_template: another one.
        concurrency_limit: another one; None for none.
        paused: whether nothing of it is taken up.
    """

    name: str
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    base_job_template: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    concurrency_limit: int | msgspec.UnsetType | None = msgspec.UNSET
    paused: bool | msgspec.UnsetType = msgspec.UNSET


class WorkPoolQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of work pools, by name. `after` is the `next` of the page before.

    Attributes:
        names: one of these; by default any.
        types: of one of these types; by default of any.
        limit: how many.
        after: where the page begins.
    """

    names: list[str] | None = None
    types: list[str] | None = None
    limit: int = 50
    after: str | None = None


class WorkPoolPage(msgspec.Struct, frozen=True):
    """Some work pools, and where the next page begins."""

    items: list[WorkPool]
    next: str | None = None


class WorkQueueByName(msgspec.Struct, frozen=True):
    """One queue, by the names of its pool and its own."""

    pool_name: str
    name: str


class WorkQueueCreate(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A new queue of a work pool. Where there is one of that name, it is changed to this.

    Attributes:
        pool_name: the pool.
        name: what it is to be known by.
        priority: its rank, from 1; by default after all others.
        description: what it is for.
        concurrency_limit: how many of its runs may go on at once.
        paused: whether nothing of it is taken up.
    """

    pool_name: str
    name: str
    priority: int | None = None
    description: str | None = None
    concurrency_limit: int | None = None
    paused: bool = False


class WorkQueueChanges(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is to be different in a queue; what is left out stays as it is.

    Attributes:
        pool_name: the pool.
        name: the queue.
        priority: another rank.
        description: another one.
        concurrency_limit: another one; None for none.
        paused: whether nothing of it is taken up.
    """

    pool_name: str
    name: str
    priority: int | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    concurrency_limit: int | msgspec.UnsetType | None = msgspec.UNSET
    paused: bool | msgspec.UnsetType = msgspec.UNSET


class WorkQueueQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of queues, by pool, priority and name. `after` is the `next` of the page before.

    Attributes:
        pool_names: of one of these pools; by default of any.
        limit: how many.
        after: where the page begins.
    """

    pool_names: list[str] | None = None
    limit: int = 200
    after: str | None = None


class WorkQueuePage(msgspec.Struct, frozen=True):
    """Some queues, and where the next page begins."""

    items: list[WorkQueue]
    next: str | None = None
