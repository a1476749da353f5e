"""The state of a run: what it is doing now, or how it ended and with what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from penstock.core import clock, dispatch
from penstock.core.errors import (
    CancelledRun,
    CrashedRun,
    FailedRun,
    MissingResult,
    PausedRun,
    UnfinishedRun,
)
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.core.typed_state import TypedState

R = TypeVar("R")


class StoredResult:
    """A result that lies in a storage; a state holds this in its place until somebody asks for the value."""

    __slots__ = ()

    def load(self) -> Any:
        """Read the value from its storage."""
        raise NotImplementedError


class NoResult:
    """Stands for the result of a run whose value was neither kept in this process nor persisted."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<not kept>"


NO_RESULT = NoResult()


class StateDetails:
    """What the orchestrator notes beside a state. A field that does not apply is None."""

    __slots__ = (
        "cache_expiration",
        "cache_key",
        "child_flow_run_id",
        "deferred",
        "flow_run_id",
        "pause_key",
        "pause_reschedule",
        "pause_timeout",
        "refresh_cache",
        "retriable",
        "run_input_keyset",
        "scheduled_time",
        "task_parameters_id",
        "task_run_id",
        "transition_id",
    )

    cache_expiration: datetime | None
    cache_key: str | None
    child_flow_run_id: UUID | None
    deferred: bool | None
    flow_run_id: UUID | None
    pause_key: str | None
    pause_reschedule: bool | None
    pause_timeout: datetime | None
    refresh_cache: bool | None
    retriable: bool | None
    run_input_keyset: dict[str, str] | None
    scheduled_time: datetime | None
    task_parameters_id: UUID | None
    task_run_id: UUID | None
    transition_id: UUID | None

    def __init__(self, **fields: Any) -> None:
        for name in self.__slots__:
            setattr(self, name, fields.pop(name, None))
        if fields:
            raise TypeError(f"StateDetails has no field {', '.join(map(repr, fields))}.")

    def __repr__(self) -> str:
        known = {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}
        return f"StateDetails({', '.join(f'{name}={value!r}' for name, value in known.items())})"


