"""Carry out the steps of runs whose functions yield. The drivers for all others are in `penstock.core.steps`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from penstock.core import dispatch
from penstock.core.interruptible import interruptible
from penstock.core.steps import Steps
from penstock.engine.invocation.effects import Invoke, TakenEnough
from penstock.futures import within_limit

if TYPE_CHECKING:
    from penstock.engine.timeouts import Allowance

R = TypeVar("R")


def drive_stream(steps: Steps[R]) -> Generator[Any, Any, R]:
    """Carry `steps` out whose function is a generator: yield what it yields; return their outcome.

    The steps and the function run in a context of their own, so that what they set in it is not seen by the code that
    takes the values.
    """
    context = copy_context()
    try:
        effect = context.run(next, steps)
        while True:
            try:
                if isinstance(effect, Invoke):
                    context.run(dispatch.run_is_async.set, False)
                    generator = context.run(effect.fn, *effect.args, **effect.kwargs)
                    outcome = yield from _in_context(context, generator, _allowance(effect))
                else:
                    outcome = context.run(effect.perform)
            except BaseException as error:
                effect = context.run(steps.throw, _as_seen_by_steps(error))
            else:
                effect = context.run(steps.send, outcome)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def refuse_to_return_state(kind: str, name: str) -> NoReturn:
    """Raise where a caller asks for the state of a run that yields."""
    raise TypeError(
        f"The {kind} {name!r} yields its values to its caller, so that it has no state to return. Leave return_state out."
    )


def _as_seen_by_steps(error: BaseException) -> BaseException:
    # Python closes a generator that another one delegates to, instead of throwing GeneratorExit into it.
    return TakenEnough() if isinstance(error, GeneratorExit) else error


def _allowance(effect: Invoke) -> Allowance | None:
    """Return the time that the function may take for all its values together, as far as it is bounded."""
    if effect.timeout_seconds is None:
        return None
    from penstock.engine.timeouts import Allowance

    return Allowance(effect.timeout_seconds, effect.overdue)


@interruptible
def _call(function: Callable[[], R]) -> R:
    return function()


def _call_within(allowance: Allowance, function: Callable[[], R]) -> R:
    with within_limit():
        return allowance.call(function)


def _in_context(
    context: Any, generator: Generator[Any, Any, Any], allowance: Allowance | None
) -> Generator[Any, Any, Any]:
    advance, sent = generator.send, None
    within = _call if allowance is None else partial(_call_within, allowance)
    while True:
        try:
            value = context.run(within, partial(advance, sent))
        except StopIteration as end:
            return end.value
        try:
            sent, advance = (yield value), generator.send
        except GeneratorExit:
            context.run(generator.close)
            raise
        except BaseException as error:
            sent, advance = error, generator.throw


async def drive_stream_async(steps: Steps[Any], outcomes: list[Any]) -> AsyncGenerator[Any, Any]:
    """Carry `steps` out whose function is an async generator: yield what it yields; put their outcome in `outcomes`.

    As in `drive_stream`, they run in a context of their own.
    """
    import asyncio

    context = copy_context()
    loop = asyncio.get_running_loop()
    try:
        effect = context.run(next, steps)
        while True:
            try:
                outcome = None
                if isinstance(effect, Invoke):
                    context.run(dispatch.run_is_async.set, True)
                    generator = context.run(effect.fn, *effect.args, **effect.kwargs)
                    allowance = _allowance(effect)
                    async with aclosing(generator):
                        while (
                            value := await loop.create_task(_next(generator, allowance), context=context)
                        ) is not _ENDED:
                            yield value
                else:
                    outcome = await loop.create_task(effect.perform_async(), context=context)
            except BaseException as error:
                effect = context.run(steps.throw, _as_seen_by_steps(error))
            else:
                effect = context.run(steps.send, outcome)
    except StopIteration as end:
        outcomes.append(end.value)


_ENDED = object()


@interruptible
async def _next(generator: AsyncGenerator[Any, Any], allowance: Allowance | None) -> Any:
    if allowance is None:
        return await anext(generator, _ENDED)
    return await allowance.call_async(lambda: anext(generator, _ENDED))
