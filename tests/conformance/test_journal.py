"""The journal: task runs and log lines arrive in batches, some late, some twice, some from the dead."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from support.requests import NOON, OTHER, OWNER, batch, flow_run, line, proposal, state, task_run

from penstock.core.errors import ObjectLimitReached
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.requests import ById, JournalBatch, JournalReceipt, LogQuery, StartFlowRun, TaskRunQuery
from penstock.wire.states import ErrorRecord
from penstock.wire.task_runs import TaskRun


@pytest.fixture
def run_id(server: Dispatcher) -> UUID:
    """A flow run that is running under attempt 1."""
    return server.call(op.FLOW_RUNS_CREATE, flow_run()).id


def _read(server: Dispatcher, run: TaskRun) -> TaskRun:
    return server.call(op.TASK_RUNS_READ, ById(run.id))


def _messages(server: Dispatcher) -> list[str]:
    return [one.message for one in server.call(op.LOGS_LIST, LogQuery()).items]


def test_a_record_is_read_back(server: Dispatcher, run_id: UUID) -> None:
    """Every field of a task run is kept, with what its history amounts to."""
    run = task_run(
        run_id,
        "PENDING RUNNING SCHEDULED RUNNING FAILED",
        parent_task_run_id=uuid7(),
        tags=["x", "y"],
        upstreams={"n": [uuid7(), uuid7()], "wait_for": [uuid7()]},
        run_count=2,
        retries=3,
        cache_key="key",
        result="file:///result",
        error=ErrorRecord("ValueError", "no", "Traceback …"),
    )
    assert server.call(op.JOURNAL_APPEND, batch(run)) == JournalReceipt()
    found = _read(server, run)
    assert found == run
    assert found.start_time == NOON + timedelta(seconds=1)
    assert found.end_time == NOON + timedelta(seconds=4)
    assert found.total_run_seconds == 2.0


def test_a_record_grows_and_never_shrinks(server: Dispatcher, run_id: UUID) -> None:
    """A longer history replaces a shorter one, and an end what has not ended; what comes late changes nothing."""
    whole = task_run(run_id, "PENDING RUNNING COMPLETED")
    first = msgspec.structs.replace(whole, states=whole.states[:1], name="first")
    second = msgspec.structs.replace(whole, states=whole.states[:2], name="second")
    other_end = [*whole.states[:2], state("RUNNING", "Retrying")]
    for number, (sent, expected) in enumerate(
        [
            (first, "first"),
            (second, "second"),
            (first, "second"),
            (whole, whole.name),
            (second, whole.name),
            (msgspec.structs.replace(whole, states=other_end, name="not ended"), whole.name),
            (msgspec.structs.replace(whole, name="ended too"), "ended too"),
        ]
    ):
        server.call(op.JOURNAL_APPEND, batch(sent, number=number))
        assert _read(server, whole).name == expected


def test_a_batch_sent_twice_changes_nothing(server: Dispatcher, run_id: UUID) -> None:
    """The same batch again, as after a lost answer, adds no line; another journal's with the same place does."""
    sent = batch(task_run(run_id), line(run_id), line(run_id, "more"), number=7)
    assert server.call(op.JOURNAL_APPEND, sent) == server.call(op.JOURNAL_APPEND, sent)
    assert _messages(server) == ["hello", "more"]
    assert len(server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items) == 1
    other = batch(line(run_id, "of another journal"), number=7, owner=OTHER)
    server.call(op.JOURNAL_APPEND, other)
    assert _messages(server) == ["hello", "more", "of another journal"]


def test_a_line_is_taken_once_however_its_batch_was_cut(server: Dispatcher, run_id: UUID) -> None:
    """Parts of a batch, the whole of it and parts of parts, in whatever order they are repeated, add each line once."""
    lines = [line(run_id, str(number)) for number in range(8)]

    def send(first: int, end: int) -> None:
        server.call(op.JOURNAL_APPEND, JournalBatch(OWNER, "journal", first, [], lines[first:end]))

    for first, end in [(0, 2), (0, 4), (0, 1), (4, 5), (0, 8), (5, 8), (0, 8)]:
        send(first, end)
    assert _messages(server) == [str(number) for number in range(8)]


def test_a_request_that_arrives_late_adds_nothing(server: Dispatcher, run_id: UUID) -> None:
    """What was given up, sent again and followed by more, and arrives only then, is known to be there."""
    for number in (1, 2, 3):
        server.call(op.JOURNAL_APPEND, batch(line(run_id, str(number)), number=number))
    server.call(op.JOURNAL_APPEND, batch(line(run_id, "1"), number=1))
    assert _messages(server) == ["1", "2", "3"]


def test_stale_attempts_are_named_and_left_out(server: Dispatcher, run_id: UUID) -> None:
    """Records of a former attempt are not written and their flow run is named; the rest of the batch is written."""
    other = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "FAILED"))
    server.call(op.FLOW_RUNS_START, StartFlowRun(run_id, OTHER))
    late, live = task_run(run_id), task_run(other)
    receipt = server.call(op.JOURNAL_APPEND, batch(late, live, number=3))
    assert receipt == JournalReceipt(stale=[run_id])
    assert [one.id for one in server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items] == [live.id]
    current = msgspec.structs.replace(late, flow_run_attempt=2)
    assert server.call(op.JOURNAL_APPEND, batch(current, number=4)) == JournalReceipt()


