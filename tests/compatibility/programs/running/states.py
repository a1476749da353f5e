"""States by themselves: makers, predicates, results."""

from __future__ import annotations

from prefect.exceptions import CancelledRun, CrashedRun, FailedRun, PausedRun, UnfinishedRun
from prefect.states import (
    AwaitingRetry,
    Cancelled,
    Cancelling,
    Completed,
    Crashed,
    Failed,
    Late,
    Paused,
    Pending,
    Retrying,
    Running,
    Scheduled,
    State,
    StateType,
    Suspended,
    raise_state_exception,
)

MAKERS = [
    AwaitingRetry, Cancelled, Cancelling, Completed, Crashed, Failed, Late, Paused, Pending, Retrying, Running, Scheduled,
    Suspended,
]  # fmt: skip
PREDICATES = "scheduled pending running completed failed crashed cancelled cancelling paused final".split()

if __name__ == "__main__":
    for maker in MAKERS:
        state = maker()
        true = [word for word in PREDICATES if getattr(state, f"is_{word}")()]
        print(f"{state.name:<14} {state.type.value:<10} {' '.join(true)}")
    print(Completed(name="Skipped").name, Failed(message="why").message, State(type=StateType.RUNNING).name)
    print(Completed(message="m"), "|", Completed(), "|", Failed(name="Odd", message="x"), "|", Running())
    print(isinstance(Completed(), State), StateType("FAILED") is StateType.FAILED, StateType.FAILED == "FAILED")
    for state in (Failed(message="f"), Crashed(message="c"), Cancelled(message="k"), Paused(), Running()):
        try:
            state.result()
        except (CancelledRun, CrashedRun, FailedRun, PausedRun, UnfinishedRun) as error:
            print(state.name, type(error).__name__)
    for state in (Failed(message="f"), Completed()):
        try:
            raise_state_exception(state)
        except FailedRun as error:
            print("raised", error)
        else:
            print("did not raise")
    copy = Completed(message="before").model_copy(update={"message": "after"})
    print(copy.message, copy.name)
