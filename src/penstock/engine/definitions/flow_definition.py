"""A flow as a definition: its function and how its runs behave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from penstock import settings
from penstock.core.errors import InvalidNameError
from penstock.engine.definitions.definition import (
    Definition,
    checked_delay,
    checked_hooks,
    checked_retries,
    checked_run_name,
    checked_timeout,
    default_persistence,
)

Hook = Callable[..., Any]


class FlowDefinition(Definition):
    """A flow without the ways to call it. The parameters are those of `penstock.flow`."""

    kind = "flow"
    hook_options = ("on_completion", "on_failure", "on_cancellation", "on_crashed", "on_running")
    __penstock_flow__ = True

    def __init__(
        self,
        fn: Any,
        name: str | None = None,
        version: str | None = None,
        flow_run_name: str | Callable[..., str] | None = None,
        retries: int | None = None,
        retry_delay_seconds: float | None = None,
        task_runner: Any = None,
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
    ) -> None:
        super().__init__(fn, name, description)
        defaults = settings.current().flows
        self._version = version
        self.flow_run_name = checked_run_name(flow_run_name, "flow_run_name")
        self.retries = checked_retries(retries, defaults.default_retries)
        self.retry_delay_seconds = checked_delay(
            retry_delay_seconds, self.retries, defaults.default_retry_delay_seconds
        )
        self.recoveries = checked_retries(recoveries, 0)
        self.timeout_seconds = checked_timeout(timeout_seconds)
        self.should_validate_parameters = validate_parameters
        self.log_prints = log_prints
        self.result_storage = result_storage
        self.result_serializer = result_serializer
        self.cache_result_in_memory = cache_result_in_memory
        if persist_result is None and (result_storage is not None or result_serializer is not None):
            persist_result = True
        self.persist_result = persist_result
        self._task_runner = task_runner
        self.on_completion_hooks = checked_hooks(on_completion, "on_completion", "flow")
        self.on_failure_hooks = checked_hooks(on_failure, "on_failure", "flow")
        self.on_cancellation_hooks = checked_hooks(on_cancellation, "on_cancellation", "flow")
        self.on_crashed_hooks = checked_hooks(on_crashed, "on_crashed", "flow")
        self.on_running_hooks = checked_hooks(on_running, "on_running", "flow")

    def _name_of(self, fn: Any) -> str:
        name: str = super()._name_of(fn)
        if name == "<lambda>":
            raise InvalidNameError(
                "A lambda has no name that a flow could be found by. Give it one, flow(name='nightly')(lambda: ...), "
                "or write it as a function."
            )
        return name.replace("_", "-")

    @property
    def task_runner(self) -> Any:
        """Where submitted tasks run; by default in threads."""
        if self._task_runner is None:
            from penstock.task_runners.thread_pool import ThreadPoolTaskRunner

            self._task_runner = ThreadPoolTaskRunner()
        elif isinstance(self._task_runner, type):
            self._task_runner = self._task_runner()
        return self._task_runner

    @property
    def version(self) -> str | None:
        """The version of the flow's code: as given, or a digest of the file that the function stands in."""
        if self._version is None:
            self._version = _file_version(self.fn)
        return self._version or None

    def persists_result(self, parent_persists: bool | None) -> bool:
        """Whether a run of the flow persists its own result, called from a flow run that says so or not (None)."""
        if self.persist_result is not None:
            return self.persist_result
        if self.recoveries:
            return True
        return default_persistence() if parent_persists is None else parent_persists

    def tasks_persist(self, parent_persists: bool | None) -> bool | None:
        """Whether its tasks persist their results unless they say otherwise; None where it is left to the settings."""
        if self.persist_result is not None:
            return self.persist_result
        return True if self.recoveries else parent_persists

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_signature": None}


def _file_version(fn: Any) -> str:
    code = getattr(fn, "__code__", None)
    if code is None:
        return ""
    import hashlib

    try:
        with open(code.co_filename, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()[:12]
    except OSError:
        return ""
