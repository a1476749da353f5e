"""`penstock config`: which settings are in force, and changing them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from penstock.cli import exit_codes
from penstock.cli.completing import complete_settings
from penstock.cli.screen.output import (
    Cell,
    Column,
    Format,
    output_option,
    paint,
    print_json,
    print_line,
    print_table,
    say,
)
from penstock.cli.screen.words import one_line
from penstock.core.errors import ConfigurationError

if TYPE_CHECKING:
    from penstock.settings import Setting, Settings


@click.group("config", short_help="View, set and check settings.")
def config() -> None:
    """View, set and check settings.

    A setting is named as in the environment (PENSTOCK_LOGGING_LEVEL) or as in files (logging.level).
    """


@config.command("view")
@click.option("--show-defaults", is_flag=True, help="List the settings that nothing sets, too.")
@click.option("--show-secrets", is_flag=True, help="Show keys and passwords as they are.")
@output_option
def view(show_defaults: bool, show_secrets: bool, output: Format) -> None:
    """Show the settings in force, and where each comes from."""
    from penstock import settings
    from penstock.settings.table import SETTINGS

    current = settings.current()
    shown = [one for one in SETTINGS.values() if show_defaults or one.path in current.explicit]
    if output == "json":
        print_json({one.name: _as_json(one, current, show_secrets) for one in shown})
        return
    rows = [(one.name, one.show(current.value_of(one), secrets=show_secrets), current.origin_of(one)) for one in shown]
    if not rows:
        say("Nothing is set; every setting has its default. See --show-defaults.")
        return
    columns = [Column("SETTING", keep=True), Column("VALUE"), Column("FROM", style="dim")]
    looks = {"default": ""}
    print_table(columns, [(name, Cell(value, looks.get(source, "bold")), source) for name, value, source in rows])
    if not show_defaults:
        say("Everything else has its default: see --show-defaults.")


def _as_json(setting: Setting[Any], current: Settings, show_secrets: bool) -> dict[str, Any]:
    value = current.value_of(setting)
    if not isinstance(value, (bool, int, float, list, tuple)) and value is not None:
        value = setting.show(value, secrets=show_secrets)
    return {"value": value, "source": current.origin_of(setting)}


@config.command("set")
@click.argument("pairs", metavar="SETTING=VALUE...", nargs=-1, required=True, shell_complete=complete_settings)
def set_settings(pairs: tuple[str, ...]) -> None:
    """Set values in the profile in use."""
    from penstock import settings
    from penstock.settings.names import find_setting

    updates: dict[Any, Any] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise click.UsageError(f"{pair!r} is not of the form SETTING=VALUE.")
        if not value:
            raise click.UsageError(f"{name} is given no value. `penstock config unset {name}` takes it out.")
        updates[find_setting(name)] = value
    profile = settings.update_current_profile(updates)
    for setting, value in updates.items():
        say(f"Set {setting.name} to {setting.show(setting.read(value))} in profile {profile.name!r}.")
        _say_if_hidden(setting.name)


@config.command("unset")
@click.argument("names", metavar="SETTING...", nargs=-1, required=True, shell_complete=complete_settings)
def unset(names: tuple[str, ...]) -> None:
    """Take values out of the profile in use, so that they have their defaults again."""
    from penstock import settings
    from penstock.settings.names import find_setting

    profile = settings.load_current_profile()
    wanted = list(dict.fromkeys(name if name in profile.settings else find_setting(name).name for name in names))
    missing = [name for name in wanted if name not in profile.settings]
    if missing:
        raise ConfigurationError(f"{missing[0]} is not set in profile {profile.name!r}.")
    settings.update_current_profile(dict.fromkeys(wanted))
    for name in wanted:
        say(f"Took {name} out of profile {profile.name!r}.")
        _say_if_hidden(name)


def _say_if_hidden(name: str) -> None:
    if os.environ.get(name):
        say(f"Note: {name} is set in the environment, which goes first.")


@config.command("validate")
@output_option
@click.pass_context
def validate(ctx: click.Context, output: Format) -> None:
    """Check the environment, the project's file and every profile: wrong values, and names that are no settings."""
    from penstock.settings.validation import problems

    found = list(problems(os.environ))
    if output == "json":
        print_json([problem._asdict() for problem in found])
    elif found:
        for one in found:
            label = paint(one.severity, fg="red" if one.severity == "error" else "yellow", bold=True)
            print_line(f"{label} in {one_line(one.place)}: {one_line(one.message)}")
    else:
        say("All settings are valid.")
    if any(problem.severity == "error" for problem in found):
        ctx.exit(exit_codes.FAILED)
