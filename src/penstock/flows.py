"""Flows: functions whose every call is a flow run, with a record, retries, a time limit and tasks within."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Generic, Literal, ParamSpec, TypeVar, cast, overload

from penstock.core.annotations import NotSet
from penstock.engine.definitions.definition import own_arguments
from penstock.engine.definitions.flow_definition import FlowDefinition, Hook

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path
    from uuid import UUID

    from penstock.core.state import State
    from penstock.deployments.entrypoint import EntrypointType
    from penstock.deployments.runner import ConcurrencyLimitConfig, RunnerDeployment
    from penstock.engine.definitions.method import Method
    from penstock.runner.storage import RunnerStorage
    from penstock.schedules import Schedule
    from penstock.task_runners.task_runner import TaskRunner

    Interval = float | timedelta
    Runner = TaskRunner[Any] | type[TaskRunner[Any]]

__all__ = ["Flow", "flow", "load_flow_from_entrypoint", "select_flow"]

P = ParamSpec("P")
Q = ParamSpec("Q")
Owner = TypeVar("Owner")
R = TypeVar("R")
T = TypeVar("T")


class Flow(FlowDefinition, Generic[P, R]):
    """A function whose every call is a flow run. Make one with the decorator `flow`."""

    fn: Callable[P, R]

    # Where its code comes from, and which entrypoint of it this is, where `from_source` loaded it.
    _storage: RunnerStorage | None = None
    _entrypoint: str | None = None

    def __init__(self, fn: Any, **options: Any) -> None:
        super().__init__(fn, **options)
        self._options = options

    @overload
    def __call__(self, /, *args: P.args, **kwargs: P.kwargs) -> R: ...

    @overload
    def __call__(
        self: Flow[P, Coroutine[Any, Any, T]],
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
        """Run the flow here and now.

        Parameters:
            args, kwargs: the arguments of the function; futures among them are waited for.
            return_state: return the final state instead of the result, and raise nothing.
            wait_for: futures to wait for first.

        Returns:
            The function's result; for an async function an awaitable of it, for a generator function a generator.

        Raises:
            ParameterBindError: the arguments do not fit the function's signature.
        """
        from penstock.engine.flow_engine import run_flow

        return_state, wait_for = own_arguments(kwargs)
        return run_flow(self, self.signature.bind(args, kwargs), wait_for, return_state)

    @property
    def parameters(self) -> dict[str, Any]:
        """The JSON schema of the function's parameters."""
        from penstock.engine.parameter_schema import parameter_schema

        return parameter_schema(self.fn)

    def validate_parameters(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return `parameters` as the function's annotations have them.

        Raises:
            ParameterTypeError: a value does not fit.
        """
        from penstock.engine.parameters import validate_parameters

        return validate_parameters(self.name, self.fn, parameters)

    def serialize_parameters(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return `parameters` as JSON has them, whole and with nothing masked.

        What JSON can't say, and every future and state, is the name of its class: `"<Connection>"`. The object that a
        method is bound to is left out.
        """
        from penstock.engine.parameters.as_json import as_json

        bound_to = getattr(self.fn, "__self__", NotSet)
        return {name: as_json(value) for name, value in parameters.items() if value is not bound_to}

    def with_options(
        self,
        *,
        name: str | None = None,
        version: str | type[NotSet] | None = NotSet,
        flow_run_name: str | Callable[..., str] | type[NotSet] | None = NotSet,
        retries: int | type[NotSet] | None = NotSet,
        retry_delay_seconds: float | type[NotSet] | None = NotSet,
        task_runner: Runner | type[NotSet] | None = NotSet,
        description: str | type[NotSet] | None = NotSet,
        timeout_seconds: float | type[NotSet] | None = NotSet,
        validate_parameters: bool | type[NotSet] = NotSet,
        persist_result: bool | type[NotSet] | None = NotSet,
        result_storage: Any = NotSet,
        result_serializer: Any = NotSet,
        cache_result_in_memory: bool | type[NotSet] = NotSet,
        log_prints: bool | type[NotSet] | None = NotSet,
        on_completion: Iterable[Hook] | type[NotSet] | None = NotSet,
        on_failure: Iterable[Hook] | type[NotSet] | None = NotSet,
        on_cancellation: Iterable[Hook] | type[NotSet] | None = NotSet,
        on_crashed: Iterable[Hook] | type[NotSet] | None = NotSet,
        on_running: Iterable[Hook] | type[NotSet] | None = NotSet,
        recoveries: int | type[NotSet] = NotSet,
    ) -> Flow[P, R]:
        """Return a new flow of the same function; options that are given replace those of this one."""
        given = {key: value for key, value in locals().items() if key not in ("self", "name") and value is not NotSet}
        if name is not None:
            given["name"] = name
        new = type(self)(self.as_decorated(), **{**self._options, **self.hooks(), **given})
        new._storage, new._entrypoint = self._storage, self._entrypoint
        return new

    @staticmethod
    def from_source(source: str | Path | RunnerStorage, entrypoint: str) -> Flow[..., Any]:
        """Return the flow that stands in code of elsewhere, after bringing the code here; in async code, an awaitable of it.

        The code is kept for the next time, and stays at least until this process has ended. The flow remembers where it
        comes from.

        Parameters:
            source: the address of a git repository or a remote folder, the path of a folder, or a storage of
                `penstock.runner.storage`.
            entrypoint: `path/to/file.py:flow_function` or `package.module:flow_function`, within the code.

        Raises:
            SourceError: the code can't be had.
            MissingFlowError: the code has no such flow.
            ScriptError: the code raised while it was imported.
        """
        from penstock.core.dispatch import in_async_code
        from penstock.core.steps import drive

        if in_async_code():
            return cast("Flow[..., Any]", Flow.afrom_source(source, entrypoint))
        from penstock.runner.loading import loading

        return cast("Flow[..., Any]", drive(loading(source, entrypoint)))

    @staticmethod
    async def afrom_source(source: str | Path | RunnerStorage, entrypoint: str) -> Flow[..., Any]:
        """Return the flow that stands in code of elsewhere, without blocking the event loop. See `from_source`."""
        from penstock.core.steps import drive_async
        from penstock.runner.loading import loading

        return cast("Flow[..., Any]", await drive_async(loading(source, entrypoint)))

    def on_completion(self, fn: Hook) -> Hook:
        """Call `fn` with the flow, its run and its state whenever a run completes; use as a decorator."""
        self.on_completion_hooks.append(fn)
        return fn

    def on_failure(self, fn: Hook) -> Hook:
        """Call `fn` with the flow, its run and its state whenever a run fails; use as a decorator."""
        self.on_failure_hooks.append(fn)
        return fn

    def on_cancellation(self, fn: Hook) -> Hook:
        """Call `fn` with the flow, its run and its state whenever a run is cancelled; use as a decorator."""
        self.on_cancellation_hooks.append(fn)
        return fn

    def on_crashed(self, fn: Hook) -> Hook:
        """Call `fn` with the flow, its run and its state whenever a run crashes; use as a decorator."""
        self.on_crashed_hooks.append(fn)
        return fn

    def on_running(self, fn: Hook) -> Hook:
        """Call `fn` with the flow, its run and its state whenever a run enters Running; use as a decorator."""
        self.on_running_hooks.append(fn)
        return fn

    def to_deployment(
        self,
        name: str,
        interval: Interval | Iterable[Interval] | None = None,
        cron: str | Iterable[str] | None = None,
        rrule: str | Iterable[str] | None = None,
        paused: bool | None = None,
        schedule: Schedule | None = None,
        schedules: Iterable[Any] | None = None,
        concurrency_limit: int | ConcurrencyLimitConfig | None = None,
        parameters: dict[str, Any] | None = None,
        triggers: Any = None,
        description: str | None = None,
        tags: Iterable[str] | None = None,
        version: str | None = None,
        enforce_parameter_schema: bool = True,
        work_pool_name: str | None = None,
        work_queue_name: str | None = None,
        job_variables: dict[str, Any] | None = None,
        entrypoint_type: EntrypointType | str = "file_path",
    ) -> RunnerDeployment:
        """Return a deployment of this flow: how, when and where it is to run. `apply`, `serve` or `deploy` make it known.

        Parameters:
            name: unique among the flow's deployments.
            interval: run every so often: seconds, a time delta, or several of them.
            cron: run by one or several cron expressions, in UTC.
            rrule: run by one or several recurrence rules, in UTC.
            paused: whether its schedules rest at first.
            schedule: a schedule with a time zone, parameters and policies of its own, from `penstock.schedules`.
            schedules: several of those.
            concurrency_limit: how many of its runs may go on at once.
            parameters: what runs are called with, unless their schedule or caller says otherwise.
            triggers: not there yet; anything but None is refused.
            description: what it is for; by default the flow's.
            tags: words that its runs bear.
            version: a word for this version of it; by default the flow's.
            enforce_parameter_schema: whether runs with parameters that the flow does not take are refused.
            work_pool_name: where its runs are carried out; None to serve it.
            work_queue_name: which queue of the pool.
            job_variables: values for the pool's base job template.
            entrypoint_type: whether the flow is found by its file (`file_path`) or by its module (`module_path`).

        Raises:
            ConfigurationError: the flow can't be found again by another process, or a schedule makes no sense.
        """
        from penstock.core.errors import ConfigurationError
        from penstock.deployments.entrypoint import EntrypointType
        from penstock.deployments.runner import RunnerDeployment

        if triggers is not None:
            raise ConfigurationError("Deployments can't be started by triggers yet. Leave `triggers` out.")
        options = {
            key: value
            for key, value in locals().items()
            if key not in ("self", "name", "triggers", "entrypoint_type") and not isinstance(value, type)
        }
        return RunnerDeployment.from_flow(self, name, entrypoint_type=EntrypointType(entrypoint_type), **options)

    def serve(
        self,
        name: str | None = None,
        *,
        global_limit: int | ConcurrencyLimitConfig | None = None,
        pause_on_shutdown: bool = True,
        print_starting_message: bool = True,
        limit: int | None = None,
        webserver: bool = False,
        **options: Any,
    ) -> None:
        """Deploy this flow and run it from this process, until that is asked to end.

        Parameters:
            name: the deployment's name; by default the flow's.
            global_limit: how many runs of the deployment may go on at once, wherever.
            pause_on_shutdown: whether its schedules rest when this process ends.
            print_starting_message: whether to say what is served, and how a run is started.
            limit: how many runs go on at once in this process; by default any number.
            webserver: not needed; here as it is in Prefect.
            options: those of `to_deployment`.

        Raises:
            ConfigurationError: the flow can't be found again by another process, or an event loop runs in this thread.
        """
        from penstock.runner import serve

        deployment = self.to_deployment(name or self.name, concurrency_limit=global_limit, **options)
        serve(
            deployment, pause_on_shutdown=pause_on_shutdown, print_starting_message=print_starting_message, limit=limit
        )

    def deploy(
        self,
        name: str,
        work_pool_name: str | None = None,
        image: Any = None,
        build: bool = True,
        push: bool = True,
        print_next_steps: bool = True,
        ignore_warnings: bool = False,
        **options: Any,
    ) -> UUID:
        """Deploy this flow to a work pool, whose workers run it. Returns the deployment's id.

        Parameters:
            name: unique among the flow's deployments.
            work_pool_name: the pool.
            image: a container image, by name or as a `DockerImage`, that holds the code.
            build: whether the image is built.
            push: whether it is pushed to its registry.
            print_next_steps: whether to say how a worker is started.
            ignore_warnings: whether to keep quiet about what may not work.
            options: those of `to_deployment`.

        Raises:
            ConfigurationError: no pool is named, or the flow can't be found again by another process.
            RequestError: the server refuses it.
        """
        from penstock.deployments import deploy

        deployment = self.to_deployment(name, work_pool_name=work_pool_name, **options)
        [deployed] = deploy(
            deployment,
            image=image,
            build=build,
            push=push,
            print_next_steps_message=print_next_steps,
            ignore_warnings=ignore_warnings,
        )
        return deployed

    # Class methods; taken from the class; taken from an instance; static methods.
    @overload
    def __get__(self: Method[type[Owner], Q, T], instance: object, owner: type[Owner]) -> Flow[Q, T]: ...

    @overload
    def __get__(self, instance: None, owner: Any = None) -> Flow[P, R]: ...

    @overload
    def __get__(self: Method[Owner, Q, T], instance: Owner, owner: Any = None) -> Flow[Q, T]: ...

    @overload
    def __get__(self, instance: object, owner: Any = None) -> Flow[P, R]: ...

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self.bound_to(instance, owner)


if TYPE_CHECKING:

    class _FlowDecorator:
        """`flow`, as type checkers see it: a function with an attribute."""

        @overload
        def __call__(self, fn: Callable[P, R], /) -> Flow[P, R]: ...

        @overload
        def __call__(
            self,
            fn: None = None,
            /,
            *,
            name: str | None = None,
            version: str | None = None,
            flow_run_name: str | Callable[..., str] | None = None,
            retries: int | None = None,
            retry_delay_seconds: float | None = None,
            task_runner: Runner | None = None,
            description: str | None = None,
            timeout_seconds: float | None = None,
            validate_parameters: bool = True,
            persist_result: bool | None = None,
            result_storage: Any = None,
            result_serializer: Any = None,
            cache_result_in_memory: bool = True,
            log_prints: bool | None = None,
            on_completion: Iterable[Hook] | None = None,
            on_failure: Iterable[Hook] | None = None,
            on_cancellation: Iterable[Hook] | None = None,
            on_crashed: Iterable[Hook] | None = None,
            on_running: Iterable[Hook] | None = None,
            recoveries: int = 0,
        ) -> Callable[[Callable[P, R]], Flow[P, R]]: ...

        def __call__(self, fn: Any = None, /, **options: Any) -> Any: ...

        @staticmethod
        def from_source(source: str | Path | RunnerStorage, entrypoint: str) -> Flow[..., Any]: ...

        @staticmethod
        async def afrom_source(source: str | Path | RunnerStorage, entrypoint: str) -> Flow[..., Any]: ...

    flow = _FlowDecorator()

else:

    def flow(fn: Any = None, /, **options: Any) -> Any:
        """Make a function a flow: every call of it is a flow run.

        Parameters:
            fn: the function: sync or async, returning or yielding; also a method, class method or static method.
            name: what people see; by default the function's name with dashes for underscores.
            version: the version of its code; by default a digest of the file it stands in.
            flow_run_name: a template over the arguments, such as `"load-{day}"`, or a function that returns the name.
            retries: how many times a failed run is tried again; by default the setting `flows.default_retries`. Tasks that
                completed with a persisted result are not run again.
            retry_delay_seconds: how long to wait before each retry.
            task_runner: where submitted tasks run; by default in threads.
            description: what it is for; by default the function's docstring.
            timeout_seconds: how long a run may take.
            validate_parameters: whether arguments are checked against, and made to fit, the function's annotations.
            persist_result: whether results of the flow, and of its tasks unless they say otherwise, are written to a storage.
            result_storage: where: a path, a URL or a file system.
            result_serializer: how: `"pickle"`, `"json"`, `"compressed/pickle"` …, or a serializer.
            cache_result_in_memory: whether a persisted result is kept in memory too.
            log_prints: whether prints become log lines.
            on_completion, on_failure, on_cancellation, on_crashed, on_running: functions of the flow, its run and its state,
                called when a run completes, fails, is cancelled, crashes or enters Running.
            recoveries: how many times a crashed run may be taken up again. Such a flow is durable: its tasks persist their
                results, and those that completed are not run again.

        Example:
            >>> @flow
            ... def hello(name: str = "world") -> str:
            ...     return f"Hello {name}!"
            >>> hello()
            'Hello world!'
        """
        if fn is None:
            return lambda function: Flow(function, **options)
        return Flow(fn, **options)

    flow.from_source, flow.afrom_source = Flow.from_source, Flow.afrom_source


def load_flow_from_entrypoint(entrypoint: str) -> Flow[..., Any]:
    """Return the flow that stands in a file or module.

    Parameters:
        entrypoint: `path/to/file.py:flow_function`, or `package.module:flow_function`.

    Raises:
        MissingFlowError: there is no such flow.
        ScriptError: the file raised while it was imported.
    """
    from penstock.engine.entrypoints import load_flow_from_entrypoint as load

    return cast("Flow[..., Any]", load(entrypoint))


def select_flow(
    flows: Iterable[Flow[P, R]], flow_name: str | None = None, from_message: str | None = None
) -> Flow[P, R]:
    """Return the flow of a name, or the only one there is.

    Parameters:
        flows: where to look.
        flow_name: its name; it may be left out where there is one flow.
        from_message: where the flows come from, such as `"in file flows.py"`, for the error.

    Raises:
        MissingFlowError: there is no flow, or none of that name.
        UnspecifiedFlowError: there are several, and no name is given.
    """
    from penstock.core.errors import MissingFlowError, UnspecifiedFlowError

    known = {one.name: one for one in flows}
    place = f" {from_message}" if from_message else ""
    names = ", ".join(map(repr, sorted(known)))
    if not known:
        raise MissingFlowError(f"There is no flow{place}. Put @flow above a function.")
    if not flow_name:
        if len(known) > 1:
            raise UnspecifiedFlowError(f"There are several flows{place}. Name one: {names}.")
        return next(iter(known.values()))
    if flow_name not in known:
        raise MissingFlowError(f"There is no flow {flow_name!r}{place}. There is {names}.")
    return known[flow_name]
