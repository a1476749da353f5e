"""Actions on many flow runs: counted, asked about, and carried out step by step."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from penstock.cli.screen.output import Format, confirm, print_json, say
from penstock.client import transport
from penstock.wire.bulk import BulkOutcome, Refusal
from penstock.wire.operations import (
    FLOW_RUNS_CANCEL_MANY,
    FLOW_RUNS_DELETE_MANY,
    FLOW_RUNS_SET_STATE_MANY,
    Operation,
)

_REFUSALS_SHOWN = 10
_WORDS = {
    FLOW_RUNS_DELETE_MANY.name: ("Delete", "Deleted", ""),
    FLOW_RUNS_CANCEL_MANY.name: ("Cancel", "Cancelled", "; what a process runs ends once it has heard"),
    FLOW_RUNS_SET_STATE_MANY.name: ("Cancel", "Cancelled", ", whatever their processes say"),
}


def act(operation: Operation[Any, BulkOutcome], request: Any, *, yes: bool, output: Format) -> None:
    """Carry out an action on the flow runs that its filter means, once the user agrees to their number.

    Parameters:
        operation: the action.
        request: which runs are meant.
        yes: whether not to ask.
        output: how to say what became of it.

    Raises:
        Exit: some were refused, or the user did not agree.
    """
    verb, done, and_then = _WORDS[operation.name]
    meant = transport.call(operation, request)
    number = _number(meant)
    if meant.matched and not yes:
        confirm(f"{verb} {number}?")
    affected, refused = _carry_out(operation, request) if meant.matched else (0, [])
    if output == "json":
        print_json({"affected": affected, "refused": [{"id": one.id, "reason": one.reason} for one in refused]})
    elif not meant.matched:
        say("No flow runs match.")
    else:
        say(f"{done} {affected:,} flow run{'' if affected == 1 else 's'}{and_then}.")
    for one in refused[:_REFUSALS_SHOWN]:
        say(f"Flow run {one.id} was left as it is. {one.reason}")
    if refused:
        say(f"{len(refused):,} were left as they are.")
        raise click.exceptions.Exit(1)


def _number(meant: BulkOutcome) -> str:
    number = f"{meant.matched:,}{'+' if meant.is_capped else ''} flow run{'' if meant.matched == 1 else 's'}"
    if not meant.subflows:
        return number
    callers = "it" if meant.matched == 1 else "they"
    return f"{number}, and {meant.subflows:,}{'+' if meant.is_subflows_capped else ''} that {callers} called"


def _carry_out(operation: Operation[Any, BulkOutcome], request: Any) -> tuple[int, list[Refusal]]:
    affected, refused, after = 0, [], None
    while True:
        outcome = transport.call(operation, msgspec.structs.replace(request, dry_run=False, after=after))
        affected += outcome.affected
        refused += outcome.refused
        after = outcome.next
        if after is None:
            return affected, refused