class State(TypedState, Generic[R]):
    """The state of a flow run or task run.

    Parameters:
        type: one of `StateType`.
        name: what people see; by default the type, in title case.
        message: why the run is in this state; what is not a text, such as an exception, is made one.
        data: the result of a completed run, the exception of a failed one, or a `StoredResult`.
        timestamp: when the run entered the state; by default now.
        state_details: what the orchestrator notes beside it.
        id: by default a new one.
    """

    __slots__ = ("_details", "_id", "data", "message", "name", "timestamp", "type")

    def __init__(
        self,
        type: StateType,
        name: str | None = None,
        message: str | None = None,
        data: Any = None,
        timestamp: datetime | None = None,
        state_details: StateDetails | None = None,
        id: UUID | None = None,
    ) -> None:
        self.type = type if type.__class__ is StateType else StateType(type)
        if name is not None and name.__class__ is not str:
            name = _text(name)
        self.name = name or self.type.value.capitalize()
        self.message = message if message is None or message.__class__ is str else _text(message)
        self.data = data
        self.timestamp = timestamp or clock.now()
        self._details = state_details
        self._id = id

    @property
    def id(self) -> UUID:
        """The id of this state."""
        if self._id is None:
            self._id = uuid7()
        return self._id

    @property
    def state_details(self) -> StateDetails:
        """What the orchestrator notes beside the state."""
        if self._details is None:
            self._details = StateDetails()
        return self._details

    def result(self, raise_on_failure: bool = True, retry_result_failure: bool = True) -> R:
        """Return the result of the run; called from async code, return an awaitable for it.

        Parameters:
            raise_on_failure: raise the exception of a run that did not complete, instead of returning it.
            retry_result_failure: accepted for programs written for Prefect; a storage decides on its own retries.

        Raises:
            MissingResult: the run completed, but its value was neither kept nor persisted.
            UnfinishedRun: the run has not ended.
        """
        if dispatch.in_async_code():
            return cast("R", self.aresult(raise_on_failure, retry_result_failure))
        return cast("R", state_result(self, raise_on_failure))

    async def aresult(self, raise_on_failure: bool = True, retry_result_failure: bool = True) -> R:
        """Return the result of the run, reading a storage without blocking the event loop. See `result`."""
        if isinstance(self.data, StoredResult):
            import asyncio

            return cast("R", await asyncio.to_thread(state_result, self, raise_on_failure))
        return cast("R", state_result(self, raise_on_failure))

    def model_copy(self, *, update: dict[str, Any] | None = None, deep: bool = False) -> State[R]:
        """Return a copy with a new id and timestamp, and with the fields in `update` replaced."""
        fields: dict[str, Any] = {"type": self.type, "name": self.name, "message": self.message, "data": self.data}
        return State(**{**fields, "state_details": self._details, **(update or {})})

    def copy(self, *, update: dict[str, Any] | None = None, deep: bool = False) -> State[R]:
        """Return a copy, as `model_copy` does."""
        return self.model_copy(update=update, deep=deep)

    def model_dump(
        self,
        *,
        mode: str = "python",
        include: Collection[str] | None = None,
        exclude: Collection[str] | None = None,
        exclude_none: bool = False,
    ) -> dict[str, Any]:
        """Return the state's fields, and those of its details, as dicts.

        Parameters:
            mode: `"json"` for values that JSON has: ids and instants are texts, and data it does not have is left out.
            include: the names of the fields to return; by default all.
            exclude: the names of fields to leave out.
            exclude_none: leave out what is None, in the details too.
        """
        names = ("id", "type", "name", "timestamp", "message", "state_details", "data")
        fields = {name: getattr(self, name) for name in names if include is None or name in include}
        for name in exclude or ():
            fields.pop(name, None)
        if "state_details" in fields:
            details = {name: getattr(self.state_details, name) for name in StateDetails.__slots__}
            fields["state_details"] = _without_none(details) if exclude_none else details
        if mode == "json":
            fields = _as_json(fields)
        return _without_none(fields) if exclude_none else fields

    def fresh_copy(self, **kwargs: Any) -> State[R]:
        """Return a copy with a new id and timestamp."""
        return self.model_copy(**kwargs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        mine = (self.type, self.name, self.message, self.timestamp)
        return mine == (other.type, other.name, other.message, other.timestamp) and self.data is other.data

    def __hash__(self) -> int:
        return hash((self.type, self.name, self.timestamp))

    def __repr__(self) -> str:
        return f"{self.name}(message={self.message!r}, type={self.type.value}, result={self.data!r})"

    def __str__(self) -> str:
        shown = [repr(self.message)] if self.message else []
        if self.type.value.lower() != self.name.lower():
            shown.append(f"type={self.type.value}")
        return f"{self.name}({', '.join(shown)})"


def _text(value: Any) -> str:
    """Return what was given in the place of a text, such as an exception, as one."""
    if isinstance(value, str):
        return str.__str__(value)
    try:
        return str(value)
    except Exception as broken:
        return f"<a {type(value).__name__} that can't be shown: __str__ raised {type(broken).__name__}>"


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _as_json(value: Any) -> Any:
    """Return `value` as JSON has it, without what it does not have."""
    if isinstance(value, StateType):
        return value.value
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(name): _as_json(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else None


def state_result(state: State[Any], raise_on_failure: bool = True) -> Any:
    """Return what `state` ended with, in the calling thread. See `State.result`."""
    if state.type is StateType.COMPLETED:
        return _value(state)
    if not state.is_final() and state.type is not StateType.PAUSED:
        raise UnfinishedRun(f"The run is in state {state.name!r} and has no result yet. Wait for it to end.")
    exception = state_exception(state)
    if raise_on_failure:
        raise exception
    return exception


def _value(state: State[Any]) -> Any:
    value = state.data
    if isinstance(value, StoredResult):
        value = value.load()
    if isinstance(value, NoResult):
        raise MissingResult(
            "The run completed, but its result was neither kept in this process nor persisted. "
            "Give the flow or task persist_result=True to be able to read it later."
        )
    if isinstance(value, State):
        return state_result(value)
    return value


_UNSUCCESSFUL: dict[StateType, type[Exception]] = {
    StateType.FAILED: FailedRun,
    StateType.CRASHED: CrashedRun,
    StateType.CANCELLED: CancelledRun,
    StateType.PAUSED: PausedRun,
}


def state_exception(state: State[Any]) -> BaseException:
    """Return the exception of a run that did not complete.

    Where the state holds the states of other runs, it is the first exception among those that failed; where it
    holds no exception, it is one of `FailedRun`, `CrashedRun`, `CancelledRun` and `PausedRun` with the state's message.
    """
    if state.type not in _UNSUCCESSFUL:
        raise ValueError(f"A state of type {state.type.value} has no exception: the run did not fail.")
    found = state.data.load() if isinstance(state.data, StoredResult) else state.data
    if isinstance(found, BaseException):
        return found
    if isinstance(found, State):
        found = [found]
    if isinstance(found, (list, tuple, set)):
        unsuccessful = [one for one in found if isinstance(one, State) and one.type in _UNSUCCESSFUL]
        if unsuccessful:
            return state_exception(unsuccessful[0])
    message = found if isinstance(found, str) and found else state.message
    return _UNSUCCESSFUL[state.type](message or f"The run ended in state {state.name!r}.")
