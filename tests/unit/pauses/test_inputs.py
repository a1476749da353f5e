"""Telling runs something while they go on: each receives what is of its type, in order, and can answer."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from support import record

from penstock import flow, runtime
from penstock.exceptions import MissingContextError, ObjectNotFound, PauseError
from penstock.input import RunInput, asend_input, receive_input, send_input


class Number(RunInput):
    number: int


class Plain(BaseModel):
    text: str


def test_a_run_receives_what_is_of_its_type() -> None:
    """Models, pydantic's too, and plain values, whatever else comes between."""

    @flow
    def receives() -> list[Any]:
        own = UUID(runtime.flow_run.id)
        for value in (Number(number=1), 2, "three", [4, 5], Plain(text="six"), Number(number=7)):
            send_input(value, own)
        numbers = [one.number for one in Number.receive(timeout=0)]
        plain = receive_input(Plain, timeout=0).next()
        assert isinstance(plain, Plain)
        return [
            numbers,
            list(receive_input(int, timeout=0)),
            list(receive_input(str, timeout=0)),
            list(receive_input(list[int], timeout=0)),
            plain.text,
        ]

    assert receives() == [[1, 7], [2], ["three"], [[4, 5]], "six"]


def test_async_flows_receive_while_others_send() -> None:
    """Who waits gets each as it comes; with where it came from, if wanted."""

    @flow
    async def receives() -> list[tuple[int, str | None]]:
        async def tell() -> None:
            for number in range(3):
                await asend_input(number, UUID(runtime.flow_run.id), sender=f"teller-{number}")

        telling = asyncio.create_task(tell())
        got = []
        async for one in receive_input(int, timeout=30, with_metadata=True):
            got.append((one.value, one.metadata.sender))
            if len(got) == 3:
                break
        await telling
        return got

    assert asyncio.run(receives()) == [(0, "teller-0"), (1, "teller-1"), (2, "teller-2")]


def test_an_answer_goes_back() -> None:
    """What a run sent can be answered; what a person sent can't."""

    @flow
    def squares() -> int:
        own = UUID(runtime.flow_run.id)
        Number(number=3).send_to(own)
        got = Number.receive(timeout=0, key_prefix=None).next()
        got.respond(Number(number=got.number**2), key_prefix="answer")
        return Number.receive(timeout=0, key_prefix="answer").next().number

    assert squares() == 9
    run_id = record.only_flow_run().id
    send_input(Number(number=1), run_id)
    handler = Number.receive(timeout=0, flow_run_id=run_id)
    handler.next()
    from_outside = handler.next()
    assert from_outside.metadata.sender is None
    with pytest.raises(PauseError, match="was not sent by a flow run"):
        from_outside.respond(Number(number=1))
    with pytest.raises(PauseError, match="was not received"):
        _ = Number(number=1).metadata


def test_waiting_has_an_end() -> None:
    """`next` raises; an iteration ends, or raises where that is wanted; what is excluded is passed over."""

    @flow
    def receives() -> None:
        send_input(1, UUID(runtime.flow_run.id))
        with pytest.raises(TimeoutError, match=r"was told no strAutomaticRunInput within 0\.01 second"):
            receive_input(str, timeout=0.01).next()
        with pytest.raises(TimeoutError):
            for _ in receive_input(int, timeout=0, raise_timeout_error=True):
                pass
        key = receive_input(int, timeout=0, with_metadata=True).next().metadata.key
        assert list(receive_input(int, timeout=0, exclude_keys={key})) == []

    receives()
    with pytest.raises(MissingContextError, match="Give flow_run_id"):
        receive_input(int)
    with pytest.raises(ObjectNotFound):
        send_input(1, UUID(int=7))
