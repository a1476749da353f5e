"""Cache policies: what a task run's result depends on, and so when an earlier one may stand in for it.

A policy turns a call into a key; two calls with the same key share a result. Policies are added up with `+`, and an
argument is left out with `-`:

    >>> from penstock.cache_policies import INPUTS, TASK_SOURCE
    >>> policy = (INPUTS - "verbose") + TASK_SOURCE

The keys of the policies here hold the task's name as well: tasks of two names never share a result, unless a
`cache_key_fn` says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from penstock.core.errors import HashError

if TYPE_CHECKING:
    from pathlib import Path

    from penstock.filesystems import WritableFileSystem
    from penstock.locking import LockManager
    from penstock.transactions import IsolationLevel

__all__ = [
    "DEFAULT",
    "FLOW_PARAMETERS",
    "INPUTS",
    "NONE",
    "NO_CACHE",
    "RECOVERY",
    "RUN_ID",
    "TASK_SOURCE",
    "CacheKeyFnPolicy",
    "CachePolicy",
    "CompoundCachePolicy",
    "FlowParameters",
    "Inputs",
    "NoCache",
    "Recovery",
    "RunId",
    "TaskSource",
]

logger = logging.getLogger("penstock.caching")


class TaskCall(NamedTuple):
    """What policies look at in a call of a task. See `CachePolicy.compute_key`."""

    context: Any
    inputs: dict[str, Any]
    flow_parameters: dict[str, Any]
    more: dict[str, Any]


class CachePolicy:
    """The base of cache policies. A policy of your own is a subclass with `compute_key`.

    Parameters:
        key_storage: where records of keys are kept, apart from the results: a storage, a path or an address.
        isolation_level: how runs that compute the same key at the same time are kept apart.
        lock_manager: keeps the locks of the isolation level SERIALIZABLE.
    """

    # On the class too: a subclass need not call __init__, as one that is a dataclass does not.
    key_storage: WritableFileSystem | str | Path | None = None
    isolation_level: IsolationLevel | str | None = None
    lock_manager: LockManager | None = None

    def __init__(
        self,
        key_storage: WritableFileSystem | str | Path | None = None,
        isolation_level: IsolationLevel | str | None = None,
        lock_manager: LockManager | None = None,
    ) -> None:
        self.key_storage = key_storage
        self.isolation_level = isolation_level
        self.lock_manager = lock_manager

    @classmethod
    def from_cache_key_fn(cls, cache_key_fn: Callable[[Any, dict[str, Any]], str | None]) -> CacheKeyFnPolicy:
        """Return the policy whose key is what `cache_key_fn(context, inputs)` returns."""
        return CacheKeyFnPolicy(cache_key_fn=cache_key_fn)

    def configure(
        self,
        key_storage: WritableFileSystem | str | Path | None = None,
        lock_manager: LockManager | None = None,
        isolation_level: IsolationLevel | str | None = None,
    ) -> Self:
        """Return a copy of the policy in which what is given here is replaced. See `CachePolicy`."""
        changes = {"key_storage": key_storage, "lock_manager": lock_manager, "isolation_level": isolation_level}
        return self._copy(**{name: value for name, value in changes.items() if value is not None})

    def compute_key(
        self, task_ctx: Any, inputs: dict[str, Any], flow_parameters: dict[str, Any], **kwargs: Any
    ) -> str | None:
        """Return the key of a call, or None where the policy has nothing to say of it.

        Parameters:
            task_ctx: the context of the task run.
            inputs: the arguments of the task, by name.
            flow_parameters: the arguments of the flow it runs in, by name.
            kwargs: more that the engine tells; accept and ignore it.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no compute_key(task_ctx, inputs, flow_parameters, **kwargs)."
        )

    def _copy(self, **changes: Any) -> Self:
        copied = object.__new__(type(self))
        copied.__dict__.update({**self.__dict__, **changes})
        return copied

    def __sub__(self, argument: str) -> CachePolicy:
        """Return the policy without the task's `argument`; the same one where it does not look at arguments."""
        _check_name(argument)
        return self

    def __add__(self, other: CachePolicy) -> CachePolicy:
        """Return a policy whose key changes whenever that of either changes."""
        if isinstance(other, NoCache):
            return self
        if not isinstance(other, CachePolicy):
            return NotImplemented
        return CompoundCachePolicy([self, other], **_joint_configuration(self, other))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]  # equal ones may be changed apart

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items() if value)
        return f"{type(self).__name__}({said})"


def _check_name(argument: object) -> None:
    if not isinstance(argument, str):
        raise TypeError(f"Only the name of an argument can be taken from a cache policy, not {argument!r}.")


_CONFIGURATION = ("key_storage", "isolation_level", "lock_manager")


def _joint_configuration(one: CachePolicy, other: CachePolicy) -> dict[str, Any]:
    joint = {}
    for name in _CONFIGURATION:
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine is not None and theirs is not None and mine != theirs:
            raise ValueError(f"Cache policies of different {name} can't be added: {mine!r} and {theirs!r}.")
        joint[name] = theirs if mine is None else mine
    return joint


