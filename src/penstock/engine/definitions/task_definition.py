"""A task as a definition: its function and how its runs behave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from penstock import settings
from penstock.cache_policies import DEFAULT, NO_CACHE, CachePolicy
from penstock.core.annotations import NotSet
from penstock.core.retries import RetryDelay
from penstock.engine.definitions.definition import (
    Definition,
    checked_delay,
    checked_hooks,
    checked_retries,
    checked_run_name,
    checked_tags,
    checked_timeout,
    default_persistence,
)
from penstock.engine.definitions.place import cache_identity_of, task_key_of

Hook = Callable[..., Any]


class TaskDefinition(Definition):
    """A task without the ways to call it. The parameters are those of `penstock.task`."""

    kind = "task"
    hook_options = ("on_completion", "on_failure", "on_running", "on_rollback", "on_commit")

    def __init__(
        self,
        fn: Any,
        name: str | None = None,
        description: str | None = None,
        tags: Iterable[str] | None = None,
        version: str | None = None,
        cache_policy: CachePolicy | type[NotSet] | None = NotSet,
        cache_key_fn: Callable[..., str | None] | None = None,
        cache_expiration: timedelta | None = None,
        task_run_name: str | Callable[..., str] | None = None,
        retries: int | None = None,
        retry_delay_seconds: RetryDelay = None,
        retry_jitter_factor: float | None = None,
        persist_result: bool | None = None,
        result_storage: Any = None,
        result_serializer: Any = None,
        result_storage_key: str | None = None,
        cache_result_in_memory: bool = True,
        timeout_seconds: float | None = None,
        log_prints: bool | None = None,
        refresh_cache: bool | None = None,
        on_completion: Iterable[Hook] | None = None,
        on_failure: Iterable[Hook] | None = None,
        on_running: Iterable[Hook] | None = None,
        on_rollback: Iterable[Hook] | None = None,
        on_commit: Iterable[Hook] | None = None,
        retry_condition_fn: Callable[..., bool] | None = None,
        viz_return_value: Any = None,
        asset_deps: Iterable[Any] | None = None,
    ) -> None:
        super().__init__(fn, name, description)
        defaults = settings.current().tasks
        self.tags: frozenset[str] = checked_tags(tags)
        self.version = version
        self.task_key, self.cache_identity = task_key_of(self.fn), cache_identity_of(self.fn)
        self.task_run_name = checked_run_name(task_run_name, "task_run_name")
        self.retries = checked_retries(retries, defaults.default_retries)
        self.retry_delay_seconds = checked_delay(
            retry_delay_seconds, self.retries, defaults.default_retry_delay_seconds
        )
        self.retry_jitter_factor = _checked_jitter(retry_jitter_factor)
        self.retry_condition_fn = _checked_condition(retry_condition_fn)
        self.viz_return_value = viz_return_value
        _refuse_assets(asset_deps)
        self.timeout_seconds = checked_timeout(timeout_seconds)
        self.log_prints = log_prints
        self.result_storage = result_storage
        self.result_serializer = result_serializer
        self.result_storage_key = result_storage_key
        self.cache_result_in_memory = cache_result_in_memory
        self.cache_key_fn = cache_key_fn
        self.cache_expiration = cache_expiration
        self.refresh_cache = refresh_cache
        self._settle_caching(cache_policy, persist_result)
        self.on_completion_hooks = checked_hooks(on_completion, "on_completion", "task")
        self.on_failure_hooks = checked_hooks(on_failure, "on_failure", "task")
        self.on_running_hooks = checked_hooks(on_running, "on_running", "task")
        self.on_rollback_hooks = checked_hooks(on_rollback, "on_rollback", "task")
        self.on_commit_hooks = checked_hooks(on_commit, "on_commit", "task")

    def _settle_caching(self, policy: Any, persist_result: bool | None) -> None:
        """Decide on a cache policy and on persistence: naming how results are kept means that they are kept."""
        if self.cache_key_fn is not None:
            policy = CachePolicy.from_cache_key_fn(self.cache_key_fn)
        self.chose_policy = policy is not NotSet
        caches = policy is not NotSet and policy is not None and policy is not NO_CACHE
        kept = (self.result_storage_key, self.result_storage, self.result_serializer)
        if persist_result is None and (caches or any(one is not None for one in kept)):
            persist_result = True
        if persist_result is False or settings.current().tasks.disable_caching:
            policy = NO_CACHE
        elif policy is NotSet:
            policy = DEFAULT if self.result_storage_key is None else None
        elif self.result_storage_key is not None:
            policy = None
        self.cache_policy: CachePolicy | None = policy
        self.persist_result = persist_result

    def persists_result(self, flow_persists: bool | None) -> bool:
        """Whether a run of the task persists its result, in a flow run that says so or not (None) itself."""
        if self.persist_result is not None:
            return self.persist_result
        if flow_persists is not None:
            return flow_persists
        default = settings.current().tasks.default_persist_result
        return default_persistence() if default is None else default

    def is_transactional(self) -> bool:
        """Whether a run of the task takes part in a transaction even where its result is not persisted."""
        if self.on_commit_hooks or self.on_rollback_hooks:
            return True
        import sys

        transactions = sys.modules.get("penstock.transactions")
        return transactions is not None and transactions.get_transaction() is not None

    @property
    def source_code(self) -> str | None:
        """The source code of the function, where it can be had."""
        if "_source_code" not in self.__dict__:
            import inspect

            try:
                self._source_code: str | None = inspect.getsource(self.fn)
            except (TypeError, OSError):
                self._source_code = None
        return self._source_code

    def __getstate__(self) -> dict[str, Any]:
        # A process that unpickles the task may not have the file its source stands in.
        _ = self.source_code
        return {**self.__dict__, "_signature": None}


def _checked_jitter(factor: float | None) -> float | None:
    if factor is not None and not factor >= 0:
        raise ValueError(f"retry_jitter_factor was given {factor!r}; it takes a number from 0.")
    return factor


def _checked_condition(condition: Any) -> Any:
    if condition is not None and not callable(condition):
        raise TypeError(
            f"retry_condition_fn was given a {type(condition).__name__}; it takes a function of the task, its run and "
            "its state that returns whether to retry."
        )
    return condition


def _refuse_assets(asset_deps: Any) -> None:
    if asset_deps:
        raise NotImplementedError("asset_deps was given, and Penstock has no assets yet. Leave it out.")
