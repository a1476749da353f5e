"""What happens downstream of a failure, and how to go on in spite of it.

One difference is meant: a task whose upstream failed ends here in Failed, named "NotReady", and asking for its result
raises `UpstreamTaskError`; Prefect leaves it Pending for ever and raises `UnfinishedRun`. Both say "NotReady", so that
is what is printed.
"""

from __future__ import annotations

from prefect import allow_failure, flow, task


@task
def boom(word: str = "boom"):
    raise ValueError(word)


@task
def fine():
    return "fine"


@task
def describe(value, other=None):
    return f"{type(value).__name__}: {value}"


@task
def cleanup():
    return "cleaned"


@flow
def downstream():
    failed, good = boom.submit(), fine.submit()
    blocked = describe.submit(failed)
    blocked.wait()
    print(blocked.state.name)
    after = cleanup.submit(wait_for=[failed])
    after.wait()
    print(after.state.name)
    try:
        blocked.result()
    except Exception:
        print("its result raises")
    print(describe.submit(allow_failure(failed)).result())
    print(describe(allow_failure(failed)))
    print(cleanup.submit(wait_for=[allow_failure(failed), good]).result())
    print(describe.submit(allow_failure([failed, good])).result())
    print(describe(fine(), other=allow_failure(good)))
    second = describe.submit(blocked)
    second.wait()
    print(second.state.name)
    return "downstream done"


@flow
def catching():
    try:
        boom("called")
    except ValueError as error:
        print("caught", error)
    try:
        boom.submit("submitted").result()
    except ValueError as error:
        print("caught", error)
    state = boom("as state", return_state=True)
    print(state.is_failed(), repr(state.result(raise_on_failure=False)))
    return "caught all"


@flow
def unhandled():
    boom("unhandled")


@flow
def parent():
    state = unhandled(return_state=True)
    print(state.name, type(state.result(raise_on_failure=False)).__name__)
    unhandled()


if __name__ == "__main__":
    print(downstream())
    print(catching())
    try:
        parent()
    except ValueError as error:
        print("program caught", error)
