"""Names and passwords for git, which only the one git process that needs them ever sees."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from penstock.core.errors import InvalidSource
from penstock.sources.git.addresses import GitAddress
from penstock.sources.references import resolve
from penstock.sources.secrets import revealed

_USERNAME, _PASSWORD = "PENSTOCK_GIT_USERNAME", "PENSTOCK_GIT_PASSWORD"

# Git asks this for a login. The words come from its environment, so they stand in no command line and no file, and `printf`
# is built into the shell.
_HELPER = f"""!f() {{ test "$1" = get && printf 'username=%s\\npassword=%s\\n' "${_USERNAME}" "${_PASSWORD}"; }}; f"""

_STRANGE = re.compile(r"[\x00-\x1f\x7f]")
_NAMES = ("username", "access_token", "token", "password")


class Login(NamedTuple):
    """What one host knows a user by.

    Attributes:
        base: scheme and host, where alone it is shown.
        username: the name.
        password: the password or token.
    """

    base: str
    username: str
    password: str

    def environment(self) -> dict[str, str]:
        """Return the variables that the helper reads."""
        return {_USERNAME: self.username, _PASSWORD: self.password}

    def configuration(self) -> list[tuple[str, str]]:
        """Return the configuration that has git ask the helper, and nobody else, for this host."""
        return [(f"credential.{self.base}.helper", ""), (f"credential.{self.base}.helper", _HELPER)]

    def secrets(self) -> Iterator[str]:
        """Yield the password in every form in which git might show it."""
        pair = f"{self.username}:{self.password}".encode()
        yield from (self.password, quote(self.password, safe=""), base64.b64encode(pair).decode())

    def __repr__(self) -> str:
        return f"Login({self.base!r})"


def login_for(address: GitAddress, credentials: Mapping[str, Any] | Any | None) -> Login | None:
    """Return the login for a repository, or None where none is given.

    Parameters:
        address: the repository's; a name and password may stand in it.
        credentials: a dict with `access_token`, `token` or `password`, and perhaps `username`; or an object with such
            attributes. Values may be references.

    Raises:
        InvalidSource: they are no credentials, or would travel readable for others.
        ConfigurationError: a reference stands for nothing.
    """
    given = _as_dict(credentials)
    username = _text(given, "username") or address.username
    token = _text(given, "access_token") or _text(given, "token") or _text(given, "password") or address.password
    if token is None and username and not given:
        username, token = None, username  # https://TOKEN@host
    if token is None:
        return None
    if not address.takes_login:
        if address.scheme in {"ssh", "file"}:
            return None  # keys, and folders, need no token
        raise InvalidSource(
            f"The token for {address.url} is not sent: over {address.scheme}:// everybody on the way could read it. "
            "Use https://."
        )
    if username is None:
        username, token = _usual_name(address.host, token)
    return Login(address.base, username, token)


def check_credentials(credentials: Any) -> None:
    """Refuse credentials with a name and nothing to prove it by.

    Raises:
        InvalidSource: they are such.
    """
    given = _as_dict(credentials)
    if given.get("username") and not any(given.get(name) for name in _NAMES[1:]):
        raise InvalidSource("The credentials have a username and no access_token or password. Add one.")


def _as_dict(credentials: Any) -> dict[str, Any]:
    if credentials is None:
        return {}
    if isinstance(credentials, Mapping):
        return dict(credentials)
    if isinstance(credentials, str):
        return {"access_token": credentials}
    found = {name: getattr(credentials, name, None) for name in _NAMES}
    if not any(found.values()):
        raise InvalidSource(
            f"An object of type {type(credentials).__name__!r} is no credentials. Give a dict such as "
            "{'access_token': '{{ $GIT_TOKEN }}'}."
        )
    return found


def _text(given: Mapping[str, Any], name: str) -> str | None:
    value = resolve(revealed(given.get(name)))
    if value is None or value == "":
        return None
    if not isinstance(value, str) or _STRANGE.search(value):
        raise InvalidSource(f"The {name} for git must be text in one line. Look whether it was copied whole.")
    return value


def _usual_name(host: str, token: str) -> tuple[str, str]:
    """Return the name that a host expects beside a token; `name:token` says it itself where hosts have such."""
    if ":" in token and ("gitlab" in host or "bitbucket" in host):
        name, _, rest = token.partition(":")
        return name, rest
    if "gitlab" in host:
        return "oauth2", token
    if "bitbucket" in host:
        return "x-token-auth", token
    return "x-access-token", token
