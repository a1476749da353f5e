"""Questions to a person who deploys: asked on a terminal only."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from penstock.cli.asking import fetch
from penstock.cli.screen.output import on_terminal, say
from penstock.cli.screen.words import one_line
from penstock.client.transport import call
from penstock.core.errors import PenstockException
from penstock.wire.deploying.work_pools import WorkPoolCreate, WorkPoolQuery
from penstock.wire.operations import WORK_POOLS_CREATE, WORK_POOLS_LIST

_MOST_POOLS = 50
_KINDS = ("cron", "interval", "rrule", "none")


def may_ask(wanted: bool | None) -> bool:
    """Whether questions may be asked: on a terminal, not in CI, and not where `--no-prompt` says otherwise.

    Raises:
        UsageError: `--prompt` is given where nobody could answer.
    """
    somebody = on_terminal(sys.stdin) and on_terminal(sys.stderr)
    if wanted and not somebody:
        raise click.UsageError("Nobody is there to ask: --prompt needs a terminal.")
    return somebody and not os.environ.get("CI") if wanted is None else wanted


def ask_text(question: str, default: str | None = None) -> str:
    """Ask for a text, until there is one."""
    answer: str = click.prompt(question, default=default, err=True)
    return answer.strip()


def ask_choice(question: str, choices: list[str], default: str | None = None) -> str:
    """Ask for one of several."""
    answer: str = click.prompt(question, type=click.Choice(choices), default=default, err=True)
    return answer


def ask_yes(question: str, *, default: bool = False) -> bool:
    """Ask for yes or no."""
    return click.confirm(question, default=default, err=True)


def ask_pool() -> str:
    """Ask in which work pool a deployment runs; a pool is made where there is none."""
    pools, _ = fetch(WORK_POOLS_LIST, WorkPoolQuery(), _MOST_POOLS)
    names = [pool.name for pool in pools]
    if names:
        say(f"Work pools: {', '.join(one_line(name) for name in names)}")
    name = ask_text("In which work pool does it run?", names[0] if names else "local")
    if name not in names and ask_yes(f"There is no work pool {name!r}. Make one of type process?", default=True):
        call(WORK_POOLS_CREATE, WorkPoolCreate(name, "process"))
    return name


def ask_schedule() -> dict[str, Any] | None:
    """Ask when a deployment runs; None for whenever somebody asks for it. What makes no sense is asked for again."""
    from penstock.cli.deploying.instants import Span
    from penstock.schedules import Schedule

    kind = ask_choice("When does it run?", list(_KINDS), "none")
    while kind != "none":
        examples = {"cron": "0 9 * * 1-5", "interval": "1h", "rrule": "FREQ=WEEKLY;BYDAY=MO"}
        text = ask_text(f"Which {kind}?", examples[kind])
        zone = ask_text("In which time zone?", "UTC")
        try:
            said: Any = Span().convert(text, None, None).total_seconds() if kind == "interval" else text
            Schedule(**{kind: said}, timezone=zone)
        except (PenstockException, click.BadParameter) as error:
            say(error.message if isinstance(error, click.BadParameter) else str(error))
            continue
        return {kind: said, **({} if zone == "UTC" else {"timezone": zone})}
    return None
