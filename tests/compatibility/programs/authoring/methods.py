"""Flows and tasks as methods, class methods and static methods."""

from __future__ import annotations

from prefect import flow, task


class Shop:
    currency = "EUR"

    def __init__(self, discount: int) -> None:
        self.discount = discount

    @task
    def price(self, amount: int) -> int:
        return amount - self.discount

    @task
    @classmethod
    def label(cls, amount: int) -> str:
        return f"{amount} {cls.currency}"

    @staticmethod
    @task
    def double(amount: int) -> int:
        return amount * 2

    @classmethod
    @flow
    def opening(cls, day: str) -> str:
        return f"{cls.__name__} opens on {day}"

    @staticmethod
    @flow
    def closing(day: str) -> str:
        return f"closes on {day}"

    @flow
    def sell(self, amount: int) -> str:
        doubled = self.double.submit(amount)
        return self.label(self.price(doubled.result()))

    @flow
    async def sell_later(self, amount: int) -> int:
        return self.price(amount)


class Outlet(Shop):
    currency = "GBP"


@flow
def inventory(shop: Shop, outlet: Shop):
    return shop.price.map([10, 20, 30]).result(), outlet.price.submit(7).result(), Outlet.label(3), Shop.double(8)


if __name__ == "__main__":
    import asyncio

    shop, outlet = Shop(1), Outlet(5)
    print(shop.sell(10), outlet.sell(10), shop.sell(amount=4))
    print(Shop.opening("Monday"), Outlet.opening("Tuesday"), shop.closing("Friday"), Shop.closing("Sunday"))
    print(inventory(shop, outlet))
    print(shop.sell(3, return_state=True).result(), asyncio.run(outlet.sell_later(100)))
    print(shop.price.with_options(name="cut price")(50), Shop.sell.name, Shop.price.name)
