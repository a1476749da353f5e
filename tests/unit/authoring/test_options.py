"""What `@flow` and `@task` take, what they refuse and with which words, and what `with_options` changes."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import Any

import pytest

from penstock import Flow, Task, flow, settings, task
from penstock.cache_policies import DEFAULT, INPUTS, NO_CACHE
from penstock.exceptions import InvalidNameError, ReservedArgumentError
from penstock.task_runners import ThreadPoolTaskRunner
from penstock.tasks import exponential_backoff


def hook(of: Any, run: Any, state: Any) -> None:
    """Do nothing."""


def plain(x: int = 1) -> int:
    """Return what is given."""
    return x


@pytest.mark.parametrize("decorator", [flow, task])
class TestBoth:
    """What flows and tasks have in common."""

    def test_bare_called_and_by_hand(self, decorator: Any) -> None:
        """The decorator works bare, with empty brackets, with options, and called on a function."""
        for made in (decorator(plain), decorator()(plain), decorator(name="plain")(plain)):
            assert made.name == "plain"
            assert made() == 1
            assert made.fn is plain

    def test_it_looks_like_the_function(self, decorator: Any) -> None:
        """Name, docstring, module and attributes of the function are kept."""

        def documented() -> None:
            """Say what it does."""

        documented.colour = "red"  # type: ignore[attr-defined]
        documented.name = "not the name"  # type: ignore[attr-defined]
        made = decorator(documented)
        assert (made.__name__, made.__doc__, made.__module__) == ("documented", "Say what it does.", __name__)
        assert (made.description, made.colour, made.__wrapped__) == ("Say what it does.", "red", documented)
        assert made.name == "documented"

    def test_defaults(self, decorator: Any) -> None:
        """What is not said has Prefect's defaults."""
        made = decorator(plain)
        assert (made.retries, made.retry_delay_seconds, made.timeout_seconds) == (0, 0, None)
        assert (made.log_prints, made.persist_result, made.cache_result_in_memory) == (None, None, True)
        assert (made.result_storage, made.result_serializer) == (None, None)
        assert made.on_completion_hooks == made.on_failure_hooks == made.on_running_hooks == []

    def test_defaults_by_settings(self, decorator: Any) -> None:
        """Retries are taken from the settings where they are not said, also where 0 is said."""
        given = {
            "flows.default_retries": 2,
            "flows.default_retry_delay_seconds": 5,
            "tasks.default_retries": 2,
            "tasks.default_retry_delay_seconds": 5,
        }
        with settings.temporary_settings(given):
            made, told = decorator(plain), decorator(retries=0, retry_delay_seconds=0)(plain)
        assert (made.retries, made.retry_delay_seconds) == (2, 5)
        assert (told.retries, told.retry_delay_seconds) == (0, 0)

    @pytest.mark.parametrize("name", ["", "  ", "a\0b", "two\nlines", "x" * 501, "\ud800", 5])
    def test_names_that_are_refused(self, decorator: Any, name: Any) -> None:
        """Names that are empty, too long or can't be shown are refused with the name, the fact and the remedy."""
        with pytest.raises(InvalidNameError, match="can't be the name of a (flow|task): it .*\\. [A-Z].*\\.$"):
            decorator(name=name)(plain)

    @pytest.mark.parametrize("name", ["emoji 🐙", "Straße", "名前", "x" * 500, "a.b:c"])
    def test_names_that_are_taken(self, decorator: Any, name: str) -> None:
        """Any other name is taken as it is."""
        assert decorator(name=name)(plain).name == name

    def test_what_can_not_be_called(self, decorator: Any) -> None:
        """A decorator with something else than a function on it says how it is used."""
        with pytest.raises(
            TypeError, match=r"^@(flow|task) was put on 'nightly', which can't be called\. Put it right "
        ):
            decorator("nightly")

    def test_unknown_options(self, decorator: Any) -> None:
        """A misspelt option is refused where it stands."""
        with pytest.raises(TypeError, match="unexpected keyword argument 'retires'"):
            decorator(retires=3)(plain)
        with pytest.raises(TypeError, match="unexpected keyword argument 'retires'"):
            decorator(plain).with_options(retires=3)

    @pytest.mark.parametrize("name", ["return_state", "wait_for"])
    def test_reserved_arguments(self, decorator: Any, name: str) -> None:
        """A function with a parameter of one of our names is refused."""
        functions: dict[str, Any] = {}
        exec(f"def takes({name}): pass\ndef by_name(*, {name}=1): pass", functions)
        for function in ("takes", "by_name"):
            words = (
                f"^The function '{function}' has a parameter '{name}', a name that every (flow|task) keeps for itself. "
            )
            with pytest.raises(ReservedArgumentError, match=words + "Rename the parameter.$"):
                decorator(functions[function])

    @pytest.mark.parametrize("retries", [-1, 1.5, "3", True])
    def test_retries_that_make_no_sense(self, decorator: Any, retries: Any) -> None:
        """Retries are whole numbers from 0."""
        with pytest.raises(ValueError, match=r"^retries was given .*; it takes a whole number from 0\.$"):
            decorator(retries=retries)(plain)

    @pytest.mark.parametrize(
        ("delay", "words"),
        [
            (-1, "holds -1; each delay is a number of seconds from 0"),
            ([1, float("nan")], "holds nan; each delay"),
            ([1, "2"], "holds '2'; each delay"),
            (float("inf"), "holds inf; each delay"),
            ([1] * 51, "holds 51 delays; 50 are the most"),
            ("1", "was given a str; it takes a number of seconds, a list of them, or a function"),
            (True, "was given a bool"),
        ],
    )
    def test_delays_that_make_no_sense(self, decorator: Any, delay: Any, words: str) -> None:
        """Delays are numbers of seconds."""
        with pytest.raises((TypeError, ValueError), match=f"^retry_delay_seconds {words}"):
            decorator(retries=1, retry_delay_seconds=delay)(plain)

    @pytest.mark.parametrize("timeout", [-1, "1", True])
    def test_timeouts_that_make_no_sense(self, decorator: Any, timeout: Any) -> None:
        """A time limit is a number of seconds; 0 and None are none."""
        with pytest.raises(ValueError, match=r"^timeout_seconds was given .*; it takes a number of seconds above 0\.$"):
            decorator(timeout_seconds=timeout)(plain)
        assert decorator(timeout_seconds=0)(plain).timeout_seconds is None
        assert decorator(timeout_seconds=3)(plain).timeout_seconds == 3.0

    def test_hooks_that_make_no_sense(self, decorator: Any) -> None:
        """Hooks are lists of functions."""
        words = (
            r"^on_failure of a (flow|task) was given a function\. Give it a list of functions: on_failure=\[hook\]\.$"
        )
        with pytest.raises(TypeError, match=words):
            decorator(on_failure=hook)(plain)
        words = r"^on_completion of a (flow|task) holds a str, which can't be called\. Give it functions only\.$"
        with pytest.raises(TypeError, match=words):
            decorator(on_completion=[hook, "hook"])(plain)

    def test_run_names_that_make_no_sense(self, decorator: Any) -> None:
        """A run's name is a template or a function."""
        option = f"{decorator.__name__}_run_name"
        with pytest.raises(
            TypeError, match=rf"^{option} was given a int; it takes a template such as 'load-\{{day\}}', or a "
        ):
            decorator(**{option: 5})(plain)

    def test_with_options_replaces_what_is_given(self, decorator: Any) -> None:
        """Options that are given replace; the others, and the original, stay as they are."""
        first = decorator(name="first", retries=2, description="d", timeout_seconds=5, log_prints=True)(plain)
        second = first.with_options(retries=0, timeout_seconds=None)
        assert (second.name, second.retries, second.description, second.timeout_seconds) == ("first", 0, "d", None)
        assert second.log_prints
        assert (first.retries, first.timeout_seconds) == (2, 5.0)
        assert type(second) is type(first)
        assert second.fn is first.fn
        assert second.with_options(name="third").retries == 0

    def test_with_options_keeps_hooks_added_since(self, decorator: Any) -> None:
        """Hooks added by decorator come along, unless others are given; adding to the copy leaves the original alone."""
        first = decorator(on_failure=[hook])(plain)
        first.on_failure(plain)
        first.on_completion(hook)
        second = first.with_options(name="second")
        assert second.on_failure_hooks == [hook, plain]
        assert second.on_completion_hooks == [hook]
        second.on_failure(hook)
        assert first.on_failure_hooks == [hook, plain]
        assert first.with_options(on_failure=[]).on_failure_hooks == []

    def test_partials_callable_objects_and_builtins(self, decorator: Any) -> None:
        """Anything that can be called can be decorated."""

        class Adder:
            def __call__(self, x: int) -> int:
                return x + 1

        assert decorator(name="p")(functools.partial(plain, 5))() == 5
        assert decorator(Adder())(1) == 2
        assert decorator(Adder()).name.lower() == "adder"
        assert decorator(name="size")(len)([1, 2]) == 2
        assert decorator(Adder)().__class__ is Adder


