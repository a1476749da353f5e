"""`penstock event`: what happened, and what happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click

from penstock.cli.filters import Since
from penstock.cli.screen.output import Format, output_option, print_json, say

Command = TypeVar("Command", bound=Callable[..., Any])


def _conditions(command: Command) -> Command:
    for option in (
        click.option("--related", "related", multiple=True, metavar="ID", help="Related to this. May be repeated."),
        click.option("--resource", "resources", multiple=True, metavar="ID", help="Of this resource. May be repeated."),
        click.option(
            "--event",
            "names",
            multiple=True,
            metavar="NAME",
            help="Events of this name; NAME* for all that begin so. May be repeated.",
        ),
    ):
        command = option(command)
    return command


@click.group("event", short_help="List events, and follow them as they happen.")
def event() -> None:
    """List events, and follow them as they happen.

    An event's resource is named by an id such as penstock.flow-run.0199f3c2-….
    """


@event.command("ls")
@_conditions
@click.option("--since", type=Since(), help="That occurred since: a span such as 2h, or a date.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@output_option
def list_events(
    names: tuple[str, ...],
    resources: tuple[str, ...],
    related: tuple[str, ...],
    since: datetime | None,
    limit: int,
    output: Format,
) -> None:
    """List events, newest first."""
    from penstock.cli.asking import fetch
    from penstock.cli.views import event_lines
    from penstock.wire.events import EventFilter
    from penstock.wire.operations import EVENTS_LIST
    from penstock.wire.requests import EventQuery

    conditions = EventFilter(
        events=list(names) or None,
        resource_ids=list(resources) or None,
        related_ids=list(related) or None,
        after=since,
    )
    found, more = fetch(EVENTS_LIST, EventQuery(conditions, newest_first=True), limit)
    if output == "json":
        print_json([event_lines.as_json(one) for one in found])
    elif found:
        event_lines.print_table_of(found)
    else:
        say("No events match." if conditions != EventFilter() else "Nothing has happened yet.")
    if more:
        say(f"There are more; these are the newest {limit}. See --limit.")


@event.command("stream")
@_conditions
@click.option("--after", type=click.IntRange(0), metavar="POSITION", help="Begin after the event at this position.")
@click.option("--count", type=click.IntRange(1), help="End after so many.")
@click.option(
    "-o", "--output", type=click.Choice(("text", "json")), default="text", help="A line, or a line of JSON, an event."
)
def stream(
    names: tuple[str, ...],
    resources: tuple[str, ...],
    related: tuple[str, ...],
    after: int | None,
    count: int | None,
    output: str,
) -> None:
    """Print events as they happen, until you press Ctrl-C.

    Each is printed once; where the connection to the server is lost, it is taken up again after the last one.
    """
    from itertools import islice

    from penstock.cli.screen.output import flush_output, print_line
    from penstock.cli.views import event_lines
    from penstock.client.following import follow_events
    from penstock.wire.streams import EventsFollowed

    followed = EventsFollowed(list(names) or None, list(resources) or None, list(related) or None)
    for one in islice(follow_events(followed, after), count):
        print_line(event_lines.json_line(one) if output == "json" else event_lines.line(one))
        flush_output()
