"""The options that say which runs are meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from penstock.cli.completing import complete_flow_runs
from penstock.cli.screen.states import NAMES
from penstock.core import clock
from penstock.core.state_type import StateType

if TYPE_CHECKING:
    from penstock.wire.flow_runs import FlowRunFilter

Command = TypeVar("Command", bound=Callable[..., Any])

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d|w)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Since(click.ParamType[datetime]):
    """An instant: a span before now such as `2h`, or a date with or without a time."""

    name = "since"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the instant; a date or time without a zone is one of this machine's."""
        if isinstance(value, datetime):
            return value
        span = _SPAN.fullmatch(str(value).strip().lower())
        try:
            if span:
                return clock.now() - timedelta(**{_UNITS[span[2]]: float(span[1])})
            return datetime.fromisoformat(str(value)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} is neither a span such as 30m, 2h or 7d nor a date such as 2026-11-20T09:30.", param, ctx
            )


class StateWord(click.ParamType[str]):
    """The type or the name of a state, upper and lower case alike."""

    name = "state"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as it is written; a name that is nearly one of ours is taken for a slip."""
        from penstock.settings.names import nearest

        text = str(value)
        for name in NAMES:
            if name.lower() == text.lower().replace("_", ""):
                return name
        close = nearest(text.capitalize(), list(NAMES))
        if close:
            self.fail(f"{text!r} is not a state. Did you mean {close!r}?", param, ctx)
        return text

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """Return the names that begin as the user has begun."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in NAMES if name.lower().startswith(incomplete.lower())]


def state_conditions(names: tuple[str, ...]) -> dict[str, Any]:
    """Return the conditions of a filter under which a run is in one of these states.

    A name that is also a type's stands for the type (`Completed` finds what is `Cached` as well), unless another name
    is given that is not.
    """
    if not names:
        return {}
    types = {kind.value.capitalize(): kind for kind in StateType}
    if all(name in types for name in names):
        return {"state_types": [types[name] for name in names]}
    return {"state_names": list(names)}


def _options(options: tuple[Any, ...]) -> Callable[[Command], Command]:
    def with_options(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return with_options


limit_option = click.option(
    "--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="List at most this many."
)


def run_filters(noun: str) -> Callable[[Command], Command]:
    """Return the options that filter runs, for a command about `noun`s."""
    when: dict[str, Any] = {"type": Since(), "metavar": "WHEN"}
    return _options(
        (
            click.option("--state", "states", type=StateWord(), multiple=True, help="In this state. May be repeated."),
            click.option("--not-state", "not_states", type=StateWord(), multiple=True, help="Not in this state."),
            click.option("--name", help=f"With this text in the {noun}'s name."),
            click.option("--tag", "tags", multiple=True, help="With this tag. Repeated: with all of them."),
            click.option("--any-tag", "any_tags", multiple=True, help="With this tag. Repeated: with one of them."),
            click.option("--since", **when, help="Started since: 30m, 2h, 7d, or a date such as 2026-11-20."),
            click.option("--until", **when, help="Started before: 30m, 2h, 7d ago, or a date."),
        )
    )


def flow_run_filters() -> Callable[[Command], Command]:
    """Return the options that filter flow runs."""
    when: dict[str, Any] = {"type": Since(), "metavar": "WHEN"}
    return _options(
        (
            run_filters("run"),
            click.option("--ended-since", **when, help="Ended since: 30m, 2h, 7d, or a date."),
            click.option("--ended-until", **when, help="Ended before: 30m, 2h, 7d ago, or a date."),
            click.option("--flow", "flows", multiple=True, metavar="NAME", help="Of this flow. May be repeated."),
            click.option("--text", help="With this text in the name of the run or of its flow."),
            click.option("--parent", metavar="RUN", help="Called by this flow run.", shell_complete=complete_flow_runs),
            click.option("--roots", is_flag=True, help="Only runs that no other run called."),
        )
    )


def run_conditions(options: dict[str, Any], model: Any) -> dict[str, Any]:
    """Return the conditions of a filter that the options of `run_filters` mean.

    Parameters:
        options: what was given.
        model: the filter's model.
    """
    conditions = {
        "name_like": options["name"],
        "tags_all": list(options["tags"]) or None,
        "tags_any": list(options["any_tags"]) or None,
        "started_after": options["since"],
        "started_before": options["until"],
        **state_conditions(options["states"]),
    }
    if options["not_states"]:
        conditions["not_"] = model(**state_conditions(options["not_states"]))
    return conditions


def flow_run_filter(options: dict[str, Any]) -> FlowRunFilter:
    """Return the filter that the options of `flow_run_filters` mean."""
    from penstock.cli.finding import find_flow_run
    from penstock.wire.flow_runs import FlowRunFilter

    return FlowRunFilter(
        **run_conditions(options, FlowRunFilter),
        ended_after=options["ended_since"],
        ended_before=options["ended_until"],
        flow_names=list(options["flows"]) or None,
        text=options["text"],
        parent_flow_run_id=find_flow_run(options["parent"]).id if options["parent"] else None,
        roots_only=options["roots"],
    )
