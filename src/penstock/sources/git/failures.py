"""What git's complaints mean, and what to do about them."""

from __future__ import annotations

from penstock.core.errors import SourceError, SourceUnreachable
from penstock.sources.git.addresses import without_login
from penstock.sources.secrets import without_secrets

MOST_LINES, MOST_CHARACTERS = 4, 1_000

_AWAY = (
    "could not resolve host",
    "connection refused",
    "connection reset",
    "connection timed out",
    "operation timed out",
    "failed to connect",
    "couldn't connect",
    "could not connect",
    "connection closed by remote host",
    "rpc failed; curl",
    "early eof",
    "unexpected disconnect",
    "the remote end hung up",
    "network is unreachable",
    "requested url returned error: 5",
    "requested url returned error: 429",
)
_REMEDIES = (
    ("host key verification failed", "Add the host's key to known_hosts of the user that runs this."),
    ("permission denied (", "Check the SSH key, and that the host knows it."),
    ("could not read username", "Give credentials: the repository is private, or not there."),
    ("terminal prompts disabled", "Give credentials: the repository is private, or not there."),
    ("authentication failed", "Check the token: it may be wrong, or no longer valid."),
    ("requested url returned error: 401", "Check the token: it may be wrong, or no longer valid."),
    ("requested url returned error: 403", "Check what the token may read."),
    ("transport '", "Only https, http, ssh and git are allowed there."),
    ("dubious ownership", "Let the user that runs this own the folder, or set PENSTOCK_CODE_GIT_READS_CONFIGURATION."),
    ("no space left", "Make room on the disk."),
    ("could not find remote ref", "Check the branch, tag or commit."),
    ("not our ref", "Check the commit: the repository has none of that id."),
    ("not found", "Check the address, and that you may read it."),
    ("does not appear to be a git repository", "Check the address."),
    ("does not exist", "Check the address."),
    ("unable to connect", "Check the address, and the network."),
)


def failure(address: str, complaint: str, secrets: list[str]) -> SourceError:
    """Return the error that says what git complained about.

    Parameters:
        address: the repository, without secrets.
        complaint: what git printed.
        secrets: texts that must not be shown.
    """
    shown = without_secrets(without_login(complaint), secrets)
    lines = [line.strip() for line in shown.splitlines() if line.strip()]
    said = " | ".join(lines[-MOST_LINES:])[-MOST_CHARACTERS:] or "git said nothing"
    said = said.rstrip(".")
    lower = shown.lower()
    remedy = next((remedy for sign, remedy in _REMEDIES if sign in lower), "")
    if any(sign in lower for sign in _AWAY) and not remedy:
        return SourceUnreachable(f"The repository {address} does not answer: {said}. Check the network and the host.")
    return SourceError(f"The repository {address} can't be read: {said}. {remedy}".rstrip())


def is_recognised(complaint: str) -> bool:
    """Whether a complaint is about the repository, its host or the login, and not about what is kept here."""
    lower = complaint.lower()
    return any(sign in lower for sign in _AWAY) or any(sign in lower for sign, _ in _REMEDIES)
