"""Flows and tasks as methods, class methods and static methods, in both orders of decorators, and under threads."""

from __future__ import annotations

import asyncio
import functools
import threading
from typing import Any

import pytest
from support.record import task_runs

from penstock import flow, task


class Base:
    """Every kind of method, decorated in either order."""

    word = "base"

    def __init__(self, value: int) -> None:
        self.value = value

    @task
    def method(self, x: int = 0) -> tuple[int, int]:
        return self.value, x

    @task
    @classmethod
    def class_inside(cls, x: int = 0) -> tuple[str, int]:
        return cls.word, x

    @classmethod
    @task
    def class_outside(cls, x: int = 0) -> tuple[str, int]:
        return cls.word, x

    @task
    @staticmethod
    def static_inside(x: int = 0) -> int:
        return x

    @staticmethod
    @task
    def static_outside(x: int = 0) -> int:
        return x

    @task
    async def later(self, x: int = 0) -> tuple[int, int]:
        return self.value, x

    @task
    def each(self, n: int) -> Any:
        for number in range(n):
            yield self.value, number

    @flow
    def flow_method(self, x: int) -> tuple[int, int]:
        return self.method(x)

    @flow
    @classmethod
    def flow_class(cls, x: int) -> tuple[str, int]:
        return cls.class_inside(x)

    @classmethod
    @flow
    def flow_class_outside(cls, x: int) -> str:
        return f"{cls.word} {x}"

    @flow
    @staticmethod
    def flow_static(x: int) -> int:
        return x

    @flow
    async def flow_later(self, x: int) -> tuple[int, int]:
        return await self.later(x)

    renamed = method.with_options(name="renamed")
    class_renamed = class_inside.with_options(name="class renamed")
    static_renamed = static_inside.with_options(name="static renamed")


class Derived(Base):
    """A subclass, whose class methods see it."""

    word = "derived"

    @task
    def method(self, x: int = 0) -> tuple[int, int]:
        mine, given = super().method(x)
        return mine * 10, given


def test_every_kind_of_method_on_instances_and_classes() -> None:
    """Each kind of method is bound as Python binds it, from the instance and from the class."""
    base, derived = Base(1), Derived(2)
    assert base.method(5) == (1, 5)
    assert derived.method(x=5) == (20, 5)
    assert Base.method(base, 6) == (1, 6)
    for owner in (Base, base):
        assert owner.class_inside(1) == owner.class_outside(1) == ("base", 1)
        assert owner.static_inside(2) == owner.static_outside(2) == 2
    for owner in (Derived, derived):
        assert owner.class_inside(1) == owner.class_outside(1) == ("derived", 1)
        assert owner.static_inside(2) == owner.static_outside(2) == 2
    assert asyncio.run(base.later(3)) == (1, 3)
    assert list(base.each(2)) == [(1, 0), (1, 1)]


def test_flows_as_methods() -> None:
    """The same for flows; an instance is no parameter that is recorded or checked."""
    assert Base(1).flow_method(5) == (1, 5)
    assert Derived.flow_class(4) == ("derived", 4)
    assert Base.flow_class_outside(4) == "base 4"
    assert Base.flow_static(7) == Base(1).flow_static(7) == 7
    assert asyncio.run(Base(3).flow_later(2)) == (3, 2)


def test_submitting_and_mapping_methods() -> None:
    """`submit` and `map` of a method keep the instance."""

    @flow
    def submits() -> Any:
        base = Base(4)
        return (
            base.method.submit(1).result(),
            base.method.map([1, 2]).result(),
            Derived.class_inside.submit(3).result(),
            Derived.class_outside.map([3]).result(),
            base.static_inside.map([8, 9]).result(),
            base.later.submit(5).result(),
            base.each.submit(1).result(),
        )

    assert submits() == ((4, 1), [(4, 1), (4, 2)], ("derived", 3), [("derived", 3)], [8, 9], (4, 5), [(4, 0)])


def test_with_options_keeps_the_kind_of_a_method() -> None:
    """A copy with other options, made in the class body or from an instance, is bound as the original."""
    base = Base(1)
    assert base.renamed(2) == (1, 2)
    assert Derived.class_renamed(2) == ("derived", 2)
    assert base.static_renamed(2) == Base.static_renamed(2) == 2
    assert base.method.with_options(retries=1)(3) == (1, 3)
    assert Derived.class_inside.with_options(retries=1)(3) == ("derived", 3)
    assert [one.task_name for one in task_runs()][:2] == ["renamed", "class renamed"]


def test_taking_a_method_changes_nothing_of_the_class() -> None:
    """A method taken from an instance is a copy: the class's own stays unbound, and hooks of the class are shared."""
    first, second = Base(1), Base(2)
    taken = first.method
    assert second.method() == (2, 0)
    assert taken() == (1, 0)
    assert Base.__dict__["method"].fn is taken.fn.__func__
    assert not Base.__dict__["method"].ismethod
    assert taken.ismethod
    assert taken.name == "method"


def test_what_is_no_method_is_not_bound() -> None:
    """A task of something Python does not bind, kept in a class, is not given the instance; a bound method stays bound."""

    class Keeps:
        part = task(name="part")(functools.partial(max, 3))
        size = task(len)
        other = task(Base(9).method.fn)

    assert Keeps().part(1) == 3
    assert Keeps().size([1]) == 1
    assert Keeps().other(4) == (9, 4)


@pytest.mark.parametrize("kind", ["method", "class_inside", "class_outside"])
def test_methods_of_many_instances_under_threads(kind: str) -> None:
    """Threads that call the same method of different owners do not get into each other's way."""
    owners = [type(f"Derived{n}", (Derived,), {"word": n})(n) for n in range(8)]
    wrong: list[Any] = []
    start = threading.Barrier(len(owners))

    def call(owner: Any) -> None:
        start.wait(30)
        for number in range(50):
            first, given = getattr(owner, kind)(number)
            if (first, given) not in {(owner.word, number), (owner.value * 10, number)}:
                wrong.append((owner.word, first, given))

    threads = [threading.Thread(target=call, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert len(task_runs()) == 8 * 50 * (2 if kind == "method" else 1)
