"""A group of commands, each loaded when it is asked for: listing them loads none."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click


class LazyCommand(NamedTuple):
    """A command that is loaded when it is asked for.

    Attributes:
        place: `module:name` of the click command.
        words: what it does, for the list of commands.
    """

    place: str
    words: str


class LazyGroup(click.Group):
    """A group whose commands live in other modules.

    Parameters:
        lazy_commands: the commands, by name, in the order they are listed in.
    """

    def __init__(self, *args: Any, lazy_commands: Mapping[str, LazyCommand] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lazy_commands = dict(lazy_commands or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order they are meant to be read in."""
        return [*self.lazy_commands, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading it if need be."""
        lazy = self.lazy_commands.get(cmd_name)
        if lazy is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = lazy.place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant, or say which one is nearest."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            from penstock.settings.names import nearest

            close = nearest(args[0], self.list_commands(ctx))
            hint = f" Did you mean {close!r}?" if close else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands; those that are lazy are described without being loaded."""
        rows = [(name, self._words(ctx, name)) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)

    def _words(self, ctx: click.Context, name: str) -> str:
        lazy = self.lazy_commands.get(name)
        if lazy is not None:
            return lazy.words
        command = self.get_command(ctx, name)
        return command.get_short_help_str(limit=100) if command else ""
