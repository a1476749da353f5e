"""Wrong calls of flows, each refused on its line."""

from __future__ import annotations

from penstock import flow


@flow
def survey(stations: list[str], *, limit: int = 10) -> dict[str, int]:
    return dict.fromkeys(stations, limit)


@flow
async def gather(count: int) -> list[bytes]:
    return [b""] * count


def called() -> None:
    survey("Ida")  # error: [call-overload]
    survey()  # error: [call-overload]
    survey(["Ida"], 3)  # error: [call-overload]
    survey(["Ida"], maximum=3)  # error: [call-overload]
    total: int = survey(["Ida"])  # error: [assignment]
    print(total)


def with_other_options() -> None:
    survey.with_options(timeout_seconds="a minute")  # error: [arg-type]
    survey.with_options(timeout=60)  # error: [call-arg]
    survey.with_options(retries=1)("Ida")  # error: [call-overload]


@flow(timeout_seconds="a minute")  # error: [call-overload] [untyped-decorator]
def slow() -> None: ...


@flow(retrys=3)  # error: [call-overload] [untyped-decorator]
def misspelt() -> None: ...


async def awaited() -> None:
    gather(3)  # error: [unused-coroutine]
    await gather("three")  # error: [call-overload]
    names: list[str] = await gather(3)  # error: [assignment]
    print(names)
