"""How times, sizes and names of runs are written for people."""

from __future__ import annotations

from datetime import datetime

_MILLISECOND = 0.001
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_A_MOMENT = 5
_ID_CHARS = 36


def duration(seconds: float) -> str:
    """Return a span of time in at most two units: `12ms`, `1.2s`, `3m 05s`, `2h 04m`, `3d 4h`."""
    seconds = max(seconds, 0.0)
    if seconds < _MILLISECOND:
        return "<1ms" if seconds else "0ms"
    if round(seconds, 3) < 1:
        return f"{seconds * 1000:.0f}ms"
    if round(seconds, 1) < _MINUTE:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE}m {whole % _MINUTE:02}s"
    if whole < _DAY:
        return f"{whole // _HOUR}h {whole % _HOUR // _MINUTE:02}m"
    return f"{whole // _DAY}d {whole % _DAY // _HOUR}h"


def ago(instant: datetime, now: datetime) -> str:
    """Return how long ago an instant was, in one unit: `just now`, `40s ago`, `3m ago`, `5h ago`, `12d ago`."""
    seconds = (now - instant).total_seconds()
    if abs(seconds) < _A_MOMENT:
        return "just now"
    for unit, size in (("d", _DAY), ("h", _HOUR), ("m", _MINUTE), ("s", 1)):
        count = abs(seconds) // size
        if count >= 1:
            return f"{count:.0f}{unit} ago" if seconds > 0 else f"in {count:.0f}{unit}"
    return "just now"


def local(instant: datetime, precision: str = "seconds") -> str:
    """Return an instant in the zone of this machine, with its offset from UTC.

    Parameters:
        instant: the instant.
        precision: `seconds` or `milliseconds`.
    """
    return instant.astimezone().isoformat(sep=" ", timespec=precision)


def one_line(text: str) -> str:
    """Return `text` on one line with everything escaped that could steer a terminal."""
    if text.isprintable():
        return text
    return "".join(_printable(character) for character in text)


def first_line(text: str) -> str:
    """Return the first line of `text` that says something, on one line with what steers a terminal escaped."""
    lines = text.strip().splitlines()
    return one_line(lines[0]) if lines else ""


def many_lines(text: str) -> str:
    """Return `text` with everything escaped that could steer a terminal, but with its lines and tabs."""
    return "\n".join(one_line(line.replace("\t", "    ")) for line in text.splitlines())


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def plural(count: int, noun: str) -> str:
    """Return `count` and `noun`, in the plural where that is due."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def short_ids(ids: list[str], shortest: int = 13) -> list[str]:
    """Return the beginnings of `ids` that tell them apart, all of one length, at least `shortest` characters."""
    length = shortest
    different = len(set(ids))
    while length < _ID_CHARS and len({one[:length] for one in ids}) < different:
        length += 1
    return [one[:length].rstrip("-") for one in ids]
