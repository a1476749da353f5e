"""`penstock flow-run`: what runs there were, and what became of them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from penstock.cli.completing import complete_flow_runs
from penstock.cli.deploying.instants import Span
from penstock.cli.filters import Since, StateWord, flow_run_filter, flow_run_filters, limit_option
from penstock.cli.json_objects import JsonObject
from penstock.cli.screen.output import Format, confirm, output_option, print_json, say
from penstock.cli.steering.from_where import check_from_where, from_where_options, task_run_of

if TYPE_CHECKING:
    from penstock.wire.flow_runs import FlowRunFilter, Verdict
    from penstock.wire.operations import Operation

_LETTING_GO_SECONDS = 60.0
"""How long a resume waits for the process of a run that was suspended just before to let go of it."""


@click.group("flow-run", short_help="List, inspect, steer, repeat and delete flow runs; read their logs.")
def flow_run() -> None:
    """List, inspect, steer, repeat and delete flow runs; read their logs.

    RUN is a run's name, its id, or the first digits of its id: at least six, and enough to tell it from others.
    """


@flow_run.command("ls")
@flow_run_filters()
@click.option(
    "--sort",
    type=click.Choice(["newest", "oldest", "started", "ended", "name"]),
    help="By the time of their making, by their start or end (the last first), or by name.",
)
@limit_option
@output_option
def list_flow_runs(sort: str | None, limit: int, output: Format, **options: Any) -> None:
    """List flow runs, newest first."""
    from penstock.cli.asking import fetch
    from penstock.cli.views import as_json, run_tables
    from penstock.wire.flow_runs import FlowRunFilter
    from penstock.wire.operations import FLOW_RUNS_LIST
    from penstock.wire.requests import FlowRunQuery
    from penstock.wire.sorts import FlowRunSort

    orders = {
        "newest": FlowRunSort.ID_DESC,
        "oldest": FlowRunSort.ID_ASC,
        "started": FlowRunSort.START_TIME_DESC,
        "ended": FlowRunSort.END_TIME_DESC,
        "name": FlowRunSort.NAME_ASC,
        None: None,
    }
    conditions = flow_run_filter(options)
    runs, more = fetch(FLOW_RUNS_LIST, FlowRunQuery(conditions, sort=orders[sort]), limit)
    if output == "json":
        print_json([as_json.flow_run(run) for run in runs])
    elif runs:
        run_tables.print_flow_runs(runs)
    else:
        say("No flow runs match." if conditions != FlowRunFilter() else "No flow has run yet.")
    if more:
        these = f"these are the newest {limit}" if sort in (None, "newest") else f"these are the first {limit}"
        say(f"There are more; {these}. See --limit.")


@flow_run.command("inspect")
@click.argument("run", shell_complete=complete_flow_runs)
@click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=2_000,
    show_default=True,
    help="Look at this many runs within the run at most.",
)
@output_option
def inspect_flow_run(run: str, limit: int, output: Format) -> None:
    """Draw a run as a tree: its tasks and the flows it called, with states and timings."""
    from penstock.cli.finding import find_flow_run
    from penstock.cli.views.run_tree import gather

    tree = gather(find_flow_run(run), limit)
    if output == "json":
        from penstock.cli.views.run_tree_json import tree_json

        print_json(tree_json(tree))
    else:
        from penstock.cli.views.run_tree_drawing import print_tree

        print_tree(tree)


@flow_run.command("logs")
@click.argument("run", shell_complete=complete_flow_runs)
@click.option("--level", default="DEBUG", help="The least level: a name such as WARNING, or a number.")
@click.option("--grep", metavar="TEXT", help="Only lines that contain this text, upper and lower case alike.")
@click.option("--since", type=Since(), metavar="WHEN", help="Logged since: 30m, 2h, 7d, or a date and time.")
@click.option("--limit", type=click.IntRange(1), help="Print only the first so many lines.")
@click.option("--tail", type=click.IntRange(1, 10_000), help="Print only the last so many lines.")
@click.option(
    "--download",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write them all to a new file instead: as text, or with -o json as a line of JSON each.",
)
@output_option
def print_flow_run_logs(
    run: str,
    level: str,
    grep: str | None,
    since: datetime | None,
    limit: int | None,
    tail: int | None,
    download: Path | None,
    output: Format,
) -> None:
    """Print what a run and its tasks logged, oldest line first."""
    from penstock.cli.finding import find_flow_run
    from penstock.cli.views.log_lines import level_number, print_logs
    from penstock.wire.logs import LogFilter

    if limit and tail:
        raise click.UsageError("Give either --limit or --tail: the first lines or the last.")
    if download and (limit or tail):
        raise click.UsageError("--download writes all lines: leave out --limit and --tail.")
    least = level_number(level)
    conditions = LogFilter(flow_run_ids=[find_flow_run(run).id], level_at_least=least, text=grep, after=since)
    if download:
        from penstock.cli.log_files import download_logs

        download_logs(conditions, download, output=output)
    else:
        print_logs(conditions, limit=limit, tail=tail, output=output)


@flow_run.command("cancel")
@click.argument("runs", metavar="[RUN...]", nargs=-1, shell_complete=complete_flow_runs)
@flow_run_filters()
@click.option("--force", is_flag=True, help="Do not wait for their processes: they are Cancelled at once.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output_option
def cancel_flow_runs(runs: tuple[str, ...], force: bool, yes: bool, output: Format, **options: Any) -> None:
    """Cancel runs that have not ended: those named, or all that the options mean.

    A process that carries a run out is told to end it. With --force the run is Cancelled whatever that does: with its
    next heartbeat it learns that the run is no longer its own, and ends itself; no hooks are called.
    """
    from penstock.cli.bulk import act
    from penstock.wire.bulk import CancelFlowRuns
    from penstock.wire.operations import FLOW_RUNS_CANCEL_MANY

    if force:
        from penstock.cli.steering.states import forced_cancellation
        from penstock.wire.operations import FLOW_RUNS_SET_STATE_MANY

        act(FLOW_RUNS_SET_STATE_MANY, forced_cancellation(_chosen(runs, options)), yes=yes, output=output)
        return
    act(FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(_chosen(runs, options)), yes=yes, output=output)


@flow_run.command("delete")
@click.argument("runs", metavar="[RUN...]", nargs=-1, shell_complete=complete_flow_runs)
@flow_run_filters()
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output_option
def delete_flow_runs(runs: tuple[str, ...], yes: bool, output: Format, **options: Any) -> None:
    """Delete runs, those named or all that the options mean, with what they called and everything recorded of them."""
    from penstock.cli.bulk import act
    from penstock.wire.bulk import DeleteFlowRuns
    from penstock.wire.operations import FLOW_RUNS_DELETE_MANY

    if runs and not any(options.values()):
        _delete_named(runs, yes=yes, output=output)
        return
    act(FLOW_RUNS_DELETE_MANY, DeleteFlowRuns(_chosen(runs, options)), yes=yes, output=output)


def _chosen(runs: tuple[str, ...], options: dict[str, Any]) -> FlowRunFilter:
    from penstock.cli.finding import find_flow_run
    from penstock.wire.flow_runs import FlowRunFilter

    if bool(runs) is any(options.values()):
        raise click.UsageError("Give either runs or options that say which are meant, such as --state failed.")
    return FlowRunFilter(ids=[find_flow_run(run).id for run in runs]) if runs else flow_run_filter(options)


def _delete_named(runs: tuple[str, ...], *, yes: bool, output: Format) -> None:
    from penstock.cli.finding import find_flow_run
    from penstock.client import transport
    from penstock.core.errors import ObjectNotFound
    from penstock.wire.operations import FLOW_RUNS_DELETE
    from penstock.wire.requests import ById

    found = {run.id: run for run in map(find_flow_run, runs)}
    if not yes:
        names = [f"{run.flow_name} / {run.name}" for run in found.values()]
        what = names[0] if len(names) == 1 else f"{len(names)} flow runs"
        confirm(f"Delete {what}, with everything recorded of {'it' if len(names) == 1 else 'them'}?")
    for run in found.values():
        with suppress(ObjectNotFound):  # it went with the run that called it
            transport.call(FLOW_RUNS_DELETE, ById(run.id))
        if output == "text":
            say(f"Deleted {run.flow_name} / {run.name}.")
    if output == "json":
        print_json({"deleted": list(found)})


@flow_run.command("retry")
@click.argument("run", shell_complete=complete_flow_runs)
@click.option("--in", "after", type=Span(), metavar="SPAN", help="How long nobody is to take it up: 90, 15m, 1h30m.")
@from_where_options
@click.option("--reason", help="Why, in a few words.")
@click.option("--watch", "watched", is_flag=True, help="Wait for the end of the run.")
@output_option
def retry_flow_run(
    run: str,
    after: timedelta | None,
    from_start: bool,
    from_task: str | None,
    reason: str | None,
    watched: bool,
    output: Format,
) -> int:
    """Have a run of a deployment that has ended carried out again.

    By default it goes on from its failures: it must have ended badly, and tasks whose results are kept do not run again.

    With --watch, the exit code is that of the run, as with `penstock deployment run`.
    """
    from penstock.cli.finding import find_flow_run
    from penstock.wire.operations import FLOW_RUNS_RETRY
    from penstock.wire.requests import RetryFlowRun

    check_from_where(from_start, from_task)
    found = find_flow_run(run)
    from_task_run_id = None if from_task is None else task_run_of(found.id, from_task)
    delay_seconds = after.total_seconds() if after else 0.0
    request = RetryFlowRun(found.id, delay_seconds, reason, from_start, from_task_run_id)
    return _set_going(FLOW_RUNS_RETRY, request, watched=watched, output=output)


@flow_run.command("resume")
@click.argument("run", shell_complete=complete_flow_runs)
@click.option("--input", "given", type=JsonObject(), metavar="JSON", help="What it waits for: '{\"approved\": true}'.")
@click.option("--reason", help="Why, in a few words.")
@click.option("--watch", "watched", is_flag=True, help="Wait for the end of the run.")
@output_option
def resume_flow_run(run: str, given: dict[str, Any] | None, reason: str | None, watched: bool, output: Format) -> int:
    """Have a paused or suspended run go on, with the input that it waits for: `penstock flow-run inspect` shows it."""
    from penstock.cli.finding import find_flow_run
    from penstock.wire.operations import FLOW_RUNS_RESUME
    from penstock.wire.requests import ResumeFlowRun

    request = ResumeFlowRun(find_flow_run(run).id, reason, given)
    return _set_going(FLOW_RUNS_RESUME, request, watched=watched, output=output)


@flow_run.command("suspend")
@click.argument("run", shell_complete=complete_flow_runs)
@click.option(
    "--for", "longest", type=Span(), metavar="SPAN", help="It fails unless it is resumed in time: 15m, 1h30m."
)
@click.option("--reason", help="Why, in a few words.")
@output_option
def suspend_flow_run(run: str, longest: timedelta | None, reason: str | None, output: Format) -> int:
    """Have the process of a run end, within seconds, and the run go on from what it has finished once it is resumed.

    A run that waits for a worker is held back. What a run does not keep the results of is done again: see `persist_result`.
    """
    from penstock.cli.finding import find_flow_run
    from penstock.core.ids import uuid7
    from penstock.core.state_makers import Suspended
    from penstock.wire.flow_runs import StateProposal
    from penstock.wire.operations import FLOW_RUNS_PROPOSE
    from penstock.wire.pausing.pauses import PauseWanted
    from penstock.wire.requests import Propose
    from penstock.wire.states import StateRecord

    wanted = PauseWanted(uuid7().hex, longest.total_seconds() if longest else None)
    proposal = StateProposal(StateRecord.of(Suspended(message=reason)), pause=wanted)
    return _set_going(FLOW_RUNS_PROPOSE, Propose(find_flow_run(run).id, proposal), watched=False, output=output)


def _set_going(operation: Operation[Any, Verdict], request: Any, *, watched: bool, output: Format) -> int:
    from penstock.cli.deploying.watching import watch
    from penstock.cli.views import as_json
    from penstock.client import transport
    from penstock.core import clock
    from penstock.wire.flow_runs import Decision
    from penstock.wire.operations import FLOW_RUNS_READ
    from penstock.wire.requests import ById

    until = clock.current().monotonic() + _LETTING_GO_SECONDS
    while (verdict := transport.call(operation, request)).decision is Decision.WAIT:
        if clock.current().monotonic() >= until:
            break
        clock.current().sleep(verdict.retry_after_seconds)
    if verdict.decision is not Decision.ACCEPT:
        raise click.ClickException(verdict.reason or "The server refused it.")
    run = transport.call(FLOW_RUNS_READ, ById(request.id))
    if watched:
        return watch(run, output)
    if output == "json":
        print_json(as_json.flow_run(run))
    else:
        say(f"{run.flow_name} / {run.name} is {run.state.name}.")
    return 0


@flow_run.command("set-state")
@click.argument("run", shell_complete=complete_flow_runs)
@click.argument("state", type=StateWord())
@click.option("--message", help="Why, in a few words.")
@click.option("--force", is_flag=True, help="Whatever the rules say, also for a run that has ended or that goes on.")
@output_option
def set_state_of_flow_run(run: str, state: str, message: str | None, force: bool, output: Format) -> None:
    """Have a run enter a state by hand. The audit keeps who did it, when, and which state the run was in.

    STATE is a type of state, or a name that only one type has: Failed, say, or TimedOut. No run becomes Running by hand.
    """
    from penstock.cli.finding import find_flow_run
    from penstock.cli.steering.states import state_called
    from penstock.cli.views import as_json
    from penstock.client import transport
    from penstock.wire.bulk import SetFlowRunStates
    from penstock.wire.flow_runs import FlowRunFilter
    from penstock.wire.operations import FLOW_RUNS_READ, FLOW_RUNS_SET_STATE_MANY
    from penstock.wire.requests import ById

    found = find_flow_run(run)
    request = SetFlowRunStates(FlowRunFilter(ids=[found.id]), state_called(state, message), force, dry_run=False)
    outcome = transport.call(FLOW_RUNS_SET_STATE_MANY, request)
    if outcome.refused:
        raise click.ClickException(outcome.refused[0].reason)
    after = transport.call(FLOW_RUNS_READ, ById(found.id))
    if output == "json":
        print_json(as_json.flow_run(after))
    else:
        say(f"{after.flow_name} / {after.name} was {found.state.name} and is {after.state.name}.")


@flow_run.command("rerun")
@click.argument("run", shell_complete=complete_flow_runs)
@click.option(
    "-p",
    "--param",
    "pairs",
    multiple=True,
    metavar="KEY=VALUE",
    help="Another argument than the run had: JSON, or else text. Repeatable.",
)
@click.option("--params", "document", metavar="JSON", help="Arguments, as one JSON object, or - for standard input.")
@click.option("--flow-run-name", metavar="NAME", help="The name of the new run.")
@click.option("--in", "after", type=Span(), metavar="SPAN", help="How long from now it is to start: 90, 15m, 1h30m.")
@click.option("--watch", "watched", is_flag=True, help="Wait for the end of the new run.")
@output_option
def rerun_flow_run(
    run: str,
    pairs: tuple[str, ...],
    document: str | None,
    flow_run_name: str | None,
    after: timedelta | None,
    watched: bool,
    output: Format,
) -> int:
    """Have a run of a deployment repeated by a new run, with the arguments it had but for those that are given.

    The new run goes by the present version of the deployment, and its record says which run it repeats.
    """
    from penstock.cli.deploying.parameters import given_parameters
    from penstock.cli.deploying.watching import begun, watch
    from penstock.cli.finding import find_flow_run
    from penstock.client import transport
    from penstock.core import clock
    from penstock.core.ids import uuid7
    from penstock.wire.operations import FLOW_RUNS_RERUN
    from penstock.wire.requests import RerunFlowRun

    parameters = given_parameters(pairs, document)
    scheduled_time = None if after is None else clock.now() + after
    request = RerunFlowRun(find_flow_run(run).id, uuid7(), flow_run_name, parameters, scheduled_time)
    made = transport.call(FLOW_RUNS_RERUN, request)
    begun(made, output if not watched else "text" if output == "text" else "none")
    return watch(made.flow_run, output) if watched else 0


@flow_run.command("execute")
@click.argument("run", metavar="[RUN]", required=False)
def execute_flow_run(run: str | None) -> int:
    """Carry out a run that a deployment made, in this process: what workers start in containers.

    Without RUN, the environment says which one: PENSTOCK__FLOW_RUN_ID.
    """
    import os

    from penstock.workers.child.execution import execute
    from penstock.workers.environment import ATTEMPT, FLOW_RUN_ID

    if run is None:
        return execute(os.environ)
    from penstock.cli.finding import find_flow_run

    named = {name: value for name, value in os.environ.items() if name != ATTEMPT}
    return execute({**named, FLOW_RUN_ID: str(find_flow_run(run).id)})
