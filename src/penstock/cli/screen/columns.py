"""How wide the columns of a table are on a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

GAP = 2
NARROWEST = 4


def terminal_width() -> int:
    """Return how many characters fit on a line."""
    return shutil.get_terminal_size().columns


def fitted(natural: Sequence[int], keep: Sequence[bool], width: int) -> list[int]:
    """Return the widths that let columns stand side by side, with gaps, within `width` characters.

    Parameters:
        natural: how wide each column would be if there were no end to the line.
        keep: which columns are never cut; all others give way together, the widest first.
        width: how many characters there are.
    """
    room = width - GAP * (len(natural) - 1) - sum(size for size, kept in zip(natural, keep, strict=True) if kept)
    widths = list(natural)
    yielding = sorted((index for index, kept in enumerate(keep) if not kept), key=lambda index: natural[index])
    while yielding:
        share = max(room // len(yielding), NARROWEST)
        narrowest = yielding.pop(0)
        widths[narrowest] = min(natural[narrowest], share)
        room -= widths[narrowest]
    return widths
