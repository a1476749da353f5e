"""Taking what a flow run is told while it goes on, one thing after another."""

from __future__ import annotations

from collections.abc import Coroutine
from math import inf
from typing import Any, Generic, TypeVar
from uuid import UUID

from penstock.client.run_news import RunNews
from penstock.client.transport import call
from penstock.core import clock
from penstock.core.dispatch import in_async_code
from penstock.core.steps import Block, Steps, drive, drive_async
from penstock.engine.pauses import AwaitNews
from penstock.input.actions import told_here
from penstock.input.run_input import AutomaticRunInput, RunInput, run_input_subclass_from_type
from penstock.wire.operations import FLOW_RUNS_LIST_INPUTS
from penstock.wire.pausing.inputs import FlowRunInput, InputQuery

R = TypeVar("R", bound=RunInput)
T = TypeVar("T")


class GetInputHandler(Generic[R]):
    """What a flow run is told of one type, in the order of its coming: iterate over it, sync or async, or call `next`.

    Parameters:
        run_input_cls: the type.
        key_prefix: how the keys of what is meant begin.
        timeout: how many seconds to wait for the next one; None for as long as it takes.
        poll_interval: not needed, as the server tells of what comes; here as it is in Prefect.
        raise_timeout_error: whether an iteration ends with `TimeoutError` when the time is over, instead of just ending.
        exclude_keys: what has one of these keys is passed over.
        flow_run_id: who is told; by default the flow run that this is called in.
    """

    def __init__(
        self,
        run_input_cls: type[R],
        key_prefix: str,
        timeout: float | None = 3600,
        poll_interval: float = 10,
        raise_timeout_error: bool = False,
        exclude_keys: set[str] | None = None,
        flow_run_id: UUID | None = None,
    ) -> None:
        self.run_input_cls = run_input_cls
        self.key_prefix = key_prefix
        self.timeout = timeout
        self.poll_interval = poll_interval
        self.raise_timeout_error = raise_timeout_error
        self.exclude_keys = set(exclude_keys or ())
        self.flow_run_id = told_here(flow_run_id)
        self._position = 0

    def next(self) -> Any:
        """Return the next one, waiting for it. In async code await what this returns.

        Raises:
            TimeoutError: none has come in time.
        """
        return drive_async(self._next_steps()) if in_async_code() else drive(self._next_steps())

    def anext(self) -> Coroutine[Any, Any, Any]:
        """Do as `next` does, as a coroutine wherever it is called."""
        return drive_async(self._next_steps())

    def to_instance(self, flow_run_input: FlowRunInput) -> Any:
        """Return what an iteration yields for something that the run was told."""
        return self.run_input_cls.load_from_flow_run_input(flow_run_input)

    def __iter__(self) -> GetInputHandler[R]:
        """Return itself."""
        return self

    def __next__(self) -> R:
        """Return the next one; stop when its time is over."""
        try:
            return drive(self._next_steps())  # type: ignore[no-any-return]
        except TimeoutError:
            if self.raise_timeout_error:
                raise
            raise StopIteration from None

    def __aiter__(self) -> GetInputHandler[R]:
        """Return itself."""
        return self

    async def __anext__(self) -> R:
        """Return the next one; stop when its time is over."""
        try:
            return await drive_async(self._next_steps())
        except TimeoutError:
            if self.raise_timeout_error:
                raise
            raise StopAsyncIteration from None

    def _next_steps(self) -> Steps[Any]:
        until = inf if self.timeout is None else clock.current().monotonic() + self.timeout
        with RunNews(self.flow_run_id) as news:
            while True:
                found: FlowRunInput | None = yield Block(self._take)
                if found is not None:
                    return self.to_instance(found)
                left = until - clock.current().monotonic()
                if left <= 0:
                    what = self.run_input_cls.__name__
                    raise TimeoutError(
                        f"Flow run {self.flow_run_id} was told no {what} within {self.timeout} second(s)."
                    )
                yield AwaitNews(news, left)

    def _take(self) -> FlowRunInput | None:
        """Return the first that was not taken yet."""
        query = InputQuery(self.flow_run_id, self.key_prefix, self._position, limit=1)
        while items := call(FLOW_RUNS_LIST_INPUTS, query).items:
            self._position = items[0].position
            if items[0].key not in self.exclude_keys:
                self.exclude_keys.add(items[0].key)
                return items[0]
            query = InputQuery(self.flow_run_id, self.key_prefix, self._position, limit=1)
        return None


class GetAutomaticInputHandler(GetInputHandler[AutomaticRunInput[T]], Generic[T]):
    """The values that a flow run is told. The parameters are those of `GetInputHandler`.

    Parameters:
        with_metadata: give the whole input, with where it came from, and not its value alone.
    """

    def __init__(self, *args: Any, with_metadata: bool = False, **kwargs: Any) -> None:
        self.with_metadata = with_metadata
        super().__init__(*args, **kwargs)

    def to_instance(self, flow_run_input: FlowRunInput) -> Any:
        """Return the value, or the whole input."""
        made = self.run_input_cls.load_from_flow_run_input(flow_run_input)
        return made if self.with_metadata else made.value


def receive_input(
    input_type: Any,
    timeout: float | None = 3600,
    poll_interval: float = 10,
    raise_timeout_error: bool = False,
    exclude_keys: set[str] | None = None,
    key_prefix: str | None = None,
    flow_run_id: UUID | None = None,
    with_metadata: bool = False,
) -> Any:
    """Return what a flow run is told of one type, one after another: iterate over it, sync or async, or call `next`.

    Parameters:
        input_type: a `RunInput`, a pydantic model, or any type that pydantic knows.
        timeout: how many seconds to wait for the next one; None for as long as it takes.
        poll_interval: not needed, as the server tells of what comes; here as it is in Prefect.
        raise_timeout_error: whether an iteration ends with `TimeoutError` when the time is over, instead of just ending.
        exclude_keys: what has one of these keys is passed over.
        key_prefix: how the keys of what is meant begin; by default what is sent of this type.
        flow_run_id: who is told; by default the flow run that this is called in.
        with_metadata: for types that are no models: give the whole input and not its value alone.

    Raises:
        PauseError: pydantic does not know the type.
        MissingContextError: no flow run is named, and none runs here.
    """
    model = run_input_subclass_from_type(input_type)
    arguments = (timeout, poll_interval, raise_timeout_error, exclude_keys, key_prefix, flow_run_id)
    if issubclass(model, AutomaticRunInput):
        names = ("timeout", "poll_interval", "raise_timeout_error", "exclude_keys", "key_prefix", "flow_run_id")
        return model.receive(**dict(zip(names, arguments, strict=True)), with_metadata=with_metadata)
    return model.receive(*arguments)
