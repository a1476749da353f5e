"""Wrong calls of flows and tasks that are methods, each refused on its line."""

from __future__ import annotations

from penstock import flow, task


class Station:
    """A place where something is measured."""

    @task
    def measure(self, hour: int) -> float:
        return hour

    @task
    @classmethod
    def label(cls, number: int) -> str:
        return f"{cls.__name__} {number}"

    @flow
    def report(self, hour: int) -> float:
        return self.measure("one")  # error: [call-overload] [no-any-return]


def called(station: Station) -> None:
    station.measure("one")  # error: [call-overload]
    station.measure()  # error: [call-overload]
    station.measure(station, 1)  # error: [call-overload]
    station.measure.submit("one")  # error: [call-overload]
    station.report("one")  # error: [call-overload]
    Station.measure(1)  # error: [call-overload]
    Station.label("one")  # error: [call-overload]
    text: str = station.measure(1)  # error: [assignment]
    print(text)
