"""Where a command's words go: data to standard output, as text or JSON, and everything else to standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TextIO, TypeVar

import click

from penstock.cli.screen.columns import GAP, fitted, terminal_width
from penstock.cli.screen.words import ago, one_line
from penstock.core import clock

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Format = Literal["text", "json"]
_ASCII_FOR = str.maketrans({"…": "...", "\N{MULTIPLICATION SIGN}": "x", "·": "-", "“": '"', "”": '"'})

Command = TypeVar("Command", bound=Callable[..., Any])

output_option: Callable[[Command], Command] = click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="json: one JSON document on standard output, and nothing else.",
)
"""The option `--output` of every command that prints data."""


class OutputError(click.ClickException):
    """Standard output can't be written."""


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        title: its heading.
        keep: whether it is never cut, however narrow the terminal is.
        right: whether it is aligned to the right.
        style: how it looks on a terminal.
    """

    title: str
    keep: bool = False
    right: bool = False
    style: str = ""


class Cell(NamedTuple):
    """A cell with a look of its own.

    Attributes:
        text: what it says.
        style: how it looks on a terminal.
    """

    text: str
    style: str = ""


def on_terminal(stream: TextIO | None = None) -> bool:
    """Whether `stream`, by default standard output, is read by a person."""
    stream = stream or sys.stdout
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def when(instant: datetime | None) -> str:
    """Return an instant as a table has it: how long ago for people, else in full; a dash where there is none."""
    if instant is None:
        return "-"
    return ago(instant, clock.now()) if on_terminal() else instant.isoformat(timespec="seconds")


def print_line(text: str = "") -> None:
    """Print a line to standard output."""
    _write_line(sys.stdout, text)


def _write_line(stream: TextIO | None, text: str) -> None:
    # Not click.echo: it writes UTF-8 even to a stream that says it takes ASCII only.
    if stream is None:
        return
    if not (stream.encoding or "").lower().startswith("utf"):
        text = text.translate(_ASCII_FOR)
    try:
        stream.write(f"{text}\n")
    except OSError as error:
        raise _unwritable(error) from error


def flush_output() -> None:
    """Have all that was printed written.

    Raises:
        BrokenPipeError: nobody reads it any more.
        ClickException: it can't be written.
    """
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except OSError as error:
            raise _unwritable(error) from error


def drop_output() -> None:
    """Let go of what could not be written, so that it is not tried again when the process ends."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _unwritable(error: OSError) -> Exception:
    if isinstance(error, BrokenPipeError):
        return error
    return OutputError(f"The output can't be written: {error.strerror or error}.")


def print_json(value: Any) -> None:
    """Print `value` as one JSON document."""
    ascii_only = "utf" not in (getattr(sys.stdout, "encoding", None) or "").lower()
    print_line(json.dumps(value, indent=2, ensure_ascii=ascii_only, allow_nan=False, default=_as_json))


def _as_json(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def say(message: str) -> None:
    """Say something beside the data: how it went, what was left out."""
    _write_line(sys.stderr, one_line(message))


def say_lines(text: str) -> None:
    """Say several lines, such as a page of help."""
    _write_line(sys.stderr, text)


def say_error(message: str) -> None:
    """Say in one line what went wrong."""
    words = " ".join(message.split("\n"))
    colour = on_terminal(sys.stderr) and colours_wanted()
    label = click.style("Error:", fg="red", bold=True) if colour else "Error:"
    _write_line(sys.stderr, f"{label} {one_line(words)}")


def confirm(question: str) -> None:
    """Ask, and stop the command unless the answer is yes.

    Raises:
        Exit: the answer is no.
        UsageError: nobody is there to ask.
    """
    if not on_terminal(sys.stdin):
        raise click.UsageError("Nobody is there to ask. Give --yes to go ahead without being asked.")
    if not click.confirm(one_line(question), err=True):
        say("Nothing was done.")
        raise click.exceptions.Exit(1)


def colours_wanted() -> bool:
    """Whether colours are wanted where there is a terminal. See https://no-color.org."""
    if os.environ.get("NO_COLOR"):
        return False
    from penstock import settings
    from penstock.core.errors import ConfigurationError

    try:
        return settings.current().cli.colors
    except ConfigurationError:  # it is about to be said, or has been
        return True


def paint(text: str, **look: Any) -> str:
    """Return `text` with a look, as `click.style` takes it, if standard output is a terminal that wants one."""
    return click.style(text, **look) if on_terminal() and colours_wanted() else text


def console(*, stderr: bool = False) -> Console:
    """Return what draws on a terminal. It takes text as it is: no markup, no highlighting."""
    from rich.console import Console

    return Console(
        stderr=stderr,
        no_color=None if colours_wanted() else True,
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=True,  # a long line is the terminal's to wrap, so that it is copied as one
    )


def print_table(columns: Sequence[Column], rows: Sequence[Sequence[str | Cell]]) -> None:
    """Print a table: fitted to a terminal, whole and plain anywhere else."""
    cells = [[_clean(cell) for cell in row] for row in rows]
    if on_terminal():
        _draw_table(columns, cells)
    else:
        _write_table(columns, cells)


def _clean(cell: str | Cell) -> Cell:
    return Cell(one_line(cell.text), cell.style) if isinstance(cell, Cell) else Cell(one_line(cell))


def _draw_table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
    from rich.text import Text

    heading = [Text(column.title, style="dim") for column in columns]
    body = [
        [Text(cell.text, style=cell.style or column.style) for cell, column in zip(row, columns, strict=True)]
        for row in rows
    ]
    draw_grid([heading, *body], keep=[column.keep for column in columns], right=[column.right for column in columns])


def draw_grid(rows: Sequence[Sequence[Text]], *, keep: Sequence[bool], right: Sequence[bool]) -> None:
    """Draw cells in columns that fit the terminal.

    Parameters:
        rows: the cells of each line; one cell alone may have the whole line.
        keep: which columns are never cut.
        right: which columns are aligned to the right.
    """
    full = [row for row in rows if len(row) > 1]
    natural = [max((row[index].cell_len for row in full), default=0) for index in range(len(keep))]
    width = terminal_width()
    widths = fitted(natural, keep, width)
    drawing = console()
    for row in rows:
        drawing.print(_line(row, widths, right) if len(row) > 1 else _cut(row[0], width))


def _line(cells: Sequence[Text], widths: Sequence[int], right: Sequence[bool]) -> Text:
    from rich.text import Text

    line = Text()
    for cell, width, is_right in zip(cells, widths, right, strict=True):
        shown = _cut(cell, width)
        blank = " " * (width - shown.cell_len)
        line.append_text(Text.assemble(*((blank, shown) if is_right else (shown, blank)), " " * GAP))
    line.rstrip()
    return line


def _cut(text: Text, width: int) -> Text:
    shown = text.copy()
    shown.truncate(width, overflow="ellipsis")
    return shown


def _write_table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
    lines = [[column.title for column in columns], *([cell.text for cell in row] for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    for line in lines:
        print_line("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
