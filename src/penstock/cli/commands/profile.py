"""`penstock profile`: named sets of settings."""

from __future__ import annotations

import os

import click

from penstock.cli.completing import complete_profiles
from penstock.cli.screen.output import Cell, Column, Format, confirm, output_option, print_json, print_table, say
from penstock.core.errors import ConfigurationError


@click.group("profile", short_help="Keep several sets of settings, and switch between them.")
def profile() -> None:
    """Keep several sets of settings, and switch between them."""


@profile.command("ls")
@output_option
def list_profiles(output: Format) -> None:
    """List the profiles. The one in use is marked."""
    from penstock import settings
    from penstock.settings.active import current_profile_name

    profiles, in_use = settings.load_profiles(), current_profile_name()
    if output == "json":
        print_json([{"name": one.name, "in_use": one.name == in_use} for one in profiles.profiles_by_name.values()])
        return
    rows = [
        (
            "*" if one.name == in_use else "",
            Cell(one.name, "bold" if one.name == in_use else ""),
            str(len(one.settings)),
        )
        for one in profiles.profiles_by_name.values()
    ]
    print_table([Column("", keep=True), Column("PROFILE"), Column("SETTINGS", keep=True, right=True)], rows)


@profile.command("create")
@click.argument("name")
@click.option(
    "--from", "template", metavar="NAME", help="Begin with the settings of this one.", shell_complete=complete_profiles
)
def create(name: str, template: str | None) -> None:
    """Make a new profile."""
    from penstock import settings
    from penstock.settings import Profile

    profiles = settings.load_profiles()
    profiles.add_profile(Profile(name, profiles[template].settings if template else None))
    settings.save_profiles(profiles)
    say(f"Made profile {name!r}. `penstock profile use {name}` puts it in use.")


@profile.command("use")
@click.argument("name", shell_complete=complete_profiles)
def use(name: str) -> None:
    """Put a profile in use."""
    from penstock import settings

    profiles = settings.load_profiles()
    profiles.set_active(name)
    settings.save_profiles(profiles)
    say(f"Profile {name!r} is in use.")
    if os.environ.get("PENSTOCK_PROFILE", name) != name:
        say(f"Note: PENSTOCK_PROFILE is {os.environ['PENSTOCK_PROFILE']!r} in the environment, which goes first.")


@profile.command("rename")
@click.argument("name", shell_complete=complete_profiles)
@click.argument("new_name")
def rename(name: str, new_name: str) -> None:
    """Call a profile by another name."""
    from penstock import settings

    profiles = settings.load_profiles()
    profiles.rename_profile(name, new_name)
    settings.save_profiles(profiles)
    say(f"Profile {name!r} is now called {new_name!r}.")


@profile.command("delete")
@click.argument("name", shell_complete=complete_profiles)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def delete(name: str, yes: bool) -> None:
    """Delete a profile. The one in use can't be deleted."""
    from penstock import settings
    from penstock.settings.active import current_profile_name

    profiles = settings.load_profiles()
    count = len(profiles[name].settings)
    if name == current_profile_name():
        raise ConfigurationError(f"Profile {name!r} is in use. Put another in use first: `penstock profile use NAME`.")
    if not yes and count:
        confirm(f"Delete profile {name!r} with its {count} settings?")
    profiles.remove_profile(name)
    settings.save_profiles(profiles)
    say(f"Deleted profile {name!r}.")


@profile.command("inspect")
@click.argument("name", required=False, shell_complete=complete_profiles)
@click.option("--show-secrets", is_flag=True, help="Show keys and passwords as they are.")
@output_option
def inspect(name: str | None, show_secrets: bool, output: Format) -> None:
    """Show what a profile sets; without a name, the one in use."""
    from penstock import settings
    from penstock.settings.active import current_profile_name
    from penstock.settings.names import shown_value

    found = settings.load_profile(name or current_profile_name())
    values = {key: shown_value(key, raw, secrets=show_secrets) for key, raw in found.settings.items()}
    if output == "json":
        print_json({"name": found.name, "settings": values})
    elif values:
        print_table([Column("SETTING", keep=True), Column("VALUE")], list(values.items()))
    else:
        say(f"Profile {found.name!r} sets nothing.")
