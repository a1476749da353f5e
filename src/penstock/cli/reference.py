"""The reference page of commands, made from the commands: `python -m penstock.cli.reference` prints it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from penstock.cli.program import penstock

WIDTH = 100

HEAD = """# Command line

`penstock --help` lists the commands, and every command explains itself with `--help`. This page holds the same words.

## Exit codes

| code | meaning |
|---|---|
| 0 | The command was carried out; a run that it carried out completed. |
| 1 | The command was refused, or the run failed or crashed. |
| 2 | The command was not understood; nothing was done. |
| 3 | The run was cancelled, paused or suspended. |
| 130 | You pressed Ctrl-C. |
| 141 | Who read the output stopped reading, as in `penstock flow-run ls \\| head`. |

## Output

Data goes to standard output, everything else to standard error. With `--output json`, standard output holds exactly one
JSON document. Tables fit themselves to a terminal; anywhere else nothing is cut, ids are whole and times are ISO 8601.
Colours are for terminals only, and `NO_COLOR=1` or `penstock config set cli.colors=false` turns them off.

## Naming a run

Where a command asks for `RUN`, give the name of the run, its id, or the first digits of its id: at least six, and enough
to tell it from others.

## Completion

`penstock completion bash` (or `zsh`, `fish`) prints the script that completes commands, options, settings and profiles
in your shell; `penstock completion --help` says where to put it.
"""


def page() -> str:
    """Return the page, in Markdown."""
    sections = [f"## {path}\n\n```text\n{words}\n```\n" for path, words in _pages_of_help(penstock, "penstock", None)]
    return "\n".join([HEAD, *sections])


def _pages_of_help(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=WIDTH, **({} if parent else command.context_settings)
    )
    yield context.command_path, command.get_help(context).rstrip()
    if isinstance(command, click.Group):
        for child_name in command.list_commands(context):
            child = command.get_command(context, child_name)
            assert child is not None
            yield from _pages_of_help(child, child_name, context)


if __name__ == "__main__":
    click.echo(page(), nl=False)
