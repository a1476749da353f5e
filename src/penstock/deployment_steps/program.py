"""Programs that steps run: their output goes to who looks on, line by line."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from penstock.core import clock
from penstock.core.errors import StepExecutionError
from penstock.deployment_steps.step import Tell
from penstock.sources.child_process import run_child

MOST_LINE_CHARACTERS = 10_000
"""Longer lines are told in pieces."""

_SHOWN_CHARACTERS = 2_000


class Written(NamedTuple):
    """What a program wrote, within the bounds of `child_process`."""

    stdout: str
    stderr: str


class _Lines:
    """Tells what comes in pieces as lines.

    Parameters:
        tell: called with each.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def add(self, piece: bytes, *, last: bool = False) -> None:
        """Take a piece, and tell the lines that are whole."""
        *whole, self._rest = (self._rest + self._decoder.decode(piece, last)).split("\n")
        for line in whole:
            self._tell_line(line.rstrip("\r"))
        if last and self._rest:
            self._tell_line(self._rest)
        elif len(self._rest) > MOST_LINE_CHARACTERS:
            kept = len(self._rest) % MOST_LINE_CHARACTERS
            self._tell_line(self._rest[: len(self._rest) - kept])
            self._rest = self._rest[len(self._rest) - kept :]

    def _tell_line(self, line: str) -> None:
        for start in range(0, max(len(line), 1), MOST_LINE_CHARACTERS):
            self._tell(line[start : start + MOST_LINE_CHARACTERS])


def run_program(
    command: Sequence[str], *, what: str, environment: Mapping[str, str], folder: Path | None, tell: Tell | None
) -> Written:
    """Run a program to its end.

    Parameters:
        command: the program and its arguments.
        what: what it is, for errors.
        environment: all the variables it sees.
        folder: its working directory.
        tell: called with each line that it writes; None where nobody looks on.

    Raises:
        StepExecutionError: it failed.
        SourceError: there is no such program, or it took too long.
    """
    from penstock import settings

    output, complaint = (_Lines(tell), _Lines(tell)) if tell is not None else (None, None)
    ended = run_child(
        command,
        what=what,
        environment=environment,
        folder=folder,
        deadline=clock.current().monotonic() + settings.current().code.step_timeout_seconds,
        watch_output=None if output is None else output.add,
        watch_complaint=None if complaint is None else complaint.add,
    )
    for lines in (output, complaint):
        if lines is not None:
            lines.add(b"", last=True)
    if ended.exit_code != 0:
        said = ended.complaint.strip()[-_SHOWN_CHARACTERS:] or "it wrote nothing to standard error"
        raise StepExecutionError(f"{what} failed with exit code {ended.exit_code}: {said}")
    return Written(ended.output.decode(errors="replace"), ended.complaint)
