"""PostgreSQL under faults: connections cut, commits in doubt, locks held, deadlocks, sessions and settings gone wrong."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event, select, text
from support import databases
from support.requests import NOON, batch, flow_run, line, proposal, task_run

from penstock.core.errors import ConfigurationError, StorageBusy, StorageError, StorageReadOnly, StorageUnreachable
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.database.tables import flow_runs, flows
from penstock.server.dispatcher import Dispatcher
from penstock.server.ledger import Ledger
from penstock.wire import operations as op
from penstock.wire.flow_runs import Decision
from penstock.wire.requests import ById, FlowRunQuery, LeaseClaim, LogQuery, RenewLeases, StartFlowRun, TaskRunQuery

Server = Callable[..., Dispatcher]


@pytest.fixture
def schema() -> str:
    """A schema with nothing in it."""
    databases.require_postgresql()
    databases.empty(databases.shared_schema())
    return databases.shared_schema()


@pytest.fixture
def server(schema: str) -> Iterator[Server]:
    """Makes servers' cores on one schema; the settings of each may differ."""
    made: list[Dispatcher] = []

    def make(**values: object) -> Dispatcher:
        made.append(Dispatcher(databases.postgresql(schema, **values)))
        made[-1].call(op.FLOW_RUNS_LIST, FlowRunQuery())
        return made[-1]

    yield make
    for one in made:
        assert one.database.checked_out() == 0
        one.close()


def _cut(schema: str) -> int:
    """End every session that the tests' servers have; return how many there were."""
    return len(
        databases.on_server(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{schema}'"
        )
    )


def _outside(schema: str) -> closing[psycopg.Connection[Any]]:
    """Open a session of somebody else's in the schema."""
    return closing(psycopg.connect(databases.SERVER, options=f"-csearch_path={schema}"))


def test_cut_connections_are_not_noticed(server: Server, schema: str) -> None:
    """Every session is ended by the administrator between two requests: reads and writes go on."""
    core = server()
    run = flow_run()
    assert _cut(schema) > 0
    core.call(op.FLOW_RUNS_CREATE, run)
    assert _cut(schema) > 0
    assert core.call(op.FLOW_RUNS_READ, ById(run.id)).state.type is StateType.RUNNING
    assert _cut(schema) > 0
    assert core.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED")).decision is Decision.ACCEPT


def test_a_connection_cut_within_a_work(server: Server, schema: str) -> None:
    """A session that ends in the middle of a transaction leaves no half of it; the whole is done again, once."""
    core = server()
    ended: list[int] = []
    new = uuid7()

    def work(connection: Connection) -> int:
        connection.execute(flows.insert(), {"workspace_id": 1, "id": new, "name": "cut", "created": NOON})
        if not ended:
            ended.append(_cut(schema))
        return len(connection.execute(select(flows.c.id)).all())

    assert core.ledger.write(work) == 1
    assert ended[0] > 0


@pytest.mark.parametrize("committed", [True, False])
def test_a_commit_in_doubt(server: Server, schema: str, committed: bool) -> None:
    """The answer to a commit is lost: what was committed is acknowledged and not done twice, the rest is done again."""
    core = server()
    works: list[int] = []
    lost: list[int] = []

    def work(connection: Connection) -> str:
        connection.execute(
            flows.insert(), {"workspace_id": 1, "id": uuid7(), "name": f"f{len(works)}", "created": NOON}
        )
        works.append(1)
        return f"work {len(works)}"

    def lose_the_answer(connection: Connection) -> None:
        if lost:
            return
        lost.append(1)
        driver: Any = connection.connection.driver_connection
        if committed:
            driver.execute("COMMIT")
        driver.close()
        driver.execute("COMMIT")

    engine = core.database._opened()
    event.listen(engine, "commit", lose_the_answer)
    result = core.ledger.write(work)
    event.remove(engine, "commit", lose_the_answer)
    with core.database.read() as connection:
        names = set(connection.execute(select(flows.c.name)).scalars())
    assert (result, names) == (("work 1", {"f0"}) if committed else ("work 2", {"f1"}))


