"""Which state of the code a deployment is made from, as git knows it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from penstock.settings.setting import without_password
from penstock.wire.deploying.deployments import SourceVersion

_PATIENCE_SECONDS = 5.0
_MOST_CHARACTERS = 200


def source_version(folder: Path | None = None) -> SourceVersion | None:
    """Return the commit that a folder is at; None where it is in no repository of git, or git is not here.

    Parameters:
        folder: by default the working directory.
    """
    here = str(folder or Path.cwd())
    commit = _git(here, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return None
    url = _git(here, "config", "--get", "remote.origin.url")
    return SourceVersion(
        "git",
        commit,
        _git(here, "rev-parse", "--abbrev-ref", "HEAD"),
        (_git(here, "log", "-1", "--format=%s") or "")[:_MOST_CHARACTERS] or None,
        None if url is None else without_password(url),
        is_dirty=bool(_git(here, "status", "--porcelain", "--untracked-files=no")),
    )


def _git(folder: str, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", folder, *arguments],  # noqa: S607  - the user's own git, as the path has it
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
