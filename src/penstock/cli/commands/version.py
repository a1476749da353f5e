"""`penstock version`: which Penstock this is."""

from __future__ import annotations

import platform
import sys

import click

from penstock.cli.screen.output import Format, output_option, paint, print_json, print_line
from penstock.core.version import __version__


@click.command("version")
@output_option
def version(output: Format) -> None:
    """Say which Penstock this is, and where it keeps its record."""
    from penstock import settings
    from penstock.settings.setting import without_password

    current = settings.current()
    facts = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": f"{sys.platform} {platform.machine()}",
        "profile": current.profile,
        "home": str(current.home),
        "database": without_password(current.database.url),
    }
    if current.api.url is not None:
        facts["api"] = without_password(current.api.url)
    if output == "json":
        print_json(facts)
        return
    width = max(map(len, facts))
    for name, value in facts.items():
        print_line(f"{paint(name.ljust(width), dim=True)}  {value}")