def test_load_while_connections_are_cut(server: Server, schema: str) -> None:
    """Two servers work while all sessions are ended again and again: all goes through, and each run ends once."""
    cores = [server(reconnect_timeout_seconds=60.0), server(reconnect_timeout_seconds=60.0)]
    steps, over = threading.Semaphore(0), threading.Event()
    cuts: list[int] = []

    def cut_again_and_again() -> None:
        while not over.is_set():
            # After so many steps, not after a time: on a slow machine nothing would ever come through.
            for _ in range(12):
                steps.acquire()
            cuts.append(_cut(schema))

    def call(core: Dispatcher, operation: Any, request: Any) -> Any:
        answer = core.call(operation, request)
        steps.release()
        return answer

    def one_run(number: int) -> tuple[Any, Decision]:
        core, other = cores[number % 2], cores[1 - number % 2]
        run = flow_run()
        call(core, op.FLOW_RUNS_CREATE, run)
        tasks = [task_run(run.id) for _ in range(20)]
        call(other, op.JOURNAL_APPEND, batch(*tasks, line(run.id), owner=str(run.id)))
        return run.id, call(other, op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED")).decision

    cutter = threading.Thread(target=cut_again_and_again)
    cutter.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            ended = list(pool.map(one_run, range(80)))
    finally:
        over.set()
        steps.release(12)
        cutter.join()
    assert sum(cuts) > 0
    assert {decision for _, decision in ended} == {Decision.ACCEPT}
    for run_id, _ in ended:
        states = [one.type for one in cores[0].call(op.FLOW_RUNS_READ, ById(run_id)).states]
        assert states == [StateType.PENDING, StateType.RUNNING, StateType.COMPLETED]
        assert cores[0].call(op.FLOW_RUNS_COUNTS, ById(run_id)).by_type == {"COMPLETED": 20}


def test_a_locked_table(server: Server, schema: str) -> None:
    """A table that others keep locked is waited for within the bound, then all is well; the pool is not used up."""
    core = server(lock_timeout_seconds=0.2, pool_size=4)
    run = flow_run()
    core.call(op.FLOW_RUNS_CREATE, run)
    with _outside(schema) as other:
        other.execute("LOCK TABLE flow_runs IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(12) as pool:
            asked = [pool.submit(core.call, op.FLOW_RUNS_READ, ById(run.id)) for _ in range(12)]
            asked.append(pool.submit(core.call, op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED")))
            errors = [future.exception() for future in asked]
        assert {type(error) for error in errors} == {StorageBusy}
        assert any("locked by others for 0.2 s" in str(error) for error in errors)
        assert core.database.checked_out() == 0
        other.rollback()
    assert core.call(op.FLOW_RUNS_READ, ById(run.id)).state.type is StateType.RUNNING


def test_a_beginning_that_waits_for_a_lock(server: Server, schema: str) -> None:
    """A writer whose own row is still held, by a transaction it has lost sight of, waits for it and is well afterwards."""
    core = server(lock_timeout_seconds=0.1)
    run = flow_run()
    core.call(op.FLOW_RUNS_CREATE, run)
    waiting = f"SELECT 1 FROM pg_stat_activity WHERE application_name = '{schema}' AND wait_event_type = 'Lock'"
    with _outside(schema) as other, ThreadPoolExecutor(1) as pool:
        other.execute("UPDATE journals SET number = number WHERE workspace_id = 0")
        asked = pool.submit(core.call, op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED"))
        while not databases.on_server(waiting):
            threading.Event().wait(0.01)
        other.rollback()
        assert asked.result(120).decision is Decision.ACCEPT
        other.execute("UPDATE journals SET number = number WHERE workspace_id = 0")
        core.database._busy_timeout_seconds = 0.3
        with pytest.raises(StorageBusy, match="locked by others for 0.1 s"):
            core.call(op.FLOW_RUNS_CREATE, flow_run())
        other.rollback()
    assert core.call(op.FLOW_RUNS_CREATE, flow_run()).attempt == 1


def test_readers_leave_a_connection_to_the_writer(server: Server, schema: str) -> None:
    """While every reader that may read waits for a table that others keep locked, states are decided all the same."""
    core = server(lock_timeout_seconds=20.0, pool_size=3)
    run = flow_run()
    core.call(op.FLOW_RUNS_CREATE, run)
    waiting = f"SELECT 1 FROM pg_stat_activity WHERE application_name = '{schema}' AND wait_event_type = 'Lock'"
    with _outside(schema) as other, ThreadPoolExecutor(8) as pool:
        other.execute("LOCK TABLE logs IN ACCESS EXCLUSIVE MODE")
        asked = [pool.submit(core.call, op.LOGS_LIST, LogQuery()) for _ in range(8)]
        while len(databases.on_server(waiting)) < 2:
            threading.Event().wait(0.01)
        assert core.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED")).decision is Decision.ACCEPT
        other.rollback()
        assert [future.result(120).items for future in asked] == [[]] * 8


def test_a_deadlock_is_broken_and_tried_again(server: Server, schema: str) -> None:
    """A transaction that PostgreSQL breaks off for the sake of another's is done again, unseen."""
    core = server()
    first, second = sorted([core.call(op.FLOW_RUNS_CREATE, flow_run()).id for _ in range(2)])
    touch = "UPDATE flow_runs SET name = name WHERE id = %s"
    began, works = threading.Event(), []

    def work(connection: Connection) -> int:
        works.append(1)
        connection.exec_driver_sql("SET LOCAL deadlock_timeout = '10ms'")
        connection.exec_driver_sql(touch, (first,))
        began.set()
        if len(works) == 1:
            others_wait.wait(120)
        connection.exec_driver_sql(touch, (second,))
        return len(works)

    others_wait = threading.Event()
    with _outside(schema) as other, ThreadPoolExecutor(2) as pool:
        other.execute(touch, (second,))
        ours = pool.submit(core.ledger.write, work)
        assert began.wait(120)
        theirs = pool.submit(other.execute, touch, (first,))
        waiting = f"SELECT 1 FROM pg_stat_activity WHERE pid = {other.info.backend_pid} AND wait_event_type = 'Lock'"
        while not databases.on_server(waiting):
            threading.Event().wait(0.01)
        others_wait.set()
        theirs.result(120)
        other.commit()
        # More than once where ours was quicker than the one it waits for to take the row again.
        assert ours.result(120) >= 2


def test_batches_in_opposite_order(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two servers write batches that name the same runs in opposite order, grouped with proposals: none is broken off."""
    cores = [server(), server()]
    ids = [cores[0].call(op.FLOW_RUNS_CREATE, flow_run()).id for _ in range(6)]
    tasks = [task_run(run_id) for run_id in ids]
    deadlocks: list[BaseException] = []

    def noted(passes: Callable[[BaseException], bool]) -> Callable[[BaseException], bool]:
        def note(error: BaseException) -> bool:
            deadlocks.extend([error] * (getattr(getattr(error, "orig", error), "sqlstate", None) == "40P01"))
            return passes(error)

        return note

    for core in cores:  # counted here: the database counts those of other tests too, which run beside this one
        monkeypatch.setattr(core.database.dialect, "passes", noted(core.database.dialect.passes))

    def write(number: int) -> None:
        core, forward = cores[number % 2], 1 if number % 2 else -1
        lines = [line(run_id) for run_id in ids]
        core.call(op.JOURNAL_APPEND, batch(*tasks[::forward], *lines[::forward], owner=f"o{number}"))
        for run_id in ids[::forward]:
            core.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "RUNNING", f"Step {number}"))
        core.call(op.FLOW_RUNS_RENEW, RenewLeases("here:1:first", [LeaseClaim(run_id, 1) for run_id in ids[::forward]]))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    assert deadlocks == []
    assert len(cores[0].call(op.TASK_RUNS_LIST, TaskRunQuery()).items) == len(tasks)


def test_one_of_many_starts_a_run(server: Server) -> None:
    """Eight servers ask for the same runs at once: each run has one attempt, and one server gets it."""
    cores = [server(pool_size=2) for _ in range(8)]
    for _ in range(10):
        run_id = cores[0].call(op.FLOW_RUNS_CREATE, flow_run(owner=None)).id
        with ThreadPoolExecutor(len(cores)) as pool:
            verdicts = list(
                pool.map(
                    lambda numbered, run_id=run_id: numbered[1].call(
                        op.FLOW_RUNS_START, StartFlowRun(run_id, f"machine:{numbered[0]}:x")
                    ),
                    enumerate(cores),
                )
            )
        assert [verdict.decision for verdict in verdicts].count(Decision.ACCEPT) == 1
        assert cores[0].call(op.FLOW_RUNS_READ, ById(run_id)).attempt == 1


def test_idle_transactions_are_timed_out(server: Server, schema: str) -> None:
    """A process that stops in the middle of a transaction loses it after the bound, and others get the rows it held."""
    core, stopped = server(lock_timeout_seconds=10.0), server(statement_timeout_seconds=1.5)
    run_id = core.call(op.FLOW_RUNS_CREATE, flow_run(owner=None)).id
    holds, may_end = threading.Event(), threading.Event()

    def stop_with_the_row(connection: Connection) -> None:
        connection.execute(select(flow_runs.c.id).with_for_update())
        if not holds.is_set():
            holds.set()
            may_end.wait(30)
        connection.execute(text("SELECT 1"))

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(stopped.ledger.write, stop_with_the_row)
        assert holds.wait(120)
        assert core.call(op.FLOW_RUNS_START, StartFlowRun(run_id, "me")).decision is Decision.ACCEPT
        may_end.set()
        assert waiting.exception(120) is None


@pytest.mark.parametrize(
    "default",
    [
        "default_transaction_isolation = 'serializable'",
        "default_transaction_read_only = on",
        "synchronous_commit = off",
        "TimeZone = 'America/New_York'",
        "statement_timeout = '2s'",
    ],
)
def test_a_role_with_other_defaults(schema: str, default: str) -> None:
    """What a role's defaults say of transactions does not reach ours."""
    role = f"role_{uuid7().hex[-12:]}"
    databases.on_server(f"CREATE ROLE {role} LOGIN SUPERUSER; ALTER ROLE {role} SET {default}")
    address = databases.schema_url(schema).replace("postgres@", f"{role}@")
    database = Database(Postgresql(databases.settings_for(address)), 5.0)
    core = Dispatcher(database)
    run = core.call(op.FLOW_RUNS_CREATE, flow_run(start=None))

    def shown(connection: Connection) -> list[Any]:
        names = (
            "transaction_isolation",
            "transaction_read_only",
            "synchronous_commit",
            "TimeZone",
            "statement_timeout",
        )
        return [connection.execute(text(f"SHOW {name}")).scalar() for name in names]

    assert core.ledger.write(shown) == ["read committed", "off", "on", "UTC", "30s"]
    assert core.database.ask(shown)[:2] == ["repeatable read", "on"]
    assert core.call(op.FLOW_RUNS_READ, ById(run.id)) == run
    core.close()
    databases.on_server(f"DROP ROLE {role}")


def test_the_pool_is_bounded(server: Server, schema: str) -> None:
    """However many ask at once, a process opens no more connections than it may, and none waits without end."""
    core = server(pool_size=3)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: core.call(op.FLOW_RUNS_LIST, FlowRunQuery()), range(60)))
    mine = databases.on_server(f"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{schema}'")
    assert mine[0][0] <= 3


def test_a_server_that_takes_no_more_connections(schema: str) -> None:
    """When the server has no connection left for us, that is said, with the setting to turn."""
    role = f"role_{uuid7().hex[-12:]}"
    databases.on_server(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 0")
    address = databases.schema_url(schema).replace("postgres@", f"{role}@")
    with pytest.raises(StorageBusy, match="takes no more connections.*PENSTOCK_DATABASE_POOL_SIZE"):
        Dispatcher(Database(Postgresql(databases.settings_for(address)), 5.0)).call(op.FLOW_RUNS_LIST, FlowRunQuery())
    databases.on_server(f"DROP ROLE {role}")


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("url", "kind", "message"),
    [
        ("postgresql://ann:s3cret@127.0.0.1:{port}/test", StorageUnreachable, "can't be reached: .*Start PostgreSQL"),
        ("postgresql://ann:s3cret@nowhere.invalid/test", StorageUnreachable, "can't be reached: .*correct PENSTOCK_DA"),
        (
            "postgresql://nobody_here:s3cret@127.0.0.1:5432/test",
            StorageError,
            'role "nobody_here" does not exist.*LOGIN',
        ),
        (
            "postgresql://postgres:s3cret@127.0.0.1:5432/none_such",
            StorageError,
            '"none_such" does not exist.*CREATE DAT',
        ),
        ("postgresql://ann:12/s3cret@host/test", ConfigurationError, "can't be read as an address.*%2F for /"),
    ],
)
def test_a_database_that_is_not_there(url: str, kind: type[Exception], message: str) -> None:
    """An address that leads nowhere is refused at once, with the thing, the fact and the remedy, and no secret."""
    databases.require_postgresql()
    url = url.format(port=_free_port())
    with pytest.raises(kind, match=message) as caught:
        Dispatcher(Database(Postgresql(databases.settings_for(url)), 5.0)).call(op.FLOW_RUNS_LIST, FlowRunQuery())
    assert "s3cr" not in str(caught.value)


def _refusal(url: str) -> str:
    with pytest.raises(StorageError) as caught:
        Dispatcher(Database(Postgresql(databases.settings_for(url)), 5.0)).call(op.FLOW_RUNS_LIST, FlowRunQuery())
    return str(caught.value)


def test_a_database_that_can_not_hold_every_character() -> None:
    """A database of another encoding is refused before anything is written, and how to make a fitting one is said."""
    databases.require_postgresql()
    name = f"latin_{uuid7().hex[-12:]}"
    databases.on_server(f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    address = databases.SERVER.rpartition("/")[0]
    try:
        assert "is encoded in LATIN1" in (words := _refusal(f"{address}/{name}"))
        assert "CREATE DATABASE penstock ENCODING 'UTF8'" in words
    finally:
        databases.on_server(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_search_path_that_leads_nowhere() -> None:
    """Where there is no schema to make tables in, that is said, with the remedy."""
    databases.require_postgresql()
    assert "no schema to make tables in" in _refusal(databases.schema_url("there_is_none_such"))


def test_a_user_that_may_not_write(schema: str, server: Server) -> None:
    """A user without the right to write can read; what it can't write is refused with the remedy."""
    run = server().call(op.FLOW_RUNS_CREATE, flow_run())
    role = f"role_{uuid7().hex[-12:]}"
    databases.on_server(
        f"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {schema} TO {role};"
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}"
    )
    address = databases.schema_url(schema).replace("postgres@", f"{role}@")
    core = Dispatcher(Database(Postgresql(databases.settings_for(address)), 5.0))
    assert core.call(op.FLOW_RUNS_READ, ById(run.id)).id == run.id
    with pytest.raises(StorageReadOnly, match="permission denied for table .*right to write"):
        core.call(op.FLOW_RUNS_CREATE, flow_run())
    core.close()
    databases.on_server(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_the_clock_is_the_database_s(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases are judged by the database's clock: a machine whose own is a day ahead makes the same ones."""
    core = server()
    ahead = type("Ahead", (), {"now": staticmethod(lambda: NOON.replace(year=2099))})
    monkeypatch.setattr("penstock.core.clock.now", ahead.now)
    run = core.call(op.FLOW_RUNS_CREATE, flow_run())
    with core.database.read() as connection:
        assert core.database.dialect.now(connection).year < 2099
    assert run.created.year < 2099
    assert run.lease is not None
    assert run.lease.expires.year < 2099


def test_a_ledger_without_locks(server: Server) -> None:
    """A ledger that is not told which rows its works change still writes them."""
    assert Ledger(server().database).write(lambda connection: connection.execute(select(1)).scalar()) == 1
