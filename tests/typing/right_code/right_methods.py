"""Flows and tasks that are methods take the arguments that are left when the instance is bound."""

from __future__ import annotations

from typing import assert_type

from penstock import Flow, Task, flow, task
from penstock.futures import PenstockFuture, PenstockFutureList
from penstock.states import State


class Station:
    """A place where something is measured."""

    @task
    def measure(self, hour: int, *, unit: str = "K") -> float:
        return hour + len(unit)

    @task(retries=2)
    async def fetch(self, day: str) -> bytes:
        return day.encode()

    @task
    @classmethod
    def label(cls, number: int) -> str:
        return f"{cls.__name__} {number}"

    @task
    @staticmethod
    def celsius(kelvin: float) -> float:
        return kelvin - 273.15

    @classmethod
    @task
    def opened(cls, day: str) -> str:
        return day

    @staticmethod
    @task
    def closed(day: str) -> str:
        return day

    @flow
    def report(self, hour: int) -> float:
        assert_type(self.measure(hour), float)
        return self.celsius(self.measure(hour))

    @flow(retries=1)
    async def report_later(self, day: str) -> bytes:
        return await self.fetch(day)


class Buoy(Station):
    """A station that inherits."""

    def all_day(self) -> list[float]:
        assert_type(super().measure(0), float)
        return self.measure.map(range(24)).result()


def of_an_instance(station: Station) -> None:
    assert_type(station.measure(1), float)
    assert_type(Station().measure(hour=1, unit="C"), float)
    assert_type(station.measure.submit(1), PenstockFuture[float])
    assert_type(station.measure.map([1, 2]), PenstockFutureList[float])
    assert_type(station.measure(1, return_state=True), State[float])
    assert_type(station.measure.with_options(name="again")(1), float)
    assert_type(station.fetch.submit("Monday").result(), bytes)
    assert_type(station.report(1), float)
    assert_type(station.report(1, return_state=True), State[float])
    assert_type(station.label(1), str)
    assert_type(station.celsius(1.0), float)
    assert_type(station.opened("Monday"), str)
    assert_type(station.closed("Monday"), str)
    assert_type(Buoy().measure(1), float)
    assert_type(Buoy.label(1), str)


def of_the_class(station: Station) -> None:
    assert_type(Station.measure(station, 1), float)
    assert_type(Station.label(1), str)
    assert_type(Station.label.submit(1).result(), str)
    assert_type(Station.celsius(1.0), float)
    assert_type(Station.opened("Monday"), str)
    assert_type(Station.closed("Monday"), str)
    assert_type(Station.report(station, 1), float)


async def awaited(station: Station) -> None:
    assert_type(await station.fetch("Monday"), bytes)
    assert_type(await station.report_later("Monday"), bytes)


class Hourly:
    """Tasks of other classes are called like functions."""

    step: Task[[int], float]

    def __init__(self, station: Station) -> None:
        self.step = station.measure.with_options(retries=1)
        self.whole: Flow[[int], float] = station.report

    def run(self) -> float:
        return self.step(1) + self.whole(2)
