"""A first flow: parameters with defaults and types, coercion, a docstring as description."""

from __future__ import annotations

from prefect import flow, task


@task
def fetch_temperatures(city: str, days: int) -> list[float]:
    base = {"Oslo": 4.0, "Rome": 19.5}[city]
    return [base + day for day in range(days)]


@task(name="Average", description="Mean of a list")
def average(values: list[float]) -> float:
    return sum(values) / len(values)


@flow
def weather_report(city: str = "Oslo", days: int = 3) -> str:
    """Report the weather of a city."""
    temperatures = fetch_temperatures(city, days)
    return f"{city}: {average(temperatures):.1f} degrees over {days} days"


if __name__ == "__main__":
    print(weather_report())
    print(weather_report("Rome", days=2))
    print(weather_report(city="Rome", days="4"))
    print(weather_report.name, "|", weather_report.description, "|", weather_report.fn("Oslo", 1))
    print(average.name, "|", average.description, "|", fetch_temperatures.name)
    state = weather_report("Oslo", return_state=True)
    print(state.name, state.type.value, state.is_completed(), state.is_final(), state.result())