def test_a_flow_on_a_task_and_a_task_on_a_flow() -> None:
    """Decorators may stand above each other: each makes its own run."""
    both = flow(name="outer", retries=1)(task(retries=3)(plain))
    assert isinstance(both, Flow)
    assert isinstance(both.fn, Task)
    assert both(4) == 4
    assert (both.retries, both.with_options(name="other").retries) == (1, 1)
    other = task(flow(plain))
    assert isinstance(other, Task)
    assert other(6) == 6

    @task
    async def later() -> int:
        return 1

    assert flow(later).isasync


def test_options_of_tasks() -> None:
    """What only tasks take."""

    @task(
        tags=["b", "a"],
        version="7",
        retries=3,
        retry_delay_seconds=exponential_backoff(2),
        retry_jitter_factor=0.5,
        cache_policy=INPUTS,
        cache_expiration=timedelta(hours=1),
        refresh_cache=True,
        on_commit=[hook],
        on_rollback=[hook],
        retry_condition_fn=lambda *_: True,
    )
    def full() -> None: ...

    assert full.tags == {"a", "b"}
    assert full.version == "7"
    assert full.retry_delay_seconds == [2, 4, 8]
    assert full.retry_jitter_factor == 0.5
    assert full.cache_policy == INPUTS
    assert full.persist_result
    assert (full.cache_expiration, full.refresh_cache) == (timedelta(hours=1), True)
    assert full.on_commit_hooks == full.on_rollback_hooks == [hook]
    assert full.with_options(retries=1).retry_delay_seconds == [2]
    assert task(plain).cache_policy == DEFAULT
    assert task(cache_policy=None)(plain).persist_result is None
    assert task(persist_result=False)(plain).cache_policy == NO_CACHE


