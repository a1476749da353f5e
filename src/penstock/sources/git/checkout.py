"""Checkouts: the files of one commit, in a repository of their own that needs neither the mirror nor the host."""

from __future__ import annotations

from pathlib import Path

from penstock.core.errors import SourceError
from penstock.sources.git.addresses import GitAddress
from penstock.sources.git.mirror import PULLED
from penstock.sources.git.process import Git

SUBMODULE_PROTOCOLS = ("https", "http", "ssh", "git")
"""How submodules may be fetched: a repository must not reach for folders of this machine, nor run anything."""


class MirrorDamaged(SourceError):
    """A mirror does not give a commit that it has."""


class Checkout:
    """The files of one commit, in a folder that is not there yet.

    Parameters:
        git: how git is run.
        address: the repository.
        folder: where.
    """

    def __init__(self, git: Git, address: GitAddress, folder: Path) -> None:
        self._git = git
        self._address = address
        self._folder = folder

    def make(self, mirror: Path, commit: str, folders: tuple[str, ...], *, submodules: bool) -> None:
        """Fill the folder.

        Parameters:
            mirror: the repository's mirror, which has the commit.
            commit: its whole id.
            folders: the folders wanted, beside the files at the root; all, where none is named.
            submodules: whether the repository's submodules are wanted, too.

        Raises:
            MirrorDamaged: the mirror does not give the commit.
            SourceError: git refused.
        """
        digest = "sha256" if len(commit) == 64 else "sha1"
        self._git.run(["init", "--quiet", f"--object-format={digest}", str(self._folder)])
        self._run("config", "remote.origin.url", self._address.url)
        # A repository of its own, with this commit alone: it can be copied and removed without a thought.
        git = Git(self._git.address, self._git.deadline)  # without the login
        refs = f"+{PULLED}/{commit}:refs/remotes/origin/pulled"
        words = ["fetch", "--quiet", "--depth=1", "--no-tags", "--end-of-options", f"file://{mirror}", refs]
        fetched = git.try_to_run(words, protocols=("file",), folder=self._folder)
        if fetched.exit_code != 0:
            raise MirrorDamaged(str(git.failure(fetched)))
        if folders:
            self._run("sparse-checkout", "set", "--cone", "--stdin", given="".join(f"{one}\n" for one in folders))
        self._run("checkout", "--quiet", "--detach", commit)
        if submodules:
            self._add_submodules(folders)

    def _add_submodules(self, folders: tuple[str, ...]) -> None:
        words = ["submodule", "--quiet", "update", "--init", "--recursive"]
        shallow = self._git.try_to_run(
            [*words, "--depth=1", "--", *folders], protocols=SUBMODULE_PROTOCOLS, folder=self._folder
        )
        if shallow.exit_code != 0:  # not every host gives a commit by its id
            self._run(*words, "--", *folders, protocols=SUBMODULE_PROTOCOLS)

    def _run(self, *words: str, protocols: tuple[str, ...] = (), given: str = "") -> None:
        self._git.run(words, protocols=protocols, folder=self._folder, given=given.encode())
