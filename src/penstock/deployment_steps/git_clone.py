"""The step `git_clone`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from penstock.core.errors import InvalidSource
from penstock.deployment_steps.step import Step, Tell
from penstock.sources.git.repository import GitSource


class GitClone(Step, frozen=True, kw_only=True):
    """Put the code of a git repository into a folder of its own in the working directory."""

    name: ClassVar[str] = "git_clone"

    repository: str
    branch: str | None = None
    commit_sha: str | None = None
    include_submodules: bool = False
    access_token: str | None = None
    credentials: Any = None
    directories: list[str] | None = None
    clone_directory_name: str | None = None

    def run(self, tell: Tell) -> dict[str, Any]:
        """Pull it.

        Returns:
            `directory`, the absolute path of the folder, and `commit_sha`, the whole id of the commit in it.
        """
        if self.access_token and self.credentials:
            raise InvalidSource("Both an access_token and credentials are given. Give one of them.")
        source = GitSource(
            self.repository,
            branch=self.branch,
            commit=self.commit_sha,
            credentials={"access_token": self.access_token} if self.access_token else self.credentials,
            folders=self.directories,
            submodules=self.include_submodules,
        )
        into = Path.cwd() / checked_folder(self.clone_directory_name or source.folder_name)
        with source.fetch() as pulled:
            directory = source.put(pulled, into)
            tell(f"Pulled {source.address} at {pulled.version} into {directory}")
            return {"directory": str(directory), "commit_sha": pulled.version}


def checked_folder(name: str) -> str:
    """Return the name of a folder for code, which lies in the working directory.

    Raises:
        InvalidSource: it leads out of it.
    """
    if not name.strip() or name.startswith(("/", "~")) or ".." in name.split("/") or "\0" in name:
        raise InvalidSource(f"{name!r} leads out of the working directory. Name a folder in it, such as 'flows'.")
    return name
