"""The one table of settings. Names, environment variables, checks and the reference page all come from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from penstock.settings.kinds import (
    Boolean,
    Choice,
    Delays,
    Folder,
    Integer,
    Number,
    Text,
    TextList,
    Url,
)
from penstock.settings.serving import MEBIBYTE, Server
from penstock.settings.setting import Group, Setting

if TYPE_CHECKING:
    from pathlib import Path

SECRET_NAMES = (
    "*password*",
    "*passwd*",
    "*secret*",
    "*token",
    "*api_key*",
    "*apikey*",
    "*private_key*",
    "*credential*",
)


def _database_under(home: Path) -> str:
    return f"sqlite:///{(home / 'penstock.db').as_posix()}"


def _storage_under(home: Path) -> Path:
    return home / "storage"


class Api(Group, prefix="api"):
    """Which server is spoken to."""

    url: Setting[str | None] = Setting(
        Url("http", "https"),
        None,
        "The address of the server's API. Without one, runs are recorded straight in the database.",
    )
    key: Setting[str | None] = Setting(Text(), None, "The key that the server knows this user by.", secret=True)
    timeout_seconds: Setting[float] = Setting(Number(above=0), 60.0, "How long one answer of the server may take.")
    retry_seconds: Setting[float] = Setting(
        Number(), 10.0, "For how long what a server did not answer, or sent back because it was busy, is tried again."
    )


class Database(Group, prefix="database"):
    """Where the record is kept when no server is spoken to."""

    url: Setting[str] = Setting(
        Url("sqlite", "postgresql"),
        _database_under,
        "The address of the database.",
        shown_default="sqlite:///<home>/penstock.db",
    )
    busy_timeout_seconds: Setting[float] = Setting(
        Number(), 30.0, "How long to wait for another process that is writing to the same SQLite file."
    )
    pool_size: Setting[int] = Setting(
        Integer(2, 1_000), 10, "The most connections to PostgreSQL that one process has open."
    )
    connect_timeout_seconds: Setting[float] = Setting(
        Number(above=0), 10.0, "How long to wait for PostgreSQL to take a connection."
    )
    reconnect_timeout_seconds: Setting[float] = Setting(
        Number(),
        10.0,
        "For how long what is asked of a PostgreSQL that went away, or that broke off a transaction to end a deadlock, "
        "is tried again.",
    )
    statement_timeout_seconds: Setting[float] = Setting(
        Number(above=0),
        30.0,
        "The longest that PostgreSQL works on one statement or waits within a transaction, and that SQLite takes to answer.",
    )
    lock_timeout_seconds: Setting[float] = Setting(
        Number(above=0), 5.0, "The longest that PostgreSQL waits for a lock that others hold."
    )


class Retention(Group, prefix="retention"):
    """How long a server keeps what has ended. 0 keeps it for ever."""

    flow_runs_days: Setting[float] = Setting(
        Number(), 90.0, "How many days after its end a flow run is deleted, with its task runs and log lines."
    )
    task_runs_days: Setting[float] = Setting(
        Number(), 90.0, "How many days after its end a task run outside of flows is deleted."
    )
    logs_days: Setting[float] = Setting(
        Number(), 90.0, "How many days after it was logged a line is deleted, whether its run has ended or not."
    )
    events_days: Setting[float] = Setting(Number(), 90.0, "How many days after it occurred an event is deleted.")
    audit_days: Setting[float] = Setting(
        Number(), 365.0, "How many days after it was done what the audit says of it is deleted."
    )
    interval_seconds: Setting[float] = Setting(
        Number(above=0), 60.0, "How often the server looks for what has been kept long enough."
    )
    batch_rows: Setting[int] = Setting(
        Integer(1, 10_000),
        500,
        "The most rows that are deleted in one transaction, so that others wait for none long.",
    )


class Scheduling(Group, prefix="scheduling"):
    """How a server makes runs of schedules ahead, where the schedule does not say."""

    interval_seconds: Setting[float] = Setting(
        Number(above=0),
        2.0,
        "How often the server makes runs of schedules and backfills, and looks for runs that are late.",
    )
    max_scheduled_runs: Setting[int] = Setting(
        Integer(1, 100), 3, "How many runs to come of one schedule are made ahead."
    )
    horizon_days: Setting[float] = Setting(Number(above=0), 100.0, "How many days ahead runs are made at most.")
    late_after_seconds: Setting[float] = Setting(
        Number(), 15.0, "How long after its time a run that has not started is Late."
    )


class Recording(Group, prefix="recording"):
    """How runs are put on record."""

    enabled: Setting[bool] = Setting(
        Boolean(), True, "Whether runs are recorded at all. Off, flows run and nothing is kept of them."
    )
    flush_interval_seconds: Setting[float] = Setting(
        Number(above=0), 0.1, "How often what has been recorded in a process is sent on."
    )
    batch_limit: Setting[int] = Setting(Integer(1, 10_000), 2_000, "The most records that are sent at once.")
    journal_limit: Setting[int] = Setting(
        Integer(1),
        20_000,
        "How many records may wait to be sent. Once there are more, tasks wait until some have been sent.",
    )
    spool_max_bytes: Setting[int] = Setting(
        Integer(0),
        256 * MEBIBYTE,
        "The most bytes that a process keeps on disk for a server that does not answer. Past half of it log lines are "
        "dropped; once it is full, tasks wait.",
    )
    parameters_max_bytes: Setting[int] = Setting(
        Integer(0),
        65_536,
        "The most bytes of a flow run's parameters, as JSON, that are recorded. Longer values are cut.",
    )
    redact: Setting[tuple[str, ...]] = Setting(
        TextList(),
        SECRET_NAMES,
        "Patterns of parameter names, as in a shell and with upper and lower case alike. The values of parameters "
        "that match are not recorded.",
    )
    redaction_hook: Setting[str | None] = Setting(
        Text(),
        None,
        "A function, as `module:name`, that is called for each value of a flow run's parameters with where it stands, "
        "such as `config.hosts.0`, and the value, and returns what is recorded of it.",
    )
    heartbeat_seconds: Setting[float] = Setting(
        Number(above=0), 10.0, "How often a process says that the flow runs it carries out are alive."
    )
    lease_seconds: Setting[float] = Setting(
        Number(above=0),
        45.0,
        "How long a flow run counts as alive after its last heartbeat. Then it is marked Crashed.",
    )
    shutdown_timeout_seconds: Setting[float] = Setting(
        Number(), 10.0, "How long a process that ends waits for its last records to be sent."
    )
    hand_over_seconds: Setting[float] = Setting(
        Number(),
        600.0,
        "For how long, after a program has ended whose server did not answer, a process that it leaves behind goes on "
        "trying to send what the program could not. With 0 only the next program tries.",
    )


class Results(Group, prefix="results"):
    """How what flows and tasks return is kept."""

    persist_by_default: Setting[bool] = Setting(
        Boolean(), False, "Whether results are persisted where neither the flow nor the task says."
    )
    default_serializer: Setting[str] = Setting(
        Text(), "pickle", "What writes results: `pickle`, `json`, or either after `compressed/`."
    )
    default_storage: Setting[str | None] = Setting(
        Text(),
        None,
        "Where results are persisted: a path or an address that fsspec knows. Without one, the local storage.",
    )
    local_storage_path: Setting[Path] = Setting(
        Folder(), _storage_under, "The folder of the local storage.", shown_default="<home>/storage"
    )
    max_bytes: Setting[int] = Setting(
        Integer(1), 256 * MEBIBYTE, "The most bytes of one persisted result. A task that returns more fails."
    )


class Code(Group, prefix="code"):
    """How the code of deployments is pulled, and kept for the next run."""

    cache_max_bytes: Setting[int] = Setting(
        Integer(0),
        2048 * MEBIBYTE,
        "The most bytes of pulled code that are kept under `<home>/code`. What was not used for longest goes first; what is "
        "in use stays.",
    )
    max_bytes: Setting[int] = Setting(
        Integer(1),
        1024 * MEBIBYTE,
        "The most bytes that the code of one repository or remote folder may have, git's own files included.",
    )
    max_files: Setting[int] = Setting(
        Integer(1), 50_000, "The most files that the code of one repository or remote folder may have."
    )
    timeout_seconds: Setting[float] = Setting(Number(above=0), 300.0, "How long pulling code may take.")
    step_timeout_seconds: Setting[float] = Setting(
        Number(above=0), 3600.0, "How long one shell script, or one installation of requirements, may take as a step."
    )
    git_reads_configuration: Setting[bool] = Setting(
        Boolean(),
        False,
        "Whether git heeds the configuration of the system and of the user (proxies, certificates, credential helpers, "
        "`insteadOf`, filters) when it pulls code.",
    )


class Tasks(Group, prefix="tasks"):
    """Defaults of tasks."""

    default_retries: Setting[int] = Setting(Integer(), 0, "How many times a failed task is retried.")
    default_retry_delay_seconds: Setting[float | list[float]] = Setting(
        Delays(), 0.0, "How long to wait before a retry: one number, or one for each retry."
    )
    default_persist_result: Setting[bool | None] = Setting(
        Boolean(), None, "Whether tasks persist their results. Unset, `results.persist_by_default` decides."
    )
    refresh_cache: Setting[bool] = Setting(
        Boolean(), False, "Whether tasks run even where a cached result is found, and replace it."
    )
    disable_caching: Setting[bool] = Setting(Boolean(), False, "Whether no task looks for cached results.")
    runner_thread_pool_max_workers: Setting[int | None] = Setting(
        Integer(1), None, "How many threads run submitted tasks. Unset, the task runner decides."
    )
    runner_process_pool_max_workers: Setting[int | None] = Setting(
        Integer(1), None, "How many processes a `ProcessPoolTaskRunner` has. Unset, as many as there are processors."
    )


class Flows(Group, prefix="flows"):
    """Defaults of flows."""

    default_retries: Setting[int] = Setting(Integer(), 0, "How many times a failed flow is retried.")
    default_retry_delay_seconds: Setting[float] = Setting(Number(), 0.0, "How long to wait before a retry of a flow.")
    max_depth: Setting[int] = Setting(
        Integer(1, 10_000),
        100,
        "How deep flows and tasks may call one another before it is taken for an endless recursion.",
    )


class Logging(Group, prefix="logging"):
    """What runs log, and where it goes."""

    level: Setting[str] = Setting(
        Choice("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        "INFO",
        "The least level of lines that are logged.",
    )
    log_prints: Setting[bool] = Setting(
        Boolean(), False, "Whether what flows and tasks print is logged, where they do not say themselves."
    )
    extra_loggers: Setting[tuple[str, ...]] = Setting(
        TextList(), (), "Names of other loggers whose lines are recorded with the run that caused them."
    )
    to_console: Setting[bool] = Setting(Boolean(), True, "Whether runs also log to standard error.")
    json: Setting[bool] = Setting(
        Boolean(),
        False,
        "Whether what runs, and servers, log to standard error is JSON, one object a line, for programs that collect it.",
    )
    max_message_chars: Setting[int] = Setting(
        Integer(1), 10_000, "The most characters of one line that are recorded. Longer lines are cut."
    )


class Tracing(Group, prefix="tracing"):
    """Spans of OpenTelemetry."""

    enabled: Setting[bool] = Setting(
        Boolean(), False, "Whether flow runs and task runs make spans. It needs `pip install 'penstock[otel]'`."
    )


class Worker(Group, prefix="worker"):
    """How workers, and processes that serve deployments, work."""

    heartbeat_seconds: Setting[float] = Setting(
        Number(above=0), 10.0, "How often a worker says that it lives, and renews what it has claimed."
    )
    drain_seconds: Setting[float | None] = Setting(
        Number(),
        None,
        "How long the runs of a worker that is asked to end may go on; then they are ended. By default as long as they take.",
    )


class Cli(Group, prefix="cli"):
    """How the command line shows things."""

    colors: Setting[bool] = Setting(
        Boolean(),
        True,
        "Whether the command line uses colours on a terminal. NO_COLOR switches them off, too.",
    )


GROUPS: tuple[type[Group], ...] = (
    Api,
    Database,
    Server,
    Retention,
    Scheduling,
    Recording,
    Results,
    Code,
    Tasks,
    Flows,
    Logging,
    Tracing,
    Worker,
    Cli,
)


class Settings(Group, prefix=""):
    """All settings, as they stand at one moment.

    Parameters:
        explicit: the values that something set, by path.
        origins: what set each of them, in words, by path.
    """

    home: Setting[Path] = Setting(
        Folder(),
        lambda home: home,
        "The folder under which everything is kept. Only the environment can set it.",
        shown_default="$XDG_DATA_HOME/penstock, or ~/.local/share/penstock",
        anywhere=False,
    )
    profile: Setting[str] = Setting(
        Text(),
        "default",
        "The profile in use. Without it, the one that `profiles.toml` calls active. Only the environment can set it.",
        anywhere=False,
    )
    api: Api
    database: Database
    server: Server
    retention: Retention
    scheduling: Scheduling
    recording: Recording
    results: Results
    code: Code
    tasks: Tasks
    flows: Flows
    logging: Logging
    tracing: Tracing
    worker: Worker
    cli: Cli

    explicit: Mapping[str, Any]
    origins: Mapping[str, str]

    def __init__(self, explicit: Mapping[str, Any], origins: Mapping[str, str]) -> None:
        from penstock.settings.home import default_home

        home = explicit.get("home") or default_home()

        def values(settings: Iterable[Setting[Any]]) -> dict[str, Any]:
            return {
                setting.path.rpartition(".")[2]: explicit[setting.path]
                if setting.path in explicit
                else setting.default(home)
                for setting in settings
            }

        groups = {group.__name__.lower(): group(values(group.settings_in_group)) for group in GROUPS}
        own = values(self.settings_in_group)
        super().__init__({**own, **groups, "explicit": dict(explicit), "origins": dict(origins)})

    def value_of(self, setting: Setting[Any]) -> Any:
        """Return the value of one setting."""
        group, _, name = setting.path.rpartition(".")
        return getattr(getattr(self, group) if group else self, name)

    def origin_of(self, setting: Setting[Any]) -> str:
        """Return what set a setting, in words; `default` if nothing did."""
        return self.origins.get(setting.path, "default")

    def changed(self, values: Mapping[str, Any], origin: str) -> Settings:
        """Return a copy in which `values`, by path, are set; defaults that lie under the home move with it."""
        origins = {**self.origins, **dict.fromkeys(values, origin)}
        return Settings({**self.explicit, **values}, origins)

    def without(self, paths: Iterable[str]) -> Settings:
        """Return a copy in which the settings at `paths` have their defaults."""
        left = set(paths)
        return Settings(
            {path: value for path, value in self.explicit.items() if path not in left},
            {path: origin for path, origin in self.origins.items() if path not in left},
        )

    def to_environment_variables(self, *, exclude_unset: bool = True, include_secrets: bool = True) -> dict[str, str]:
        """Return the variables that give another process these settings.

        Parameters:
            exclude_unset: leave out what nothing set.
            include_secrets: give secrets, too; otherwise they are left out.
        """
        return {
            setting.name: setting.write(self.value_of(setting))
            for setting in SETTINGS.values()
            if (not exclude_unset or setting.path in self.explicit)
            and self.value_of(setting) is not None
            and (include_secrets or not setting.is_secret)
        }

    def __repr__(self) -> str:
        shown = [repr(getattr(self, group.__name__.lower())) for group in GROUPS]
        return f"Settings(home={str(self.home)!r}, profile={self.profile!r}, {', '.join(shown)})"


SETTINGS: dict[str, Setting[Any]] = {
    setting.path: setting
    for settings in (Settings.settings_in_group, *(group.settings_in_group for group in GROUPS))
    for setting in settings
}
"""Every setting, by path."""

BY_NAME: dict[str, Setting[Any]] = {setting.name: setting for setting in SETTINGS.values()}
"""Every setting, by environment variable."""