class CacheKeyFnPolicy(CachePolicy):
    """The key is what a function of yours returns.

    Parameters:
        cache_key_fn: called with the context of the task run and its arguments by name.
    """

    def __init__(
        self, *configuration: Any, cache_key_fn: Callable[[Any, dict[str, Any]], str | None] | None = None, **named: Any
    ) -> None:
        super().__init__(*configuration, **named)
        self.cache_key_fn = cache_key_fn

    def compute_key(
        self, task_ctx: Any, inputs: dict[str, Any], flow_parameters: dict[str, Any], **kwargs: Any
    ) -> str | None:
        """Return what the function returns. See `CachePolicy.compute_key`."""
        return None if self.cache_key_fn is None else self.cache_key_fn(task_ctx, inputs)


class _Hashing(CachePolicy):
    """A policy whose key is a hash of the task and of what else it looks at.

    Attributes:
        holds_within_one_run: whether no other flow run can have the same key.
    """

    holds_within_one_run: bool = False

    def key_of(self, call: TaskCall) -> str | None:
        """Return what the policy looks at, as a text, or None where there is nothing to look at.

        Raises:
            HashError: something there has no stable hash.
        """
        raise NotImplementedError

    def compute_key(
        self, task_ctx: Any, inputs: dict[str, Any], flow_parameters: dict[str, Any], **kwargs: Any
    ) -> str | None:
        """Return the key of a call, or None where something has no stable hash, which is logged once for each task."""
        try:
            key = self.key_of(TaskCall(task_ctx, inputs, flow_parameters, kwargs))
        except HashError as error:
            _say_once(task_ctx, error)
            return None
        if key is None:
            return None
        return self.with_task(task_ctx, key)

    def with_task(self, task_ctx: Any, key: str) -> str:
        """Return a hash of the task and of `key`."""
        from penstock.hashing.framing import digest, text

        task = getattr(task_ctx, "task", None)
        name = getattr(task, "task_key", "")
        if not self.holds_within_one_run:
            # A run that goes on elsewhere, perhaps from another folder, must find what it did.
            name = getattr(task, "cache_identity", name)
        return digest(text(name) + text(key)).hex()


class NoCache(CachePolicy):
    """Nothing is cached, and nothing is hashed."""

    def compute_key(
        self, task_ctx: Any, inputs: dict[str, Any], flow_parameters: dict[str, Any], **kwargs: Any
    ) -> str | None:
        """Return None."""

    def __add__(self, other: CachePolicy) -> CachePolicy:
        return other


class _Excluding(_Hashing):
    """A policy that looks at arguments, of which some can be left out."""

    def __init__(self, *configuration: Any, exclude: Iterable[str] = (), **named: Any) -> None:
        super().__init__(*configuration, **named)
        self.exclude = list(exclude)

    def __sub__(self, argument: str) -> CachePolicy:
        _check_name(argument)
        return self._copy(exclude=[*self.exclude, argument])


