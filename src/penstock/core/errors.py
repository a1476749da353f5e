"""Every error Penstock raises on purpose.

    PenstockException
    ├── run ended otherwise than Completed
    │   ├── FailedRun · CrashedRun · CancelledRun · PausedRun · UnfinishedRun
    │   ├── FlowPauseTimeout · FlowRunWaitTimeout            (also TimeoutError)
    │   ├── MissingResult
    │   ├── UpstreamTaskError
    │   └── TaskRunTimeoutError, FlowRunTimeoutError         (also TimeoutError)
    ├── what a user wrote
    │   ├── ParameterTypeError · ParameterBindError · SignatureMismatchError · ReservedArgumentError
    │   ├── InvalidNameError                                 (also ValueError)
    │   ├── MappingLengthMismatch · MappingMissingIterable
    │   ├── MissingContextError                              (also RuntimeError)
    │   ├── MissingFlowError · UnspecifiedFlowError · ScriptError
    │   ├── PauseError                                       (also RuntimeError)
    │   │   └── NotPausedError
    │   ├── RecursionTooDeep · CircularFutures
    │   └── ConfigurationError
    │       ├── InvalidScheduleError                         (also ValueError)
    │       ├── MissingProfileError · ProfileSettingsValidationError
    │       └── UnknownSettingError
    ├── the code of a deployment
    │   ├── SourceError
    │   │   ├── InvalidSource                                (also ValueError)
    │   │   └── SourceUnreachable
    │   └── StepExecutionError
    ├── results
    │   ├── SerializationError · HashError · ResultTooLarge
    │   └── TransactionError
    │       └── ConcurrencyError
    ├── the record
    │   ├── StorageError
    │   │   └── StorageFull · StorageReadOnly · StorageCorrupt · StorageTooNew · StorageBusy
    │   │       StorageUnreachable · ServerUnreachable
    │   └── RequestError
    │       ├── ObjectNotFound · ObjectAlreadyExists · ObjectLimitReached · InvalidRequest · StaleAttempt
    │       └── Unauthorized · Forbidden · ServerError
    └── InfrastructureError
        └── ProcessDied
    PenstockSignal (BaseException): Abort · Pause
    ExternalSignal (BaseException): TerminationSignal

A message names the thing, the fact and the remedy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uuid import UUID


def _rebuild(kind: type[BaseException], args: tuple[Any, ...], fields: dict[str, Any]) -> BaseException:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(fields)
    return error


class PenstockException(Exception):
    """The base of every error of Penstock."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, dict(self.__dict__))


class CrashedRun(PenstockException):
    """The result of a crashed run was asked for."""


class FailedRun(PenstockException):
    """The result of a failed run was asked for, and its own exception is not known."""


class CancelledRun(PenstockException):
    """The result of a cancelled run was asked for."""


class PausedRun(PenstockException):
    """The result of a paused run was asked for."""

    def __init__(self, *args: Any, state: Any = None) -> None:
        super().__init__(*args)
        self.state = state


class FlowPauseTimeout(PenstockException, TimeoutError):
    """Nobody resumed a paused run in time."""


class FlowRunWaitTimeout(PenstockException, TimeoutError):
    """A flow run did not end within the time that somebody waited for it."""


class UnfinishedRun(PenstockException):
    """The result of a run that has not ended was asked for."""


class MissingResult(PenstockException):
    """A result was neither kept nor persisted, or is no longer where it was persisted."""


class UpstreamTaskError(PenstockException):
    """A task was not run, because one that it depends on did not complete."""


class RunTimeoutError(PenstockException, TimeoutError):
    """A run took longer than its `timeout_seconds`.

    Parameters:
        run_id: the run.
    """

    def __init__(self, *args: Any, run_id: UUID | None = None) -> None:
        super().__init__(*args)
        self.run_id = run_id


class TaskRunTimeoutError(RunTimeoutError):
    """A task run took longer than its `timeout_seconds`."""


class FlowRunTimeoutError(RunTimeoutError):
    """A flow run took longer than its `timeout_seconds`."""


class ParameterTypeError(PenstockException):
    """A parameter's value does not fit its type."""


class ParameterBindError(PenstockException, TypeError):
    """A call's arguments do not fit the function's signature."""


class SignatureMismatchError(PenstockException, TypeError):
    """Parameters by name do not fit the function's signature."""


class ReservedArgumentError(PenstockException, TypeError):
    """A function takes a parameter whose name Penstock keeps for itself."""


class InvalidNameError(PenstockException, ValueError):
    """A name is empty, too long, or holds characters a name can't hold."""


class MappingLengthMismatch(PenstockException):
    """`Task.map` was given iterables of different lengths."""


class MappingMissingIterable(PenstockException):
    """`Task.map` was given nothing to iterate over."""


class MissingContextError(PenstockException, RuntimeError):
    """Something that needs a run was called outside of one."""


class PauseError(PenstockException, RuntimeError):
    """A run can't be paused, suspended or resumed as it was asked."""


