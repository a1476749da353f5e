"""Addresses of git repositories: which are taken, and what each is without the secrets in it."""

from __future__ import annotations

import os
import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from penstock.core.errors import InvalidSource

MOST_CHARACTERS = 2_048

SCHEMES = ("https", "http", "ssh", "git", "file")

_STRANGE = re.compile(r"[\x00-\x20\x7f]")
_OTHER_TRANSPORT = re.compile(r"[A-Za-z0-9+.-]*::")
_SCP_LIKE = re.compile(r"(?P<user>[\w.+-]+@)?(?P<host>[A-Za-z0-9\[][\w.\[\]-]*):(?P<path>[^:].*)")
_HOST = re.compile(r"[A-Za-z0-9_:][\w.:-]*")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class GitAddress(NamedTuple):
    """The address of a repository.

    Attributes:
        url: the address, without name and password where they could be secrets.
        scheme: how it is spoken to.
        username: the name that stood in it, where it could be a secret.
        password: the password that stood in it.
    """

    url: str
    scheme: str
    username: str | None
    password: str | None

    @property
    def base(self) -> str:
        """Scheme and host, for which a login is good."""
        return f"{self.scheme}://{urlsplit(self.url).netloc}"

    @property
    def host(self) -> str:
        """The host's name, empty for a folder of this machine."""
        return urlsplit(self.url).hostname or ""

    @property
    def takes_login(self) -> bool:
        """Whether a name and password can be shown there without everybody on the way reading them."""
        return self.scheme == "https" or (self.scheme == "http" and self.host in _LOOPBACK)


def parse(url: str) -> GitAddress:
    """Return the address that a text is.

    Parameters:
        url: `https://…`, `http://…`, `ssh://…`, `git://…`, `file://…`, `user@host:path`, or a path.

    Raises:
        InvalidSource: it is none, or one that could make git run something.
    """
    url = os.fspath(url).strip()
    if not url or len(url) > MOST_CHARACTERS:
        raise InvalidSource(
            f"The address of a git repository has {len(url):,} characters; it must have 1 to {MOST_CHARACTERS:,}."
        )
    if url.startswith("-") or _STRANGE.search(url) or _OTHER_TRANSPORT.match(url):
        raise _refused(url)
    if "://" in url:
        return _of_url(url)
    scp_like = _SCP_LIKE.fullmatch(url)
    if scp_like is not None and "/" not in url.partition(":")[0]:
        if scp_like["path"].startswith("-"):
            raise _refused(url)
        return GitAddress(url, "ssh", None, None)
    if ":" in url.partition("/")[0]:
        raise _refused(url)
    return GitAddress(f"file://{os.path.abspath(os.path.expanduser(url))}", "file", None, None)


def _of_url(url: str) -> GitAddress:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise _refused(url) from None
    if parts.scheme not in SCHEMES or parts.query or parts.fragment or parts.path.startswith("/-"):
        raise _refused(url)
    if (
        (host and not _HOST.fullmatch(host))
        or (parts.scheme != "file" and not host)
        or (parts.scheme == "file" and parts.netloc)
    ):
        raise _refused(url)
    user, at, netloc = parts.netloc.rpartition("@")
    if parts.scheme == "ssh":
        if user.startswith("-") or ":" in user:
            raise _refused(url)
        return GitAddress(url, "ssh", None, None)
    name, _, password = user.partition(":")
    clean = urlunsplit((parts.scheme, netloc, parts.path, "", ""))
    return GitAddress(clean, parts.scheme, unquote(name) or None, unquote(password) or None) if at else _bare(clean)


def _bare(url: str) -> GitAddress:
    return GitAddress(url, url.partition("://")[0], None, None)


def _refused(url: str) -> InvalidSource:
    return InvalidSource(
        f"{without_login(url)!r} is no address of a git repository. Give one that begins with "
        f"{', '.join(f'{scheme}://' for scheme in SCHEMES)}, such as 'git@example.com:team/flows.git', or a path."
    )


def without_login(text: str) -> str:
    """Return text without the names and passwords of the addresses in it."""
    return re.sub(r"(?<=://)[^/@\s]*@", "", text)
