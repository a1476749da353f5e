"""Cache policies: a key changes with what the policy looks at, and with nothing else."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import cloudpickle
import pytest

from penstock import cache_policies
from penstock.cache_policies import (
    DEFAULT,
    FLOW_PARAMETERS,
    INPUTS,
    NO_CACHE,
    NONE,
    RECOVERY,
    RUN_ID,
    TASK_SOURCE,
    CacheKeyFnPolicy,
    CachePolicy,
    CompoundCachePolicy,
    Inputs,
)
from penstock.locking import MemoryLockManager


def add(left: int, right: int) -> int:
    return left + right


def subtract(left: int, right: int) -> int:
    return left - right


RUN = UUID(int=1)


def context(fn: Callable[..., Any] = add, run: UUID | None = RUN, **fields: Any) -> Any:
    """Make the context of a task run, as the engine would."""
    name = getattr(fn, "__name__", "called")
    task = SimpleNamespace(fn=fn, task_key=f"tests.{name}", name=name, **fields)
    return SimpleNamespace(task=task, task_run=SimpleNamespace(id=uuid4(), flow_run_id=run), parameters={})


def key(
    policy: CachePolicy, *inputs: Any, ctx: Any = None, flow: dict[str, Any] | None = None, **kwargs: Any
) -> str | None:
    return policy.compute_key(
        ctx or context(), dict(zip(("left", "right"), inputs, strict=False)), flow or {}, **kwargs
    )


def test_inputs_look_at_the_arguments() -> None:
    """Equal arguments give equal keys, in every run; any other argument gives another."""
    assert key(INPUTS, 1, [2]) == key(INPUTS, 1, [2], ctx=context(run=None))
    assert len({key(INPUTS, 1, 2), key(INPUTS, 2, 1), key(INPUTS, 1, "2"), key(INPUTS, 1, 2.0), key(INPUTS, 1)}) == 5
    assert key(INPUTS) is None


def test_an_argument_can_be_left_out() -> None:
    """After `- "right"` it does not count, however the policy was put together; the policy itself stays as it was."""
    for policy in (INPUTS - "right", (INPUTS + RUN_ID) - "right", RUN_ID + (INPUTS - "right"), DEFAULT - "right"):
        assert key(policy, 1, 2) == key(policy, 1, 3) != key(policy, 2, 2)
    assert key(INPUTS, 1, 2) != key(INPUTS, 1, 3)
    assert key(INPUTS - "left" - "right", 1, 2) == key(INPUTS - "right" - "left", 2, 1)
    for policy in (RUN_ID, FLOW_PARAMETERS, NO_CACHE, FLOW_PARAMETERS + RUN_ID):
        assert policy - "right" == policy
        with pytest.raises(TypeError, match="Only the name of an argument"):
            _ = policy - INPUTS  # type: ignore[operator]


@pytest.mark.parametrize("policy", [INPUTS, TASK_SOURCE, RUN_ID, FLOW_PARAMETERS, DEFAULT, INPUTS + FLOW_PARAMETERS])
def test_two_tasks_never_share_a_key(policy: CachePolicy) -> None:
    """Even where everything that the policy looks at is the same, as the arguments of two tasks often are."""
    ctx = context(source_code="the same")
    other = context(subtract, source_code="the same")
    assert key(policy, 1, 2, ctx=ctx, flow={"a": 1}) != key(policy, 1, 2, ctx=other, flow={"a": 1})


def test_where_a_task_stands_counts_only_beyond_its_run() -> None:
    """Two scripts are told apart by their paths; a run that goes on from another folder finds what it did."""
    here, there = (context(cache_identity=f"/{folder}/etl.py:load", source_code="") for folder in "ab")
    for policy in (INPUTS, TASK_SOURCE, INPUTS + TASK_SOURCE):
        assert key(policy, 1, ctx=here) != key(policy, 1, ctx=there)
    for policy in (DEFAULT, RUN_ID, RECOVERY, INPUTS + DEFAULT):
        assert key(policy, 1, ctx=here, occurrence=0) == key(policy, 1, ctx=there, occurrence=0) is not None


def test_the_run_counts() -> None:
    """The flow run's id or, outside of flows, the task run's."""
    assert key(RUN_ID, 1) == key(RUN_ID, 2) != key(RUN_ID, 1, ctx=context(run=UUID(int=2)))
    assert key(RUN_ID, ctx=context(run=None)) != key(RUN_ID, ctx=context(run=None))
    assert key(DEFAULT, 1) == key(DEFAULT, 1) != key(DEFAULT, 1, ctx=context(run=UUID(int=2)))


def test_the_parameters_of_the_flow_count() -> None:
    """And where there are none, there is no key."""
    assert key(FLOW_PARAMETERS, 1, flow={"a": 1}) == key(FLOW_PARAMETERS, 2, flow={"a": 1})
    assert key(FLOW_PARAMETERS, flow={"a": 1}) != key(FLOW_PARAMETERS, flow={"a": 2})
    assert key(FLOW_PARAMETERS) is None


def test_the_source_counts() -> None:
    """The text of the function, or what the task says of it."""
    assert key(TASK_SOURCE, 1) == key(TASK_SOURCE, 2)
    one, other = context(source_code="x = 1"), context(source_code="x = 2")
    assert key(TASK_SOURCE, ctx=one) == key(TASK_SOURCE, ctx=context(source_code="x = 1"))
    other.task.fn = lambda: None
    other.task.fn.__name__ = other.task.fn.__qualname__ = "other"
    assert key(TASK_SOURCE, ctx=one) != key(TASK_SOURCE, ctx=other)


def test_what_has_no_source_text_counts_by_what_it_does() -> None:
    """Lambdas that share a line, and functions that were typed in, are told apart by their bytecode."""
    lambdas = [lambda left: left + 1, lambda left: left + 2]
    assert key(TASK_SOURCE, ctx=context(lambdas[0])) != key(TASK_SOURCE, ctx=context(lambdas[1]))
    keys = set()
    for body in ("return 1", "return 2"):
        typed: dict[str, Any] = {}
        exec(f"def typed(): {body}", typed)
        keys.add(key(TASK_SOURCE, ctx=context(typed["typed"])))
    assert len(keys) == 2
    assert None not in keys


def test_what_is_called_but_no_function_counts_by_its_class() -> None:
    """An object with __call__ has the source of its class."""

    class Adder:
        def __call__(self) -> int:
            return 1

    assert key(TASK_SOURCE, ctx=context(Adder())) == key(TASK_SOURCE, ctx=context(Adder())) is not None


def test_added_policies_look_at_all_that_each_looks_at() -> None:
    """The order in which they were added does not count, nor how often."""
    policies = [
        INPUTS + RUN_ID,
        RUN_ID + INPUTS,
        INPUTS + (RUN_ID + INPUTS),
        INPUTS + NO_CACHE + RUN_ID,
        NO_CACHE + INPUTS + RUN_ID,
    ]
    assert len({key(policy, 1) for policy in policies}) == 1
    assert key(policies[0], 1) != key(policies[0], 2)
    assert key(policies[0], 1) != key(policies[0], 1, ctx=context(run=UUID(int=2)))
    assert key(CompoundCachePolicy()) is None
    with pytest.raises(TypeError):
        _ = INPUTS + 1  # type: ignore[operator]


def test_no_cache_hashes_nothing() -> None:
    """Neither the arguments nor anything else is looked at, and no module for hashing is loaded."""

    class Explosive:
        def __reduce__(self) -> Any:
            raise AssertionError("it was looked at")

    assert key(NO_CACHE, Explosive()) is None
    assert NONE is NO_CACHE
    program = (
        "import sys; from penstock.cache_policies import *; NO_CACHE.compute_key(None, {'a': 1}, {}); INPUTS - 'a';"
        "heavy = {'penstock.hashing', 'penstock.results', 'penstock.transactions', 'dataclasses', 'inspect', 'hashlib',"
        " 'asyncio', 'pydantic', 'msgspec', 'cloudpickle'}; print(heavy & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"


def test_a_function_of_ones_own_makes_the_key() -> None:
    """It is used as it is, alone, and with what is added to it otherwise; None from it means that it does not count."""

    def by_left(ctx: Any, inputs: dict[str, Any]) -> str | None:
        return None if inputs["left"] is None else f"{ctx.task.name}-{inputs['left']}"

    policy = CachePolicy.from_cache_key_fn(by_left)
    assert isinstance(policy, CacheKeyFnPolicy)
    assert key(policy, 1, 2) == key(policy, 1, 3) == "add-1"
    assert key(policy, None) is None
    assert key(policy + RUN_ID, 1) == key(policy + RUN_ID, 1) != key(policy + RUN_ID, 2)
    assert key(policy + RUN_ID, None) is not None


class ByLength(CachePolicy):
    def compute_key(
        self, task_ctx: Any, inputs: dict[str, Any], flow_parameters: dict[str, Any], **kwargs: Any
    ) -> str | None:
        return str(len(inputs["left"]))


class Rounded(Inputs):
    def compute_key(
        self, task_ctx: Any, inputs: dict[str, Any], flow_parameters: dict[str, Any], **kwargs: Any
    ) -> str | None:
        return super().compute_key(task_ctx, {name: round(value) for name, value in inputs.items()}, flow_parameters)


def test_a_policy_of_ones_own_is_added_like_any_other() -> None:
    """A subclass says the key itself; also one of a policy that is here, whose own word counts within a sum."""
    assert key(ByLength(), "abc") == "3"
    assert key(ByLength() + RUN_ID, "abc") == key(ByLength() + RUN_ID, "xyz") != key(ByLength() + RUN_ID, "ab")
    assert key(Rounded() + RUN_ID, 1.1) == key(Rounded() + RUN_ID, 0.9) != key(Rounded() + RUN_ID, 1.9)
    with pytest.raises(NotImplementedError, match="CachePolicy has no compute_key"):
        key(CachePolicy(), 1)


def test_a_policy_that_is_a_dataclass_can_be_added() -> None:
    """Such a class has an __init__ of its own, which does not call ours."""
    from dataclasses import dataclass

    @dataclass
    class Fixed(CachePolicy):
        text: str = "fixed"

        def compute_key(self, *_: Any, **__: Any) -> str | None:
            return self.text

    assert key(Fixed() + RUN_ID, 1) != key(Fixed("other") + RUN_ID, 1)
    assert Fixed().configure(key_storage="keys").key_storage == "keys"


def test_identical_calls_in_one_run_have_keys_of_their_own_to_recover_by() -> None:
    """The first call has the same key in every attempt, and so has the second, and they are two keys."""
    first, second = key(RECOVERY, 1, occurrence=0), key(RECOVERY, 1, occurrence=1)
    assert first == key(RECOVERY, 1, occurrence=0) != second
    assert key(RECOVERY, 2, occurrence=0) not in {first, second}
    assert key(RECOVERY, 1) is None
    assert key(RECOVERY, threading.Lock(), occurrence=0) is None

    counts: dict[str, int] = {}

    def count(of: str) -> int:
        counts[of] = counts.get(of, -1) + 1
        return counts[of]

    # Whichever thread comes first, the calls with 1 are counted apart from the call with 2.
    assert key(RECOVERY, 2, occurrence=count) == key(RECOVERY, 2, occurrence=0)
    assert key(RECOVERY, 1, occurrence=count) == first
    assert key(RECOVERY, 1, occurrence=count) == second


def test_a_configured_policy_is_a_copy(tmp_path: Path) -> None:
    """What is configured holds for the copy, and for what it is added to; contradictions are refused."""
    locks = MemoryLockManager()
    configured = INPUTS.configure(key_storage=tmp_path, lock_manager=locks, isolation_level="SERIALIZABLE")
    assert (INPUTS.key_storage, INPUTS.lock_manager, INPUTS.isolation_level) == (None, None, None)
    for policy in (configured, configured + RUN_ID, RUN_ID + configured, configured - "left", configured + NO_CACHE):
        assert (policy.key_storage, policy.lock_manager, policy.isolation_level) == (tmp_path, locks, "SERIALIZABLE")
    assert key(configured, 1) == key(INPUTS, 1)
    assert configured.configure(key_storage="other").lock_manager is locks
    for name in ("key_storage", "isolation_level", "lock_manager"):
        with pytest.raises(ValueError, match=f"different {name}"):
            _ = INPUTS.configure(**{name: "one"}) + RUN_ID.configure(**{name: "other"})  # type: ignore[arg-type]


def test_policies_travel_to_other_processes() -> None:
    """Pickled with a task, a policy makes the same keys."""
    for policy in (DEFAULT, INPUTS - "left", NO_CACHE, RECOVERY, CachePolicy.from_cache_key_fn(lambda *_: "k")):
        copy = pickle.loads(cloudpickle.dumps(policy))
        assert key(copy, 1, 2, occurrence=0) == key(policy, 1, 2, occurrence=0)
    assert pickle.loads(pickle.dumps(DEFAULT)) == DEFAULT
    assert repr(INPUTS - "left") == "Inputs(exclude=['left'])"


@pytest.fixture
def _nothing_said() -> Iterator[None]:
    cache_policies._said.clear()
    yield
    cache_policies._said.clear()


@pytest.mark.usefixtures("_nothing_said")
@pytest.mark.parametrize("policy", [INPUTS, DEFAULT, INPUTS + FLOW_PARAMETERS], ids=["INPUTS", "DEFAULT", "sum"])
def test_what_has_no_stable_hash_is_said_once_and_not_cached(
    policy: CachePolicy, caplog: pytest.LogCaptureFixture
) -> None:
    """The call has no key, not a part of one; the warning names task, argument, type and remedy, once for each task."""
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert key(policy, 1, {"deep": [threading.Lock()]}, flow={"a": 1}) is None
    assert [record.name for record in caplog.records] == ["penstock.caching"]
    assert caplog.records[0].getMessage().startswith("Task 'add' is not cached because of its argument 'right': ")
    for words in ("'_thread.lock'", 'INPUTS - "right"', "cache_key_fn", "NO_CACHE"):
        assert words in caplog.text
    assert key(policy - "right", 1, threading.Lock(), flow={"a": 1}) is not None
    with caplog.at_level(logging.WARNING):
        key(policy, threading.Lock(), ctx=context(subtract))
    assert "Task 'subtract' is not cached because of its argument 'left'" in caplog.text


@pytest.mark.usefixtures("_nothing_said")
def test_a_flow_parameter_without_a_stable_hash_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """Leaving an argument out would be no remedy then, and is not given as one."""
    with caplog.at_level(logging.WARNING):
        assert key(FLOW_PARAMETERS, 1, flow={"a": threading.Lock()}) is None
    assert "INPUTS -" not in caplog.text
    assert "Make the key yourself" in caplog.text