class NotPausedError(PauseError):
    """A run was to be resumed that is not paused."""


class MissingFlowError(PenstockException):
    """A file or module does not hold the flow that was asked for."""


class UnspecifiedFlowError(PenstockException):
    """A file holds several flows and none was named."""


class ScriptError(PenstockException):
    """A user's file raised while it was imported.

    Parameters:
        path: the file.
        user_exc: what it raised.
    """

    def __init__(self, path: str, user_exc: BaseException) -> None:
        try:
            words = f": {user_exc}"
        except Exception:  # its own message may be what is broken
            words = "."
        super().__init__(f"{path} raised {type(user_exc).__name__} while it was imported{words}")
        self.path = path
        self.user_exc = user_exc


class RecursionTooDeep(PenstockException, RecursionError):
    """Flows or tasks called one another deeper than the bound."""


class CircularFutures(PenstockException):
    """A task waits, through others, for itself."""


class ConfigurationError(PenstockException):
    """Settings do not make sense."""


class InvalidScheduleError(ConfigurationError, ValueError):
    """A schedule does not parse, never falls, or asks for more than can be computed."""


class MissingProfileError(ConfigurationError, ValueError):
    """There is no profile of that name."""


class ProfileSettingsValidationError(ConfigurationError):
    """A profile holds values that its settings can't take."""


class UnknownSettingError(ConfigurationError):
    """There is no setting of that name."""


class SourceError(PenstockException):
    """Code can't be had from where it comes from."""


class InvalidSource(SourceError, ValueError):
    """What is said of where code comes from can't be true, or may not be: an address, a branch, a folder."""


class SourceUnreachable(SourceError):
    """Where code comes from does not answer; it may later."""


class StepExecutionError(PenstockException):
    """A step of a deployment failed."""


class SerializationError(PenstockException):
    """A value could not be written, or read back, by a serializer."""


class HashError(PenstockException):
    """A value has no stable hash, so it can't be part of a cache key."""


class ResultTooLarge(PenstockException):
    """A result is larger than the bound on persisted results."""


class TransactionError(PenstockException):
    """A transaction was used in a way its state does not allow."""


class ConcurrencyError(TransactionError):
    """A transaction's key is locked by another holder."""


class StorageError(PenstockException):
    """The database that keeps the record refused."""


class StorageFull(StorageError):
    """The disk under the database is full."""


class StorageReadOnly(StorageError):
    """The database can't be written."""


class StorageCorrupt(StorageError):
    """The file is not a sound database."""


class StorageTooNew(StorageError):
    """The database was written by a newer version of Penstock."""


class StorageBusy(StorageError):
    """Another process held the database for longer than the bound."""


class ServerUnreachable(StorageError):
    """The server that keeps the record does not answer."""


class StorageUnreachable(StorageError):
    """The database does not answer."""


class RequestError(PenstockException):
    """An operation was refused.

    Attributes:
        status: the HTTP status that says the same.
    """

    status = 400


class InvalidRequest(RequestError):
    """A request's content does not make sense."""

    status = 422


class ObjectNotFound(RequestError):
    """There is no such object."""

    status = 404


class ObjectAlreadyExists(RequestError):
    """There is such an object already."""

    status = 409


class StaleAttempt(RequestError):
    """The write comes from an attempt that is no longer the run's live one: its process must stop."""

    status = 409


class ObjectLimitReached(RequestError):
    """A bound was reached."""

    status = 413


class Unauthorized(RequestError):
    """The server does not know who asks: the API key is missing or wrong."""

    status = 401


class Forbidden(RequestError):
    """The principal may not do this."""

    status = 403


class ServerError(RequestError):
    """The server failed at this request; it is the server's fault, and its log tells more."""

    status = 500


class InfrastructureError(PenstockException):
    """What a run ran in broke: not the run's own doing."""


class ProcessDied(InfrastructureError):
    """The process that a task's function ran in ended before the function did.

    Parameters:
        exit_code: how it ended: its exit code, or the number of the signal that killed it, negative; None where that
            is not known.
    """

    def __init__(self, *args: Any, exit_code: int | None = None) -> None:
        super().__init__(*args)
        self.exit_code = exit_code


class PenstockSignal(BaseException):
    """The base of what Penstock raises to steer a run; not an error, so `except Exception` lets it pass."""


class Abort(PenstockSignal):
    """The run is to stop here, and nothing more is to be said of it."""


class Pause(PenstockSignal):
    """The run is to stop here and be resumed later.

    Parameters:
        state: the state it enters.
        pause: what it waits for, as the server is told.
    """

    def __init__(self, *args: Any, state: Any = None, pause: Any = None) -> None:
        super().__init__(*args)
        self.state = state
        self.pause = pause


class ExternalSignal(BaseException):
    """The base of what the world outside raises into a run."""


class TerminationSignal(ExternalSignal):
    """The process was asked to end.

    Parameters:
        signal: the number of the signal.
    """

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal
