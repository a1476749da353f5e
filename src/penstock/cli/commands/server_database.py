"""`penstock server database`: looking after the database that PENSTOCK_DATABASE_URL names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from penstock.cli.screen.output import Column, Format, confirm, output_option, print_json, print_table, say

if TYPE_CHECKING:
    from penstock.server.database.database import Database

_YES = click.option("-y", "--yes", is_flag=True, help="Do not ask.")
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


@click.group("database", short_help="Upgrade, measure, back up and reset the database.")
def database() -> None:
    """Look after the database that PENSTOCK_DATABASE_URL names: upgrade, measure, back up and reset it.

    These commands go to the database itself, whether a server runs on it or not.
    """


@contextmanager
def _opened() -> Iterator[Database]:
    from penstock import settings
    from penstock.local.opening import database_at

    opened = database_at(settings.current())
    try:
        yield opened
    finally:
        opened.close()


@database.command("upgrade")
def upgrade() -> None:
    """Bring the schema up to this version's, as every start does; make the tables where there are none."""
    from penstock.server.database import schema

    with _opened() as opened:
        before = opened.alter(lambda connection: schema.revision_of(connection, opened.dialect))
        opened.ask(lambda _: None)  # opening brings it up
        if before == schema.REVISION:
            say(f"{opened.dialect.place} has schema {before}, which is this version's.")
        else:
            say(f"{opened.dialect.place} has schema {schema.REVISION} now; it had {before or 'none'}.")


@database.command("downgrade")
@click.argument("revision")
@_YES
def downgrade(revision: str, yes: bool) -> None:
    """Take the schema back to REVISION, for an earlier version. What only later ones hold is lost."""
    from penstock.server.database import schema

    with _opened() as opened:
        if not yes:
            confirm(f"Take the schema of {opened.dialect.place} back to {revision}? What only later ones hold is lost.")
        opened.alter(lambda connection: schema.take_back(connection, opened.dialect, revision))
        say(f"{opened.dialect.place} has schema {revision} now. The next start of this version brings it up again.")


@database.command("reset")
@_YES
def reset(yes: bool) -> None:
    """Delete every run, log line and flow, and make the tables anew."""
    from penstock.server.database import schema

    with _opened() as opened:
        if not yes:
            confirm(f"Delete everything in {opened.dialect.place}, for good?")
        opened.alter(lambda connection: schema.remake(connection, opened.dialect))
        say(f"{opened.dialect.place} is empty.")


@database.command("stats")
@output_option
def stats(output: Format) -> None:
    """Show what takes space: the rows and the size of each table, with its indexes."""
    with _opened() as opened:
        sizes = opened.ask(opened.dialect.table_sizes)
    by_size = sorted(sizes.items(), key=lambda named: (-named[1].bytes, named[0]))
    if output == "json":
        print_json([{"table": name, "rows": size.rows, "bytes": size.bytes} for name, size in by_size])
        return
    rows = [(name, f"{'' if size.is_exact else '~'}{size.rows:,}", _in_units(size.bytes)) for name, size in by_size]
    rows.append(("all", "", _in_units(sum(size.bytes for size in sizes.values()))))
    print_table([Column("TABLE", keep=True), Column("ROWS", right=True), Column("SIZE", right=True)], rows)


@database.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything, as it is at one moment, to a new FILE while runs go on.

    Of SQLite it is an SQLite file; of PostgreSQL a file that pg_restore reads, made by pg_dump.
    """
    with _opened() as opened:
        opened.back_up(file.absolute())
        say(f"{opened.dialect.place} is copied to {file}, {_in_units(file.stat().st_size)}.")


def _in_units(size: float) -> str:
    for unit in _UNITS:
        if size < 1024 or unit == _UNITS[-1]:
            return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"
        size /= 1024
    raise AssertionError