def test_options_of_tasks_that_make_no_sense() -> None:
    """Jitter, condition and tags are checked where they stand."""
    with pytest.raises(ValueError, match=r"^retry_jitter_factor was given -1; it takes a number from 0\.$"):
        task(retry_jitter_factor=-1)(plain)
    with pytest.raises(
        TypeError, match="^retry_condition_fn was given a bool; it takes a function of the task, its run "
    ):
        task(retry_condition_fn=True)(plain)
    with pytest.raises(
        TypeError, match=r"^tags of a task was given 'prod'\. Give it a list of words: tags=\['prod'\]\.$"
    ):
        task(tags="prod")(plain)
    with pytest.raises(InvalidNameError, match=r"^A int can't be the name of a tag: it is a int\. Give a string\.$"):
        task(tags=[1])(plain)


def test_options_of_flows() -> None:
    """What only flows take: their own name, version, runner and recoveries."""

    def two_words() -> None: ...

    runner = ThreadPoolTaskRunner(max_workers=2)
    full = flow(version="3", task_runner=runner, recoveries=2, on_cancellation=[hook], on_crashed=[hook])(two_words)
    assert (full.name, full.version, full.recoveries) == ("two-words", "3", 2)
    assert full.task_runner is runner
    assert full.on_cancellation_hooks == full.on_crashed_hooks == [hook]
    version = flow(two_words).version
    assert version is not None
    assert len(version) == 12
    assert flow(validate_parameters=False)(two_words).should_validate_parameters is False
    for name in ("a/b", "50%", "a & b", "<b>"):
        with pytest.raises(
            InvalidNameError, match="which addresses made of a flow's name can't hold. Use - or _ instead.$"
        ):
            flow(name=name)(two_words)


def test_a_lambda_as_flow_or_task() -> None:
    """A lambda needs a name to be a flow; a task may be one."""
    with pytest.raises(InvalidNameError) as raised:
        flow(lambda: 1)
    assert str(raised.value) == (
        "A lambda has no name that a flow could be found by. Give it one, flow(name='nightly')(lambda: ...), or write it "
        "as a function."
    )
    assert flow(name="nightly")(lambda: 1)() == 1
    assert task(lambda x: x + 1)(1) == 2


def test_what_a_flow_on_disk_is_versioned_by() -> None:
    """The version is a digest of the file; of code that stands in no file there is none."""
    functions: dict[str, Any] = {}
    exec("def from_nowhere(): return 1", functions)
    assert flow(functions["from_nowhere"]).version is None
    assert flow(functions["from_nowhere"])() == 1
