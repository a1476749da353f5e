"""Transactions: tasks that are committed, or rolled back, together."""

from __future__ import annotations

from prefect import flow, task
from prefect.transactions import get_transaction, transaction


@task
def write(name: str):
    get_transaction().set("last", name)
    return f"wrote {name}"


@write.on_rollback
def unwrite(txn):
    print("rolled back", txn.get("last"))


@write.on_commit
def written(txn):
    print("committed")


@task
def check(ok: bool):
    if not ok:
        raise ValueError("quality")


@flow
def load(ok: bool):
    with transaction() as txn:
        txn.set("batch", 7)
        print(write("first"))
        check(ok)
        print("batch", txn.get("batch"), txn.get("none", "nothing"))
    return "loaded"


@flow
def nested():
    with transaction():
        write("outer")
        try:
            with transaction():
                write("inner")
                check(False)
        except ValueError:
            print("inner failed")
    return "nested"


if __name__ == "__main__":
    print(load(True))
    print(load(False, return_state=True).name)
    print(nested(return_state=True).name)
