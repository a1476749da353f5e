"""Two-word names for runs that nobody named."""

from __future__ import annotations

import os

from penstock.core.names.words import ADJECTIVES, NOUNS


def slug() -> str:
    """Return a name of two words, such as `calm-heron`, by chance.

    The chance is the system's: a program that seeds `random` does not give its runs the same names.
    """
    number = int.from_bytes(os.urandom(8), "big")
    number, adjective = divmod(number, len(ADJECTIVES))
    return f"{ADJECTIVES[adjective]}-{NOUNS[number % len(NOUNS)]}"
