"""Every error Penstock raises on purpose. Each keeps its fields, and survives pickling."""

from __future__ import annotations

from penstock.core.errors import Abort as Abort
from penstock.core.errors import CancelledRun as CancelledRun
from penstock.core.errors import CircularFutures as CircularFutures
from penstock.core.errors import ConcurrencyError as ConcurrencyError
from penstock.core.errors import ConfigurationError as ConfigurationError
from penstock.core.errors import CrashedRun as CrashedRun
from penstock.core.errors import ExternalSignal as ExternalSignal
from penstock.core.errors import FailedRun as FailedRun
from penstock.core.errors import FlowPauseTimeout as FlowPauseTimeout
from penstock.core.errors import FlowRunTimeoutError as FlowRunTimeoutError
from penstock.core.errors import FlowRunWaitTimeout as FlowRunWaitTimeout
from penstock.core.errors import Forbidden as Forbidden
from penstock.core.errors import HashError as HashError
from penstock.core.errors import InfrastructureError as InfrastructureError
from penstock.core.errors import InvalidNameError as InvalidNameError
from penstock.core.errors import InvalidRequest as InvalidRequest
from penstock.core.errors import InvalidScheduleError as InvalidScheduleError
from penstock.core.errors import InvalidSource as InvalidSource
from penstock.core.errors import MappingLengthMismatch as MappingLengthMismatch
from penstock.core.errors import MappingMissingIterable as MappingMissingIterable
from penstock.core.errors import MissingContextError as MissingContextError
from penstock.core.errors import MissingFlowError as MissingFlowError
from penstock.core.errors import MissingProfileError as MissingProfileError
from penstock.core.errors import MissingResult as MissingResult
from penstock.core.errors import NotPausedError as NotPausedError
from penstock.core.errors import ObjectAlreadyExists as ObjectAlreadyExists
from penstock.core.errors import ObjectLimitReached as ObjectLimitReached
from penstock.core.errors import ObjectNotFound as ObjectNotFound
from penstock.core.errors import ParameterBindError as ParameterBindError
from penstock.core.errors import ParameterTypeError as ParameterTypeError
from penstock.core.errors import Pause as Pause
from penstock.core.errors import PausedRun as PausedRun
from penstock.core.errors import PauseError as PauseError
from penstock.core.errors import PenstockException as PenstockException
from penstock.core.errors import PenstockSignal as PenstockSignal
from penstock.core.errors import ProcessDied as ProcessDied
from penstock.core.errors import ProfileSettingsValidationError as ProfileSettingsValidationError
from penstock.core.errors import RecursionTooDeep as RecursionTooDeep
from penstock.core.errors import RequestError as RequestError
from penstock.core.errors import ReservedArgumentError as ReservedArgumentError
from penstock.core.errors import ResultTooLarge as ResultTooLarge
from penstock.core.errors import RunTimeoutError as RunTimeoutError
from penstock.core.errors import ScriptError as ScriptError
from penstock.core.errors import SerializationError as SerializationError
from penstock.core.errors import ServerError as ServerError
from penstock.core.errors import ServerUnreachable as ServerUnreachable
from penstock.core.errors import SignatureMismatchError as SignatureMismatchError
from penstock.core.errors import SourceError as SourceError
from penstock.core.errors import SourceUnreachable as SourceUnreachable
from penstock.core.errors import StaleAttempt as StaleAttempt
from penstock.core.errors import StepExecutionError as StepExecutionError
from penstock.core.errors import StorageBusy as StorageBusy
from penstock.core.errors import StorageCorrupt as StorageCorrupt
from penstock.core.errors import StorageError as StorageError
from penstock.core.errors import StorageFull as StorageFull
from penstock.core.errors import StorageReadOnly as StorageReadOnly
from penstock.core.errors import StorageTooNew as StorageTooNew
from penstock.core.errors import StorageUnreachable as StorageUnreachable
from penstock.core.errors import TaskRunTimeoutError as TaskRunTimeoutError
from penstock.core.errors import TerminationSignal as TerminationSignal
from penstock.core.errors import TransactionError as TransactionError
from penstock.core.errors import Unauthorized as Unauthorized
from penstock.core.errors import UnfinishedRun as UnfinishedRun
from penstock.core.errors import UnknownSettingError as UnknownSettingError
from penstock.core.errors import UnspecifiedFlowError as UnspecifiedFlowError
from penstock.core.errors import UpstreamTaskError as UpstreamTaskError

__all__ = [
    "Abort",
    "CancelledRun",
    "CircularFutures",
    "ConcurrencyError",
    "ConfigurationError",
    "CrashedRun",
    "ExternalSignal",
    "FailedRun",
    "FlowPauseTimeout",
    "FlowRunTimeoutError",
    "FlowRunWaitTimeout",
    "Forbidden",
    "HashError",
    "InfrastructureError",
    "InvalidNameError",
    "InvalidRequest",
    "InvalidScheduleError",
    "InvalidSource",
    "MappingLengthMismatch",
    "MappingMissingIterable",
    "MissingContextError",
    "MissingFlowError",
    "MissingProfileError",
    "MissingResult",
    "NotPausedError",
    "ObjectAlreadyExists",
    "ObjectLimitReached",
    "ObjectNotFound",
    "ParameterBindError",
    "ParameterTypeError",
    "Pause",
    "PauseError",
    "PausedRun",
    "PenstockException",
    "PenstockSignal",
    "PrefectException",
    "ProcessDied",
    "ProfileSettingsValidationError",
    "RecursionTooDeep",
    "RequestError",
    "ReservedArgumentError",
    "ResultTooLarge",
    "RunTimeoutError",
    "ScriptError",
    "SerializationError",
    "ServerError",
    "ServerUnreachable",
    "SignatureMismatchError",
    "SourceError",
    "SourceUnreachable",
    "StaleAttempt",
    "StepExecutionError",
    "StorageBusy",
    "StorageCorrupt",
    "StorageError",
    "StorageFull",
    "StorageReadOnly",
    "StorageTooNew",
    "StorageUnreachable",
    "TaskRunTimeoutError",
    "TerminationSignal",
    "TransactionError",
    "Unauthorized",
    "UnfinishedRun",
    "UnknownSettingError",
    "UnspecifiedFlowError",
    "UpstreamTaskError",
]

# Programs written for Prefect import this name.
PrefectException = PenstockException
