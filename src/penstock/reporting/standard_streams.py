"""The numbers of the standard streams: what a program closed must not become the number of a file of ours."""

from __future__ import annotations

import os

_NUMBERS = (0, 1, 2)


def fill_closed_streams() -> None:
    """Put the null device in the place of standard streams that are closed.

    The next file or connection to be opened would get the number of one, and the lines that are still written there.
    """
    for number in _NUMBERS:
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is given out: this one.
            os.open(os.devnull, os.O_RDWR)
