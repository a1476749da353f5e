"""Flows that a program serves, and runs of them that another one asks for. Needs a server."""

from __future__ import annotations

import subprocess
import sys
import time

from prefect import flow, serve
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound


@flow
def greets(name: str = "nobody"):
    return f"hello {name}"


@flow
def fails():
    raise ValueError("no luck")


@flow
def asks():
    inside = run_deployment("greets/served", parameters={"name": "Eve"}, timeout=60, poll_interval=0.2)
    print("asked by a flow:", inside.state.name, inside.parameters)
    beside = run_deployment("greets/served", timeout=60, poll_interval=0.2, as_subflow=False)
    print("beside a flow:", beside.state.name, beside.parent_task_run_id)


def once_known(name):
    for _ in range(600):
        try:
            return run_deployment(name, parameters={"name": "Bob"}, timeout=90, poll_interval=0.2)
        except ObjectNotFound:
            time.sleep(0.1)
    raise TimeoutError(name)


def main():
    run = once_known("greets/served")
    print(run.state.name, run.state.is_completed(), run.parameters, run.tags)
    failed = run_deployment("fails/too", timeout=60, poll_interval=0.2)
    print(failed.state.name, failed.state.is_failed(), "no luck" in failed.state.message)
    named = run_deployment("greets/served", timeout=60, poll_interval=0.2, flow_run_name="brave", tags=["more"])
    print(named.name, named.state.name, named.parameters, sorted(named.tags))
    first = run_deployment("greets/served", timeout=60, poll_interval=0.2, idempotency_key="once")
    again = run_deployment("greets/served", timeout=60, poll_interval=0.2, idempotency_key="once")
    print("the same run:", first.id == again.id)
    at_once = run_deployment("greets/served", timeout=0)
    print("not waited for:", at_once.state.is_final())
    asks()
    try:
        run_deployment("greets/nowhere")
    except ObjectNotFound:
        print("there is no such deployment")


if __name__ == "__main__":
    if sys.argv[1:] == ["served"]:
        greets.serve("served", parameters={"name": "Ann"}, tags=["of-it"], cron="0 0 1 1 *")
    elif sys.argv[1:] == ["together"]:
        serve(fails.to_deployment("too"), greets.to_deployment("there", interval=86400), limit=2)
    else:
        servers = [
            subprocess.Popen([sys.executable, __file__, how], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for how in ("together", "served")
        ]
        try:
            once_known("greets/there")
            main()
        finally:
            for server in servers:
                server.terminate()
            for server in servers:
                server.wait()
