"""Git, run so that neither a repository nor this machine's configuration can make it do anything but what is asked."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from penstock.core.errors import SourceError
from penstock.sources.child_process import Ended, run_child
from penstock.sources.git.failures import failure
from penstock.sources.git.login import Login

OLDEST_GIT = (2, 31)
"""The first that takes configuration from its environment (GIT_CONFIG_COUNT)."""

_PASSED_ON = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "SSH_AUTH_SOCK",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_PROXY_COMMAND",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "SYSTEMROOT",
)
_CONFIGURATION = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.autocrlf", "false"),
    ("core.protectNTFS", "true"),
    ("core.protectHFS", "true"),
    ("init.templateDir", ""),
    ("init.defaultBranch", "main"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("submodule.recurse", "false"),
    ("transfer.bundleURI", "false"),
    ("advice.detachedHead", "false"),
    # What stands still for a minute is over, also where who started git is no more.
    ("http.lowSpeedLimit", "1"),
    ("http.lowSpeedTime", "60"),
)
_NO_FILES_OF_THE_USER = (("core.attributesFile", os.devnull), ("core.excludesFile", os.devnull))


class Git:
    """How git is run for one repository.

    Parameters:
        address: the repository, without secrets, for errors.
        deadline: the instant to give up at, by the monotonic clock.
        login: what the repository's host knows the user by.
    """

    def __init__(self, address: str, deadline: float, login: Login | None = None) -> None:
        self.address = address
        self.deadline = deadline
        self.login = login

    def run(
        self, words: Sequence[str], *, protocols: Sequence[str] = (), folder: Path | None = None, given: bytes = b""
    ) -> bytes:
        """Run git and return what it writes to standard output.

        Parameters:
            words: the command and its arguments. What others wrote comes after `--end-of-options` or `--`.
            protocols: how it may speak to repositories; the login is only shown where one is named.
            folder: its working directory.
            given: its standard input.

        Raises:
            SourceError: it failed, or took too long.
        """
        ended = self.try_to_run(words, protocols=protocols, folder=folder, given=given)
        if ended.exit_code != 0:
            raise self.failure(ended)
        return ended.output

    def try_to_run(
        self, words: Sequence[str], *, protocols: Sequence[str] = (), folder: Path | None = None, given: bytes = b""
    ) -> Ended:
        """Run git and return how it ended. See `run`."""
        check_version()
        return run_child(
            ["git", *words],
            what=f"git, for {self.address},",
            environment=self._environment(protocols),
            folder=folder,
            given=given,
            deadline=self.deadline,
        )

    def failure(self, ended: Ended) -> SourceError:
        """Return the error that says why git ended as it did."""
        secrets = [] if self.login is None else list(self.login.secrets())
        return failure(self.address, ended.complaint, secrets)

    def _environment(self, protocols: Sequence[str]) -> dict[str, str]:
        from penstock import settings

        reads_configuration = settings.current().code.git_reads_configuration
        configuration = [*_CONFIGURATION]
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {
            "LC_ALL": "C",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": ":".join(protocols) or "none",
            "GIT_CONFIG_NOSYSTEM": "0" if reads_configuration else "1",
        }
        if not reads_configuration:
            environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_ATTR_NOSYSTEM": "1"}
            configuration += _NO_FILES_OF_THE_USER
            environment.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
        if self.login is not None and protocols:
            environment |= self.login.environment()
            configuration += self.login.configuration()
        for number, (name, value) in enumerate(configuration):
            environment |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
        return environment | {"GIT_CONFIG_COUNT": str(len(configuration))}


@cache
def check_version() -> None:
    """Look once whether there is a git that is new enough.

    Raises:
        SourceError: there is not.
    """
    try:
        said = subprocess.run(
            ["git", "--version"],  # noqa: S607 - whichever git the user has
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        raise SourceError("There is no git on this machine. Install it, so that code can be pulled.") from None
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_GIT:
        raise SourceError(f"{said.strip()} is too old. Install {OLDEST_GIT[0]}.{OLDEST_GIT[1]} or newer.")
