"""The mirror of a repository: what was fetched of it so far, so that only what is new travels."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from penstock.core.errors import SourceError
from penstock.sources.git.addresses import GitAddress
from penstock.sources.git.failures import is_recognised
from penstock.sources.git.process import Git
from penstock.sources.git.revisions import FULL_SHA256, is_whole

PULLED = "refs/pulled"
"""Under which name a mirror keeps each commit that was asked for."""

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def protocols_for(address: GitAddress) -> tuple[str, ...]:
    """Return how git may speak to a repository."""
    # A host may send from http to https.
    return ("http", "https") if address.scheme == "http" else (address.scheme,)


class Mirror:
    """A bare repository in a folder that the caller has for itself.

    Parameters:
        git: how git is run.
        address: the repository.
        folder: where.
    """

    def __init__(self, git: Git, address: GitAddress, folder: Path) -> None:
        self._git = git
        self._address = address
        self.folder = folder

    def bring(self, commit: str) -> str:
        """Have a commit here, and return its whole id.

        Parameters:
            commit: its id, whole or its first digits.

        Raises:
            SourceError: the repository has none of that id, or several, or can't be read.
        """
        is_old = (self.folder / "HEAD").exists()
        try:
            return self._bring(commit)
        except _Damaged as damage:
            if not is_old:
                raise damage.error from None
        return self.bring_anew(commit)

    def bring_anew(self, commit: str) -> str:
        """Have a commit here, in a new mirror in the place of this one. See `bring`."""
        # Others may have written to it, or the machine may have lost power. What it holds can be fetched again.
        shutil.rmtree(self.folder, ignore_errors=True)
        try:
            return self._bring(commit)
        except _Damaged as damage:
            raise damage.error from None

    def _bring(self, commit: str) -> str:
        self._prepare(commit)
        found = self._find(commit)
        if found is None and is_whole(commit):
            self._fetch_one(commit)
            found = self._find(commit)
        elif found is None:
            self._fetch_all()
            found = self._find(commit)
        if found is None:
            raise SourceError(f"The repository {self._address.url} has no commit {commit!r}. Check its id.")
        self._run("update-ref", f"{PULLED}/{found}", found)
        return found

    def _prepare(self, commit: str) -> None:
        if not (self.folder / "HEAD").exists():
            digest = "sha256" if len(commit) == FULL_SHA256 else "sha1"
            self._git.run(["init", "--quiet", "--bare", f"--object-format={digest}", str(self.folder)])
        # Of a process that was killed: nobody else is here.
        for above, _, names in os.walk(self.folder):
            for name in names:
                if name.endswith(".lock"):
                    os.unlink(os.path.join(above, name))

    def _find(self, commit: str) -> str | None:
        ended = self._git.try_to_run(
            [
                f"--git-dir={self.folder}",
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                f"{commit}^{{commit}}",
            ]
        )
        found = ended.output.decode().strip()
        if ended.exit_code == 0 and _SHA.fullmatch(found):
            return found
        if "ambiguous" in ended.complaint:
            raise SourceError(
                f"Several commits of {self._address.url} begin with {commit!r}. Give more of the commit's id."
            )
        return None

    def _fetch_one(self, commit: str) -> None:
        ended = self._fetch("--depth=1", f"+{commit}:{PULLED}/{commit}")
        if ended is not None:
            # An old server gives only what a branch or tag points to by its id.
            if "unadvertised" not in ended and "not our ref" not in ended:
                raise self._failed(ended)
            self._fetch_all()

    def _fetch_all(self) -> None:
        deepen = ["--unshallow"] if (self.folder / "shallow").exists() else []
        ended = self._fetch(*deepen, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
        if ended is not None:
            raise self._failed(ended)

    def _fetch(self, *words: str) -> str | None:
        """Fetch, and return git's complaint if it fails."""
        options = [word for word in words if word.startswith("--")]
        refs = [word for word in words if not word.startswith("--")]
        ended = self._git.try_to_run(
            [
                f"--git-dir={self.folder}",
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                "--update-head-ok",
                *options,
                "--end-of-options",
                self._address.url,
                *refs,
            ],
            protocols=protocols_for(self._address),
        )
        self._last = ended
        return None if ended.exit_code == 0 else ended.complaint

    def _failed(self, complaint: str) -> Exception:
        error = self._git.failure(self._last)
        return error if is_recognised(complaint) else _Damaged(error)

    def _run(self, *words: str) -> None:
        self._git.run([f"--git-dir={self.folder}", *words])


class _Damaged(Exception):
    """What failed is perhaps the mirror's own fault."""

    def __init__(self, error: SourceError) -> None:
        super().__init__(error)
        self.error = error
