"""What filters mean: the same as the same words in plain Python, on every kind of database, however they are composed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.requests import NOON, batch, flow_run, line, proposal, state, task_run

from penstock.core.errors import InvalidRequest, ObjectLimitReached
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.flow_runs import FlowRun, FlowRunFilter
from penstock.wire.flows import FlowFilter
from penstock.wire.logs import LogFilter, LogRecord
from penstock.wire.sorts import FlowRunSort, FlowSort, TaskRunSort
from penstock.wire.task_runs import TaskRun, TaskRunFilter

_HOURS = [NOON + timedelta(hours=hour) for hour in range(4)]
_TAGS = ["a", "b", "%_"]
_NAMES = ["Otter", "otter", "ötter", "100%", "a_b\\"]
_TEXTS = ["OT", "Ö", "%", "_", "\\", "t", ""]
_TYPES = [StateType.RUNNING, StateType.COMPLETED, StateType.FAILED]
_STATE_NAMES = ["Running", "Completed", "Failed", "Cached"]
_FLOWS = ["hello", "Farewell"]


def _some(values: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), max_size=2)


_RUN_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(_NAMES),
    "names": _some(_NAMES),
    "name_like": st.sampled_from(_TEXTS),
    "text": st.sampled_from(_TEXTS),
    "state_types": _some(_TYPES),
    "state_names": _some(_STATE_NAMES),
    "tags_all": _some(_TAGS),
    "tags_any": _some(_TAGS),
    "started_after": st.sampled_from(_HOURS),
    "started_before": st.sampled_from(_HOURS),
    "ended_after": st.sampled_from(_HOURS),
    "ended_before": st.sampled_from(_HOURS),
}
_FLOW_RUN_FIELDS = _RUN_FIELDS | {"flow_names": _some(_FLOWS), "roots_only": st.just(value=True)}
_TASK_RUN_FIELDS = _RUN_FIELDS | {"task_keys": _some(["k", "l"]), "task_names": _some(["Task", "other"])}
_LOG_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "level_at_least": st.sampled_from([10, 20, 30]),
    "level_at_most": st.sampled_from([10, 20, 30]),
    "loggers": _some(["x", "y"]),
    "text": st.sampled_from(_TEXTS),
    "after": st.sampled_from(_HOURS),
    "before": st.sampled_from(_HOURS),
}


def _filters(model: Any, fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    own = st.lists(st.sampled_from(sorted(fields)), max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: fields[name] for name in names})
    )
    plain = own.map(lambda values: model(**values))

    def holding(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        several = st.lists(inner, max_size=3)
        composed = st.fixed_dictionaries({}, optional={"all": several, "any": several, "not_": inner})
        return st.tuples(own, composed).map(lambda parts: model(**parts[0], **parts[1]))

    return holding(holding(plain) | plain) | plain


def _contains(text: str, part: str) -> bool:
    return part.lower() in text.lower()


def _within(instant: datetime | None, after: datetime | None, before: datetime | None) -> bool:
    if after is None and before is None:
        return True
    return instant is not None and (after is None or instant >= after) and (before is None or instant < before)


def _is_run(run: FlowRun | TaskRun, wanted: Any) -> bool:
    owner = run.flow_name if isinstance(run, FlowRun) else run.task_name
    return all(
        (
            wanted.name in (None, run.name),
            wanted.names is None or run.name in wanted.names,
            wanted.name_like is None or _contains(run.name, wanted.name_like),
            wanted.text is None or _contains(run.name, wanted.text) or _contains(owner, wanted.text),
            wanted.state_types is None or run.state.type in wanted.state_types,
            wanted.state_names is None or run.state.name in wanted.state_names,
            wanted.tags_all is None or set(wanted.tags_all) <= set(run.tags),
            wanted.tags_any is None or bool(set(wanted.tags_any) & set(run.tags)),
            _within(run.start_time, wanted.started_after, wanted.started_before),
            _within(run.end_time, wanted.ended_after, wanted.ended_before),
        )
    )


def _is_flow_run(run: FlowRun, wanted: FlowRunFilter) -> bool:
    return (
        _is_run(run, wanted)
        and (wanted.flow_names is None or run.flow_name in wanted.flow_names)
        and not (wanted.roots_only and run.parent_flow_run_id)
    )


def _is_task_run(run: TaskRun, wanted: TaskRunFilter) -> bool:
    of_task = (wanted.task_keys is None or run.task_key in wanted.task_keys) and (
        wanted.task_names is None or run.task_name in wanted.task_names
    )
    return _is_run(run, wanted) and of_task


def _is_line(one: LogRecord, wanted: LogFilter) -> bool:
    return (
        (wanted.level_at_least is None or one.level >= wanted.level_at_least)
        and (wanted.level_at_most is None or one.level <= wanted.level_at_most)
        and (wanted.loggers is None or one.logger in wanted.loggers)
        and (wanted.text is None or _contains(one.message, wanted.text))
        and _within(one.timestamp, wanted.after, wanted.before)
    )


def _holds(one: Any, wanted: Any, own: Any) -> bool:
    return (
        own(one, wanted)
        and all(_holds(one, part, own) for part in wanted.all or ())
        and (wanted.any is None or any(_holds(one, part, own) for part in wanted.any))
        and (wanted.not_ is None or not _holds(one, wanted.not_, own))
    )


_ONCE_FILLED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)


def _fill_flow_runs(server: Dispatcher) -> list[FlowRun]:
    parent = None
    for number in range(12):
        request = flow_run(
            _FLOWS[number % 2],
            owner=None,
            name=_NAMES[number % 5],
            tags=_TAGS[: number % 4],
            states=[state("PENDING", at=NOON)],
            parent_flow_run_id=parent,
        )
        parent = request.id if number == 0 else parent if number % 3 else None
        if number % 4:
            kinds = [state("RUNNING", at=_HOURS[number % 4]), state(_TYPES[number % 3], at=_HOURS[-1])]
            ended = kinds if number % 3 else [kinds[0], state("COMPLETED", "Cached", _HOURS[2])]
            request = msgspec.structs.replace(request, states=[*request.states, ended[0], ended[1]])
            if request.states[-1].type is StateType.RUNNING:
                request = msgspec.structs.replace(request, states=request.states[:1])
        server.call(op.FLOW_RUNS_CREATE, request)
    return server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(limit=200)).items


def test_flow_run_filters_mean_what_python_means(server: Dispatcher) -> None:
    """Any filter, composed of `all`, `any` and `not`, finds and counts the flow runs that plain Python picks."""
    runs = _fill_flow_runs(server)

    @_ONCE_FILLED
    @given(_filters(FlowRunFilter, _FLOW_RUN_FIELDS))
    def agrees(wanted: FlowRunFilter) -> None:
        found = server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(wanted, 200, sort=FlowRunSort.ID_DESC)).items
        assert found == [run for run in runs if _holds(run, wanted, _is_flow_run)]
        assert server.call(op.FLOW_RUNS_COUNT, r.FlowRunCountQuery(wanted)) == r.Count(len(found))

    agrees()


def test_task_run_filters_mean_what_python_means(server: Dispatcher) -> None:
    """The same for task runs."""
    made = [
        task_run(
            name=_NAMES[number % 5],
            tags=_TAGS[: number % 4],
            task_key="kl"[number % 2],
            task_name=["Task", "other"][number % 2],
            states=[state("PENDING", at=NOON), state("RUNNING", at=_HOURS[number % 4]), end][: 1 + number % 3],
        )
        for number, end in enumerate([state("FAILED", at=_HOURS[2]), state("COMPLETED", "Cached", _HOURS[3])] * 6)
    ]
    server.call(op.JOURNAL_APPEND, batch(*made))

    @_ONCE_FILLED
    @given(_filters(TaskRunFilter, _TASK_RUN_FIELDS))
    def agrees(wanted: TaskRunFilter) -> None:
        found = server.call(op.TASK_RUNS_LIST, r.TaskRunQuery(wanted, 200, sort=TaskRunSort.ID_ASC)).items
        assert [run.id for run in found] == [run.id for run in made if _holds(run, wanted, _is_task_run)]
        assert server.call(op.TASK_RUNS_COUNT, r.TaskRunCountQuery(wanted)) == r.Count(len(found))

    agrees()


def test_log_filters_mean_what_python_means(server: Dispatcher) -> None:
    """The same for log lines."""
    for number, text in enumerate(_NAMES * 2):
        at, level = _HOURS[number % 4], 10 * (1 + number % 3)
        server.call(
            op.JOURNAL_APPEND,
            batch(line(None, text, timestamp=at, level=level, logger="xy"[number % 2]), number=number + 1),
        )
    lines = server.call(op.LOGS_LIST, r.LogQuery()).items
    assert len(lines) == 2 * len(_NAMES)

    @_ONCE_FILLED
    @given(_filters(LogFilter, _LOG_FIELDS))
    def agrees(wanted: LogFilter) -> None:
        found = server.call(op.LOGS_LIST, r.LogQuery(wanted)).items
        assert found == [one for one in lines if _holds(one, wanted, _is_line)]

    agrees()


def test_flow_filters(server: Dispatcher) -> None:
    """Flows are found by composed filters, in each order, are counted, and are read one by one."""
    for name in ("beta", "alpha", "gamma"):
        server.call(op.FLOW_RUNS_CREATE, flow_run(name))
    for sort, names in (
        (FlowSort.NAME_ASC, ["alpha", "beta"]),
        (FlowSort.NAME_DESC, ["beta", "alpha"]),
        (FlowSort.ID_ASC, ["beta", "alpha"]),
        (FlowSort.ID_DESC, ["alpha", "beta"]),
    ):
        wanted = FlowFilter(not_=FlowFilter(names=["gamma"]))
        assert [one.name for one in server.call(op.FLOWS_LIST, r.FlowQuery(wanted, sort=sort)).items] == names
        assert server.call(op.FLOWS_COUNT, r.FlowCountQuery(wanted)) == r.Count(2)
    found = server.call(op.FLOWS_LIST, r.FlowQuery(limit=1)).items[0]
    assert server.call(op.FLOWS_READ, r.ById(found.id)) == found


@pytest.mark.parametrize("sort", list(FlowRunSort))
def test_every_order_has_pages(server: Dispatcher, sort: FlowRunSort) -> None:
    """In every order pages follow each other without a gap or a repeat; what has no place in it is left out."""
    for number in range(9):
        one = flow_run(name=f"run-{number % 3}", owner=None if number % 4 == 0 else "somebody")
        server.call(op.FLOW_RUNS_CREATE, one)
        if number % 2 and one.start:
            server.call(op.FLOW_RUNS_PROPOSE, proposal(one.id, "COMPLETED"))
    seen: list[FlowRun] = []
    cursor = None
    while True:
        page = server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(limit=2, after=cursor, sort=sort))
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    field, _, direction = sort.value.lower().rpartition("_")
    everything = server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(limit=200)).items
    with_place = [run for run in everything if getattr(run, field) is not None]
    key = [(getattr(run, field), run.id) for run in with_place]
    assert [(getattr(run, field), run.id) for run in seen] == sorted(key, reverse=direction == "desc")


def _nested(depth: int) -> FlowRunFilter:
    return FlowRunFilter(not_=_nested(depth - 1)) if depth else FlowRunFilter()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (_nested(5), "at most 5 deep"),
        (FlowRunFilter(any=[FlowRunFilter()] * 50), "at most 50 filters"),
        (FlowRunFilter(ids=[uuid7()] * 501), "at most 500 values of ids"),
        (FlowRunFilter(any=[FlowRunFilter(names=["x"] * 500)] * 5), "at most 2,000 values"),
        (FlowRunFilter(all=[FlowRunFilter(name_like="x" * 501)]), "has 501 characters"),
    ],
)
def test_filters_are_bounded(server: Dispatcher, wanted: FlowRunFilter, said: str) -> None:
    """A filter that is too deep, too large or searches for too long a text is refused with what to do."""
    with pytest.raises(ObjectLimitReached, match=said):
        server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(wanted))


def test_an_instant_within_a_filter_is_checked(server: Dispatcher) -> None:
    """An instant without a time zone is refused wherever it stands."""
    wanted = FlowRunFilter(any=[FlowRunFilter(ended_after=datetime(2026, 1, 1))])  # noqa: DTZ001  - it is what is refused
    with pytest.raises(InvalidRequest, match="time zone"):
        server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(wanted))


def test_an_unknown_condition_is_refused() -> None:
    """A condition that this version does not know is refused: left out, everything would match."""
    for text in (b'{"nmae": "x"}', b'{"not": {"nmae": "x"}}'):
        with pytest.raises(msgspec.ValidationError, match="unknown field"):
            msgspec.json.decode(text, type=FlowRunFilter)


def test_a_count_says_where_it_stops(server: Dispatcher) -> None:
    """A count stops at 10,000 and says that there are more."""
    for number in range(3):
        runs = [task_run(kinds="COMPLETED") for _ in range(4_000)]
        server.call(op.JOURNAL_APPEND, batch(*runs, number=number + 1))
    assert server.call(op.TASK_RUNS_COUNT, r.TaskRunCountQuery()) == r.Count(10_000, is_capped=True)


def test_ids_within_filters(server: Dispatcher) -> None:
    """Flow runs are found by parents and ids, also within `any`."""
    root = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    caller = uuid7()
    child = server.call(op.FLOW_RUNS_CREATE, flow_run(parent_flow_run_id=root, parent_task_run_id=caller)).id

    def found(**conditions: Any) -> list[UUID]:
        page = server.call(op.FLOW_RUNS_LIST, r.FlowRunQuery(FlowRunFilter(**conditions)))
        return [run.id for run in page.items]

    assert found(parent_task_run_id=caller) == [child]
    assert found(any=[FlowRunFilter(ids=[root]), FlowRunFilter(parent_flow_run_id=root)]) == [child, root]
    assert found(any=[]) == []
    assert found(all=[]) == [child, root]
