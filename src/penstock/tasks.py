"""Tasks: functions whose every call is recorded, and can be retried, cached, timed out and run in the background."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Generic, Literal, ParamSpec, TypeVar, overload

from penstock.core.annotations import BaseAnnotation, NotSet
from penstock.core.interruptible import checkpoint
from penstock.core.retries import RetryDelay as RetryDelay
from penstock.core.retries import exponential_backoff as exponential_backoff
from penstock.engine.definitions.definition import own_arguments
from penstock.engine.definitions.task_definition import Hook, TaskDefinition

if TYPE_CHECKING:
    from penstock.cache_policies import CachePolicy
    from penstock.core.state import State
    from penstock.engine.definitions.method import Method
    from penstock.engine.task_call import TaskCall
    from penstock.futures import PenstockFuture, PenstockFutureList
    from penstock.task_runners.task_runner import TaskRunner

    Later = PenstockFuture[Any] | State[Any] | BaseAnnotation[Any] | list[PenstockFuture[Any]]

__all__ = ["Task", "exponential_backoff", "task", "task_input_hash"]

P = ParamSpec("P")
Q = ParamSpec("Q")
Owner = TypeVar("Owner")
R = TypeVar("R")
T = TypeVar("T")


class Task(TaskDefinition, Generic[P, R]):
    """A function whose every call is a task run. Make one with the decorator `task`."""

    fn: Callable[P, R]

    def __init__(self, fn: Any, **options: Any) -> None:
        super().__init__(fn, **options)
        self._options = options

    @overload
    def __call__(self, /, *args: P.args, **kwargs: P.kwargs) -> R: ...

    @overload
    def __call__(
        self: Task[P, Coroutine[Any, Any, T]],
        /,
        *args: Any,
        return_state: Literal[True],
        wait_for: Any = None,
        **kwargs: Any,
    ) -> Coroutine[Any, Any, State[T]]: ...

    @overload
    def __call__(self, /, *args: Any, return_state: Literal[True], wait_for: Any = None, **kwargs: Any) -> State[R]: ...

    @overload
    def __call__(self, /, *args: Any, wait_for: Any, **kwargs: Any) -> R: ...

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Run the task here and now.

        Parameters:
            args, kwargs: the arguments of the function; futures among them are waited for.
            return_state: return the final state instead of the result, and raise nothing.
            wait_for: futures to wait for first.

        Returns:
            The function's result; for an async function an awaitable of it, for a generator function a generator.
        """
        from penstock.engine.task_engine import run_task

        return_state, wait_for = own_arguments(kwargs)
        return run_task(self, self.signature.bind(args, kwargs), wait_for, return_state)

    # A function may take anything, and then two overloads fit; which one is meant is told by `return_state`.
    @overload
    def submit(  # type: ignore[overload-overlap]
        self: Task[P, Coroutine[Any, Any, T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> PenstockFuture[T]: ...

    @overload
    def submit(self, /, *args: P.args, **kwargs: P.kwargs) -> PenstockFuture[R]: ...

    @overload
    def submit(self, /, *args: Any, return_state: Literal[True], wait_for: Any = None, **kwargs: Any) -> State[R]: ...

    @overload
    def submit(self, /, *args: Any, wait_for: Any, **kwargs: Any) -> PenstockFuture[R]: ...

    @overload
    def submit(self, first: Later, /, *args: Any, **kwargs: Any) -> PenstockFuture[R]: ...

    @overload
    def submit(self, first: Any, second: Later, /, *args: Any, **kwargs: Any) -> PenstockFuture[R]: ...

    @overload
    def submit(self, first: Any, second: Any, third: Later, /, *args: Any, **kwargs: Any) -> PenstockFuture[R]: ...

    def submit(self, /, *args: Any, **kwargs: Any) -> Any:
        """Run the task in the background, on the task runner of the flow run.

        It begins once the futures among its arguments and in `wait_for` are done; no thread waits for that.

        Parameters:
            args, kwargs: the arguments of the function; futures may stand for them.
            return_state: wait, and return the final state instead of a future.
            wait_for: futures to wait for first.
        """
        return_state, wait_for = own_arguments(kwargs)
        future = _task_runner().submit(self, self.signature.bind(args, kwargs), wait_for)
        if return_state:
            future.wait()
            return future.state
        return future

    @overload
    def map(
        self: Task[P, Coroutine[Any, Any, T]], /, *args: Any, return_state: Literal[False] = False, **kwargs: Any
    ) -> PenstockFutureList[T]: ...

    @overload
    def map(
        self, /, *args: Any, return_state: Literal[True], wait_for: Any = None, **kwargs: Any
    ) -> list[State[R]]: ...

    @overload
    def map(self, /, *args: Any, wait_for: Any = None, **kwargs: Any) -> PenstockFutureList[R]: ...

    def map(self, /, *args: Any, return_state: bool = False, wait_for: Any = None, **kwargs: Any) -> Any:
        """Run the task in the background once for every item of the iterables among the arguments.

        Strings, and values wrapped in `unmapped`, are given whole to every call. Where several iterables are given they
        are walked together and must be of one length.

        Parameters:
            args, kwargs: the arguments of the function, or iterables of them.
            return_state: wait, and return the final states instead of futures.
            wait_for: futures to wait for first.

        Raises:
            MappingMissingIterable: there is nothing to walk.
            MappingLengthMismatch: the iterables differ in length.
        """
        futures = self.map_over(_task_runner(), args, kwargs, wait_for)
        if return_state:
            futures.wait()
            return [future.state for future in futures]
        return futures

    def prepare(self, parameters: dict[str, Any], wait_for: Iterable[Any] | None = None) -> TaskCall:
        """Return a call of the task for a task runner to start, recorded as Pending.

        Parameters:
            parameters: the arguments by name; futures may stand for them.
            wait_for: futures to wait for first.
        """
        from penstock.engine.task_call import TaskCall

        checkpoint()
        call = TaskCall(self, parameters, wait_for, future=True)
        call.recorder.record(call.run.record)
        return call

    def map_over(
        self, runner: TaskRunner[Any], args: tuple[Any, ...], kwargs: dict[str, Any], wait_for: Any = None
    ) -> PenstockFutureList[Any]:
        """Submit the task to `runner` once for every item of the iterables among the arguments. See `map`."""
        from penstock.engine.arguments.inputs import listed
        from penstock.engine.arguments.mapping import each_call
        from penstock.futures import PenstockFutureList

        bind, wait_for = self.signature.bind, listed(wait_for)
        calls = each_call(self.name, args, kwargs)
        return PenstockFutureList([runner.submit(self, bind(*one), wait_for) for one in calls])

    def with_options(
        self,
        *,
        name: str | None = None,
        description: str | type[NotSet] | None = NotSet,
        tags: Iterable[str] | type[NotSet] | None = NotSet,
        version: str | type[NotSet] | None = NotSet,
        cache_policy: CachePolicy | type[NotSet] | None = NotSet,
        cache_key_fn: Callable[..., str | None] | type[NotSet] | None = NotSet,
        cache_expiration: timedelta | type[NotSet] | None = NotSet,
        task_run_name: str | Callable[..., str] | type[NotSet] | None = NotSet,
        retries: int | type[NotSet] | None = NotSet,
        retry_delay_seconds: RetryDelay | type[NotSet] = NotSet,
        retry_jitter_factor: float | type[NotSet] | None = NotSet,
        persist_result: bool | type[NotSet] | None = NotSet,
        result_storage: Any = NotSet,
        result_serializer: Any = NotSet,
        result_storage_key: str | type[NotSet] | None = NotSet,
        cache_result_in_memory: bool | type[NotSet] = NotSet,
        timeout_seconds: float | type[NotSet] | None = NotSet,
        log_prints: bool | type[NotSet] | None = NotSet,
        refresh_cache: bool | type[NotSet] | None = NotSet,
        on_completion: Iterable[Hook] | type[NotSet] | None = NotSet,
        on_failure: Iterable[Hook] | type[NotSet] | None = NotSet,
        on_running: Iterable[Hook] | type[NotSet] | None = NotSet,
        on_rollback: Iterable[Hook] | type[NotSet] | None = NotSet,
        on_commit: Iterable[Hook] | type[NotSet] | None = NotSet,
        retry_condition_fn: Callable[..., bool] | type[NotSet] | None = NotSet,
        viz_return_value: Any = NotSet,
        asset_deps: Iterable[Any] | type[NotSet] | None = NotSet,
    ) -> Task[P, R]:
        """Return a new task of the same function; options that are given replace those of this one."""
        given = {key: value for key, value in locals().items() if key not in ("self", "name") and value is not NotSet}
        if name is not None:
            given["name"] = name
        return type(self)(self.as_decorated(), **{**self._options, **self.hooks(), **given})

    def on_completion(self, fn: Hook) -> Hook:
        """Call `fn` with the task, its run and its state whenever a run completes; use as a decorator."""
        self.on_completion_hooks.append(fn)
        return fn

    def on_failure(self, fn: Hook) -> Hook:
        """Call `fn` with the task, its run and its state whenever a run fails; use as a decorator."""
        self.on_failure_hooks.append(fn)
        return fn

    def on_running(self, fn: Hook) -> Hook:
        """Call `fn` with the task, its run and its state whenever a run enters Running; use as a decorator."""
        self.on_running_hooks.append(fn)
        return fn

    def on_commit(self, fn: Hook) -> Hook:
        """Call `fn` with the transaction when a run's result is committed; use as a decorator."""
        self.on_commit_hooks.append(fn)
        return fn

    def on_rollback(self, fn: Hook) -> Hook:
        """Call `fn` with the transaction when a run's result is rolled back; use as a decorator."""
        self.on_rollback_hooks.append(fn)
        return fn

    # Class methods; taken from the class; taken from an instance; static methods.
    @overload
    def __get__(self: Method[type[Owner], Q, T], instance: object, owner: type[Owner]) -> Task[Q, T]: ...

    @overload
    def __get__(self, instance: None, owner: Any = None) -> Task[P, R]: ...

    @overload
    def __get__(self: Method[Owner, Q, T], instance: Owner, owner: Any = None) -> Task[Q, T]: ...

    @overload
    def __get__(self, instance: object, owner: Any = None) -> Task[P, R]: ...

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self.bound_to(instance, owner)


def task_input_hash(context: Any, arguments: dict[str, Any]) -> str | None:
    """Return a key made of a task's source code and arguments, or None where they have no stable hash.

    It is made for the option `cache_key_fn`, as programs written for Prefect use it; the policy `INPUTS + TASK_SOURCE` does
    the same.

    Parameters:
        context: the context of the task run.
        arguments: the task's arguments, by name.
    """
    from penstock.cache_policies import INPUTS, TASK_SOURCE

    return (INPUTS + TASK_SOURCE).compute_key(context, arguments, {})


def _task_runner() -> TaskRunner[Any]:
    from penstock.engine.background import task_runner_here

    return task_runner_here()


@overload
def task(fn: Callable[P, R], /) -> Task[P, R]: ...


@overload
def task(
    fn: None = None,
    /,
    *,
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
) -> Callable[[Callable[P, R]], Task[P, R]]: ...


def task(fn: Any = None, /, **options: Any) -> Any:
    """Make a function a task: every call of it is a task run.

    Parameters:
        fn: the function: sync or async, returning or yielding; also a method, class method or static method.
        name: what people see; by default the function's name.
        description: what it is for; by default the function's docstring.
        tags: words its runs are found by.
        version: the version of its code.
        cache_policy: what a result is kept under, and so when it is used again; by default `DEFAULT`. See
            `penstock.cache_policies`.
        cache_key_fn: a function of the run's context and its arguments that returns the key; in place of a policy.
        cache_expiration: how long a kept result is good; by default for ever.
        task_run_name: a template over the arguments, such as `"load-{day}"`, or a function that returns the name.
        retries: how many times a failed run is tried again; by default the setting `tasks.default_retries`.
        retry_delay_seconds: how long to wait before each retry: one number, a list of them, or a function from the
            number of retries to such a list, such as `exponential_backoff(2)`.
        retry_jitter_factor: spreads each delay evenly over `delay * (1 ± factor)`.
        persist_result: whether results are written to a storage; by default as the flow says, or where a cache
            policy, a key, a storage or a serializer is named.
        result_storage: where results are written: a path, a URL or a file system.
        result_serializer: how: `"pickle"`, `"json"`, `"compressed/pickle"` …, or a serializer.
        result_storage_key: a template for the name they are written under.
        cache_result_in_memory: whether a persisted result is kept in memory too.
        timeout_seconds: how long a run may take.
        log_prints: whether prints become log lines; by default as the flow says.
        refresh_cache: run although a result is kept, and replace it.
        on_completion, on_failure, on_running: functions of the task, its run and its state, called when a run completes,
            fails or enters Running.
        on_commit, on_rollback: functions of the transaction, called when the run's result is committed or rolled back.
        retry_condition_fn: a function of the task, its run and its failed state that returns whether to retry.
        viz_return_value: kept on the task for programs written for Prefect, and not used.
        asset_deps: nothing: there are no assets yet.

    Example:
        >>> @task(retries=3, retry_delay_seconds=1)
        ... def add(x: int, y: int) -> int:
        ...     return x + y
        >>> add(1, 2)
        3
    """
    if fn is None:
        return lambda function: Task(function, **options)
    return Task(fn, **options)
