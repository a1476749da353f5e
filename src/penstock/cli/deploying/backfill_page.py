"""How far one backfill is, as lines of a name and a value."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.cli.deploying.deployment_tables import ended_runs
from penstock.cli.screen.output import print_line
from penstock.cli.screen.words import local
from penstock.cli.views.facts import Fact, print_facts
from penstock.wire.deploying.backfills import Backfill


def print_backfill(backfill: Backfill) -> None:
    """Print how far a backfill is."""
    print_line(f"{backfill.status.value.capitalize()}  {ended_runs(backfill):,} of {backfill.total:,} runs ended")
    print_facts(_facts(backfill))


def _facts(backfill: Backfill) -> Iterator[Fact]:
    request = backfill.request
    yield "id", str(request.id)
    yield "deployment", str(request.deployment_id)
    yield "from", local(request.start)
    yield "until", local(request.end)
    yield "at once", str(request.concurrency)
    yield "asked for", f"{local(backfill.created)} by {backfill.author}"
    for kind, count in sorted(backfill.by_type.items()):
        yield kind.lower(), f"{count:,}"
    if backfill.ended is not None:
        yield "ended", local(backfill.ended)