class Inputs(_Excluding):
    """The key depends on the arguments of the task, and on the object whose method the task is.

    Parameters:
        exclude: names of arguments that do not count; that of the object is the name the method calls it by, `self`.
    """

    def key_of(self, call: TaskCall) -> str | None:
        """Return a hash of the arguments that count."""
        bound = _bound_arguments(call.context)
        if not call.inputs and not bound:
            return None
        counted, bound = self._counted(call.inputs), self._counted(bound)
        return _hash_of_inputs(counted, bound) if bound else _hash_of_inputs(counted)

    def _counted(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if not self.exclude:
            return arguments
        return {name: value for name, value in arguments.items() if name not in self.exclude}


class FlowParameters(_Hashing):
    """The key depends on the arguments of the flow."""

    def key_of(self, call: TaskCall) -> str | None:
        """Return a hash of the arguments of the flow."""
        from penstock.hashing.encoder import stable_hash

        return stable_hash(call.flow_parameters) if call.flow_parameters else None


class TaskSource(_Excluding):
    """The key depends on the task's function: its source code, not that of what it calls, its defaults and its closure.

    Parameters:
        exclude: names of arguments whose defaults do not count.
    """

    def key_of(self, call: TaskCall) -> str | None:
        """Return a hash of the function."""
        if not call.context:
            return None
        from penstock.hashing.source import source_hash

        return source_hash(call.context.task, self.exclude)


class RunId(_Hashing):
    """The key depends on the flow run or, outside of flows, on the task run."""

    holds_within_one_run = True

    def key_of(self, call: TaskCall) -> str | None:
        """Return the id of the run."""
        if not call.context:
            return None
        return str(call.context.task_run.flow_run_id or call.context.task_run.id)


class CompoundCachePolicy(_Hashing):
    """The key depends on all that several policies look at, in whatever order they were added.

    A policy that returns None does not count; where all do, there is no key.

    Parameters:
        policies: the policies.
    """

    def __init__(self, policies: Iterable[CachePolicy] = (), *configuration: Any, **named: Any) -> None:
        super().__init__(*configuration, **named)
        self.policies = _flattened(policies)
        self.holds_within_one_run = any(getattr(policy, "holds_within_one_run", False) for policy in self.policies)

    def key_of(self, call: TaskCall) -> str | None:
        """Return the keys of the policies, each with the kind of its policy."""
        keys = []
        for policy in self.policies:
            key = _part(policy, call)
            if key is not None:
                # With its length, so that no key can be taken for another one and the beginning of the next.
                keys.append(f"{type(policy).__qualname__}:{len(key)}:{key}")
        keys.sort()
        return " ".join(keys) or None

    def __sub__(self, argument: str) -> CachePolicy:
        _check_name(argument)
        return self._copy(policies=[policy - argument for policy in self.policies])


def _part(policy: CachePolicy, call: TaskCall) -> str | None:
    # A class of a user's own may be made from one of these, and have another compute_key.
    if isinstance(policy, _Hashing) and type(policy).compute_key is _Hashing.compute_key:
        return policy.key_of(call)
    key = policy.compute_key(call.context, call.inputs, call.flow_parameters, **call.more)
    return None if key is None else str(key)


def _flattened(policies: Iterable[CachePolicy]) -> list[CachePolicy]:
    """Return what `policies` are made of; of several `Inputs` one is left, which leaves out what any does."""
    parts = [
        part for policy in policies for part in (policy.policies if type(policy) is CompoundCachePolicy else [policy])
    ]
    inputs = [part for part in parts if type(part) is Inputs]
    if not inputs:
        return parts
    excluded = {name for part in inputs for name in part.exclude}
    return [*[part for part in parts if type(part) is not Inputs], Inputs(exclude=sorted(excluded))]


class Recovery(CompoundCachePolicy):
    """The key of one call within a flow run, the same in every attempt: two identical calls do not share it.

    `compute_key` takes `occurrence` besides: which of the identical calls of the run it is, or a function that says so
    of the key of the rest. A call without one has no key.
    """

    def key_of(self, call: TaskCall) -> str | None:
        """Return the keys of the policies, and which of the identical calls it is."""
        occurrence: int | Callable[[str], int] | None = call.more.get("occurrence")
        key = super().key_of(call)
        if key is None or occurrence is None:
            return None
        key = self.with_task(call.context, key)
        return f"{key}:{occurrence(key) if callable(occurrence) else occurrence}"


def _bound_arguments(task_ctx: Any) -> dict[str, Any]:
    """Return the arguments that the task's function was given before the task was called: `self`, say."""
    fn = getattr(getattr(task_ctx, "task", None), "fn", None)
    if fn is None or type(fn) is FunctionType:
        return {}
    from penstock.hashing.bound import bound_arguments

    return bound_arguments(fn)


def _hash_of_inputs(*inputs: dict[str, Any]) -> str:
    """Return the hash of arguments by name; an error says which of them has none."""
    from penstock.hashing.encoder import stable_hash

    try:
        return stable_hash(*inputs)
    except HashError:
        # Which one it was is only worth finding out now.
        for name, value in [pair for arguments in inputs for pair in arguments.items()]:
            try:
                stable_hash(value)
            except HashError as error:
                error.argument = name  # type: ignore[attr-defined]
                raise
        raise


_said: dict[str, object] = {}
_MOST_SAID = 10_000


def _say_once(task_ctx: Any, error: HashError) -> None:
    """Log that a task is not cached and why, the first time it happens to that task."""
    task = getattr(task_ctx, "task", None)
    name = getattr(task, "name", "a task")
    if len(_said) >= _MOST_SAID:
        _said.clear()
    mark = object()
    if _said.setdefault(getattr(task, "task_key", name), mark) is not mark:
        return
    argument = getattr(error, "argument", None)
    fact = getattr(error, "fact", str(error))
    because = f" because of its argument {argument!r}" if argument else ""
    from penstock.hashing.refusal import remedy

    logger.warning("Task %r is not cached%s: %s. %s", name, because, fact, remedy(argument))


INPUTS = Inputs()
"""The same arguments: the same result."""
TASK_SOURCE = TaskSource()
"""The same source code of the task: the same result."""
FLOW_PARAMETERS = FlowParameters()
"""The same arguments of the flow it runs in: the same result."""
RUN_ID = RunId()
"""The same flow run, or outside of flows the same task run: the same result."""
NO_CACHE = NoCache()
"""Never an earlier result."""
NONE = NO_CACHE
"""Another name for `NO_CACHE`."""
DEFAULT = INPUTS + TASK_SOURCE + RUN_ID
"""What a task has that names no policy: the same arguments and source code within one flow run."""
RECOVERY = Recovery([DEFAULT])
"""What the tasks of a durable flow have: as `DEFAULT`, with identical calls told apart by counting them."""