def test_what_comes_after_the_end_is_taken(server: Dispatcher, run_id: UUID) -> None:
    """A flow run may end before the last of its task runs and lines arrive; they are its own all the same."""
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "COMPLETED"))
    run = task_run(run_id)
    assert server.call(op.JOURNAL_APPEND, batch(run, line(run_id))) == JournalReceipt()
    assert _read(server, run) == run
    assert _messages(server) == ["hello"]


def test_a_deleted_flow_run_takes_nothing(server: Dispatcher, run_id: UUID) -> None:
    """Its process is told so; a process whose run could not be recorded at all (attempt 0) is left in peace."""
    server.call(op.FLOW_RUNS_DELETE, ById(run_id))
    deleted = task_run(run_id)
    never_recorded = task_run(uuid7(), flow_run_attempt=0)
    sent = batch(deleted, never_recorded, line(run_id), line(never_recorded.flow_run_id))
    assert server.call(op.JOURNAL_APPEND, sent).stale == [run_id]
    assert server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items == []
    assert _messages(server) == []


def test_nonsense_is_set_aside(server: Dispatcher, run_id: UUID) -> None:
    """A record that makes no sense is named and left out; it does not cost the rest of its batch."""
    empty = task_run(run_id, states=[])
    naive = task_run(run_id, states=[state("COMPLETED", at=NOON.replace(tzinfo=None))])
    sound = task_run(run_id)
    naive_line = line(run_id, timestamp=NOON.replace(tzinfo=None))
    sent = batch(empty, sound, naive, naive_line, line(run_id))
    assert server.call(op.JOURNAL_APPEND, sent).refused == [empty.id, naive.id]
    assert [one.id for one in server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items] == [sound.id]
    assert _messages(server) == ["hello"]


def test_numbers_that_can_not_be_stored_are_set_aside(server: Dispatcher, run_id: UUID) -> None:
    """A record with a number that no database column holds is named and left out; the rest of its batch is kept."""
    huge = [task_run(run_id, run_count=2**31), task_run(run_id, retries=2**70), task_run(run_id, run_count=-1)]
    sound = task_run(run_id)
    sent = batch(*huge, sound, line(run_id, level=2**40), line(run_id))
    assert server.call(op.JOURNAL_APPEND, sent).refused == [run.id for run in huge]
    assert [one.id for one in server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items] == [sound.id]
    assert _messages(server) == ["hello"]


def test_texts_that_can_not_be_stored_are_mended(server: Dispatcher, run_id: UUID) -> None:
    """NUL and halves of characters are replaced, and long texts cut: a record is never lost for its words."""
    odd = "a\0b\ud800c"
    run = task_run(
        run_id,
        states=[state("PENDING"), state("FAILED", odd, message=odd)],
        name=odd,
        task_key=odd,
        tags=[odd],
        upstreams={odd: []},
        cache_key=odd,
        error=ErrorRecord(odd, odd * 10_000, odd),
    )
    sent = batch(run, line(run_id, odd), line(run_id, "x" * 1_000_000))
    assert server.call(op.JOURNAL_APPEND, sent) == JournalReceipt()
    found = _read(server, run)
    assert found.name == "a�b?c"
    assert found.state.type is StateType.FAILED
    assert found.error is not None
    assert len(found.error.message) == 20_000
    assert [len(message) for message in _messages(server)] == [5, 100_000]


def test_task_runs_outside_of_flows(server: Dispatcher) -> None:
    """A task that no flow called is recorded too, and so are its lines."""
    run = task_run()
    assert server.call(op.JOURNAL_APPEND, batch(run, line(task_run_id=run.id))) == JournalReceipt()
    assert _read(server, run) == run
    assert _messages(server) == ["hello"]


def test_a_long_history_keeps_its_ends(server: Dispatcher, run_id: UUID) -> None:
    """Of a history of 5,001 states the first and the last 1,000 are kept."""
    run = task_run(run_id, " ".join(["RUNNING SCHEDULED"] * 2_500 + ["COMPLETED"]))
    server.call(op.JOURNAL_APPEND, batch(run))
    assert _read(server, run).states == run.states[:1000] + run.states[-1000:]


def test_upstreams_without_end_are_left_out(server: Dispatcher, run_id: UUID) -> None:
    """A task run that depends on 120,000 others is recorded without naming them; on 50,000, with them."""
    many = task_run(run_id, upstreams={"values": [uuid7()] * 50_000})
    too_many = task_run(run_id, upstreams={"values": [uuid7()] * 120_000})
    assert server.call(op.JOURNAL_APPEND, batch(many, too_many)) == JournalReceipt()
    assert _read(server, many) == many
    assert _read(server, too_many).upstreams == {}


def test_batches_are_bounded(server: Dispatcher) -> None:
    """More than 10,000 records or lines in a batch are refused (413)."""
    run = task_run()
    with pytest.raises(ObjectLimitReached, match="10,000 task runs"):
        server.call(op.JOURNAL_APPEND, batch(*[run] * 10_001))
    with pytest.raises(ObjectLimitReached, match="10,000 log lines"):
        server.call(op.JOURNAL_APPEND, batch(*[line()] * 10_001))
